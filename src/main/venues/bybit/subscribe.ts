import type { FrameIo, Rhythm } from '#main/connectivity/types';
import type { MarketKind } from '#shared/domain/exchange';
import type { Timeframe } from '#shared/domain/market';
import type { Channel } from '../venue';
import { toWireSymbol } from './symbols';

/** Bybit's word for each candle length. */
export const INTERVAL: Readonly<Record<Timeframe, string>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '4h': '240',
  '1d': 'D',
};
export const TIMEFRAME: Readonly<Record<string, Timeframe>> = Object.fromEntries(
  Object.entries(INTERVAL).map(([timeframe, interval]) => [interval, timeframe as Timeframe]),
);

/** The topic that carries a channel. Several channels of a contract share its ticker, which tells all of them. */
export function topicOf(channel: Channel): string {
  const wire = toWireSymbol(channel.symbol);
  switch (channel.kind) {
    case 'trades':
      return `publicTrade.${wire}`;
    case 'top':
      return `orderbook.1.${wire}`;
    case 'book':
      return `orderbook.200.${wire}`;
    case 'ticker':
    case 'mark':
    case 'interest':
      return `tickers.${wire}`;
    case 'liquidations':
      return `allLiquidation.${wire}`;
    case 'candles':
      return `kline.${INTERVAL[channel.timeframe]}.${wire}`;
  }
}

/** Spot takes at most ten topics in one request; a small request also hurts few when one of its topics is refused. */
const TOPICS_PER_FRAME = 10;

/** The best bid and ask are sent again after 3 s without a change; nothing else promises a rhythm. */
const TOP_SILENCE_MS = 9_000;
export const longestSilenceMs = (topic: string): number | null =>
  topic.startsWith('orderbook.1.') ? TOP_SILENCE_MS : null;

/** {"success":true,"ret_msg":"subscribe","conn_id":"…","req_id":"s-1","op":"subscribe"} */
export interface Reply {
  readonly success: boolean;
  readonly message: string;
  readonly reqId: string | null;
}

/** Which topics each request was about, so that its reply can be told to them. */
export class Requests {
  readonly #market: MarketKind;
  readonly #open = new Map<string, readonly string[]>();
  #last = 0;

  constructor(market: MarketKind) {
    this.#market = market;
  }

  /** Frames for the topics, as few as possible. */
  frames(op: 'subscribe' | 'unsubscribe', topics: readonly string[]): string[] {
    const frames: string[] = [];
    for (let at = 0; at < topics.length; at += TOPICS_PER_FRAME)
      frames.push(this.#frame(op, topics.slice(at, at + TOPICS_PER_FRAME)));
    return frames;
  }
  /** One bad topic fails the whole request: its topics are then asked for one by one. */
  settle(reply: Reply, io: Pick<FrameIo, 'confirmed' | 'refused' | 'send'>): void {
    const topics = reply.reqId === null ? undefined : this.#open.get(reply.reqId);
    if (topics === undefined || reply.reqId === null) return;
    this.#open.delete(reply.reqId);
    const isThere = reply.success || (topics.length === 1 && reply.message.includes('already subscribed'));
    if (isThere) for (const topic of topics) io.confirmed(topic);
    else if (topics.length === 1) io.refused(topics[0]!, reply.message);
    else for (const topic of topics) io.send(this.#frame('subscribe', [topic]));
  }

  #frame(op: 'subscribe' | 'unsubscribe', args: readonly string[]): string {
    const reqId = `${this.#market}-${++this.#last}`;
    // What is given up needs no answer.
    if (op === 'subscribe') this.#open.set(reqId, args);
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value!);
    return JSON.stringify({ req_id: reqId, op, args });
  }
}
/** Requests that were never answered, because their connection ended. */
const MOST_OPEN = 500;

/** The ping is a message of its own; its answers look different on each socket, but all say "pong". */
export const HEARTBEAT: Rhythm = {
  pingEveryMs: 20_000,
  pongWithinMs: 10_000,
  frame: () => '{"req_id":"ping","op":"ping"}',
  isPong: (data) => typeof data === 'string' && data.length < 300 && data.includes('"pong"'),
};
