import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Timeframe } from '#shared/domain/market';
import type { Channel } from '../venue';
import { PRODUCT, toWireSymbol } from './symbols';

/** A topic is "<channel>:<symbol>", with the interval behind "kline": "kline_1m:BTCUSDT". */
export type Topic = string;

const INTERVAL: Readonly<Record<Timeframe, string>> = {
  '1m': '1m',
  '3m': '3m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '1H',
  '4h': '4H',
  '1d': '1D',
};
const TIMEFRAME = new Map(Object.entries(INTERVAL).map(([ours, theirs]) => [theirs, ours as Timeframe]));

/** Our timeframe of an interval, also of the UTC-aligned twin of a day; undefined for those we do not offer. */
export const timeframeOf = (interval: string): Timeframe | undefined =>
  TIMEFRAME.get(interval.replace(/utc$/, ''));

/** The topic that carries a channel; ticker, mark price and open interest come together. */
export function topicOf(channel: Channel): Topic {
  const wire = toWireSymbol(channel.symbol);
  switch (channel.kind) {
    case 'trades':
      return `publicTrade:${wire}`;
    case 'top':
      return `books1:${wire}`;
    case 'ticker':
    case 'mark':
    case 'interest':
      return `ticker:${wire}`;
    case 'book':
      return `books:${wire}`;
    case 'candles':
      return `kline_${INTERVAL[channel.timeframe]}:${wire}`;
    case 'liquidations':
      return 'liquidation:all';
  }
}

export const topicName = (channel: string, interval: string | null, wire: string): Topic =>
  `${channel}${interval === null ? '' : `_${interval}`}:${wire}`;

function argOf(topic: Topic, market: MarketKind): Readonly<Record<string, string>> {
  const [name = '', wire = ''] = topic.split(':');
  const [channel = '', interval] = name.split('_');
  const instType = PRODUCT[market].toLowerCase();
  if (channel === 'liquidation') return { instType, topic: channel };
  return { instType, topic: channel, symbol: wire, ...(interval === undefined ? {} : { interval }) };
}

/** A subscribe frame may hold 4,096 bytes; an argument is some 80 of them. */
const TOPICS_PER_FRAME = 40;

/** Subscribe or unsubscribe frames for the topics, as few as possible: 10 a second are taken. */
export function controlFrames(
  op: 'subscribe' | 'unsubscribe',
  topics: readonly Topic[],
  market: MarketKind,
): string[] {
  const frames: string[] = [];
  for (let at = 0; at < topics.length; at += TOPICS_PER_FRAME) {
    const args = topics.slice(at, at + TOPICS_PER_FRAME).map((topic) => argOf(topic, market));
    frames.push(JSON.stringify({ op, args }));
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
