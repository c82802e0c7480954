import type { Decimal } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import { fromNumber, toFixed } from '#shared/domain/decimal';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle, Quote } from '#shared/domain/market';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';

/** A made-up market for looking at the screen: smooth enough to be believed, the same for the same time. */
const COINS: readonly (readonly [string, number, string, string])[] = [
  ['BTC', 61234.5, '0.1', '0.001'],
  ['ETH', 3412.7, '0.01', '0.001'],
  ['SOL', 148.32, '0.01', '0.1'],
  ['BNB', 571.4, '0.01', '0.01'],
  ['XRP', 0.5831, '0.0001', '1'],
  ['DOGE', 0.12345, '0.00001', '1'],
  ['ADA', 0.4412, '0.0001', '1'],
  ['AVAX', 27.41, '0.001', '0.1'],
  ['LINK', 13.882, '0.001', '0.1'],
  ['LTC', 71.22, '0.01', '0.01'],
  ['DOT', 5.934, '0.001', '0.1'],
  ['TRX', 0.1204, '0.0001', '1'],
  ['NEAR', 4.812, '0.001', '0.1'],
  ['PEPE', 0.00001234, '0.00000001', '1000'],
];

export const instruments: readonly Instrument[] = (['future', 'spot'] as const).flatMap((market) =>
  COINS.map(([base, , tick, step]) => ({
    exchange: 'binance' as const,
    market,
    symbol: (market === 'future' ? `${base}/USDT:USDT` : `${base}/USDT`) as Symbol,
    wireSymbol: `${base}USDT`,
    base,
    quote: 'USDT',
    active: true,
    tickSize: tick as Decimal,
    stepSize: step as Decimal,
    minAmount: step as Decimal,
    maxAmount: null,
    minNotional: '5' as Decimal,
  })),
);

const coinOf = (symbol: string) => COINS.find(([base]) => symbol.startsWith(`${base}/`)) ?? COINS[0]!;

/** Price of a symbol at a time, as a float. */
export function priceAt(symbol: string, at: number): number {
  const [base, start] = coinOf(symbol);
  const seed = [...base].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const wave = (minutes: number, size: number) => Math.sin(at / (minutes * 60_000) + seed * minutes) * size;
  return (
    start *
    (1 + wave(311, 0.012) + wave(67, 0.006) + wave(13, 0.0022) + wave(3.1, 0.0011) + wave(0.31, 0.0004))
  );
}

export function priceText(symbol: string, at: number): Decimal {
  const tick = coinOf(symbol)[2];
  const places = tick.split('.')[1]?.length ?? 0;
  return toFixed(fromNumber(Number(priceAt(symbol, at).toFixed(places))), places) as Decimal;
}

export function candleAt(symbol: string, timeframe: Timeframe, openTime: number, now: number): Candle {
  const span = TIMEFRAME_MS[timeframe];
  const end = Math.min(openTime + span, now);
  const steps = Array.from({ length: 12 }, (_, step) =>
    priceAt(symbol, openTime + ((end - openTime) * step) / 11),
  );
  return {
    openTime: unixMs(openTime),
    open: steps[0] as number,
    high: Math.max(...steps),
    low: Math.min(...steps),
    close: steps.at(-1) as number,
    volume: 40 + 30 * Math.abs(Math.sin(openTime / 7e5)) + 25 * Math.abs(Math.sin(openTime / 9.1e4)),
    closed: now >= openTime + span,
  };
}

export function candlesBefore(
  symbol: string,
  timeframe: Timeframe,
  before: number,
  limit: number,
  now: number,
): Candle[] {
  const span = TIMEFRAME_MS[timeframe];
  const last = Math.min(Math.floor(now / span), Math.ceil(before / span) - 1);
  return Array.from({ length: limit }, (_, index) =>
    candleAt(symbol, timeframe, (last - limit + 1 + index) * span, now),
  );
}

export function quoteAt(venue: Quote['venue'], symbol: Quote['symbol'], at: number): Quote {
  const price = priceText(symbol, at);
  return {
    venue,
    symbol,
    bid: price,
    ask: price,
    last: price,
    mark: price,
    change24h: (priceAt(symbol, at) / priceAt(symbol, at - 86_400_000) - 1) * 100,
    volume24h: 1.2e9,
    venueTime: unixMs(at),
    seenAt: unixMs(Date.now()),
  };
}
