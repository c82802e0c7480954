import type { Decimal } from '#shared/domain/basics';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import type { PracticeCandle, PracticeSymbol, PublicTrade } from '../types';
import type { Stream } from '../wire-kit/stream-hub';
import {
  candleSource,
  diffSource,
  onChange,
  pictureSource,
  type StreamSource,
  tradeSource,
} from '../wire-kit/stream-sources';
import { INTERVALS } from './future-public';
import { spotDealId, type WireMarket } from './wire-market';

const TRADES_PER_FRAME = 200;

type Frame = (body: Record<string, unknown>) => Record<string, unknown>;
const level = (rows: readonly (readonly [Decimal, Decimal])[]) =>
  rows.map(([price, quantity]) => ({ price, quantity }));

/**
 * The public stream of a channel's name, with the symbol last or before its own parameter:
 * spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT, spot@public.kline.v3.api.pb@BTCUSDT@Min1. Null for any other.
 */
export function readSpotChannel(market: WireMarket, channel: string): Stream | null {
  const [spot, name, first = '', second = '', more] = channel.split('@');
  if (spot !== 'spot' || more !== undefined) return null;
  const fast = first === '10ms' ? 10 : first === '100ms' ? 100 : null;
  const symbol = market.byWire(fast === null ? first : second);
  if (symbol === undefined) return null;
  const frame: Frame = (body) => ({
    channel,
    symbol: symbol.wireSymbol,
    sendTime: market.core.clock.now(),
    ...body,
  });
  const stream = (everyMs: number, open: () => StreamSource): Stream => ({ name: channel, everyMs, open });
  const event = channel.slice(0, channel.lastIndexOf('@'));
  if (fast !== null)
    switch (name) {
      case 'public.aggre.deals.v3.api.pb':
        return stream(fast, () => deals(market, symbol, event, frame));
      case 'public.aggre.depth.v3.api.pb':
        return stream(fast, () => depth(market, symbol, event, frame));
      case 'public.aggre.bookTicker.v3.api.pb':
        return stream(fast, () => top(market, symbol, frame));
      default:
        return null;
    }
  const timeframe = INTERVALS[second];
  if (name === 'public.kline.v3.api.pb' && timeframe !== undefined)
    return stream(250, () =>
      candleSource(market, symbol, timeframe, (one) => kline(one, second, timeframe, frame)),
    );
  if (name === 'public.limit.depth.v3.api.pb' && ['5', '10', '20'].includes(second))
    return stream(250, () => limited(market, symbol, Number(second), event, frame));
  return null;
}

const deals = (market: WireMarket, symbol: PracticeSymbol, eventType: string, frame: Frame): StreamSource =>
  tradeSource(market, symbol, TRADES_PER_FRAME, (trades: readonly PublicTrade[]) => [
    frame({
      publicAggreDeals: {
        deals: trades.map((trade) => ({
          price: trade.price,
          quantity: trade.amount,
          tradeType: trade.side === 'buy' ? 1 : 2,
          time: trade.at,
          tradeId: spotDealId(trade.tradeId),
        })),
        eventType,
      },
    }),
  ]);

const depth = (market: WireMarket, symbol: PracticeSymbol, eventType: string, frame: Frame): StreamSource =>
  diffSource(market.book(symbol), (diff) =>
    frame({
      publicAggreDepths: {
        asks: level(diff.asks),
        bids: level(diff.bids),
        eventType,
        fromVersion: String(diff.first),
        toVersion: String(diff.last),
      },
    }),
  );

const limited = (
  market: WireMarket,
  symbol: PracticeSymbol,
  levels: number,
  eventType: string,
  frame: Frame,
): StreamSource =>
  pictureSource(market.book(symbol), () => {
    const { bids, asks } = market.core.matching.book(symbol.symbol, levels);
    const version = String(market.book(symbol).lastUpdateId);
    return frame({ publicLimitDepths: { asks: level(asks), bids: level(bids), eventType, version } });
  });

const top = (market: WireMarket, symbol: PracticeSymbol, frame: Frame): StreamSource => {
  const source = onChange(
    () => {
      const { bids, asks } = market.core.matching.book(symbol.symbol, 1);
      const [bid] = bids;
      const [ask] = asks;
      if (bid === undefined || ask === undefined) return null;
      return { bidPrice: bid[0], bidQuantity: bid[1], askPrice: ask[0], askQuantity: ask[1] };
    },
    (best) => Object.values(best).join('|'),
  );
  return { ...source, take: () => source.take().map((best) => frame({ publicAggreBookTicker: best })) };
};

const kline = (candle: PracticeCandle, interval: string, timeframe: Timeframe, frame: Frame) =>
  frame({
    publicSpotKline: {
      interval,
      windowStart: candle.openTime / 1_000,
      openingPrice: String(candle.open),
      closingPrice: String(candle.close),
      highestPrice: String(candle.high),
      lowestPrice: String(candle.low),
      volume: plain(candle.volume),
      amount: plain(candle.quoteVolume),
      windowEnd: (candle.openTime + TIMEFRAME_MS[timeframe]) / 1_000,
    },
  });
const plain = (value: number): string => (/e/i.test(String(value)) ? value.toFixed(12) : String(value));
