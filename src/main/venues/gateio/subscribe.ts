import type { MarketKind } from '#shared/domain/exchange';
import type { Timeframe } from '#shared/domain/market';
import type { Channel } from '../venue';
import { toWireSymbol } from './symbols';

/** A topic names a channel and its payload: "futures.candlesticks 1m BTC_USDT". */
export const topicOf = (channel: string, payload: readonly string[]): string =>
  [channel, ...payload].join(' ');

/** Gate has no three-minute candles: those are put together from single minutes. */
const intervalOf = (timeframe: Timeframe): string => (timeframe === '3m' ? '1m' : timeframe);

/** The topic that carries a channel. */
export function topicFor(channel: Channel, market: MarketKind): string {
  const wire = toWireSymbol(channel.symbol);
  const section = market === 'spot' ? 'spot' : 'futures';
  switch (channel.kind) {
    case 'trades':
      return topicOf(`${section}.trades`, [wire]);
    case 'top':
      return topicOf(`${section}.book_ticker`, [wire]);
    // Mark price, funding and open interest of a contract come with its ticker.
    case 'ticker':
    case 'mark':
    case 'interest':
      return topicOf(`${section}.tickers`, [wire]);
    // The stream that begins with a snapshot of its own (2025-05): 400 levels every 100 ms.
    case 'book':
      return topicOf(`${section}.obu`, [`ob.${wire}.400`]);
    case 'candles':
      return topicOf(`${section}.candlesticks`, [intervalOf(channel.timeframe), wire]);
    case 'liquidations':
      return topicOf(`${section}.public_liquidates`, [wire]);
  }
}

/** Counts requests over all connections, so that a late answer is never taken for another's. */
export class Requests {
  readonly #topics = new Map<number, string>();
  #last = 0;

  /** One frame a topic: a wrong symbol then spoils its own subscription only. */
  frames(event: 'subscribe' | 'unsubscribe', topics: readonly string[], nowMs: number): string[] {
    return topics.map((topic) => {
      const [channel, ...payload] = topic.split(' ');
      const id = ++this.#last;
      if (event === 'subscribe') this.#topics.set(id, topic);
      return JSON.stringify({ time: Math.floor(nowMs / 1_000), id, channel, event, payload });
    });
  }
  /** The topic a reply is about; once. */
  take(id: unknown): string | undefined {
    const topic = this.#topics.get(Number(id));
    this.#topics.delete(Number(id));
    return topic;
  }
}
