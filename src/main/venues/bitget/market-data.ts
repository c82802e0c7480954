import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { mul } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle, MarketEvent, Timeframe } from '#shared/domain/market';
import { readList } from '../core/answer';
import { decimalOf, textOf } from '../core/fields';
import { createPushedBooks, type PushedBook } from '../core/pushed-book';
import { type Channel, type MarketData, VenueError } from '../venue';
import { sequence } from './book-sync';
import { decodePublic, type PublicMessage } from './decode';
import { type Endpoints, publicUrl } from './endpoints';
import { HEARTBEAT, RENEW_AFTER_MS } from './heartbeat';
import { askCandles, CandleTurns } from './klines';
import { publicGet, type Rest } from './rest';
import { controlFrames, Listened, topicOf } from './subscribe';
import { PRODUCT, toWireSymbol } from './symbols';

export interface MarketDataParts {
  readonly market: MarketKind;
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
}

const SPOT_CHANNELS: MarketData['channels'] = new Set(['trades', 'top', 'ticker', 'book', 'candles']);
const FUTURE_CHANNELS: MarketData['channels'] = new Set([
  ...SPOT_CHANNELS,
  'mark',
  'interest',
  'liquidations',
]);

/** Kinds of event by kind of channel: several channels share a topic. */
const TELLS: Readonly<Record<Exclude<Channel['kind'], 'book'>, MarketEvent['type']>> = {
  trades: 'trade',
  top: 'top',
  ticker: 'ticker',
  mark: 'mark',
  interest: 'interest',
  liquidations: 'liquidation',
  candles: 'candle',
};

/** Streams and public questions of one market, on one socket. */
export function createMarketData(parts: MarketDataParts): MarketData {
  const { market, rest, seams, pool } = parts;
  const listened = new Listened();
  const venue = venueKey('bitget', market);
  const books = createPushedBooks<PushedBook>({ venue, seams, sequence });
  let linkMade: LinkUse | null = null;
  const link = (): LinkUse => {
    linkMade ??= pool.link(publicProtocol(parts, listened));
    return linkMade;
  };
  const data: MarketData = {
    channels: market === 'spot' ? SPOT_CHANNELS : FUTURE_CHANNELS,
    subscribe(channel, listener) {
      const { symbol } = channel;
      listened.add(symbol);
      const topic = topicOf(channel);
      if (channel.kind === 'book') return books.subscribe(link(), topic, symbol, listener);
      if (channel.kind === 'candles' && channel.timeframe === '1d') return pollDays(parts, symbol, listener);
      const type = TELLS[channel.kind];
      return link().want(topic, (message) => {
        for (const event of message as readonly MarketEvent[])
          if (event.type === type && event.symbol === symbol) listener(event);
      });
    },
    candles: (symbol, timeframe, range) => askCandles({ rest, market, symbol, timeframe }, range),
  };
  return market === 'spot' ? data : { ...data, openInterest: (symbol) => openInterest(rest, symbol) };
}

/** Base units times mark price, both of one ticker. @throws VenueError */
async function openInterest(rest: Rest, symbol: Symbol) {
  const wire = toWireSymbol(symbol);
  const path = 'v3/market/tickers';
  const data = await rest.ask(publicGet(path, { category: PRODUCT.future, symbol: wire }));
  const rows = readList(data, `GET ${path}`, (row) => ({
    wire: textOf(row, 'symbol').toUpperCase(),
    held: decimalOf(row, 'openInterest'),
    mark: decimalOf(row, 'markPrice'),
  }));
  const row = rows.find((one) => one.wire === wire);
  if (row === undefined) throw new VenueError('bad-answer', `GET ${path}: no answer about ${wire}`);
  return mul(row.held, row.mark);
}

/** The ticker of a perpetual moves with its mark price. */
const TICKER_SILENCE_MS = 60_000;

function publicProtocol(parts: MarketDataParts, listened: Listened): LinkProtocol {
  const { market, endpoints, seams } = parts;
  const context = { market, symbol: (wire: string) => listened.symbol(wire), now: () => seams.clock.now() };
  const turns = new CandleTurns();
  const candles = (message: Extract<PublicMessage, { kind: 'candles' }>): readonly MarketEvent[] => {
    const { topic, symbol, rows, history, venueTime } = message;
    const head = { venue: venueKey('bitget', market), symbol, seenAt: seams.clock.now(), venueTime };
    return turns.take(topic, rows, history).map((candle) => candleEvent(head, rows[0]!.timeframe, candle));
  };
  return {
    key: `${venueKey('bitget', market)} public`,
    url: () => publicUrl(endpoints),
    heartbeat: HEARTBEAT,
    renewAfterMs: RENEW_AFTER_MS,
    longestSilenceMs: (topic) =>
      market === 'future' && topic.startsWith('ticker:') ? TICKER_SILENCE_MS : null,
    mark: markOf,
    subscribe: (topics) => controlFrames('subscribe', topics, market),
    unsubscribe: (topics) => controlFrames('unsubscribe', topics, market),
    receive(frame, deliver, io) {
      const message = decodePublic(frame, context);
      switch (message.kind) {
        case 'events':
          return deliver(message.topic, message.events);
        case 'book':
          return deliver(message.topic, message.book);
        case 'candles':
          return deliver(message.topic, candles(message));
        case 'confirmed':
          return io.confirmed(message.topic);
        case 'refused':
          // Without a topic it speaks of the connection as a whole.
          if (message.topic === null) throw new Error(`the exchange refused a frame: ${message.why}`);
          return io.refused(message.topic, message.why);
        case 'control':
          return;
      }
    },
  };
}

/** Trades and book updates are told apart while one connection takes over from another; the rest may come twice. */
function markOf(topic: string, message: unknown): number | string | null {
  if (topic.startsWith('books:')) {
    const book = message as PushedBook;
    return book.kind === 'delta' ? book.delta.last : null;
  }
  if (!topic.startsWith('publicTrade:')) return null;
  const trades = message as readonly Extract<MarketEvent, { type: 'trade' }>[];
  return trades.map(({ tradeId }) => tradeId).join(',');
}

type Head = Pick<MarketEvent, 'venue' | 'symbol' | 'seenAt' | 'venueTime'>;
const candleEvent = (head: Head, timeframe: Timeframe, candle: Candle): MarketEvent => ({
  ...head,
  type: 'candle',
  timeframe,
  candle,
});

const DAY_POLL_MS = 15_000;

/** Days of the stream begin at 16:00 UTC; days as everybody else counts them are only to be had by asking. */
function pollDays(
  { rest, market, seams }: MarketDataParts,
  symbol: Symbol,
  listener: (event: MarketEvent) => void,
): Undo {
  let over = false;
  let undo: Undo = () => {};
  const ask = async (): Promise<void> => {
    try {
      const days = await askCandles({ rest, market, symbol, timeframe: '1d' }, { limit: 2 });
      const head = { venue: venueKey('bitget', market), symbol, seenAt: seams.clock.now(), venueTime: null };
      if (!over) for (const day of days) listener(candleEvent(head, '1d', day));
    } catch {
      // The next question says more; that nothing comes is seen by its age.
    }
    if (!over) undo = seams.timers.after(DAY_POLL_MS, () => void ask());
  };
  void ask();
  return () => {
    over = true;
    undo();
  };
}
