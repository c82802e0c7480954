import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import type { Decimal } from '#shared/domain/basics';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import { readAnswer } from '../core/answer';
import { decimalOf, fieldsOf, listOf, textOf } from '../core/fields';
import { Listened } from '../core/listened';
import { createPushedBooks, type PushedBook } from '../core/pushed-book';
import { type Channel, type MarketData, VenueError } from '../venue';
import { sequence } from './book-sync';
import { type DecodeContext, decodePublic } from './decode';
import { CATEGORY, type Endpoints } from './endpoints';
import { askCandles } from './klines';
import type { Rest } from './rest';
import { HEARTBEAT, longestSilenceMs, Requests, topicOf } from './subscribe';
import { toWireSymbol } from './symbols';
import { Tickers } from './tickers';

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
  'liquidations',
  'interest',
]);

/** What a topic of several channels brings for each of them. */
const EVENT_OF: Readonly<Partial<Record<Channel['kind'], MarketEvent['type']>>> = {
  ticker: 'ticker',
  mark: 'mark',
  interest: 'interest',
};

/** Streams and public questions of one market, over one public socket. */
export function createMarketData(parts: MarketDataParts): MarketData {
  const { market, rest, seams } = parts;
  const listened = new Listened(toWireSymbol);
  const books = createPushedBooks({ venue: venueKey('bybit', market), seams, sequence });
  let linkMade: LinkUse | null = null;
  const link = (): LinkUse => {
    linkMade ??= parts.pool.link(publicProtocol(parts, listened));
    return linkMade;
  };
  const data: MarketData = {
    channels: market === 'spot' ? SPOT_CHANNELS : FUTURE_CHANNELS,
    subscribe(channel, listener) {
      listened.add(channel.symbol);
      const topic = topicOf(channel);
      if (channel.kind === 'book') return books.subscribe(link(), topic, channel.symbol, listener);
      const only = EVENT_OF[channel.kind];
      return link().want(topic, (message) => {
        const event = message as MarketEvent;
        if (only === undefined || event.type === only) listener(event);
      });
    },
    candles: (symbol, timeframe, range) => askCandles(rest, market, symbol, timeframe, range),
  };
  return market === 'spot' ? data : { ...data, openInterest: (symbol) => openInterest(rest, symbol) };
}

/** In quote units, as the exchange counts it. @throws VenueError */
async function openInterest(rest: Rest, symbol: Symbol): Promise<Decimal> {
  const wire = toWireSymbol(symbol);
  const params = { category: CATEGORY.future, symbol: wire };
  const data = await rest.ask({ access: 'public', method: 'GET', path: 'market/tickers', params });
  return readAnswer(data, 'GET market/tickers', (fields) => {
    const rows = listOf(fields.list, 'list').map((one) => fieldsOf(one, 'ticker'));
    const row = rows.find((one) => textOf(one, 'symbol') === wire);
    if (row === undefined) throw new VenueError('bad-answer', `GET market/tickers: nothing of ${wire}`);
    return decimalOf(row, 'openInterestValue');
  });
}

function publicProtocol(parts: MarketDataParts, listened: Listened): LinkProtocol {
  const { market, endpoints, seams } = parts;
  const requests = new Requests(market);
  const context: DecodeContext = {
    market,
    symbol: (wire) => listened.symbol(wire),
    tickers: new Tickers(),
    now: () => seams.clock.now(),
  };
  return {
    key: `${venueKey('bybit', market)} public`,
    url: () => `${endpoints.publicStream}/${CATEGORY[market]}`,
    heartbeat: HEARTBEAT,
    longestSilenceMs,
    mark: markOf,
    subscribe: (topics) => requests.frames('subscribe', topics),
    unsubscribe: (topics) => requests.frames('unsubscribe', topics),
    receive(frame, deliver, io) {
      const message = decodePublic(frame, context);
      switch (message.kind) {
        case 'events':
          for (const event of message.events) deliver(message.topic, event);
          return;
        case 'book':
          deliver(message.topic, message.message);
          return;
        case 'reply':
          requests.settle(message.reply, io);
          return;
        case 'control':
          return;
      }
    },
  };
}

/** Books are told apart by update id, trades by their name; the newest picture of all else may come twice. */
function markOf(_topic: string, message: unknown): number | string | null {
  const one = message as PushedBook | MarketEvent;
  if ('kind' in one) return one.kind === 'snapshot' ? one.snapshot.last : one.delta.last;
  return one.type === 'trade' ? one.tradeId : null;
}
