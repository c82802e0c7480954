import { createMarket, type LocalMarket, type MarketSource } from '#main/market/index';
import type { MarketChannel } from '#main/market/source';
import { createSimulatedSeams } from '#main/seams/index';
import { type Decimal, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle, MarketEvent } from '#shared/domain/market';

export const START = 1_772_536_800_000;
export const MINUTE = 60_000;
export const VENUE: VenueKey = 'binance_future';
export const BTC = 'BTC/USDT:USDT' as Symbol;
export const ETH = 'ETH/USDT:USDT' as Symbol;

export const candle = (minute: number, closed: boolean, over: Partial<Candle> = {}): Candle => ({
  openTime: unixMs(minute * MINUTE),
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 1,
  closed,
  ...over,
});
export const instrument = (symbol: Symbol): Instrument => ({
  exchange: 'binance',
  market: 'future',
  symbol,
  wireSymbol: symbol.slice(0, 3),
  base: symbol.slice(0, 3),
  quote: 'USDT',
  active: true,
  tickSize: '0.1' as Decimal,
  stepSize: '0.1' as Decimal,
  minAmount: '0.1' as Decimal,
  maxAmount: null,
  minNotional: null,
});

const nameOf = (channel: MarketChannel): string =>
  channel.kind === 'candles' ? `${channel.symbol} ${channel.timeframe}` : `${channel.symbol} ${channel.kind}`;

/** A venue by hand: streams are pushed, questions answered or refused as told. */
export function createSource() {
  const streams = new Map<string, Set<(event: MarketEvent) => void>>();
  const opened: string[] = [];
  const asked: string[] = [];
  let answer: MarketSource['candles'] = async () => [];
  let underWay = 0;
  let most = 0;
  const source: MarketSource = {
    subscribe(channel, listener) {
      const name = nameOf(channel);
      opened.push(name);
      const listeners = streams.get(name) ?? new Set();
      streams.set(name, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) streams.delete(name);
      };
    },
    async candles(symbol, timeframe, range) {
      asked.push(`${symbol} ${timeframe} ${JSON.stringify(range)}`);
      underWay++;
      most = Math.max(most, underWay);
      try {
        return await answer(symbol, timeframe, range);
      } finally {
        underWay--;
      }
    },
    openInterest: async () => '1500000' as Decimal,
  };
  return {
    source,
    opened,
    asked,
    running: () => [...streams.keys()].sort(),
    mostAtOnce: () => most,
    answer: (next: MarketSource['candles']) => {
      answer = next;
    },
    push: (name: string, event: MarketEvent) => {
      for (const listener of [...(streams.get(name) ?? [])]) listener(event);
    },
  };
}

export function createWorld(local?: LocalMarket) {
  const seams = createSimulatedSeams(1, START);
  const venue = createSource();
  const market = createMarket({
    now: () => seams.clock.now(),
    timers: seams.timers,
    ...(local === undefined ? {} : { local }),
  });
  market.setInstruments([instrument(BTC), instrument(ETH)]);
  const base = (symbol: Symbol) => ({ venue: VENUE, symbol, venueTime: null, seenAt: seams.clock.now() });
  return {
    seams,
    venue,
    market,
    attach: (source: MarketSource = venue.source) => market.attach(VENUE, source),
    trade: (price: string, symbol = BTC) =>
      venue.push(`${symbol} trades`, {
        ...base(symbol),
        type: 'trade',
        tradeId: '1',
        price: price as Decimal,
        amount: '1' as Decimal,
        side: 'buy',
      }),
    top: (bid: string, ask: string, symbol = BTC) =>
      venue.push(`${symbol} top`, {
        ...base(symbol),
        type: 'top',
        bid: bid as Decimal,
        bidAmount: '1' as Decimal,
        ask: ask as Decimal,
        askAmount: '1' as Decimal,
      }),
    ticker: (last: string, symbol = BTC) =>
      venue.push(`${symbol} ticker`, {
        ...base(symbol),
        type: 'ticker',
        last: last as Decimal,
        change24h: 4,
        volume24h: 9,
      }),
    mark: (mark: string, symbol = BTC) =>
      venue.push(`${symbol} mark`, {
        ...base(symbol),
        type: 'mark',
        mark: mark as Decimal,
        index: null,
        fundingRate: null,
        nextFundingAt: null,
      }),
    candle: (one: Candle, symbol = BTC) =>
      venue.push(`${symbol} 1m`, { ...base(symbol), type: 'candle', timeframe: '1m', candle: one }),
    async result<T>(promise: Promise<T>): Promise<T> {
      let done = false;
      const settled = promise.finally(() => {
        done = true;
      });
      settled.catch(() => {});
      await seams.runUntil(() => done, 600_000);
      return settled;
    },
  };
}
