import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
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

/** Topics in one frame; Binance counts frames (5 a second on spot), not topics. */
const TOPICS_PER_FRAME = 100;

/** SUBSCRIBE or UNSUBSCRIBE frames for the topics, as few as possible. */
export function controlFrames(
  method: 'SUBSCRIBE' | 'UNSUBSCRIBE',
  topics: readonly string[],
  nextId: () => number,
): string[] {
  const frames: string[] = [];
  for (let at = 0; at < topics.length; at += TOPICS_PER_FRAME) {
    const params = topics.slice(at, at + TOPICS_PER_FRAME);
    frames.push(JSON.stringify({ method, params, id: nextId() }));
  }
  return frames;
}

/** Who is listened to on a socket, so that frames are recognised without a call to the exchange. */
export class Listened {
  readonly #symbols = new Map<string, Symbol>();

  add(symbol: Symbol): void {
    this.#symbols.set(toWireSymbol(symbol), symbol);
  }
  /** Undefined for a symbol nobody asked for. */
  symbol(wireSymbol: string): Symbol | undefined {
    return this.#symbols.get(wireSymbol);
  }
}
