import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequence } from '#main/venues/bybit/book-sync';
import { type DecodeContext, decodeKlineRows, decodePublic } from '#main/venues/bybit/decode';
import { Tickers } from '#main/venues/bybit/tickers';
import { ProtocolError } from '#main/venues/index';
import { unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { BTC, BTC_PERP, START } from './world';

const contextOf = (market: MarketKind): DecodeContext => ({
  market,
  symbol: (wire) => (wire !== 'BTCUSDT' ? undefined : market === 'spot' ? BTC : BTC_PERP),
  tickers: new Tickers(),
  now: () => unixMs(START),
});
const decode = (frame: unknown, context = contextOf('future')) =>
  decodePublic(typeof frame === 'string' ? frame : JSON.stringify(frame), context);
const events = (frame: unknown, context = contextOf('future')) => {
  const message = decode(frame, context);
  if (message.kind !== 'events') throw new Error(`not events but ${message.kind}`);
  return message.events;
};

const trade = (over: object = {}) => ({
  T: START,
  s: 'BTCUSDT',
  S: 'Sell',
  v: '0.001',
  p: '65000.50',
  i: 'a',
  seq: 1,
  ...over,
});
const trades = (...data: object[]) => ({ topic: 'publicTrade.BTCUSDT', type: 'snapshot', ts: START, data });
const book = (over: object = {}, data: object = {}) => ({
  topic: 'orderbook.200.BTCUSDT',
  type: 'delta',
  ts: START,
  data: { s: 'BTCUSDT', b: [['65000.0', '1.2']], a: [['65000.1', '0']], u: 7, seq: 9, ...data },
  cts: START - 2,
  ...over,
});
const ticker = (type: string, data: object) => ({
  topic: 'tickers.BTCUSDT',
  type,
  ts: START,
  data: { symbol: 'BTCUSDT', ...data },
});

describe('public frames', () => {
  it('bring all trades of a message, not only the first', () => {
    expect(events(trades(trade(), trade({ i: 'b', S: 'Buy', v: 2, p: 65001 })))).toMatchObject([
      { type: 'trade', tradeId: 'a', side: 'sell', price: '65000.5', amount: '0.001', venue: 'bybit_future' },
      { type: 'trade', tradeId: 'b', side: 'buy', price: '65001', amount: '2' },
    ]);
  });
  it('keep a trade id beyond 2^53, quoted or bare', () => {
    const bare = JSON.stringify(trades(trade({ i: 4711 }))).replace('4711', '2290000000061666327');
    for (const frame of [bare, trades(trade({ i: '2290000000061666327' }))])
      expect(events(frame, contextOf('spot'))).toMatchObject([
        { tradeId: '2290000000061666327', symbol: BTC },
      ]);
  });
  it('tell the market by their socket, never by the symbol, which is the same on both', () => {
    expect(events(trades(trade()), contextOf('spot'))[0]).toMatchObject({ symbol: BTC, venue: 'bybit_spot' });
    expect(events(trades(trade()))[0]).toMatchObject({ symbol: BTC_PERP, venue: 'bybit_future' });
  });
  it('bring a book as snapshot or delta, with the matching engine’s time', () => {
    expect(decode(book())).toEqual({
      kind: 'book',
      topic: 'orderbook.200.BTCUSDT',
      message: {
        kind: 'delta',
        delta: {
          first: 7,
          last: 7,
          previousLast: null,
          bids: [['65000', '1.2']],
          asks: [['65000.1', '0']],
          venueTime: START - 2,
        },
      },
    });
    expect(decode(book({ type: 'snapshot' }))).toMatchObject({
      message: { kind: 'snapshot', venueTime: START - 2 },
    });
  });
  it('take u = 1 for a restart of the exchange: it replaces the book, whatever the frame is called', () => {
    expect(decode(book({}, { u: 1 }))).toMatchObject({
      message: { kind: 'snapshot', snapshot: { last: 1 } },
    });
    expect(decode(book({}, { u: 2 }))).toMatchObject({ message: { kind: 'delta' } });
  });
  it('take the first level for best bid and ask, and a time in quotes', () => {
    const { cts: _, ...top } = book({ topic: 'orderbook.1.BTCUSDT', type: 'snapshot', ts: String(START) });
    expect(events(top)).toMatchObject([
      { type: 'top', bid: '65000', bidAmount: '1.2', ask: '65000.1', askAmount: '0', venueTime: START },
    ]);
    const empty = book({ topic: 'orderbook.1.BTCUSDT', type: 'snapshot' }, { b: [] });
    expect(events(empty)).toEqual([]);
  });
  it('say that a long was liquidated by a sell', () => {
    const rows = [{ T: START, s: 'BTCUSDT', S: 'Buy', v: '0.02', p: '64321.10' }];
    expect(
      events({ topic: 'allLiquidation.BTCUSDT', type: 'snapshot', ts: START, data: rows }),
    ).toMatchObject([{ type: 'liquidation', side: 'sell', price: '64321.1', amount: '0.02' }]);
  });
  it('bring candles of the length that the topic names', () => {
    const k = {
      start: START,
      interval: '60',
      open: '1',
      close: '2',
      high: '3',
      low: '0.5',
      volume: '9',
      confirm: true,
    };
    const frame = (over: object = {}) => ({
      topic: 'kline.60.BTCUSDT',
      type: 'snapshot',
      ts: START,
      data: [{ ...k, ...over }],
    });
    expect(events(frame())).toMatchObject([
      { type: 'candle', timeframe: '1h', candle: { close: 2, closed: true } },
    ]);
    expect(() => decode(frame({ interval: '1' }))).toThrow(ProtocolError);
  });
  it('are confirmations, refusals or signs of life when they have no topic', () => {
    expect(decode({ success: true, ret_msg: 'pong', op: 'ping', conn_id: 'c' })).toEqual({ kind: 'control' });
    expect(decode({ success: true, ret_msg: 'pong', op: 'ping', req_id: 'p1' })).toEqual({ kind: 'control' });
    expect(decode({ success: false, ret_msg: 'error:x', op: 'subscribe', req_id: 's-1' })).toEqual({
      kind: 'reply',
      reply: { success: false, message: 'error:x', reqId: 's-1' },
    });
  });
  it.each([
    ['cut', '{"topic":"publicTrade.BTC'],
    ['two in one', JSON.stringify(trades(trade())) + JSON.stringify(trades(trade()))],
    ['of a symbol nobody asked for', { ...trades(trade()), topic: 'publicTrade.ETHUSDT' }],
    ['about another symbol than the topic says', trades(trade({ s: 'ETHUSDT' }))],
    ['a book about another symbol', book({}, { s: 'ETHUSDT' })],
    ['of an unknown channel', { topic: 'secrets.BTCUSDT', data: [] }],
    ['without topic or op', { hello: 1 }],
    ['a price that is no number', trades(trade({ p: 'free' }))],
    ['a side that is none', trades(trade({ S: 'Hold' }))],
    ['a book of unknown type', book({ type: 'rumour' })],
    ['a time in seconds', trades(trade({ T: 1_772_536_782 }))],
  ])('are refused when they are %s', (_, frame) => {
    expect(() => decode(frame)).toThrow(ProtocolError);
  });
  it('never throw anything but a ProtocolError, whatever comes', () => {
    const context = contextOf('future');
    const topic = fc.constantFrom(
      'publicTrade',
      'orderbook.200',
      'orderbook.1',
      'tickers',
      'kline.1',
      'allLiquidation',
    );
    fc.assert(
      fc.property(topic, fc.json(), (name, json) => {
        try {
          decodePublic(`{"topic":"${name}.BTCUSDT","type":"delta","ts":${START},"data":${json}}`, context);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });
});

describe('the ticker of a contract', () => {
  const whole = {
    lastPrice: '65000.10',
    price24hPcnt: '-0.0123',
    turnover24h: '4936790807.65',
    markPrice: '65001.20',
    indexPrice: '64998.80',
    fundingRate: '0.0001',
    nextFundingTime: '1772553600000',
    openInterest: '49237.721',
    openInterestValue: '3200511841.75',
  };
  it('is ticker, mark price with funding, and open interest in one', () => {
    expect(events(ticker('snapshot', whole))).toMatchObject([
      { type: 'ticker', last: '65000.1', change24h: -1.23, volume24h: 4936790807.65 },
      {
        type: 'mark',
        mark: '65001.2',
        index: '64998.8',
        fundingRate: '0.0001',
        nextFundingAt: 1772553600000,
      },
      { type: 'interest', base: '49237.721', quote: '3200511841.75' },
    ]);
  });
  it('goes on in deltas, where what is missing is unchanged, and tells only what is new', () => {
    const context = contextOf('future');
    events(ticker('snapshot', whole), context);
    expect(events(ticker('delta', { markPrice: '65002' }), context)).toMatchObject([
      { type: 'mark', mark: '65002', index: '64998.8', fundingRate: '0.0001' },
    ]);
    expect(events(ticker('delta', { bid1Price: '1' }), context)).toEqual([]);
  });
  it('says nothing by a delta before the first snapshot', () => {
    expect(events(ticker('delta', { markPrice: '65002' }))).toEqual([]);
  });
  it('is forgotten by the next snapshot', () => {
    const context = contextOf('future');
    events(ticker('snapshot', whole), context);
    const { indexPrice: _, ...less } = whole;
    const [, mark] = events(ticker('snapshot', less), context);
    expect(mark).toMatchObject({ index: null });
  });
  it('has neither mark nor interest on spot', () => {
    expect(events(ticker('snapshot', whole), contextOf('spot')).map(({ type }) => type)).toEqual(['ticker']);
  });
});

describe('candles over REST', () => {
  it('come newest first and go out ascending', () => {
    const row = (at: number) => [String(at), '1', '3', '0.5', '2', '10', '20'];
    const list = [row(START + 60_000), row(START)];
    const rows = decodeKlineRows({ category: 'linear', symbol: 'BTCUSDT', list }, 'BTCUSDT');
    expect(rows.map(({ openTime }) => openTime)).toEqual([START, START + 60_000]);
    expect(() => decodeKlineRows({ symbol: 'ETHUSDT', list }, 'BTCUSDT')).toThrow(ProtocolError);
  });
});

describe('the sequence of a book', () => {
  const delta = (last: number) => ({
    first: last,
    last,
    previousLast: null,
    bids: [],
    asks: [],
    venueTime: unixMs(START),
  });
  it('applies the next, drops the old, and finds every jump', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: -5, max: 5 }), (applied, step) => {
        const expected = step <= 0 ? 'drop' : step === 1 ? 'apply' : 'gap';
        expect(sequence(applied, delta(applied + step), false)).toBe(expected);
      }),
    );
  });
});
