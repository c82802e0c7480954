import type { ReasonCode } from '#shared/domain/decision';
import type { Symbol } from '#shared/domain/instrument';
import type { Settings } from '#shared/domain/settings';

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

type SymbolSettings = Pick<Settings, 'stopList' | 'symbolFilter'>;

/**
 * The first symbol rule that refuses, or null, in the order of spec M-076: stop-list, whitelist, patterns, indexes,
 * stablecoins, leveraged tokens, delisted. Lists may be written with commas, semicolons or blanks, in any case; an entry
 * names the base or the pair in any spelling. An entry with * in the stop-list counts as a pattern.
 */
export function symbolRefusal(
  symbol: Symbol,
  { stopList, symbolFilter: filter }: SymbolSettings,
  isListedBase: (base: string) => boolean,
): { readonly reason: ReasonCode; readonly entry: string } | null {
  const { base, quote } = partsOf(symbol);
  const names = [base, `${base}${quote}`, `${base}/${quote}`, symbol as string];
  const named = (list: readonly string[]) => words(list).find((entry) => names.includes(entry));
  const fits = (list: readonly string[]) =>
    words(list).find((entry) => entry.includes('*') && names.some((name) => matches(entry, name)));
  const stopped = named(stopList);
  if (stopped !== undefined) return { reason: 'stop_listed', entry: stopped };
  if (filter.useWhitelist && named(filter.whitelist) === undefined && fits(filter.whitelist) === undefined)
    return { reason: 'not_whitelisted', entry: base };
  const pattern = fits([...stopList, ...filter.excludePatterns]) ?? named(filter.excludePatterns);
  if (pattern !== undefined) return { reason: 'excluded_pattern', entry: pattern };
  if (filter.excludeIndexes && INDEX_BASES.has(base)) return { reason: 'index_symbol', entry: base };
  if (filter.excludeStablecoinPairs && STABLE_BASES.has(base))
    return { reason: 'stablecoin_pair', entry: base };
  if (filter.excludeLeveraged && isLeveragedToken(base, isListedBase))
    return { reason: 'leveraged_token', entry: base };
  const delisted = named(filter.delisted);
  return delisted === undefined ? null : { reason: 'delisted', entry: delisted };
}
