import type { MarketKind } from '#shared/domain/exchange';
import type { Channel } from '../venue';
import { toWireSymbol } from './symbols';

/** Which stream host of USD-M carries a topic: /public the book, /market the rest. Spot has one for all. */
export type Side = 'public' | 'market';

export interface StreamName {
  /** "btcusdt@kline_1m". */
  readonly topic: string;
  readonly side: Side;
}

/** The stream that carries a channel. */
export function streamOf(channel: Channel, market: MarketKind): StreamName {
  const wire = toWireSymbol(channel.symbol).toLowerCase();
  switch (channel.kind) {
    case 'trades':
      // USD-M documents only the aggregated tape; its raw @trade stream may end any day.
      return { topic: `${wire}@${market === 'spot' ? 'trade' : 'aggTrade'}`, side: 'market' };
    case 'top':
      return { topic: `${wire}@bookTicker`, side: 'public' };
    case 'ticker':
      return { topic: `${wire}@miniTicker`, side: 'market' };
    case 'mark':
      return { topic: `${wire}@markPrice@1s`, side: 'market' };
    case 'book':
      return { topic: `${wire}@depth@100ms`, side: 'public' };
    case 'liquidations':
      return { topic: `${wire}@forceOrder`, side: 'market' };
    case 'interest':
      throw new RangeError('Binance streams no open interest');
    case 'candles':
      return { topic: `${wire}@kline_${channel.timeframe}`, side: 'market' };
  }
}

/** The exchange ends every connection after 24 h; ours is renewed half an hour before. */
export const RENEW_AFTER_MS = 23.5 * 3_600_000;

/** Mark prices come every second, whatever the market does. Nothing else promises a rhythm. */
const MARK_SILENCE_MS = 8_000;
export const longestSilenceMs = (topic: string): number | null =>
  topic.endsWith('@markPrice@1s') ? MARK_SILENCE_MS : null;
