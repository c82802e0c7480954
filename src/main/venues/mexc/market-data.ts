import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { createBookFeed } from '../core/book-feed';
import type { BookDelta } from '../core/book-sync';
import { createCandleStream } from '../core/candle-stream';
import { bad, fieldsOf, textOf } from '../core/fields';
import { type Channel, type MarketData, VenueError } from '../venue';
import { sequence } from './book-sync';
import { decodePublic } from './decode';
import { decodeFutureDepth, decodeFuturePublic } from './decode-future';
import { decodeSpotDepth } from './decode-spot';
import type { Endpoints } from './endpoints';
import { futureHeartbeat, RENEW_AFTER_MS, spotHeartbeat } from './heartbeat';
import { askCandles } from './klines';
import type { DecodeContext, FundingNews } from './messages';
import type { Rest } from './rest';
import { createShards } from './shards';
import { controlFrames, topicsOf } from './subscribe';
import { toWireSymbol } from './symbols';

export interface MarketDataParts {
  readonly market: MarketKind;
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
  /** Resolves when the symbols of the market are known: contracts are no amounts without their size. @throws VenueError */
  ready(): Promise<unknown>;
  instrument(wireSymbol: string): Instrument | undefined;
}

/** Spot has no day's ticker that is let through ("Blocked!" since 2025-08), futures no stream of liquidations. */
const SPOT_CHANNELS: MarketData['channels'] = new Set(['trades', 'top', 'book', 'candles']);
const FUTURE_CHANNELS: MarketData['channels'] = new Set([...SPOT_CHANNELS, 'ticker', 'mark', 'interest']);

/** Streams and public questions of one market. */
export function createMarketData(parts: MarketDataParts): MarketData {
  const { market } = parts;
  const shards = createShards((shard) => parts.pool.link(publicProtocol(parts, shard)));
  const instrumentOf = async (symbol: Symbol): Promise<Instrument> => {
    await parts.ready();
    const found = parts.instrument(toWireSymbol(symbol));
    if (found === undefined) throw new VenueError('unknown-symbol', `MEXC lists no ${symbol}`);
    return found;
  };
  const klineParts = async (symbol: Symbol) => ({
    market,
    rest: parts.rest,
    instrument: await instrumentOf(symbol),
  });
  const wants = (topics: readonly string[], use: (link: LinkUse, topic: string) => Undo): Undo => {
    const undos = topics.map((topic) => {
      const { link, release } = shards.take(topic);
      const undo = use(link, topic);
      return () => {
        undo();
        release();
      };
    });
    return () => {
      for (const undo of undos) undo();
    };
  };

  const data: MarketData = {
    channels: market === 'spot' ? SPOT_CHANNELS : FUTURE_CHANNELS,
    subscribe(channel, listener) {
      const topics = topicsOf(channel, market);
      switch (channel.kind) {
        case 'book':
          return wants(topics, (link, topic) =>
            subscribeBook(parts, link, topic, () => instrumentOf(channel.symbol), channel.symbol, listener),
          );
        case 'candles':
          return wants(topics, (link, topic) => {
            const stream = createCandleStream({
              timeframe: channel.timeframe,
              minutes: async () => askCandles(await klineParts(channel.symbol), '1m', { limit: 4 }),
              emit: listener,
            });
            const undos = [
              link.want(topic, (event) => {
                if ((event as MarketEvent).type === 'candle')
                  stream.take(event as Parameters<typeof stream.take>[0]);
              }),
              // A renewed connection goes on where the old one was.
              link.onLive((_connects, planned) => {
                if (!planned) stream.start();
              }),
              () => stream.close(),
            ];
            stream.start();
            return () => {
              for (const undo of undos) undo();
            };
          });
        case 'mark': {
          let nextFundingAt: FundingNews['nextFundingAt'] = null;
          return wants(topics, (link, topic) =>
            link.want(topic, (message) => {
              const news = message as MarketEvent | FundingNews;
              if ('wire' in news) nextFundingAt = news.nextFundingAt;
              else if (news.type === 'mark') listener({ ...news, nextFundingAt });
            }),
          );
        }
        default: {
          const type = TYPE[channel.kind];
          return wants(topics, (link, topic) =>
            link.want(topic, (event) => {
              if ((event as MarketEvent).type === type) listener(event as MarketEvent);
            }),
          );
        }
      }
    },
    candles: async (symbol, timeframe, range) => askCandles(await klineParts(symbol), timeframe, range),
  };
  if (market === 'spot') return data;
  return {
    ...data,
    async openInterest(symbol) {
      const instrument = await instrumentOf(symbol);
      const params = { symbol: instrument.wireSymbol };
      const row = await parts.rest.ask({ family: 'public', method: 'GET', path: 'ticker', params });
      return readAnswer(row, 'GET ticker', (fields) => interestOf(fields, instrument, parts));
    },
  };
}

const TYPE: Readonly<Record<Exclude<Channel['kind'], 'book' | 'candles' | 'mark'>, MarketEvent['type']>> = {
  trades: 'trade',
  top: 'top',
  ticker: 'ticker',
  interest: 'interest',
  liquidations: 'liquidation',
};

/** The answer has the shape of the ticker's stream, which tells it in base and in quote. */
function interestOf(row: object, instrument: Instrument, parts: MarketDataParts) {
  const data = fieldsOf(row, 'ticker');
  if (textOf(data, 'symbol') !== instrument.wireSymbol)
    throw bad(`answer about another contract than ${instrument.wireSymbol}`, data);
  const frame = JSON.stringify({ channel: 'push.ticker', symbol: instrument.wireSymbol, data });
  const message = decodeFuturePublic(frame, contextOf(parts));
  const events = message.kind === 'events' ? message.events : [];
  const found = events.find((event) => event.type === 'interest');
  if (found?.type !== 'interest' || found.quote === null) throw bad('no open interest', data);
  return found.quote;
}

const contextOf = ({ market, seams, instrument }: MarketDataParts): DecodeContext => ({
  market,
  instrument,
  now: () => seams.clock.now(),
});

function publicProtocol(parts: MarketDataParts, shard: number): LinkProtocol {
  const { market, endpoints } = parts;
  const context = contextOf(parts);
  const key = `${venueKey('mexc', market)} public`;
  return {
    key: shard === 0 ? key : `${key} ${shard + 1}`,
    url: async () => {
      await parts.ready();
      return market === 'spot' ? endpoints.spotStream : endpoints.futureStream;
    },
    heartbeat: market === 'spot' ? spotHeartbeat : futureHeartbeat,
    ...(market === 'spot' ? { renewAfterMs: RENEW_AFTER_MS } : {}),
    subscribe: (topics) => controlFrames(market, true, topics),
    unsubscribe: (topics) => controlFrames(market, false, topics),
    // The ticker of a contract comes about once a second, whatever happens; all else may be silent with its market.
    longestSilenceMs: (topic) => (topic.startsWith('ticker|') ? 30_000 : null),
    mark(_topic, message) {
      const news = message as MarketEvent | BookDelta | FundingNews;
      if ('first' in news && !('type' in news)) return news.last;
      return 'type' in news && news.type === 'trade' ? news.tradeId : null;
    },
    receive(frame, deliver, io) {
      const message = decodePublic(frame, context);
      if (message.kind === 'events') for (const event of message.events) deliver(message.topic, event);
      if (message.kind === 'book') deliver(message.topic, message.delta);
      if (message.kind === 'funding') deliver(message.topic, message.funding);
      if (message.kind === 'confirmed') for (const topic of message.topics) io.confirmed(topic);
      if (message.kind === 'refused') for (const topic of message.topics) io.refused(topic, message.why);
    },
  };
}

/** Every subscriber has a feed of its own, so that each begins with a snapshot; they share the socket. */
function subscribeBook(
  parts: MarketDataParts,
  link: LinkUse,
  topic: string,
  instrumentOf: () => Promise<Instrument>,
  symbol: Symbol,
  listener: (event: MarketEvent) => void,
): Undo {
  const { market, rest, seams } = parts;
  const wire = toWireSymbol(symbol);
  const feed = createBookFeed(
    {
      venue: venueKey('mexc', market),
      sequence,
      symbol,
      timers: seams.timers,
      now: () => seams.clock.now(),
      fetch: async () => {
        if (market === 'spot') {
          const params = { symbol: wire, limit: 1_000 };
          const data = await rest.ask({ family: 'public', method: 'GET', path: 'depth', params });
          return readAnswer(data, 'GET depth', decodeSpotDepth);
        }
        const instrument = await instrumentOf();
        const data = await rest.ask({ family: 'public', method: 'GET', path: `depth/${wire}` });
        return readAnswer(data, 'GET depth', (fields) => decodeFutureDepth(fields, instrument));
      },
    },
    listener,
  );
  const undoLive = link.onLive((_connects, planned) => {
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
