import pino from 'pino';
import type { Seams } from '../seams/seams';
import { createCappedFile } from './capped-file';
import { scrub } from './scrub';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/**
 * Everything a log line may carry beside its text. A field that is not in this list is dropped and only its name
 * is noted: an object handed over whole cannot bring a secret with it.
 */
const ALLOWED = [
  'attempt',
  'bytes',
  'clientOrderId',
  'code',
  'correlationId',
  'count',
  'durationMs',
  'error',
  'exchange',
  'file',
  'host',
  'kind',
  'link',
  'market',
  'mode',
  'orderId',
  'port',
  'positionId',
  'reason',
  'seq',
  'signalId',
  'state',
  'status',
  'symbol',
  'tag',
  'url',
  'venue',
  'version',
  'waveTime',
] as const;
type FieldName = (typeof ALLOWED)[number];
export type LogFields = { readonly [K in FieldName]?: unknown };

export interface Log {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
  fatal(text: string, fields?: LogFields): void;
  /** Switches at run time. */
  setLevel(level: LogLevel): void;
  /** From now on this text is cut out of every line, plain, URL-encoded, base64 or hex. Texts under 6 characters are ignored. */
  hide(secret: string): void;
}

export interface LogOptions {
  readonly seams: Pick<Seams, 'clock' | 'disk'>;
  readonly file: string;
  readonly level: LogLevel;
  /** Size at which the file becomes `<file>.1`, replacing the one before. Default 10 MB. */
  readonly maxBytes?: number;
}

const LONGEST_TEXT = 4_000;
const isAllowed = (name: string): name is FieldName => (ALLOWED as readonly string[]).includes(name);

function printed(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  // An error's own fields may hold a request with its headers: only what it says and where it was thrown.
  if (value instanceof Error) {
    const cause = value.cause instanceof Error ? ` (because: ${value.cause.message})` : '';
    return `${value.stack ?? `${value.name}: ${value.message}`}${cause}`;
  }
  // An object that prints itself (Secret, Date, URL) says what it wants to; any other is only named.
  const text = String(value);
  return text === '[object Object]' ? '[object]' : text;
}

/**
 * A structured log: one JSON line per event, with a list of allowed fields, scrubbed of what looks like a secret,
 * of bounded size. It never throws: a full disk costs lines, counted and reported when there is room again.
 */
export function createLog({ seams, file, level, maxBytes }: LogOptions): Log {
  const hidden = new Set<string>();
  const clean = (text: string): string => {
    let out = text;
    for (const secret of hidden) out = out.replaceAll(secret, '[hidden]');
    return scrub(out).slice(0, LONGEST_TEXT);
  };
  const choose = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const chosen: Record<string, unknown> = {};
    const dropped: string[] = [];
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      if (!isAllowed(name)) {
        dropped.push(clean(name).slice(0, 40));
        continue;
      }
      const text = printed(value);
      chosen[name] = typeof text === 'string' ? clean(text) : text;
    }
    return dropped.length === 0 ? chosen : { ...chosen, dropped };
  };

  const out = createCappedFile(seams.disk, file, maxBytes ?? 10_000_000);
  const logger = pino(
    {
      level,
      base: null,
      // pino's own would read the system clock past the seam.
      timestamp: () => `,"time":"${new Date(seams.clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'text',
    },
    { write: (line: string) => out.write(line) },
  );
  const at =
    (name: LogLevel) =>
    (text: string, fields: LogFields = {}): void =>
      logger[name](choose(fields), clean(text));

  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    setLevel(next) {
      logger.level = next;
    },
    hide(secret) {
      if (secret.length < 6) return;
      const bytes = Buffer.from(secret);
      const forms = [
        secret,
        encodeURIComponent(secret),
        bytes.toString('base64'),
        bytes.toString('base64url'),
        bytes.toString('hex'),
      ];
      for (const form of forms) hidden.add(form);
    },
  };
}
