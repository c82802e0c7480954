import type { Decimal } from '#shared/domain/basics';
import type { ExchangeName, MarketKind } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import type { FrameFact } from './frame-facts';

/** Quote assets that exchanges write behind a base without a separator, longest first where one ends another. */
const QUOTES = [
  'FDUSD',
  'TUSD',
  'USDT',
  'USDC',
  'USDE',
  'BUSD',
  'USD1',
  'USD',
  'EUR',
  'GBP',
  'BRL',
  'TRY',
  'JPY',
  'BTC',
  'ETH',
  'BNB',
] as const;

/**
 * The unified symbol of a wire one without the exchange's list of instruments: "BTCUSDT", "BTC_USDT", "BTC-USDT".
 * Null where the spelling does not tell. For reading recorded frames only; a living venue has the list.
 */
export function guessSymbol(wire: string, market: MarketKind): Symbol | null {
  // A delivery contract ends in a date ("BTCUSDT_260327"), which is no quote asset.
  const parts = /^([A-Z0-9]+)[_/-](?!\d+$)([A-Z0-9]+)$/i.exec(wire);
  const split = parts === null ? splitQuote(wire.toUpperCase()) : ([parts[1]!, parts[2]!] as const);
  if (split === null) return null;
  const [base, quote] = split;
  const symbol = Symbol.safeParse(`${base}/${quote}${market === 'future' ? `:${quote}` : ''}`.toUpperCase());
  return symbol.success ? symbol.data : null;
}

function splitQuote(wire: string): readonly [string, string] | null {
  for (const quote of QUOTES)
    if (wire.endsWith(quote) && wire.length > quote.length) return [wire.slice(0, -quote.length), quote];
  return null;
}

/** An instrument of which only the names are known; its steps say nothing. Null where the spelling does not tell. */
export function guessInstrument(exchange: ExchangeName, wire: string, market: MarketKind): Instrument | null {
  const symbol = guessSymbol(wire, market);
  if (symbol === null) return null;
  const [base, quote] = symbol.split(':')[0]!.split('/') as [string, string];
  return namesOnly(exchange, market, wire, { symbol, base, quote });
}

/** Stands where a name has no unified form; facts show it as null. */
export const UNNAMED = '?/?' as Symbol;
export const unnamedInstrument = (exchange: ExchangeName, wire: string, market: MarketKind): Instrument =>
  namesOnly(exchange, market, wire, { symbol: UNNAMED, base: '?', quote: '?' });

/** Facts with null in place of names that have no unified form. */
export const withNames = (facts: readonly FrameFact[]): readonly FrameFact[] =>
  facts.map((fact) => ('symbol' in fact && fact.symbol === UNNAMED ? { ...fact, symbol: null } : fact));

const UNKNOWN = '0' as Decimal;
const namesOnly = (
  exchange: ExchangeName,
  market: MarketKind,
  wireSymbol: string,
  names: Pick<Instrument, 'symbol' | 'base' | 'quote'>,
): Instrument => ({
  exchange,
  market,
  wireSymbol,
  ...names,
  active: true,
  tickSize: UNKNOWN,
  stepSize: UNKNOWN,
  minAmount: UNKNOWN,
  maxAmount: null,
  minNotional: null,
});
