import type { Timeframe } from '#shared/domain/market';
import type { PracticeSymbol } from '../types';
import type { Stream } from '../wire-kit/stream-hub';
import {
  candleSource,
  diffSource,
  onChange,
  pictureSource,
  type StreamSource,
  silent,
  tradeSource,
} from '../wire-kit/stream-sources';
import { bookId } from './ids';
import { candleV2, candleV3, printLevels, tickerV2, tickerV3, tradeV2, tradeV3 } from './public-image';
import type { Generation, PublicArg } from './stream-arg';
import type { WireMarket } from './wire-market';

/** Paces of the channels, ms: full books are slower than the best levels. */
const PACE = { trade: 50, ticker: 300, books: 150, top: 50, candle: 500, liquidation: 1_000 } as const;
const TRADES_PER_FLUSH = 200;
const TRADES_AT_FIRST = 50;
const CANDLES_AT_FIRST = 100;
/** "Full depth". */
const DEPTH = 500;

interface Told {
  readonly generation: Generation;
  readonly market: WireMarket;
  readonly symbol: PracticeSymbol;
  frame(action: 'snapshot' | 'update', data: readonly unknown[]): unknown;
}

/** The stream behind a subscription of one socket: its first message is a snapshot made for this subscriber. */
export function publicStream(generation: Generation, wanted: PublicArg, name: string): Stream {
  const { market, symbol, channel, arg } = wanted;
  return {
    name,
    everyMs: PACE[channel.kind],
    open() {
      if (symbol === undefined) return silent;
      const told: Told = {
        generation,
        market,
        symbol,
        frame: (action, data) => ({ action, arg, data, ts: market.core.clock.now() }),
      };
      switch (channel.kind) {
        case 'trade':
          return trades(told);
        case 'ticker':
          return ticker(told);
        case 'books':
          return books(told);
        case 'top':
          return top(told, channel.levels);
        case 'candle':
          return candles(told, channel.timeframe);
        case 'liquidation':
          return silent;
      }
    },
  };
}

/** Says `first` before anything else. */
function after(first: unknown, source: StreamSource): StreamSource {
  let waiting: readonly unknown[] = [first];
  return {
    take() {
      const due = [...waiting, ...source.take()];
      waiting = [];
      return due;
    },
    close: source.close,
  };
}

/** Newest first inside a message; the snapshot holds what was traded before. */
function trades({ generation, market, symbol, frame }: Told): StreamSource {
  const print = (list: ReturnType<WireMarket['core']['trades']>) =>
    list.map((trade) => (generation === 'v2' ? tradeV2(market, trade) : tradeV3(market, trade))).reverse();
  const before = print(market.core.trades(symbol.symbol, TRADES_AT_FIRST));
  const source = tradeSource(market, symbol, TRADES_PER_FLUSH, (list) => [frame('update', print(list))]);
  return after(frame('snapshot', before), source);
}

function ticker({ generation, market, symbol, frame }: Told): StreamSource {
  const read = (): Record<string, unknown> =>
    generation === 'v2' ? tickerV2(market, symbol) : tickerV3(market, symbol);
  const source = onChange(read, ({ ts: _ts, ...rest }) => JSON.stringify(rest));
  return { ...source, take: () => source.take().map((row) => frame('snapshot', [row])) };
}

/** Both generations name the predecessor of an update, but v2 on spot. */
function books({ generation, market, symbol, frame }: Told): StreamSource {
  const book = market.book(symbol);
  const row = (bids: Levels, asks: Levels, seq: number, pseq: number) => ({
    ...(generation === 'v2'
      ? { asks: printLevels(symbol, asks), bids: printLevels(symbol, bids) }
      : { a: printLevels(symbol, asks), b: printLevels(symbol, bids) }),
    seq: bookId(seq),
    ...(generation === 'v2' && market.kind === 'spot' ? {} : { pseq: bookId(pseq) }),
    ts: String(market.core.clock.now()),
  });
  const source = diffSource(book, ({ bids, asks, last, previousLast }) =>
    frame('update', [row(bids, asks, last, previousLast)]),
  );
  const { bids, asks } = market.core.matching.book(symbol.symbol, DEPTH);
  return after(frame('snapshot', [row(bids, asks, book.lastUpdateId, 0)]), source);
}
type Levels = ReturnType<WireMarket['core']['matching']['book']>['bids'];

/** The best levels, whole each time. */
function top({ generation, market, symbol, frame }: Told, levels: number): StreamSource {
  const book = market.book(symbol);
  return pictureSource(book, () => {
    const { bids, asks } = market.core.matching.book(symbol.symbol, levels);
    const [a, b] = [printLevels(symbol, asks), printLevels(symbol, bids)];
    const ts = String(market.core.clock.now());
    const seq = bookId(book.lastUpdateId);
    return frame('snapshot', [
      generation === 'v2' ? { asks: a, bids: b, checksum: 0, seq, ts } : { a, b, seq, pseq: bookId(0), ts },
    ]);
  });
}

function candles({ generation, market, symbol, frame }: Told, timeframe: Timeframe): StreamSource {
  const print = generation === 'v2' ? candleV2 : candleV3;
  const before = market.core.candles(symbol.symbol, timeframe, { limit: CANDLES_AT_FIRST });
  const source = candleSource(market, symbol, timeframe, (candle) =>
    frame('update', [print(symbol, candle)]),
  );
  return after(
    frame(
      'snapshot',
      before.map((candle) => print(symbol, candle)),
    ),
    source,
  );
}
