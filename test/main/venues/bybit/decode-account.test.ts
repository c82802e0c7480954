import { describe, expect, it } from 'vitest';
import { type AccountContext, decodeAccount } from '#main/venues/bybit/decode-account';
import { OrderNames } from '#main/venues/core/order-names';
import { ProtocolError } from '#main/venues/index';
import { type Decimal, unixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { BTC, BTC_PERP, execution, orderRow, START } from './world';

const instrument = (market: MarketKind): Instrument => ({
  exchange: 'bybit',
  market,
  symbol: market === 'spot' ? BTC : BTC_PERP,
  wireSymbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  active: true,
  tickSize: '0.1' as Decimal,
  stepSize: '0.001' as Decimal,
  minAmount: '0.001' as Decimal,
  maxAmount: null,
  minNotional: null,
});
const contextOf = (market: MarketKind = 'future'): AccountContext => ({
  market,
  names: new OrderNames(),
  positions: new Map(),
  now: () => unixMs(START + 5),
  instrument: (wire) => (wire === 'BTCUSDT' ? instrument(market) : undefined),
});
const news = (topic: string, data: readonly object[], context = contextOf()) =>
  decodeAccount(JSON.stringify({ id: '1', topic, creationTime: START, data }), context);
const events = (topic: string, data: readonly object[], context = contextOf()) => {
  const told = news(topic, data, context);
  if (told.kind !== 'events') throw new Error(`not events but ${told.kind}`);
  return told.events;
};
const fills = (data: readonly object[], market: MarketKind = 'future') =>
  events('execution', data, contextOf(market)).map((event) => {
    if (event.type !== 'fill') throw new Error('not a fill');
    return event.fill;
  });

describe('a fill', () => {
  it('M-285 has its own amount and price, never the order’s sums', () => {
    const row = execution({ orderQty: '0.5', orderPrice: '65100', leavesQty: '0.3' });
    expect(fills([row])).toEqual([
      {
        venue: 'bybit_future',
        symbol: BTC_PERP,
        tradeId: 'e-1',
        venueOrderId: '9aac161b-8ed6-450d-9cab-c5cc67c21784',
        clientOrderId: 'w7k2p-s34h1-e1',
        side: 'buy',
        price: '65000',
        amount: '0.004',
        fee: { cost: '0.143', currency: 'USDT' },
        maker: false,
        venueTime: START,
        seenAt: START + 5,
      },
    ]);
  });
  it('M-288 comes with all others of its message, also of other orders', () => {
    const rows = [
      execution(),
      execution({ execId: 'e-2' }),
      execution({ execId: 'e-3', orderId: 'o-2', orderLinkId: '' }),
    ];
    expect(fills(rows).map(({ tradeId }) => tradeId)).toEqual(['e-1', 'e-2', 'e-3']);
  });
  it('survives a broken neighbour, which is counted', () => {
    const told = news('execution', [execution({ execPrice: '?' }), execution({ execId: 'e-2' })]);
    expect(told).toMatchObject({ kind: 'events', events: [{ fill: { tradeId: 'e-2' } }] });
    expect(told.kind === 'events' && told.problem).toBeInstanceOf(ProtocolError);
  });
  it('trap: a fee paid in MNT is MNT, not BTC', () => {
    const row = execution({ category: 'spot', feeCurrency: 'MNT', execFee: '0.02' });
    expect(fills([row], 'spot')[0]!.fee).toEqual({ cost: '0.02', currency: 'MNT' });
  });
  it.each([
    ['Buy', '0.001', false, 'BTC'],
    ['Sell', '0.001', false, 'USDT'],
    ['Buy', '-0.00005', true, 'USDT'],
    ['Sell', '-0.00005', true, 'BTC'],
  ])(
    'on spot without a named coin: a %s at rate %s, maker %s, pays in %s',
    (side, feeRate, isMaker, currency) => {
      const row = execution({ category: 'spot', feeCurrency: '', side, feeRate, isMaker, execFee: '0.01' });
      expect(fills([row], 'spot')[0]!.fee).toEqual({ cost: '0.01', currency });
    },
  );
  it('M-286 has a fee of null when none was told, and a negative one when it was received', () => {
    expect(fills([execution({ execFee: '' })])[0]!.fee).toBeNull();
    expect(fills([execution({ execFee: undefined })])[0]!.fee).toBeNull();
    expect(fills([execution({ execFee: '-0.12' })])[0]!.fee).toEqual({ cost: '-0.12', currency: 'USDT' });
  });
  it('pays the taxes of its country with the fee, when they are in its coin', () => {
    const extraFees = [
      { feeCoin: 'USDT', fee: '0.01' },
      { feeCoin: 'IDR', fee: '99' },
    ];
    expect(fills([execution({ extraFees })])[0]!.fee).toEqual({ cost: '0.153', currency: 'USDT' });
  });
  it('trap: a liquidation or deleveraging is a fill, a funding payment is none and tells the account anew', () => {
    const rows = ['BustTrade', 'AdlTrade', 'Funding'].map((execType) =>
      execution({ execId: execType, execType }),
    );
    const told = news('execution', rows);
    expect(told).toMatchObject({ kind: 'events', stale: true });
    expect(told.kind === 'events' && told.events.length).toBe(2);
  });
});

describe('an account frame', () => {
  it('trap: a row is of the market that its category names, never of the one its symbol looks like', () => {
    const rows = [orderRow(), orderRow({ category: 'spot', orderId: '1321003749386327552' })];
    expect(events('order', rows)).toMatchObject([{ order: { symbol: BTC_PERP } }]);
    expect(events('order', rows, contextOf('spot'))).toMatchObject([
      { order: { symbol: BTC, venueOrderId: '1321003749386327552' } },
    ]);
    expect(() => news('order', [orderRow({ category: undefined })])).toThrow(ProtocolError);
  });
  it('names its topic with or without the market', () => {
    expect(events('order.linear', [orderRow()])).toHaveLength(1);
  });
  it('leaves out contracts that we do not trade, and keeps the rest', () => {
    expect(events('order', [orderRow({ symbol: 'BTCUSDT-26DEC25' }), orderRow()])).toHaveLength(1);
  });
  it('tells a post-only order that would have taken as cancelled, with the reason', () => {
    const row = orderRow({ orderStatus: 'Cancelled', rejectReason: 'EC_PostOnlyWillTakeLiquidity' });
    expect(events('order', [row])).toMatchObject([
      { order: { status: 'cancelled' }, note: 'EC_PostOnlyWillTakeLiquidity' },
    ]);
  });
  it.each([
    ['Untriggered', 'open'],
    ['Triggered', 'open'],
    ['PartiallyFilled', 'partially_filled'],
    ['PartiallyFilledCanceled', 'cancelled'],
    ['Deactivated', 'cancelled'],
    ['Rejected', 'rejected'],
    ['Filled', 'filled'],
  ])('reads %s as %s', (orderStatus, status) => {
    expect(events('order', [orderRow({ orderStatus })])).toMatchObject([{ order: { status } }]);
  });
  it('does not guess a state it has never heard of', () => {
    const told = news('order', [orderRow({ orderStatus: 'Confused' })]);
    expect(told.kind === 'events' && told.problem).toBeInstanceOf(ProtocolError);
  });
  it('trap: the amount of a spot market buy by value is unknown, not that many coins', () => {
    const row = orderRow({ category: 'spot', qty: '100' });
    expect(events('order', [row], contextOf('spot'))).toMatchObject([{ order: { amount: null } }]);
    const based = { ...row, marketUnit: 'baseCoin', qty: '0.01' };
    expect(events('order', [based], contextOf('spot'))).toMatchObject([{ order: { amount: '0.01' } }]);
  });
  it('trap: a filled order without an average has the average of its value', () => {
    const row = orderRow({ orderStatus: 'Filled', cumExecQty: '0.01', cumExecValue: '650', avgPrice: '' });
    expect(events('order', [row])).toMatchObject([{ order: { averagePrice: '65000', filled: '0.01' } }]);
  });
  it('asks for the account anew on a change of the wallet, and of a position only when it is one', () => {
    const position = {
      category: 'linear',
      symbol: 'BTCUSDT',
      positionIdx: 0,
      side: 'Buy',
      size: '1',
      entryPrice: '2',
    };
    const context = contextOf();
    expect(news('wallet', [{ coin: [] }], context).kind).toBe('stale-account');
    expect(news('position', [position], context).kind).toBe('stale-account');
    expect(news('position', [position], context).kind).toBe('control');
    expect(news('position', [{ ...position, size: '0', side: '' }], context).kind).toBe('stale-account');
  });
  it.each([
    ['cut', '{"topic":"ord'],
    ['of an unknown topic', '{"topic":"greeks","data":[]}'],
    ['without topic or op', '{}'],
    ['a reply that says neither yes nor no', '{"op":"subscribe"}'],
  ])('is refused when it is %s', (_, frame) => {
    expect(() => decodeAccount(frame, contextOf())).toThrow(ProtocolError);
  });
});
