import type { ReasonCode } from '#shared/domain/decision';
import type { Symbol } from '#shared/domain/instrument';

/** Baskets that trade like a coin but are none. */
const INDEX_BASES: ReadonlySet<string> = new Set(['BTCDOM', 'DEFI', 'ALL', 'FOOTBALL', 'BLUEBIRD', 'BTCST']);
/** Coins pegged to a currency: nothing to follow. */
const STABLE_BASES: ReadonlySet<string> = new Set([
  'USDT',
  'USDC',
  'BUSD',
  'TUSD',
  'USDP',
  'FDUSD',
  'DAI',
  'USDE',
  'USDD',
  'PYUSD',
  'GUSD',
  'EUR',
]);
const LEVERAGE_SUFFIX = /^(.+?)(UP|DOWN|BULL|BEAR|[23][LS])$/;

/** "BTC/USDT:USDT" -> base "BTC", quote "USDT". */
export function partsOf(symbol: Symbol): { readonly base: string; readonly quote: string } {
  const [base = '', rest = ''] = symbol.split('/');
  return { base, quote: rest.split(':')[0] ?? '' };
}

/** BTCUP is leveraged, JUP is not: the suffix counts only when what is left is a listed base. */
export function isLeveragedToken(base: string, isListedBase: (base: string) => boolean): boolean {
  const match = LEVERAGE_SUFFIX.exec(base);
  return match !== null && isListedBase(match[1]!);
}

const words = (list: readonly string[]): string[] =>
  list.flatMap((entry) => entry.toUpperCase().split(/[\s,;]+/)).filter((word) => word !== '');

const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text);

/** The first symbol rule that refuses, or null. Entries may name the base, the pair in any spelling, or use *. */
export function symbolRefusal(
  symbol: Symbol,
  stopList: readonly string[],
  isListedBase: (base: string) => boolean,
): { readonly reason: ReasonCode; readonly entry: string } | null {
  const { base, quote } = partsOf(symbol);
  const names = [base, `${base}${quote}`, `${base}/${quote}`, symbol as string];
  const entries = words(stopList);
  const listed = entries.find((entry) => names.includes(entry));
  if (listed !== undefined) return { reason: 'stop_listed', entry: listed };
  const pattern = entries.find((entry) => entry.includes('*') && names.some((name) => matches(entry, name)));
  if (pattern !== undefined) return { reason: 'excluded_pattern', entry: pattern };
  if (INDEX_BASES.has(base)) return { reason: 'index_symbol', entry: base };
  if (STABLE_BASES.has(base)) return { reason: 'stablecoin_pair', entry: base };
  if (isLeveragedToken(base, isListedBase)) return { reason: 'leveraged_token', entry: base };
  return null;
}
