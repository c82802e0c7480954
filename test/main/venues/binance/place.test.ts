import { describe, expect, it } from 'vitest';
import { toAnswer } from '#main/venues/binance/answer';
import { placeCall, toCancelOutcome, toPlaceOutcome } from '#main/venues/binance/place';
import { type Reply, toFailure } from '#main/venues/core/answer';
import type { Decimal, Percent } from '#shared/domain/basics';
import { BTC, order } from './world';

const d = (text: string) => text as Decimal;
const spot = { venue: 'binance_spot', symbol: BTC } as const;

describe('an order on the wire', () => {
  it.each([
    [
      'market',
      order(),
      'order',
      {
        type: 'MARKET',
        side: 'BUY',
        quantity: '0.010',
        newClientOrderId: 'wd-7-entry-1',
        newOrderRespType: 'RESULT',
      },
    ],
    [
      'limit',
      order({ type: 'limit', price: d('65000.1') }),
      'order',
      { type: 'LIMIT', price: '65000.1', timeInForce: 'GTC' },
    ],
    [
      'post-only',
      order({ type: 'limit', price: d('1'), timeInForce: 'post-only' }),
      'order',
      { timeInForce: 'GTX' },
    ],
    [
      'fill-or-kill',
      order({ type: 'limit', price: d('1'), timeInForce: 'fok' }),
      'order',
      { timeInForce: 'FOK' },
    ],
    ['reduce-only', order({ reduceOnly: true, side: 'sell' }), 'order', { reduceOnly: 'true', side: 'SELL' }],
    [
      'stop',
      order({ type: 'stop-market', triggerPrice: d('60000'), reduceOnly: true }),
      'algoOrder',
      {
        algoType: 'CONDITIONAL',
        type: 'STOP_MARKET',
        triggerPrice: '60000',
        workingType: 'CONTRACT_PRICE',
        clientAlgoId: 'wd-7-entry-1',
        reduceOnly: 'true',
        quantity: '0.010',
      },
    ],
    [
      'take-profit',
      order({ type: 'take-profit-market', triggerPrice: d('1') }),
      'algoOrder',
      { type: 'TAKE_PROFIT_MARKET' },
    ],
    [
      'trailing stop',
      order({ type: 'trailing-stop', triggerPrice: d('66000'), callbackPercent: '0.5' as Percent }),
      'algoOrder',
      { type: 'TRAILING_STOP_MARKET', activatePrice: '66000', callbackRate: '0.5' },
    ],
  ] as const)('futures %s', (_, request, path, params) => {
    expect(placeCall(request, 'future')).toMatchObject({
      method: 'POST',
      family: 'fapiPrivate',
      path,
      params,
    });
  });
  it('sends a futures stop neither to /order (-4120) nor with the old or foreign names', () => {
    const call = placeCall(
      order({ type: 'trailing-stop', triggerPrice: d('1'), callbackPercent: '1' as Percent }),
      'future',
    );
    expect(Object.keys((call as { params: object }).params)).not.toContain('activationPrice');
    expect(Object.keys((call as { params: object }).params)).not.toContain('newClientOrderId');
    expect(Object.keys((call as { params: object }).params)).not.toContain('triggerPrice');
  });
  it('leaves quantity and reduceOnly out when the whole position is to close', () => {
    const call = placeCall(
      order({
        type: 'stop-market',
        amount: null,
        closePosition: true,
        reduceOnly: true,
        triggerPrice: d('1'),
      }),
      'future',
    );
    const { params } = call as { params: Record<string, string> };
    expect(params).toMatchObject({ closePosition: 'true' });
    expect(params).not.toHaveProperty('quantity');
    expect(params).not.toHaveProperty('reduceOnly');
  });
  it.each([
    ['market', order(spot), { type: 'MARKET', quantity: '0.010', newOrderRespType: 'RESULT' }],
    [
      'post-only',
      order({ ...spot, type: 'limit', price: d('1'), timeInForce: 'post-only' }),
      { type: 'LIMIT_MAKER', price: '1' },
    ],
    [
      'stop',
      order({ ...spot, type: 'stop-market', triggerPrice: d('60000') }),
      { type: 'STOP_LOSS', stopPrice: '60000' },
    ],
    [
      'trailing stop',
      order({ ...spot, type: 'trailing-stop', callbackPercent: '0.5' as Percent }),
      { type: 'STOP_LOSS', trailingDelta: '50' },
    ],
  ] as const)('spot %s', (_, request, params) => {
    const call = placeCall(request, 'spot');
    expect(call).toMatchObject({ family: 'private', path: 'order', params });
    if (params.type === 'LIMIT_MAKER')
      expect((call as { params: object }).params).not.toHaveProperty('timeInForce');
  });
  it.each([
    ['no amount', order({ amount: null })],
    ['a limit without a price', order({ type: 'limit' })],
    ['a stop without a trigger', order({ type: 'stop-market' })],
    ['a trailing stop without a distance', order({ type: 'trailing-stop' })],
    ['closing a position at market', order({ closePosition: true, amount: null })],
  ])('refuses %s before anything is sent', (_, request) => {
    expect(typeof placeCall(request, 'future')).toBe('string');
  });
});

const json = (body: unknown) => JSON.stringify(body);
const reply = (status: number, text: string, retryAfter: string | null = null): Reply => ({
  status,
  text,
  header: (name) => (name === 'retry-after' ? retryAfter : null),
});
const place = (status: number, text: string, retryAfter: string | null = null) =>
  toPlaceOutcome(toAnswer(reply(status, text, retryAfter)), order());

describe('what became of a placement', () => {
  it.each([
    ['NEW', 'open'],
    ['PARTIALLY_FILLED', 'partially_filled'],
    ['FILLED', 'filled'],
    ['EXPIRED', 'expired'],
    ['EXPIRED_IN_MATCH', 'expired'],
  ])('accepted with status %s', (status, ours) => {
    const text = `{"orderId":4000000000000000017,"clientOrderId":"wd-7-entry-1","status":"${status}"}`;
    expect(place(200, text)).toEqual({ kind: 'accepted', venueOrderId: '4000000000000000017', status: ours });
  });
  it('accepted as a stop, with the algo id to the last digit', () => {
    const text = '{"algoId":2000000000002162519,"clientAlgoId":"wd-7-entry-1","algoStatus":"NEW"}';
    expect(place(200, text)).toEqual({
      kind: 'accepted',
      venueOrderId: '2000000000002162519',
      status: 'open',
    });
  });
  it.each([
    [400, -1013, 'Filter failure: LOT_SIZE'],
    [400, -1021, 'Timestamp for this request is outside of the recvWindow.'],
    [400, -1022, 'Signature for this request is not valid.'],
    [400, -2010, 'Account has insufficient balance for requested action.'],
    [400, -2019, 'Margin is insufficient.'],
    [400, -2022, 'ReduceOnly Order is rejected.'],
    [400, -4120, 'Order type not supported for this endpoint.'],
    [400, -4164, "Order's notional must be no smaller than 5"],
    [401, -2015, 'Invalid API-key, IP, or permissions for action.'],
    [429, -1003, 'Too many requests'],
    [429, -1015, 'Too many new orders'],
    [418, -1003, 'Way too many requests; IP banned'],
  ])('HTTP %i with %i is a rejection', (status, code, msg) => {
    expect(place(status, json({ code, msg }), '7')).toEqual({
      kind: 'rejected',
      code: String(code),
      message: msg,
    });
  });
  it.each<[string, number, string]>([
    ['a server error', 500, json({ code: -1000, msg: 'x' })],
    ['a gateway error page', 502, '<html>Bad Gateway</html>'],
    ['overload', 503, json({ code: -1008, msg: 'Server is currently overloaded' })],
    [
      'a backend time-out',
      408,
      json({ code: -1007, msg: 'Timeout waiting for response from backend server.' }),
    ],
    ['a backend time-out said with 400', 400, json({ code: -1007, msg: 'x' })],
    ['an unexpected reply of the backend', 400, json({ code: -1006, msg: 'x' })],
    ['a redirect', 302, ''],
    ['a web page with 200', 200, '<html>maintenance</html>'],
    ['a cut answer', 200, '{"orderId":77,"clientOrd'],
    ['two answers', 200, '{"orderId":77}{"orderId":78}'],
    ['an answer about another order', 200, json({ orderId: 77, clientOrderId: 'other', status: 'NEW' })],
    ['an answer without an id', 200, json({ clientOrderId: 'wd-7-entry-1', status: 'NEW' })],
    [
      'an answer of unknown status',
      200,
      json({ orderId: 1, clientOrderId: 'wd-7-entry-1', status: 'MAYBE' }),
    ],
    ['a futures id that is taken', 400, json({ code: -4116, msg: 'ClientOrderId is duplicated.' })],
    ['a spot id that is taken', 400, json({ code: -2010, msg: 'Duplicate order sent.' })],
  ])('%s proves nothing: unknown', (_, status, text) => {
    expect(place(status, text).kind).toBe('unknown');
  });
  it('knows a connection that was never made from one that broke', () => {
    const thrown = (code: string) =>
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
      expect(toPlaceOutcome(toFailure(thrown(code)), order()).kind).toBe('not-sent');
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE', 'UND_ERR_HEADERS_TIMEOUT', 'ETIMEDOUT'])
      expect(toPlaceOutcome(toFailure(thrown(code)), order()).kind).toBe('unknown');
    expect(toPlaceOutcome(toFailure('?'), order()).kind).toBe('unknown');
  });
  it('repeats nothing of a failed address, which may carry a signature', () => {
    const error = new TypeError('failed: https://x/api/v3/order?signature=abc');
    expect(JSON.stringify(toFailure(error))).not.toContain('abc');
  });
});

describe('what became of a cancel', () => {
  it.each([
    ['done', 200, json({ status: 'CANCELED' }), 'cancelled'],
    [
      'done for a stop, where the code is text',
      200,
      json({ algoId: 1, code: '200', msg: 'success' }),
      'cancelled',
    ],
    ['no such order', 400, json({ code: -2011, msg: 'Unknown order sent.' }), 'not-open'],
    ['a time-out', 408, json({ code: -1007, msg: 'x' }), 'unknown'],
    ['a refused signature', 400, json({ code: -1022, msg: 'x' }), 'unknown'],
  ])('%s', (_, status, text, kind) => {
    expect(toCancelOutcome(toAnswer(reply(status, text))).kind).toBe(kind);
  });
});
