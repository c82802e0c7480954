import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodeContext, decodeDepth, decodeKlines, decodePublic } from '#main/venues/binance/decode';
import { ProtocolError } from '#main/venues/venue';
import { unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { MarketEvent } from '#shared/domain/market';
import { BTC, BTC_PERP } from './world';

const SEEN = unixMs(1_772_536_800_000);
const context = (market: MarketKind): DecodeContext => ({
  market,
  symbol: (wire) => (wire === 'BTCUSDT' ? (market === 'spot' ? BTC : BTC_PERP) : undefined),
  now: () => SEEN,
});
const spot = (frame: unknown) =>
  decodePublic(typeof frame === 'string' ? frame : JSON.stringify(frame), context('spot'));
const future = (frame: unknown) => decodePublic(JSON.stringify(frame), context('future'));
const eventOf = (message: ReturnType<typeof spot>): MarketEvent => {
  if (message.kind !== 'event') throw new Error(`no event but ${message.kind}`);
  return message.event;
};

const TRADE = {
  e: 'trade',
  E: 1772536782136,
  s: 'BTCUSDT',
  t: 5012345678,
  p: '65000.01000000',
  q: '0.00120000',
  T: 1772536782135,
  m: true,
  M: true,
};
const DELTA = {
  e: 'depthUpdate',
  E: 1772536782136,
  T: 1772536782130,
  s: 'BTCUSDT',
  U: 157,
  u: 160,
  pu: 149,
  b: [['65000.00', '1.50']],
  a: [['65000.1', '0.000']],
  st: 1,
};
const KLINE = {
  e: 'kline',
  E: 1772536782136,
  s: 'BTCUSDT',
  k: {
    t: 1772536740000,
    T: 1772536799999,
    i: '1m',
    o: '65000.0',
    c: '65010.0',
    h: '65020.0',
    l: '64990.0',
    v: '12.5',
    x: false,
  },
};

describe('public frames', () => {
  it('reads a spot trade; the buyer being the maker means that somebody sold', () => {
    expect(spot(TRADE)).toEqual({
      kind: 'event',
      topic: 'btcusdt@trade',
      event: {
        type: 'trade',
        venue: 'binance_spot',
        symbol: 'BTC/USDT',
        seenAt: SEEN,
        venueTime: 1772536782135,
        tradeId: '5012345678',
        price: '65000.01',
        amount: '0.0012',
        side: 'sell',
      },
    });
    expect(eventOf(spot({ ...TRADE, m: false }))).toMatchObject({ side: 'buy' });
  });
  it('reads an aggregated futures trade by its own id', () => {
    const frame = { ...TRADE, e: 'aggTrade', a: 164, f: 1, l: 2, nq: '0.1', st: 1 };
    expect(future(frame)).toMatchObject({
      topic: 'btcusdt@aggTrade',
      event: { tradeId: '164', symbol: BTC_PERP },
    });
  });
  it('reads a spot bookTicker, which carries neither kind nor time', () => {
    const frame = {
      u: 400900217,
      s: 'BTCUSDT',
      b: '25.35190000',
      B: '31.21000000',
      a: '25.36520000',
      A: '40.66',
    };
    expect(spot(frame)).toMatchObject({
      topic: 'btcusdt@bookTicker',
      event: {
        type: 'top',
        venueTime: null,
        bid: '25.3519',
        bidAmount: '31.21',
        ask: '25.3652',
        askAmount: '40.66',
      },
    });
  });
  it('reads mark price, index and funding, and a day ticker', () => {
    const mark = {
      e: 'markPriceUpdate',
      E: 1772536782000,
      s: 'BTCUSDT',
      p: '65000.15',
      i: '64998.60',
      r: '0.00010000',
      T: 1772553600000,
    };
    expect(future(mark)).toMatchObject({
      topic: 'btcusdt@markPrice@1s',
      event: {
        type: 'mark',
        mark: '65000.15',
        index: '64998.6',
        fundingRate: '0.0001',
        nextFundingAt: 1772553600000,
      },
    });
    const ticker = {
      e: '24hrMiniTicker',
      E: 1772536782000,
      s: 'BTCUSDT',
      c: '65000',
      o: '62500',
      h: '1',
      l: '1',
      v: '1',
      q: '812500.5',
    };
    expect(spot(ticker)).toMatchObject({
      topic: 'btcusdt@miniTicker',
      event: { type: 'ticker', last: '65000', change24h: 4, volume24h: 812500.5 },
    });
    expect(eventOf(spot({ ...ticker, o: '0' }))).toMatchObject({ change24h: null });
  });
  it('reads a candle of the timeframe its topic names', () => {
    expect(spot(KLINE)).toMatchObject({
      topic: 'btcusdt@kline_1m',
      event: {
        type: 'candle',
        timeframe: '1m',
        candle: { openTime: 1772536740000, close: 65010, closed: false },
      },
    });
  });
  it('reads a depth delta with its range and predecessor', () => {
    expect(future(DELTA)).toEqual({
      kind: 'book',
      topic: 'btcusdt@depth@100ms',
      delta: {
        first: 157,
        last: 160,
        previousLast: 149,
        bids: [['65000', '1.5']],
        asks: [['65000.1', '0']],
        venueTime: 1772536782136,
      },
    });
  });
  it('takes replies, a coming shutdown and COIN-M news for no event', () => {
    for (const frame of [
      { result: null, id: 7 },
      { e: 'serverShutdown', E: 1 },
      { ...TRADE, st: 2, s: 'BTCUSD_PERP' },
    ])
      expect(spot(frame)).toEqual({ kind: 'control' });
  });
  it('reads numbers printed bare', () => {
    expect(eventOf(spot({ ...TRADE, p: 65000.5, q: 1, t: '5012345678' }))).toMatchObject({
      price: '65000.5',
      tradeId: '5012345678',
    });
  });
  it('keeps a trade id beyond 2^53', () => {
    const text = JSON.stringify(TRADE).replace('5012345678', '9007199254740993123');
    expect(eventOf(spot(text))).toMatchObject({ tradeId: '9007199254740993123' });
  });
});

describe('bad public frames', () => {
  it.each<[string, unknown]>([
    ['a refused subscription, wrapped', { error: { code: 2, msg: 'Invalid request' }, id: 1 }],
    ['a refused subscription, bare', { code: 2, msg: 'Invalid request', id: 1 }],
    ['a symbol nobody asked for', { ...TRADE, s: 'ETHUSDT' }],
    ['an unknown kind', { ...TRADE, e: 'tradeLite' }],
    ['a trade without a side', { ...TRADE, m: undefined }],
    ['a price that is no number', { ...TRADE, p: 'free' }],
    ['a time in seconds', { ...TRADE, T: 1772536782 }],
    ['a range that runs backwards', { ...DELTA, U: 161 }],
    ['a level that is no pair', { ...DELTA, b: ['65000'] }],
    ['levels that are no list', { ...DELTA, a: {} }],
    ['a timeframe we do not know', { ...KLINE, k: { ...KLINE.k, i: '7m' } }],
    ['a candle that does not say whether it is closed', { ...KLINE, k: { ...KLINE.k, x: 'no' } }],
    ['a list', [TRADE]],
    ['null', null],
    ['a cut frame', JSON.stringify(TRADE).slice(0, -5)],
    ['two frames in one', JSON.stringify(TRADE) + JSON.stringify(TRADE)],
    ['a web page', '<html></html>'],
  ])('%s is a ProtocolError', (_, frame) => {
    expect(() => spot(frame)).toThrow(ProtocolError);
  });
  it('never throws anything but a ProtocolError, whatever is put into a field', () => {
    const frames = [TRADE, DELTA, KLINE] as readonly object[];
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.string(),
        fc.jsonValue(),
        fc.nat(),
        (frame, name, value, pick) => {
          const names = Object.keys(frame);
          const field = pick % 3 === 0 ? name : names[pick % names.length]!;
          try {
            spot({ ...frame, [field]: value });
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('answers over REST', () => {
  it('reads candles, whose rows do not say whether they are closed', () => {
    const row = [1_772_536_740_000, '1', '3', '0.5', '2', '10', 1_772_536_799_999, '20', 3, '1', '1', '0'];
    expect(decodeKlines([row])).toEqual([
      {
        candle: { openTime: row[0], open: 1, high: 3, low: 0.5, close: 2, volume: 10, closed: false },
        closeTime: row[6],
      },
    ]);
  });
  it('reads a depth snapshot', () => {
    expect(decodeDepth({ lastUpdateId: 160, bids: [['65000.0', '1.50']], asks: [] })).toEqual({
      last: 160,
      bids: [['65000', '1.5']],
      asks: [],
    });
    expect(() => decodeDepth({ bids: [], asks: [] })).toThrow(ProtocolError);
  });
});
