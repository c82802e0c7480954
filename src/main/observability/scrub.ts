const GONE = '[hidden]';

/**
 * Names whose value is a secret wherever they stand: in a query, a header, JSON or an object printed by Node.
 * Matched as whole words, whatever their case.
 */
const SECRET_NAMES =
  'signature|listen_?key|token|access_?token|session|api_?key|api_?secret|secret(?:_?key)?|private_?key|passphrase|password|authorization|cookie|set-cookie|x-[a-z0-9-]*(?:apikey|api-key|sign|signature|passphrase|secret|token)';

const RULES: readonly (readonly [RegExp, string])[] = [
  // PEM blocks, before anything else cuts into them.
  [/-----BEGIN [A-Z ]*KEY-----[\s\S]*?(?:-----END [A-Z ]*KEY-----|$)/g, GONE],
  // user:password@host
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, `$1${GONE}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/._~=-]+/gi, `$1 ${GONE}`],
  // name=value, up to what ends a value in a query, a fragment or a sentence.
  [new RegExp(`((?:^|[^a-z0-9])(?:${SECRET_NAMES}|t)=)[^&\\s"'#,;)}\\]]+`, 'gi'), `$1${GONE}`],
  // "name": "value" and name: value, quoted or not.
  [
    new RegExp(`((?:^|[^a-z0-9])(?:${SECRET_NAMES})["']?\\s*:\\s*)("[^"]*"?|'[^']*'?|[^\\s,;}\\]]+)`, 'gi'),
    `$1${GONE}`,
  ],
  // Anything long and unbroken is a key, a signature or a token until proven otherwise; our ids end at 36 characters.
  [/(?<![\w+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[A-Za-z])[\w+=-]{40,}/g, GONE],
  // The same in base64, whose slashes would cut it into shorter pieces.
  [/(?<![\w+/-])(?=[\w+/]*\d)(?=[\w+/]*[A-Z])(?=[\w+/]*[a-z])[\w+/]{56,}={0,2}/g, GONE],
];

/** The text without what looks like a key, a token or a signature. Made to hide too much rather than too little. */
export const scrub = (text: string): string =>
  RULES.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
