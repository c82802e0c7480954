import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { mul } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { type BookFeedParts, createBookFeed } from '../core/book-feed';
import type { BookDelta } from '../core/book-sync';
import { Listened } from '../core/listened';
import type { Channel, MarketData } from '../venue';
import { sequence } from './book-sync';
import { decodeDepth, decodeMarkPrice, decodeOpenInterest, decodePublic, expectSymbol } from './decode';
import { type Endpoints, hostsOf } from './endpoints';
import { askCandles } from './klines';
import { Requests } from './requests';
import type { Rest } from './rest';
import { longestSilenceMs, RENEW_AFTER_MS, type Side, streamOf } from './subscribe';
import { toWireSymbol } from './symbols';

export interface MarketDataParts {
  readonly market: MarketKind;
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
}

const SPOT_CHANNELS: MarketData['channels'] = new Set(['trades', 'top', 'ticker', 'book', 'candles']);
const FUTURE_CHANNELS: MarketData['channels'] = new Set([...SPOT_CHANNELS, 'mark', 'liquidations']);

/** Streams and public questions of one market. Spot has one socket, USD-M one for /public and one for /market. */
export function createMarketData(parts: MarketDataParts): MarketData {
  const { market, rest } = parts;
  const listened = new Listened(toWireSymbol);
  const links = new Map<Side, LinkUse>();
  const linkOf = (side: Side): LinkUse => {
    const known = links.get(market === 'spot' ? 'public' : side);
    if (known !== undefined) return known;
    const link = parts.pool.link(publicProtocol(parts, side, listened));
    links.set(market === 'spot' ? 'public' : side, link);
    return link;
  };
  const data: MarketData = {
    channels: market === 'spot' ? SPOT_CHANNELS : FUTURE_CHANNELS,
    subscribe(channel, listener) {
      listened.add(channel.symbol);
      const { topic, side } = streamOf(channel, market);
      const link = linkOf(side);
      if (channel.kind === 'book') return subscribeBook(parts, link, topic, channel, listener);
      return link.want(topic, (message) => listener(message as MarketEvent));
    },
    candles: (symbol, timeframe, range) => askCandles(rest, symbol, timeframe, range),
  };
  return market === 'spot' ? data : { ...data, openInterest: (symbol) => openInterest(rest, symbol) };
}

/** Base units times mark price. @throws VenueError */
async function openInterest(rest: Rest, symbol: Symbol) {
  const wire = toWireSymbol(symbol);
  const ask = async (path: string) => {
    const data = await rest.ask({ family: 'public', method: 'GET', path, params: { symbol: wire } });
    return readAnswer(data, `GET ${path}`, (fields) => {
      expectSymbol(fields, wire);
      return path === 'openInterest' ? decodeOpenInterest(fields) : decodeMarkPrice(fields);
    });
  };
  const [held, mark] = await Promise.all([ask('openInterest'), ask('premiumIndex')]);
  return mul(held, mark);
}

function publicProtocol(parts: MarketDataParts, side: Side, listened: Listened): LinkProtocol {
  const { market, endpoints, seams } = parts;
  const key = venueKey('binance', market);
  const requests = new Requests(seams.timers.after);
  const context = {
    market,
    symbol: (wire: string) => listened.symbol(wire),
    now: () => seams.clock.now(),
  };
  return {
    key: market === 'spot' ? `${key} public` : `${key} ${side}`,
    hosts: hostsOf(market === 'spot' ? endpoints.spotStream : `${endpoints.futureStream}/${side}/ws`),
    url: (host) => host,
    heartbeat: { pingEveryMs: 30_000, pongWithinMs: 10_000 },
    renewAfterMs: RENEW_AFTER_MS,
    longestSilenceMs,
    mark: (_, message) => markOf(message as MarketEvent | BookDelta),
    subscribe: (topics) => requests.frames('SUBSCRIBE', topics),
    unsubscribe: (topics) => requests.frames('UNSUBSCRIBE', topics),
    receive(frame, deliver, io) {
      if (requests.takes(frame, io)) return;
      if (isShutdown(frame)) return io.leaving();
      const message = decodePublic(frame, context);
      if (message.kind === 'event') deliver(message.topic, message.event);
      if (message.kind === 'book') deliver(message.topic, message.delta);
    },
  };
}

/** Sent about ten minutes before a stream host goes: {"e":"serverShutdown","E":1770123456789} */
const isShutdown = (frame: string | Uint8Array): boolean =>
  typeof frame === 'string' && frame.startsWith('{"e":"serverShutdown"');

/** Trades and book changes are numbered within their stream. The newest of all else counts, whichever way it came. */
function markOf(message: MarketEvent | BookDelta): number | null {
  if (!('type' in message)) return message.last;
  return message.type === 'trade' ? Number(message.tradeId) : null;
}

/** Every subscriber has a feed of its own, so that each begins with a snapshot; they share the socket. */
function subscribeBook(
  parts: MarketDataParts,
  link: LinkUse,
  topic: string,
  channel: Channel,
  listener: (event: MarketEvent) => void,
): () => void {
  const { market, rest, seams } = parts;
  const feedParts: BookFeedParts = {
    venue: venueKey('binance', market),
    sequence: (applied, delta, afterSnapshot) => sequence(market, applied, delta, afterSnapshot),
    symbol: channel.symbol,
    timers: seams.timers,
    now: () => seams.clock.now(),
    fetch: async () => {
      const params = { symbol: toWireSymbol(channel.symbol), limit: '1000' };
      const data = await rest.ask({ family: 'public', method: 'GET', path: 'depth', params });
      return readAnswer(data, 'GET depth', decodeDepth);
    },
  };
  const feed = createBookFeed(feedParts, listener);
  // A renewal brings the same numbered changes on, without a gap.
  const undoLive = link.onLive((_, planned) => {
    if (!planned) feed.start();
  });
  const undoWant = link.want(topic, (message) => feed.delta(message as BookDelta));
  const { state } = link.status();
  if (state === 'live' || state === 'stale') feed.start();
  return () => {
    undoWant();
    undoLive();
    feed.close();
  };
}
