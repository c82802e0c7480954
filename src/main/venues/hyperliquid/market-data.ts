import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle, MarketEvent } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { createPushedBooks, type PushedBook } from '../core/pushed-book';
import type { Channel, MarketData } from '../venue';
import { sequence, WholeBooks } from './book-sync';
import { decodeOpenInterest, decodePublic, readFrame } from './decode';
import type { Endpoints } from './endpoints';
import { askCandles } from './klines';
import type { Listing, Listings } from './listings';
import { ask, type Rest } from './rest';
import { HEARTBEAT, takeReply } from './socket';
import { coinOf, controlFrames, isBook, Listened, topicFor, topicOfSubscription } from './subscribe';

export interface MarketDataParts {
  readonly market: MarketKind;
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
  readonly listings: Listings;
  /** Resolves when the listings are filled. @throws VenueError */
  ready(): Promise<unknown>;
}

const SPOT_CHANNELS: MarketData['channels'] = new Set(['trades', 'top', 'ticker', 'book', 'candles']);
const FUTURE_CHANNELS: MarketData['channels'] = new Set([...SPOT_CHANNELS, 'mark', 'interest']);
/** Waits before the list of instruments is asked for again; the last one repeats. */
const RETRY_MS: readonly number[] = [1_000, 2_000, 5_000, 15_000, 30_000];

/** Streams and public questions of one market, all on one socket: the exchange allows ten an address. */
export function createMarketData(parts: MarketDataParts): MarketData {
  const { market, rest, seams, listings } = parts;
  const listened = new Listened();
  const books = createPushedBooks<PushedBook>({
    venue: venueKey('hyperliquid', market),
    seams,
    sequence,
  });
  let linkMade: LinkUse | null = null;
  const link = (): LinkUse => {
    linkMade ??= parts.pool.link(publicProtocol(parts, listened));
    return linkMade;
  };
  /** A symbol that is not listed stays silent, as the exchange would be about it. */
  const start = (channel: Channel, listener: (event: MarketEvent) => void): Undo => {
    const coin = listings.find(channel.symbol)?.instrument.wireSymbol;
    if (coin === undefined) return () => {};
    listened.add(coin, channel.symbol);
    const topic = topicFor(channel, coin);
    if (channel.kind === 'book') return books.subscribe(link(), topic, channel.symbol, listener);
    if (channel.kind === 'candles') return subscribeCandles(link(), topic, listener);
    const type = EVENT_OF[channel.kind];
    return link().want(topic, (message) => {
      const event = message as MarketEvent;
      if (event.type === type) listener(event);
    });
  };
  const known = async (symbol: Symbol): Promise<Listing> => {
    await parts.ready();
    return listings.ofSymbol(symbol);
  };

  const channels = market === 'spot' ? SPOT_CHANNELS : FUTURE_CHANNELS;
  const data: MarketData = {
    channels,
    subscribe(channel, listener) {
      if (!channels.has(channel.kind))
        throw new RangeError(`Hyperliquid has no channel ${channel.kind} on ${market}`);
      if (listings.filled) return start(channel, listener);
      return whenListed(parts, () => start(channel, listener));
    },
    candles: async (symbol, timeframe, range) =>
      askCandles(rest, (await known(symbol)).instrument.wireSymbol, timeframe, range),
  };
  if (market === 'spot') return data;
  return {
    ...data,
    async openInterest(symbol) {
      const { asset, instrument } = await known(symbol);
      const told = await rest.ask(ask('metaAndAssetCtxs'));
      return readAnswer({ told }, 'info metaAndAssetCtxs', (fields) =>
        decodeOpenInterest(fields.told, asset, instrument.wireSymbol),
      );
    },
  };
}

const EVENT_OF = {
  trades: 'trade',
  top: 'top',
  ticker: 'ticker',
  mark: 'mark',
  interest: 'interest',
  liquidations: 'liquidation',
} as const;

/**
 * Names of the wire come with the list of instruments, so a stream asked for before it starts once the list is there.
 * The silence until then is what a stream on a broken line looks like, too.
 */
function whenListed({ ready, seams }: MarketDataParts, start: () => Undo): Undo {
  let over = false;
  let undo: Undo = () => {};
  const tryOnce = (attempt: number): void => {
    ready().then(
      () => {
        if (!over) undo = start();
      },
      () => {
        if (over) return;
        const waitMs = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!;
        undo = seams.timers.after(waitMs, () => tryOnce(attempt + 1));
      },
    );
  };
  tryOnce(0);
  return () => {
    over = true;
    undo();
  };
}

/** The last state of a candle becomes final when the next one opens, if nothing was missed in between. */
function subscribeCandles(link: LinkUse, topic: string, listener: (event: MarketEvent) => void): Undo {
  let open: Candle | null = null;
  const undoLive = link.onLive((_connects, planned) => {
    if (!planned) open = null;
  });
  const undoWant = link.want(topic, (message) => {
    const event = message as MarketEvent;
    if (event.type !== 'candle') return;
    const { candle } = event;
    if (open !== null && candle.openTime > open.openTime)
      listener({ ...event, candle: { ...open, closed: true } });
    // A late copy of an older candle would turn the clock back.
    if (open !== null && candle.openTime < open.openTime) return;
    open = candle;
    listener(event);
  });
  return () => {
    undoLive();
    undoWant();
  };
}

function publicProtocol({ market, endpoints, seams }: MarketDataParts, listened: Listened): LinkProtocol {
  const context = {
    market,
    symbol: (coin: string) => listened.symbol(coin),
    now: () => seams.clock.now(),
  };
  const books = new WholeBooks();
  return {
    key: `${venueKey('hyperliquid', market)} public`,
    url: () => endpoints.stream,
    heartbeat: HEARTBEAT,
    subscribe(topics) {
      for (const topic of topics) if (isBook(topic)) books.forget(coinOf(topic));
      return controlFrames('subscribe', topics);
    },
    unsubscribe: (topics) => controlFrames('unsubscribe', topics),
    // Books come every 5 s at least, whether or not they change.
    longestSilenceMs: (topic) => (isBook(topic) ? 30_000 : null),
    mark: (_topic, message) => {
      const event = message as MarketEvent;
      return event.type === 'trade' ? event.tradeId : null;
    },
    receive(frame, deliver, io) {
      const reply = typeof frame === 'string' && isReply(frame) ? readFrame(frame) : null;
      if (reply !== null && takeReply(reply, io, topicOfSubscription)) return;
      const message = decodePublic(frame, context);
      if (message.kind === 'events') for (const event of message.events) deliver(message.topic, event);
      if (message.kind === 'book') {
        const pushed = books.take(message.coin, message.book);
        if (pushed !== null) deliver(message.topic, pushed);
      }
    },
  };
}

/** Replies are seldom; data frames must not be read twice. */
const isReply = (text: string): boolean =>
  text.startsWith('{"channel":"subscriptionResponse"') || text.startsWith('{"channel":"error"');
