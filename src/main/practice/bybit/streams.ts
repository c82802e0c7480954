import type { Decimal } from '#shared/domain/basics';
import { fromNumber } from '#shared/domain/decimal';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol } from '../types';
import type { Stream } from '../wire-kit/stream-hub';
import { candleSource, type StreamSource, tradeSource } from '../wire-kit/stream-sources';
import { type Levels, levelRows, publicTradeId, TIMEFRAMES, tickerOf } from './public-rest';
import { isForced, type WireMarket } from './wire-market';

/** A topic as it runs: what a new subscriber is told first, so that what follows fits it. */
export interface Topic extends Stream {
  /** Null where a subscription begins with nothing. */
  first(): unknown;
}

const DEPTHS: Readonly<Record<string, number>> = { 1: 10, 50: 20, 200: 100, 1000: 200 };

/** The topics of one market by name. State of a running topic is shared by its subscribers. */
export function createTopics(market: WireMarket) {
  const running = new Map<string, Topic>();
  const make = (name: string): Topic | null => {
    const parts = name.split('.');
    const symbol = market.byWire(parts.at(-1) ?? '');
    if (symbol === undefined) return null;
    if (parts.length === 2) {
      if (parts[0] === 'publicTrade') return trades(market, symbol, name);
      if (parts[0] === 'tickers') return ticker(market, symbol, name);
      if (parts[0] === 'allLiquidation' && market.kind === 'future')
        return liquidations(market, symbol, name);
    }
    if (parts.length === 3 && parts[0] === 'orderbook') {
      const everyMs = DEPTHS[parts[1]!];
      return everyMs === undefined ? null : book(market, symbol, name, Number(parts[1]), everyMs);
    }
    const timeframe = parts.length === 3 && parts[0] === 'kline' ? TIMEFRAMES[parts[1]!] : undefined;
    return timeframe === undefined ? null : klines(market, symbol, name, parts[1]!, timeframe);
  };
  return {
    /** Null for a topic that is not offered. */
    find(name: string): Topic | null {
      const known = running.get(name);
      if (known !== undefined) return known;
      const topic = make(name);
      if (topic !== null) running.set(name, topic);
      return topic;
    },
    /** Nobody listens any more: the next one starts it anew. */
    forget: (name: string): void => void running.delete(name),
  };
}

const now = (market: WireMarket): number => market.core.clock.now();
const nothing = (): null => null;

function trades(market: WireMarket, symbol: PracticeSymbol, name: string): Topic {
  const print = (list: readonly Parameters<typeof publicTradeId>[2][]) => [
    {
      topic: name,
      type: 'snapshot',
      ts: now(market),
      data: list.map((trade) => ({
        T: trade.at,
        s: symbol.wireSymbol,
        S: trade.side === 'buy' ? 'Buy' : 'Sell',
        v: trade.amount,
        p: market.price(symbol, trade.price),
        ...(market.kind === 'future' ? { L: trade.side === 'buy' ? 'PlusTick' : 'MinusTick' } : {}),
        i: publicTradeId(market, symbol, trade),
        BT: false,
        RPI: false,
        seq: trade.tradeId,
      })),
    },
  ];
  return {
    name,
    everyMs: 20,
    first: nothing,
    open: () => tradeSource(market, symbol, market.limits.tradesPerMessage, print),
  };
}

/** Best bid and ask are sent again when nothing happened for so long. */
const KEEPALIVE_MS = 3_000;

function book(
  market: WireMarket,
  symbol: PracticeSymbol,
  name: string,
  depth: number,
  everyMs: number,
): Topic {
  const { clock } = market.seams;
  let u = 0;
  let seen = -1;
  let told = { bids: [] as Levels, asks: [] as Levels };
  let toldAt = 0;
  const look = () => market.core.matching.book(symbol.symbol, depth);
  const frame = (type: 'snapshot' | 'delta', bids: Levels, asks: Levels) => {
    toldAt = clock.monotonic();
    const data = {
      s: symbol.wireSymbol,
      b: levelRows(market, symbol, bids),
      a: levelRows(market, symbol, asks),
      u,
      seq: market.book(symbol).lastUpdateId,
    };
    return { topic: name, ts: now(market), type, data, cts: now(market) };
  };
  const take = (): readonly unknown[] => {
    const { lastUpdateId } = market.book(symbol);
    if (lastUpdateId === seen)
      return depth === 1 && clock.monotonic() - toldAt >= KEEPALIVE_MS
        ? [frame('snapshot', told.bids, told.asks)]
        : [];
    seen = lastUpdateId;
    const after = look();
    const bids = changes(told.bids, after.bids);
    const asks = changes(told.asks, after.asks);
    if (bids.length === 0 && asks.length === 0) return [];
    told = after;
    u += 1;
    return depth === 1 ? [frame('snapshot', after.bids, after.asks)] : [frame('delta', bids, asks)];
  };
  return {
    name,
    everyMs,
    first: () => frame('snapshot', told.bids, told.asks),
    open: (): StreamSource => {
      told = look();
      seen = market.book(symbol).lastUpdateId;
      // High from the start, like the ids of a book that has lived for years; 1 would say that it restarted.
      u = seen;
      toldAt = clock.monotonic();
      return { take, close: () => {} };
    },
  };
}

/** What leads from one picture of a side to the next; "0" takes a level away, also one that is now too deep. */
function changes(before: Levels, after: Levels): Levels {
  const old = new Map<Decimal, Decimal>(before);
  const rows: (readonly [Decimal, Decimal])[] = [];
  for (const [price, amount] of after) {
    if (old.get(price) !== amount) rows.push([price, amount]);
    old.delete(price);
  }
  for (const price of old.keys()) rows.push([price, '0' as Decimal]);
  return rows;
}

/** Contracts: a snapshot, then only the fields that changed. Spot: all of it every time. */
function ticker(market: WireMarket, symbol: PracticeSymbol, name: string): Topic {
  let told: Record<string, string> = {};
  let cs = 0;
  const frame = (type: 'snapshot' | 'delta', data: object) => ({
    topic: name,
    type,
    data,
    cs: ++cs,
    ts: now(market),
  });
  return {
    name,
    everyMs: market.kind === 'spot' ? 50 : 100,
    first: () => frame('snapshot', told),
    open: () => {
      told = tickerOf(market, symbol);
      cs = now(market);
      return {
        take() {
          const before = told;
          told = tickerOf(market, symbol);
          const fresh = Object.entries(told).filter(([field, value]) => before[field] !== value);
          if (fresh.length === 0) return [];
          if (market.kind === 'spot') return [frame('snapshot', told)];
          return [frame('delta', { ...Object.fromEntries(fresh), symbol: symbol.wireSymbol })];
        },
        close: () => {},
      };
    },
  };
}

function klines(
  market: WireMarket,
  symbol: PracticeSymbol,
  name: string,
  interval: string,
  timeframe: Timeframe,
): Topic {
  const price = (value: number): string => market.price(symbol, fromNumber(value));
  const print = (candle: PracticeCandle) => ({
    topic: name,
    data: [
      {
        start: candle.openTime,
        end: candle.openTime + TIMEFRAME_MS[timeframe] - 1,
        interval,
        open: price(candle.open),
        close: price(candle.close),
        high: price(candle.high),
        low: price(candle.low),
        volume: fromNumber(candle.volume),
        turnover: fromNumber(candle.quoteVolume),
        confirm: candle.closed,
        timestamp: now(market),
      },
    ],
    ts: now(market),
    type: 'snapshot',
  });
  const open = () => market.core.candles(symbol.symbol, timeframe, { limit: 1 }).at(-1);
  return {
    name,
    everyMs: 100,
    first: () => {
      const candle = open();
      return candle === undefined ? null : print(candle);
    },
    open: () => candleSource(market, symbol, timeframe, print),
  };
}

/** `S` is the side of the position that was closed, not of the order that closed it. */
function liquidations(market: WireMarket, symbol: PracticeSymbol, name: string): Topic {
  return {
    name,
    everyMs: 500,
    first: nothing,
    open: () => {
      let waiting: object[] = [];
      const undo = market.onEvent((event) => {
        if (
          event.type !== 'fill' ||
          event.fill.symbol !== symbol.symbol ||
          !isForced(event.fill.clientOrderId)
        )
          return;
        const { at, side, amount, price } = event.fill;
        waiting.push({
          T: at,
          s: symbol.wireSymbol,
          S: side === 'sell' ? 'Buy' : 'Sell',
          v: amount,
          p: market.price(symbol, price),
        });
      });
      return {
        take() {
          const data = waiting;
          waiting = [];
          return data.length === 0 ? [] : [{ topic: name, type: 'snapshot', ts: now(market), data }];
        },
        close: undo,
      };
    },
  };
}
