import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { CandleEvent, MarketEvent } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { createCandleStream } from '../core/candle-stream';
import { fieldsOf, parseJson } from '../core/fields';
import { createPushedBooks, type PushedBook } from '../core/pushed-book';
import type { Channel, MarketData } from '../venue';
import { sequence } from './book-sync';
import { decodeFrame, decodeOpenInterest } from './decode';
import { type Endpoints, streamOf } from './endpoints';
import { askCandles } from './klines';
import type { Listings } from './listings';
import type { Rest } from './rest';
import { heartbeat, isFarewell } from './socket';
import { Requests, topicFor } from './subscribe';
import { toWireSymbol } from './symbols';

export interface MarketDataParts {
  readonly market: MarketKind;
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
  readonly listings: Listings;
}

const SPOT_CHANNELS: MarketData['channels'] = new Set(['trades', 'top', 'ticker', 'book', 'candles']);
const FUTURE_CHANNELS: MarketData['channels'] = new Set([
  ...SPOT_CHANNELS,
  'mark',
  'liquidations',
  'interest',
]);
const EVENT_OF = {
  trades: 'trade',
  top: 'top',
  ticker: 'ticker',
  mark: 'mark',
  interest: 'interest',
  liquidations: 'liquidation',
} as const;

/** Streams and public questions of one market, all on one socket. */
export function createMarketData(parts: MarketDataParts): MarketData {
  const { market, rest, seams, listings } = parts;
  const books = createPushedBooks<PushedBook>({ venue: venueKey('gateio', market), seams, sequence });
  let linkMade: LinkUse | null = null;
  const link = (): LinkUse => {
    linkMade ??= parts.pool.link(publicProtocol(parts));
    return linkMade;
  };
  const channels = market === 'spot' ? SPOT_CHANNELS : FUTURE_CHANNELS;
  const data: MarketData = {
    channels,
    subscribe(channel, listener) {
      if (!channels.has(channel.kind))
        throw new RangeError(`Gate has no channel ${channel.kind} on ${market}`);
      const topic = topicFor(channel, market);
      // Amounts count contracts, whose size the list of instruments tells; nothing is shown before it is there.
      return listings.whenReady(seams.timers, () => {
        if (channel.kind === 'book') return books.subscribe(link(), topic, channel.symbol, listener);
        if (channel.kind === 'candles') return subscribeCandles(parts, link(), topic, channel, listener);
        const type = EVENT_OF[channel.kind];
        return link().want(topic, (message) => {
          const event = message as MarketEvent;
          if (event.type === type) listener(event);
        });
      });
    },
    candles: async (symbol, timeframe, range) => {
      await listings.ready();
      const known = listings.ofSymbol(symbol);
      return askCandles({ market, rest, wire: known.wireSymbol, known }, timeframe, range);
    },
  };
  return market === 'spot' ? data : { ...data, openInterest: (symbol) => openInterest(parts, symbol) };
}

type CandleChannel = Extract<Channel, { kind: 'candles' }>;

function subscribeCandles(
  { market, rest, listings }: MarketDataParts,
  link: LinkUse,
  topic: string,
  { symbol, timeframe }: CandleChannel,
  listener: (event: MarketEvent) => void,
): Undo {
  const known = listings.ofSymbol(symbol);
  const question = { market, rest, wire: known.wireSymbol, known };
  const stream = createCandleStream({
    timeframe,
    minutes: () => askCandles(question, '1m', { limit: 3 }),
    emit: listener,
  });
  const undoLive = link.onLive((_connects, planned) => {
    if (!planned) stream.start();
  });
  const undoWant = link.want(topic, (message) => stream.take(message as CandleEvent));
  const { state } = link.status();
  if (state === 'live' || state === 'stale') stream.start();
  return () => {
    undoWant();
    undoLive();
    stream.close();
  };
}

/** Contracts times their size times the mark price. @throws VenueError */
async function openInterest({ rest, listings }: MarketDataParts, symbol: Symbol) {
  await listings.ready();
  const wire = toWireSymbol(symbol);
  const data = await rest.ask({
    access: 'public',
    section: 'futures',
    method: 'GET',
    path: 'usdt/tickers',
    params: { contract: wire },
  });
  return readAnswer({ data }, 'GET tickers', (fields) =>
    decodeOpenInterest(fields.data, wire, listings.ofSymbol(symbol)),
  );
}

function publicProtocol({ market, endpoints, seams, listings, rest }: MarketDataParts): LinkProtocol {
  const requests = new Requests();
  const context = {
    market,
    known: (wire: string) => listings.find(wire),
    now: () => seams.clock.now(),
  };
  return {
    key: `${venueKey('gateio', market)} public`,
    url: () => streamOf(endpoints, market),
    heartbeat: heartbeat(market, rest.now),
    subscribe: (topics) => requests.frames('subscribe', topics, rest.now()),
    unsubscribe: (topics) => requests.frames('unsubscribe', topics, rest.now()),
    mark: (_topic, message) => {
      const event = message as MarketEvent | PushedBook;
      if ('kind' in event) return event.kind === 'delta' ? event.delta.last : null;
      return event.type === 'trade' ? event.tradeId : null;
    },
    receive(data, deliver, io) {
      const frame = fieldsOf(parseJson(data), 'frame');
      if (isFarewell(frame)) return io.leaving();
      const message = decodeFrame(frame, context);
      if (message.kind === 'events') for (const [topic, event] of message.events) deliver(topic, event);
      if (message.kind === 'book') deliver(message.topic, message.book);
      if (message.kind !== 'reply') return;
      const topic = requests.take(message.id);
      if (topic === undefined) return;
      if (message.refused === null) io.confirmed(topic);
      else io.refused(topic, message.refused);
    },
  };
}
