import type { Symbol } from '#shared/domain/instrument';
import type { Channel } from '../venue';
import { candleTopicOf, topicOf } from './decode';
import { readSubscription } from './subscription';

/** The topic that carries a channel of a coin. */
export function topicFor(channel: Channel, coin: string): string {
  switch (channel.kind) {
    case 'trades':
      return topicOf('trades', coin);
    case 'top':
      return topicOf('bbo', coin);
    case 'book':
      return topicOf('l2Book', coin);
    case 'ticker':
    case 'mark':
    case 'interest':
      return topicOf('context', coin);
    case 'candles':
      return candleTopicOf(coin, channel.timeframe);
    case 'liquidations':
      throw new RangeError('Hyperliquid streams no liquidations of others');
  }
}

type Subscription = Readonly<Record<string, unknown>>;

/** What is subscribed for a topic; a book is two streams, five levels often and twenty levels seldom. */
function subscriptionsOf(topic: string): readonly Subscription[] {
  const { kind, coin, interval } = splitTopic(topic);
  switch (kind) {
    case 'l2Book':
      return [
        { type: 'l2Book', coin },
        { type: 'l2Book', coin, fast: true },
      ];
    case 'context':
      return [{ type: 'activeAssetCtx', coin }];
    case 'candle':
      return [{ type: 'candle', coin, interval }];
    default:
      return [{ type: kind, coin }];
  }
}

/** "candle:BTC:1m" and "trades:@107"; no coin of ours has a colon. */
function splitTopic(topic: string): { kind: string; coin: string; interval: string | undefined } {
  const [kind = '', coin = '', interval] = topic.split(':');
  return { kind, coin, interval };
}
export const coinOf = (topic: string): string => splitTopic(topic).coin;
export const isBook = (topic: string): boolean => splitTopic(topic).kind === 'l2Book';

/** One frame a subscription; the exchange takes no lists. */
export const controlFrames = (method: 'subscribe' | 'unsubscribe', topics: readonly string[]): string[] =>
  topics.flatMap(subscriptionsOf).map((subscription) => JSON.stringify({ method, subscription }));

/** The topic of an acknowledged or refused subscription; null where it is none of ours. */
export function topicOfSubscription(subscription: unknown): string | null {
  const { type, coin, interval } = readSubscription(subscription);
  if (coin === null) return null;
  switch (type) {
    case 'trades':
    case 'bbo':
    case 'l2Book':
      return topicOf(type, coin);
    case 'activeAssetCtx':
      return topicOf('context', coin);
    case 'candle':
      return interval === null ? null : candleTopicOf(coin, interval);
    default:
      return null;
  }
}

/** Who is listened to on a socket, so that frames of others are known as such. */
export class Listened {
  readonly #symbols = new Map<string, Symbol>();

  add(coin: string, symbol: Symbol): void {
    this.#symbols.set(coin, symbol);
  }
  symbol(coin: string): Symbol | undefined {
    return this.#symbols.get(coin);
  }
}
