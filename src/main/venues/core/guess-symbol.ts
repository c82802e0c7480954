import type { Decimal } from '#shared/domain/basics';
import type { ExchangeName, MarketKind } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';

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
  const parts = /^([A-Z0-9]+)[_/-]([A-Z0-9]+)$/i.exec(wire);
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
  const unknown = '0' as Decimal;
  return {
    exchange,
    market,
    symbol,
    wireSymbol: wire,
    base,
    quote,
    active: true,
    tickSize: unknown,
    stepSize: unknown,
    minAmount: unknown,
    maxAmount: null,
    minNotional: null,
  };
}
