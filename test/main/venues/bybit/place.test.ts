import { describe, expect, it } from 'vitest';
import { cancelCalls, placeCall, toPlaceOutcome } from '#main/venues/bybit/place';
import type { ClientOrderId, Decimal, Percent } from '#shared/domain/basics';
import { BTC, order } from './world';

const paramsOf = (request: Parameters<typeof placeCall>[0], market: 'spot' | 'future' = 'future') => {
  const call = placeCall(request, market);
  if (typeof call === 'string') throw new Error(call);
  expect(call).toMatchObject({ access: 'signed', method: 'POST', path: 'order/create' });
  return call.params;
};
const stop = (over: object = {}) =>
  order({ type: 'stop-market', side: 'sell', triggerPrice: '60000' as Decimal, reduceOnly: true, ...over });

describe('an order for Bybit', () => {
  it('of a contract names the market, our id and one-way mode', () => {
    expect(paramsOf(order())).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.010',
      orderLinkId: 'w7k2p-s34h1-e1',
      positionIdx: 0,
    });
  });
  it.each([
    ['gtc', 'GTC'],
    ['ioc', 'IOC'],
    ['fok', 'FOK'],
    ['post-only', 'PostOnly'],
  ] as const)('with a limit that is %s is %s', (timeInForce, word) => {
    const request = order({ type: 'limit', price: '64000' as Decimal, timeInForce, reduceOnly: true });
    expect(paramsOf(request)).toMatchObject({
      orderType: 'Limit',
      price: '64000',
      timeInForce: word,
      reduceOnly: true,
    });
  });
  it.each([
    ['stop-market', 'sell', 2],
    ['stop-market', 'buy', 1],
    ['take-profit-market', 'sell', 1],
    ['take-profit-market', 'buy', 2],
  ] as const)(
    'trap: a %s that would %s leaves as a trigger order in its direction, never as a plain one',
    (type, side, direction) => {
      expect(paramsOf(stop({ type, side }))).toMatchObject({
        orderType: 'Market',
        triggerPrice: '60000',
        triggerDirection: direction,
        triggerBy: 'LastPrice',
        reduceOnly: true,
        qty: '0.010',
      });
      expect(placeCall(stop({ type, side, triggerPrice: null }), 'future')).toContain('trigger price');
    },
  );
  it('that closes a whole position has the amount 0, which only then means all of it', () => {
    expect(paramsOf(stop({ amount: null, closePosition: true, reduceOnly: false }))).toMatchObject({
      qty: '0',
      reduceOnly: true,
      closeOnTrigger: true,
    });
    expect(placeCall(order({ amount: null }), 'future')).toBe('the order has no amount');
    expect(placeCall(order({ amount: null, closePosition: true }), 'future')).toContain('only a conditional');
  });
  it('trap: a spot market buy counts coins, not money', () => {
    expect(paramsOf(order({ symbol: BTC, venue: 'bybit_spot' }), 'spot')).toEqual({
      category: 'spot',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.010',
      marketUnit: 'baseCoin',
      orderLinkId: 'w7k2p-s34h1-e1',
    });
  });
  it('trap: a spot stop waits in the family that holds its coins, and is cancelled there, then as the order it became', () => {
    const request = stop({ symbol: BTC, venue: 'bybit_spot', reduceOnly: false });
    expect(paramsOf(request, 'spot')).toMatchObject({
      orderFilter: 'tpslOrder',
      triggerPrice: '60000',
      marketUnit: 'baseCoin',
    });
    expect(cancelCalls(request, 'spot').map(({ params }) => params?.orderFilter)).toEqual([
      'tpslOrder',
      'Order',
    ]);
    expect(cancelCalls(order({ symbol: BTC }), 'spot').map(({ params }) => params?.orderFilter)).toEqual([
      'Order',
    ]);
  });
  it('trap: a trailing stop is not sent, because it would lose its name', () => {
    const request = order({ type: 'trailing-stop', callbackPercent: '1' as Percent });
    expect(placeCall(request, 'future')).toContain('trailing stop');
  });
  it('is refused before sending when its id does not fit', () => {
    expect(placeCall(order({ clientOrderId: 'x'.repeat(37) as ClientOrderId }), 'future')).toContain(
      '1 to 36',
    );
    expect(placeCall(order({ clientOrderId: 'a.b' as ClientOrderId }), 'future')).toContain('not "a.b"');
  });
});

describe('what an answer to a placement proves', () => {
  const answered = (data: unknown) => toPlaceOutcome({ kind: 'ok', data }, order());
  const refused = (code: number, message = 'no') =>
    toPlaceOutcome({ kind: 'refused', status: 200, code, message, retryAfterMs: null }, order());

  it('is that the order was taken in, no more', () => {
    expect(answered({ orderId: '1321003749386327552', orderLinkId: 'w7k2p-s34h1-e1' })).toEqual({
      kind: 'accepted',
      venueOrderId: '1321003749386327552',
      status: 'open',
    });
  });
  it('is nothing when it speaks of another order, or of none', () => {
    for (const data of [{ orderId: '1', orderLinkId: 'other' }, {}, null, 'ok'])
      expect(answered(data)).toMatchObject({ kind: 'unknown' });
  });
  it('is a refusal in the exchange’s words', () => {
    expect(refused(110_007, 'ab not enough')).toEqual({
      kind: 'rejected',
      code: '110007',
      message: 'ab not enough',
    });
  });
  it('is unknown when the id is taken: an earlier copy may live', () => {
    for (const code of [110_072, 170_141]) expect(refused(code)).toMatchObject({ kind: 'unknown' });
  });
});
