import { places } from '#shared/domain/decimal';
import type { PracticeCore, PracticeSymbol } from '../types';

/** Everything is quoted in USDC here; the shared markets say USDT. */
export const shownAsset = (asset: string): string => (asset === 'USDT' ? 'USDC' : asset);

/** One market of the universe as the wire names it. */
export interface Listed {
  readonly symbol: PracticeSymbol;
  /** "BTC" for a perpetual, "@3" for a spot pair. */
  readonly coin: string;
  /** Place in the universe; the number in actions for a perpetual, less 10000 for a spot pair. */
  readonly index: number;
  readonly asset: number;
  readonly sizeDecimals: number;
  readonly kind: 'spot' | 'future';
}

export const FIRST_SPOT_ASSET = 10_000;

/** The perpetuals of one collateral, named by their base; a second one of a name cannot be named. */
export function listPerpetuals(core: PracticeCore): readonly Listed[] {
  const collateral = collateralOf(core);
  const seen = new Set<string>();
  const listed = core.symbols.filter((symbol) => {
    const fits = symbol.quote === collateral && !seen.has(symbol.base);
    seen.add(symbol.base);
    return fits;
  });
  return listed.map((symbol, index) => ({
    symbol,
    coin: symbol.base,
    index,
    asset: index,
    sizeDecimals: places(symbol.stepSize),
    kind: 'future',
  }));
}

/** What stands behind perpetuals and is shown as USDC. */
export const collateralOf = (core: PracticeCore): string =>
  core.symbols.find(({ quote }) => quote === 'USDT')?.quote ?? core.symbols[0]?.quote ?? 'USDT';

/** Readers of the exchange look pairs up by their place, so indexes are dense from 0. */
export const listPairs = (core: PracticeCore): readonly Listed[] =>
  core.symbols.map((symbol, index) => ({
    symbol,
    coin: `@${index}`,
    index,
    asset: FIRST_SPOT_ASSET + index,
    sizeDecimals: places(symbol.stepSize),
    kind: 'spot',
  }));

/** Token names by index, USDC first. */
export function tokensOf(
  pairs: readonly Listed[],
): readonly { readonly name: string; readonly sizeDecimals: number }[] {
  const tokens = new Map<string, number>([['USDC', 8]]);
  for (const { symbol, sizeDecimals } of pairs) tokens.set(shownAsset(symbol.base), sizeDecimals);
  for (const { symbol } of pairs) {
    const quote = shownAsset(symbol.quote);
    if (!tokens.has(quote)) tokens.set(quote, 8);
  }
  return [...tokens].map(([name, sizeDecimals]) => ({ name, sizeDecimals }));
}
