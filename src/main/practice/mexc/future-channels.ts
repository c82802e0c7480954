import type { PracticeSymbol } from '../types';
import { Params } from '../wire-kit/params';
import type { Stream } from '../wire-kit/stream-hub';
import {
  candleSource,
  diffSource,
  pictureSource,
  type StreamSource,
  steady,
  tradeSource,
} from '../wire-kit/stream-sources';
import { dealRow, fundingRate, INTERVALS, klinePush, levels, tickerRow } from './future-public';
import { WireError, wordsOf } from './wire-error';
import type { WireMarket } from './wire-market';

const TRADES_PER_FRAME = 200;
const SECOND_MS = 1_000;

/** The stream behind "sub.<topic>" with its parameters. @throws WireError in the exchange's words */
export function readFutureTopic(
  market: WireMarket,
  topic: string,
  param: Readonly<Record<string, unknown>>,
): Stream {
  const push = (symbol: PracticeSymbol, data: unknown) => ({
    symbol: market.nameOf(symbol),
    data,
    channel: `push.${topic}`,
    ts: market.core.clock.now(),
  });
  const stream = (name: string, everyMs: number, open: () => StreamSource): Stream => ({
    name,
    everyMs,
    open,
  });
  if (topic === 'tickers')
    return stream('tickers', SECOND_MS, () =>
      steady(() => ({
        channel: 'push.tickers',
        data: market.core.symbols.map((symbol) => tickerRow(market, symbol)),
        ts: market.core.clock.now(),
      })),
    );
  const symbol = market.byWire(String(param.symbol ?? ''));
  if (symbol === undefined) throw new WireError(1001, "Contract doesn't exist!");
  const name = `${topic}|${market.nameOf(symbol)}`;
  const params = Params.fromObject(wordsOf('future'), { symbol: market.nameOf(symbol) });
  switch (topic) {
    case 'deal':
      return stream(name, 100, () =>
        tradeSource(market, symbol, TRADES_PER_FRAME, (trades) => [
          push(
            symbol,
            trades.map((trade) => dealRow(trade, symbol)),
          ),
        ]),
      );
    case 'depth':
      return stream(name, 100, () =>
        diffSource(market.book(symbol), (diff) =>
          push(symbol, {
            asks: levels(diff.asks, symbol),
            bids: levels(diff.bids, symbol),
            begin: diff.first,
            end: diff.last,
            version: diff.last,
          }),
        ),
      );
    case 'depth.full': {
      const limit = Number(param.limit ?? 20);
      if (![5, 10, 20].includes(limit)) throw new WireError(600, 'Parameter error: limit');
      return stream(`${name}|${limit}`, 250, () =>
        pictureSource(market.book(symbol), () => {
          const { bids, asks } = market.core.matching.book(symbol.symbol, limit);
          const version = market.book(symbol).lastUpdateId;
          return push(symbol, { asks: levels(asks, symbol), bids: levels(bids, symbol), version });
        }),
      );
    }
    case 'ticker':
      return stream(name, SECOND_MS, () => steady(() => push(symbol, tickerRow(market, symbol))));
    case 'kline': {
      const interval = String(param.interval ?? '');
      const timeframe = INTERVALS[interval];
      if (timeframe === undefined) throw new WireError(600, 'Parameter error: interval');
      return stream(`${name}|${interval}`, 250, () =>
        candleSource(market, symbol, timeframe, (candle) => klinePush(market, symbol, interval, candle)),
      );
    }
    case 'funding.rate':
      return stream(name, SECOND_MS, () =>
        steady(() => {
          const { fundingRate: rate, nextSettleTime } = fundingRate(market, params);
          return push(symbol, { symbol: market.nameOf(symbol), rate, nextSettleTime });
        }),
      );
    case 'fair.price':
      return stream(name, SECOND_MS, () => steady(() => push(symbol, priceOf(market, symbol, 'mark'))));
    case 'index.price':
      return stream(name, SECOND_MS, () => steady(() => push(symbol, priceOf(market, symbol, 'index'))));
    default:
      throw new WireError(600, `Unknown topic ${topic.slice(0, 40)}`);
  }
}

const priceOf = (market: WireMarket, symbol: PracticeSymbol, which: 'mark' | 'index') => ({
  symbol: market.nameOf(symbol),
  price: Number(market.core.mark(symbol.symbol)[which]),
});
