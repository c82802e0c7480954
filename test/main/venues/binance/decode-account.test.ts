import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountNews,
  decodeFutureAccount,
  decodeSpotAccount,
} from '#main/venues/binance/decode-account';
import { decodeInstruments } from '#main/venues/binance/symbols';
import { parseJson } from '#main/venues/core/fields';
import { OrderNames } from '#main/venues/core/order-names';
import { SymbolTable } from '#main/venues/core/symbol-table';
import type { AccountEvent } from '#main/venues/venue';
import { ProtocolError } from '#main/venues/venue';
import { unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { BTC, BTC_PERP, EXCHANGE_INFO } from './world';

const SEEN = unixMs(1_772_536_800_000);
const contextOf = (market: MarketKind) => {
  const table = new SymbolTable();
  table.fill(decodeInstruments(EXCHANGE_INFO, market));
  return { names: new OrderNames(), now: () => SEEN, known: (wire: string) => table.known(wire) };
};
const spot = (event: object | string, context = contextOf('spot')) =>
  decodeSpotAccount(
    typeof event === 'string' ? event : JSON.stringify({ subscriptionId: 0, event }),
    context,
  );
const future = (frame: object | string, context = contextOf('future')) =>
  decodeFutureAccount(typeof frame === 'string' ? frame : JSON.stringify(frame), context);
const eventsOf = (news: AccountNews): readonly AccountEvent[] => {
  if (news.kind !== 'events') throw new Error(`no events but ${news.kind}`);
  return news.events;
};

// Both samples are the documented ones.
const REPORT = {
  e: 'executionReport',
  E: 1772536782140,
  s: 'BTCUSDT',
  c: 'wd-0001',
  S: 'BUY',
  o: 'LIMIT',
  f: 'GTC',
  q: '1.00000000',
  p: '65000.00',
  P: '0',
  F: '0',
  g: -1,
  C: '',
  x: 'TRADE',
  X: 'PARTIALLY_FILLED',
  r: 'NONE',
  i: 77,
  l: '0.40000000',
  z: '0.40000000',
  L: '65000.00',
  n: '0.01300000',
  N: 'BNB',
  T: 1772536782139,
  t: 900,
  I: 1801,
  w: true,
  m: true,
  M: true,
  O: 1772536700000,
  Z: '26000.00',
  Y: '26000.00',
  Q: '0',
};
const UPDATE = {
  s: 'BTCUSDT',
  c: 'wd-0002',
  S: 'SELL',
  o: 'MARKET',
  f: 'GTC',
  q: '0.010',
  p: '0',
  ap: '64999.10',
  sp: '0',
  x: 'TRADE',
  X: 'FILLED',
  i: 8886774,
  l: '0.010',
  z: '0.010',
  L: '64999.10',
  N: 'USDT',
  n: '0.26',
  T: 1772536782140,
  t: 12345678,
  b: '0',
  a: '0',
  m: false,
  R: true,
  wt: 'CONTRACT_PRICE',
  ot: 'MARKET',
  ps: 'BOTH',
  cp: false,
  rp: '-3.20',
  er: '0',
};
const ALGO = {
  caid: 'wd-0003',
  aid: 2148719,
  at: 'CONDITIONAL',
  o: 'STOP_MARKET',
  s: 'BTCUSDT',
  S: 'SELL',
  ps: 'BOTH',
  f: 'GTC',
  q: '0.01',
  X: 'NEW',
  ai: '',
  ap: '0',
  aq: '0',
  act: '0',
  tp: '60000',
  p: '0',
  cp: false,
  R: true,
  tt: 0,
  rm: '',
};
const update = (o: object) => ({ e: 'ORDER_TRADE_UPDATE', E: 1772536782145, T: 1772536782140, o });
const algo = (o: object) => ({ e: 'ALGO_UPDATE', T: 1772536782297, E: 1772536782303, o });

describe('the spot account stream', () => {
  it('tells a fill with its own price, amount and fee, and then the order', () => {
    const [fill, order] = eventsOf(spot(REPORT));
    expect(fill).toEqual({
      type: 'fill',
      fill: {
        venue: 'binance_spot',
        symbol: BTC,
        tradeId: '900',
        venueOrderId: '77',
        clientOrderId: 'wd-0001',
        side: 'buy',
        price: '65000',
        amount: '0.4',
        cost: '26000',
        fee: { cost: '0.013', currency: 'BNB' },
        maker: true,
        venueTime: 1772536782139,
        seenAt: SEEN,
      },
    });
    expect(order).toMatchObject({
      type: 'order',
      note: null,
      order: {
        status: 'partially_filled',
        filled: '0.4',
        averagePrice: '65000',
        amount: '1',
        triggerPrice: null,
      },
    });
  });
  it('takes the name of a cancelled order from C, where c names the cancel request', () => {
    const cancelled = {
      ...REPORT,
      x: 'CANCELED',
      X: 'CANCELED',
      c: 'cancel-1',
      C: 'wd-0001',
      l: '0',
      t: -1,
      n: null,
      N: null,
    };
    expect(eventsOf(spot(cancelled))).toMatchObject([
      { type: 'order', order: { clientOrderId: 'wd-0001', status: 'cancelled' } },
    ]);
  });
  it('says why an order was rejected or expired', () => {
    const none = { l: '0', t: -1, z: '0', Z: '0' };
    const rejected = { ...REPORT, ...none, x: 'REJECTED', X: 'REJECTED', r: 'INSUFFICIENT_BALANCES' };
    expect(eventsOf(spot(rejected))).toMatchObject([
      { note: 'INSUFFICIENT_BALANCES', order: { status: 'rejected', averagePrice: null } },
    ]);
    const expired = { ...REPORT, ...none, x: 'EXPIRED', X: 'EXPIRED', eR: 'INSUFFICIENT_LIQUIDITY' };
    expect(eventsOf(spot(expired))).toMatchObject([
      { note: 'INSUFFICIENT_LIQUIDITY', order: { status: 'expired' } },
    ]);
  });
  it('reads a fee of zero without a currency as a fee of nothing, and refuses a fee in no currency', () => {
    expect(eventsOf(spot({ ...REPORT, n: '0', N: null }))[0]).toMatchObject({
      fill: { fee: { cost: '0', currency: 'USDT' } },
    });
    expect(() => spot({ ...REPORT, n: '0.1', N: null })).toThrow(ProtocolError);
  });
  it('never adds up balance changes: it asks for the account instead', () => {
    expect(spot({ e: 'outboundAccountPosition', E: 1, u: 1, B: [{ a: 'BTC', f: '1', l: '0' }] })).toEqual({
      kind: 'stale-account',
    });
    expect(spot({ e: 'balanceUpdate', E: 1, a: 'BTC', d: '1', T: 1 })).toEqual({ kind: 'stale-account' });
  });
  it.each<[string, string]>([
    ['a terminated subscription', '{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":1}}'],
    ['a shutdown inside an event', '{"event":{"e":"serverShutdown","E":1}}'],
    ['a bare shutdown', '{"e":"serverShutdown","E":1}'],
    ['a key revoked meanwhile', '{"id":null,"status":401,"error":{"code":-2015,"msg":"Invalid API-key"}}'],
  ])('ends at %s, after which the socket would stay silent', (_, text) => {
    expect(spot(text).kind).toBe('stream-ended');
  });
});

describe('the futures account stream', () => {
  it('tells a fill and then its order', () => {
    const [fill, order] = eventsOf(future(update(UPDATE)));
    expect(fill).toMatchObject({
      fill: {
        venue: 'binance_future',
        symbol: BTC_PERP,
        tradeId: '12345678',
        venueOrderId: '8886774',
        clientOrderId: 'wd-0002',
        side: 'sell',
        price: '64999.1',
        amount: '0.01',
        fee: { cost: '0.26', currency: 'USDT' },
        maker: false,
      },
    });
    expect(order).toMatchObject({ order: { status: 'filled', averagePrice: '64999.1', reduceOnly: true } });
  });
  it('M-286 counts a liquidation as a fill, and takes a fee that is not told as unknown, never as zero', () => {
    const { N, n, ...free } = UPDATE;
    expect([N, n]).toEqual(['USDT', '0.26']);
    const [fill] = eventsOf(future(update({ ...free, x: 'CALCULATED', c: 'autoclose-1' })));
    expect(fill).toMatchObject({
      fill: { clientOrderId: 'autoclose-1', fee: null },
    });
  });
  it('takes no fill from TRADE_LITE, which lacks the fee', () => {
    const lite = {
      e: 'TRADE_LITE',
      E: 1,
      T: 1,
      s: 'BTCUSDT',
      q: '0.010',
      p: '0',
      m: false,
      c: 'wd-0002',
      S: 'SELL',
      L: '1',
      l: '0.010',
      t: 12345678,
      i: 8886774,
    };
    expect(future(lite)).toEqual({ kind: 'control' });
  });
  it('tells a new stop by its algo id and our client id', () => {
    expect(eventsOf(future(algo(ALGO)))).toMatchObject([
      {
        order: {
          venueOrderId: '2148719',
          clientOrderId: 'wd-0003',
          status: 'open',
          triggerPrice: '60000',
          reduceOnly: true,
        },
      },
    ]);
  });
  it('tells side, age and reduce-only of both order families', () => {
    const told = [update({ ...UPDATE, x: 'NEW', X: 'NEW' }), algo(ALGO)].map(
      (frame) => eventsOf(future(frame))[0],
    );
    const same = { side: 'sell', reduceOnly: true, amount: '0.01' };
    expect(told).toMatchObject([
      { order: { ...same, updatedAt: 1772536782140 } },
      { order: { ...same, updatedAt: (algo(ALGO) as unknown as { T: number }).T } },
    ]);
    const closing = [
      update({ ...UPDATE, x: 'NEW', X: 'NEW', R: false, cp: true }),
      algo({ ...ALGO, R: false, cp: true, q: '0' }),
    ];
    for (const frame of closing)
      expect(eventsOf(future(frame))[0]).toMatchObject({ order: { reduceOnly: true } });
  });
  it('leaves a triggered stop to the order it became, and finds our name for it by either id', () => {
    const context = contextOf('future');
    expect(future(algo({ ...ALGO, X: 'TRIGGERED', ai: '4000000000000000017' }), context)).toEqual({
      kind: 'control',
    });
    const child = JSON.stringify(update({ ...UPDATE, c: 'somebody-else' })).replace(
      '8886774',
      '4000000000000000017',
    );
    expect(eventsOf(future(child, context))[0]).toMatchObject({
      fill: { venueOrderId: '4000000000000000017', clientOrderId: 'wd-0003' },
    });
    expect(eventsOf(future(update({ ...UPDATE, c: 'wd-0003' })))[0]).toMatchObject({
      fill: { clientOrderId: 'wd-0003' },
    });
  });
  it('says why a stop was rejected at its trigger', () => {
    expect(eventsOf(future(algo({ ...ALGO, X: 'REJECTED', rm: 'Margin is insufficient' })))).toMatchObject([
      { note: 'Margin is insufficient', order: { status: 'rejected' } },
    ]);
  });
  it('ends with its listen key, whether the time of that is a number or text', () => {
    for (const E of [1736996475556, '1736996475556'])
      expect(future({ e: 'listenKeyExpired', E, listenKey: 'x' }).kind).toBe('stream-ended');
  });
  it('asks for the account after an ACCOUNT_UPDATE, which names only what changed', () => {
    expect(future({ e: 'ACCOUNT_UPDATE', E: 1, T: 1, a: { m: 'ORDER', B: [], P: [] } })).toEqual({
      kind: 'stale-account',
    });
  });
});

describe('bad private frames', () => {
  it.each<[string, object]>([
    ['an unlisted symbol', update({ ...UPDATE, s: 'NOPEUSDT' })],
    ['an unknown status', update({ ...UPDATE, X: 'MAYBE' })],
    ['an unknown side', update({ ...UPDATE, S: 'HOLD' })],
    ['a fill without a price', update({ ...UPDATE, L: undefined })],
    ['a fill without an id', update({ ...UPDATE, t: null })],
    ['a fill with id -1', update({ ...UPDATE, t: -1 })],
    ['an order without an id', update({ ...UPDATE, i: '' })],
    ['an algo order of unknown status', algo({ ...ALGO, X: 'PERHAPS' })],
    ['no order at all', { e: 'ORDER_TRADE_UPDATE', E: 1, T: 1 }],
    ['a frame without a kind', { x: 1 }],
  ])('%s is a ProtocolError', (_, frame) => {
    expect(() => future(frame)).toThrow(ProtocolError);
  });
  it('throws nothing but a ProtocolError, whatever is put into a field', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.constantFrom(REPORT, UPDATE, ALGO), (value, pick, sample) => {
        const names = Object.keys(sample);
        const broken = { ...sample, [names[pick % names.length]!]: value };
        try {
          if (sample === REPORT) spot(broken);
          else future(sample === UPDATE ? update(broken) : algo(broken));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
  it('survives a reading and printing of the samples unchanged', () => {
    expect(parseJson(JSON.stringify(REPORT))).toEqual(REPORT);
  });
});
