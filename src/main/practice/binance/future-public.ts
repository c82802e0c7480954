import { type Decimal, unixMs } from '#shared/domain/basics';
import { mul } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import type { Params } from './params';
import { WireError } from './wire-error';
import type { WireMarket } from './wire-market';

interface FundingPoint {
  readonly at: number;
  readonly rate: Decimal;
  readonly mark: Decimal;
}
interface InterestPoint {
  readonly at: number;
  readonly amount: Decimal;
  readonly value: Decimal;
}
const KEPT = 1_000;
/** Binance answers at most this many points. */
const INTEREST_POINTS = 500;

/**
 * Funding rates paid, from the start of the wire on: they depend on where the market stood. Open interest follows from
 * market time alone, so its past is read when somebody asks and never kept.
 */
export function createFutureRecords(market: WireMarket) {
  const funding = new Map<string, FundingPoint[]>();
  const openedAt = market.core.clock.now();
  const running = new Map<string, { next: number; rate: Decimal; mark: Decimal }>();

  const undo = market.core.subscribe((event) => {
    if (event.type !== 'mark') return;
    const before = running.get(event.symbol);
    const { nextFundingAt, fundingRate, mark } = event.mark;
    if (before !== undefined && before.next !== nextFundingAt) {
      const list = funding.get(event.symbol) ?? [];
      funding.set(event.symbol, list);
      list.push({ at: before.next, rate: before.rate, mark: before.mark });
      if (list.length > KEPT) list.shift();
    }
    running.set(event.symbol, { next: nextFundingAt, rate: fundingRate, mark });
  });

  return {
    funding: (symbol: PracticeSymbol): readonly FundingPoint[] => funding.get(symbol.symbol) ?? [],
    /** On the grid of `periodMs` from the opening of the wire on, oldest first; at least the present value. */
    interest(symbol: PracticeSymbol, periodMs: number): readonly InterestPoint[] {
      const newest = Math.floor(market.core.clock.now() / periodMs) * periodMs;
      const count = Math.min(INTEREST_POINTS, Math.max(0, Math.floor((newest - openedAt) / periodMs)));
      return Array.from({ length: count + 1 }, (_, n) => {
        const at = unixMs(newest - (count - n) * periodMs);
        const amount = market.core.openInterest(symbol.symbol, at);
        return { at, amount, value: mul(amount, market.core.mark(symbol.symbol, at).mark) };
      }).slice(-INTEREST_POINTS);
    },
    close: undo,
  };
}
export type FutureRecords = ReturnType<typeof createFutureRecords>;

export function premiumIndex(market: WireMarket, symbol: PracticeSymbol) {
  const { mark, index, fundingRate, nextFundingAt } = market.core.mark(symbol.symbol);
  return {
    symbol: symbol.wireSymbol,
    markPrice: pad(mark, 8),
    indexPrice: pad(index, 8),
    estimatedSettlePrice: pad(index, 8),
    lastFundingRate: pad(fundingRate, 8),
    interestRate: '0.00010000',
    nextFundingTime: nextFundingAt,
    time: market.core.clock.now(),
  };
}

const within = (params: Params) => {
  const start = params.integer('startTime') ?? Number.NEGATIVE_INFINITY;
  const end = params.integer('endTime') ?? Number.POSITIVE_INFINITY;
  return (point: { readonly at: number }): boolean => point.at >= start && point.at <= end;
};

export function fundingRate(market: WireMarket, records: FutureRecords, params: Params) {
  const symbols = params.text('symbol') === undefined ? market.core.symbols : [market.symbolOf(params)];
  const limit = params.limit(100, 1000);
  const inside = within(params);
  return symbols
    .flatMap((symbol) =>
      records
        .funding(symbol)
        .filter(inside)
        .map((point) => ({
          symbol: symbol.wireSymbol,
          fundingTime: point.at,
          fundingRate: pad(point.rate, 8),
          markPrice: pad(point.mark, 8),
        })),
    )
    .sort((a, b) => a.fundingTime - b.fundingTime)
    .slice(-limit);
}

export function openInterest(market: WireMarket, params: Params) {
  const symbol = market.symbolOf(params);
  return {
    openInterest: pad(market.core.openInterest(symbol.symbol), market.digits(symbol).amount),
    symbol: symbol.wireSymbol,
    time: market.core.clock.now(),
  };
}

const PERIODS: Readonly<Record<string, number>> = {
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
};

export function openInterestHist(market: WireMarket, records: FutureRecords, params: Params) {
  const symbol = market.symbolOf(params);
  const periodMs = PERIODS[params.need('period')];
  if (periodMs === undefined) throw new WireError(-1130, "Data sent for parameter 'period' is not valid.");
  return records
    .interest(symbol, periodMs)
    .filter(within(params))
    .slice(-params.limit(30, 500))
    .map((point) => ({
      symbol: symbol.wireSymbol,
      sumOpenInterest: pad(point.amount, 8),
      sumOpenInterestValue: pad(point.value, 8),
      timestamp: point.at,
    }));
}
