import { type Decimal, unixMs } from '#shared/domain/basics';
import { fromNumber } from '#shared/domain/decimal';
import type { MatchEvent, Matching } from '../../matching/types';
import type { MarkPrice, PracticeSymbol, PublicTrade, Ticker24h } from '../types';
import { type BarEvent, type Bars, createBars } from './bars';
import type { Feed, TapePrint } from './feed';
import { ladderAround, type RawLevel } from './ladder';
import { createScale } from './scale';
import { thin } from './thin';
import { createTradeTape } from './trade-tape';

export const FUNDING_MS = 28_800_000;
/** Prints that went out before the market opened, so that its first visitors see a tape. */
const OPENING_PRINTS = 40;
const OPENING_MS = 120_000;
const QUOTE_REFRESH_MS = 1_000;

/** The outside market of one symbol: walks the feed and shows it to the matching engine. */
export interface SymbolMarket {
  readonly symbol: PracticeSymbol;
  readonly bars: Bars;
  /** Shows the matching engine the market as it is; on a first start also a short tape of the past. */
  prime(matching: Matching, now: number, fresh: boolean): void;
  /** Walks from the last time to `now`, at most `budget` prints; returns candles that closed. */
  walk(matching: Matching, now: number, budget: number): BarEvent[];
  remember(event: MatchEvent): void;
  trades(limit: number): readonly PublicTrade[];
  ticker(): Ticker24h;
  mark(now: number): MarkPrice;
  openInterest(now: number): Decimal;
}

export function createSymbolMarket(feed: Feed, openedAt: number): SymbolMarket {
  const { symbol } = feed;
  const price = createScale(symbol.tickSize);
  const amount = createScale(symbol.stepSize);
  const bars = createBars(feed, price, amount, openedAt);
  const trades = createTradeTape(price, amount);
  let walked = openedAt;
  let quotedAt = Number.NEGATIVE_INFINITY;
  let touch: Pick<TapePrint, 'ticks' | 'side'> = { ticks: bars.last(), side: 'buy' };

  const levels = (raw: readonly RawLevel[]): (readonly [Decimal, Decimal])[] =>
    raw.map(([ticks, steps]) => [price.text(ticks), amount.text(steps)]);
  const quote = (matching: Matching, at: number): void => {
    const ladder = ladderAround(touch, feed.shape(at), at);
    matching.marketQuotes(symbol.symbol, levels(ladder.bids), levels(ladder.asks), unixMs(at));
    quotedAt = at;
  };
  const show = (matching: Matching, print: TapePrint, quoted = true): void => {
    touch = print;
    if (quoted) quote(matching, print.at);
    if (print.steps > 0) {
      const size = amount.text(print.steps);
      matching.marketTrade(symbol.symbol, print.side, price.text(print.ticks), size, unixMs(print.at));
    }
  };
  const ticksOf = (value: Decimal): number => Math.round(Number(value) / price.number(1));
  const stepsOf = (value: Decimal): number => Math.round(Number(value) / amount.number(1));

  return {
    symbol,
    bars,
    prime(matching, now, fresh) {
      const past = feed.tape(Math.max(feed.start - 1, now - OPENING_MS), now).slice(-OPENING_PRINTS);
      // After a restart these prints have happened already; orders must not meet them twice.
      if (fresh) for (const print of past) show(matching, print, false);
      touch = past.at(-1) ?? touch;
      quote(matching, now);
    },
    walk(matching, now, budget) {
      if (now <= walked) return [];
      const prints = feed.tape(walked, now);
      walked = now;
      // Candles first: a fill of an account then lands in the minute it happened in.
      const closed = bars.advance(prints, now);
      for (const print of thin(prints, budget)) show(matching, print);
      if (now - quotedAt > QUOTE_REFRESH_MS && (feed.end === null || now < feed.end)) quote(matching, now);
      return closed;
    },
    remember(event) {
      if (event.type === 'trade') {
        const { tradeId, at } = event;
        trades.add({ tradeId, price: event.price, amount: event.amount, side: event.aggressor, at });
        bars.traded(tradeId);
      } else if (event.type === 'fill') {
        const { fill } = event;
        bars.own(ticksOf(fill.price), fill.maker ? 0 : stepsOf(fill.amount), fill.side);
      }
    },
    trades: trades.latest,
    ticker() {
      const day = bars.day();
      const [last] = trades.latest(1);
      const open = Math.floor(walked / 60_000) * 60_000;
      return {
        open: price.text(day.open),
        high: price.text(day.high),
        low: price.text(day.low),
        last: price.text(bars.last()),
        lastAmount: last?.amount ?? ('0' as Decimal),
        volume: amount.text(day.steps),
        quoteVolume: fromNumber(Number(price.number(amount.number(day.cost)).toFixed(2))),
        openTime: unixMs(open - 1439 * 60_000),
        closeTime: unixMs(walked),
        firstTradeId: day.firstId,
        lastTradeId: day.lastId,
        count: day.trades,
      };
    },
    mark(now) {
      const { mark, index, fundingRate } = feed.derivative(now);
      return {
        mark: price.text(mark),
        index: price.text(index),
        fundingRate: fromNumber(fundingRate),
        nextFundingAt: unixMs((Math.floor(now / FUNDING_MS) + 1) * FUNDING_MS),
      };
    },
    openInterest: (now) => amount.text(feed.derivative(now).interest),
  };
}
