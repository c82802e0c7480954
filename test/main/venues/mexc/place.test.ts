import { describe, expect, it } from 'vitest';
import { type Reply, toFailure } from '#main/venues/core/answer';
import { toAnswer } from '#main/venues/mexc/answer';
import { cancelFutureCall, placeCall, toCancelOutcome, toPlaceOutcome } from '#main/venues/mexc/place';
import type { RestCall } from '#main/venues/mexc/rest';
import type { ClientOrderId, Decimal, Percent, VenueOrderId } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { BTC, CONTRACT, order } from './world';

const d = (text: string) => text as Decimal;
const spot = { venue: 'mexc_spot', symbol: BTC } as const;
const terms = { instrument: CONTRACT, leverage: 20 };
const closing = { instrument: CONTRACT, leverage: null };
const paramsOf = (call: RestCall | string) => (call as RestCall).params as Record<string, unknown>;

describe('a futures order on the wire', () => {
  it.each([
    ['market', order(), { type: 5, side: 1, vol: 100, leverage: 20 }],
    ['limit', order({ type: 'limit', price: d('65000.1') }), { type: 1, price: 65000.1 }],
    ['post-only', order({ type: 'limit', price: d('1'), timeInForce: 'post-only' }), { type: 2 }],
    ['immediate-or-cancel', order({ type: 'limit', price: d('1'), timeInForce: 'ioc' }), { type: 3 }],
    ['fill-or-kill', order({ type: 'limit', price: d('1'), timeInForce: 'fok' }), { type: 4 }],
    ['sell', order({ side: 'sell' }), { side: 3 }],
  ] as const)('%s', (_, request, params) => {
    expect(placeCall(request, 'future', terms)).toMatchObject({
      family: 'contract',
      method: 'POST',
      path: 'order/create',
      params: { symbol: 'BTC_USDT', openType: 2, externalOid: 'w7k2p-s34h1-e1', ...params },
    });
  });
  it('names one-way mode, so that an account in hedge mode refuses', () => {
    expect(paramsOf(placeCall(order(), 'future', terms))).toMatchObject({ positionMode: 2 });
  });
  it('trap: reduce-only is said by the side and by its flag, which ccxt drops', () => {
    const sell = paramsOf(placeCall(order({ side: 'sell', reduceOnly: true }), 'future', closing));
    expect(sell).toMatchObject({ side: 4, reduceOnly: true });
    expect(sell).not.toHaveProperty('leverage');
    const buy = paramsOf(placeCall(order({ side: 'buy', reduceOnly: true }), 'future', closing));
    expect(buy).toMatchObject({ side: 2, reduceOnly: true });
  });
  it('trap: a market order leaves as type 5, not as ccxt’s 6, which turns into a limit order', () => {
    expect(paramsOf(placeCall(order(), 'future', terms)).type).toBe(5);
  });
  it('trap: time in force is the type of the order, not a word beside a plain limit order', () => {
    const request = order({ type: 'limit', price: d('1'), timeInForce: 'ioc' });
    expect(paramsOf(placeCall(request, 'future', terms))).not.toHaveProperty('timeInForce');
  });
  it.each([
    ['stop of a long', 'stop-market', 'sell', 2],
    ['stop of a short', 'stop-market', 'buy', 1],
    ['target of a long', 'take-profit-market', 'sell', 1],
    ['target of a short', 'take-profit-market', 'buy', 2],
  ] as const)(
    'trap: the %s leaves as a trigger order at market, in the right direction, for seven days',
    (_, type, side, triggerType) => {
      const request = order({ type, side, triggerPrice: d('60000'), reduceOnly: true });
      const call = placeCall(request, 'future', closing);
      expect(call).toMatchObject({
        path: 'planorder/place',
        params: {
          triggerPrice: 60000,
          triggerType,
          executeCycle: 2,
          trend: 1,
          orderType: 5,
          reduceOnly: true,
          vol: 100,
        },
      });
      expect(paramsOf(call)).not.toHaveProperty('externalOid');
      expect(paramsOf(call)).not.toHaveProperty('type');
    },
  );
  it.each([
    ['no amount', order({ amount: null })],
    ['part of a contract', order({ amount: d('0.00015') })],
    ['a limit without a price', order({ type: 'limit' })],
    ['a stop without a trigger', order({ type: 'stop-market' })],
    [
      'a trailing stop, whose unit nobody documents',
      order({ type: 'trailing-stop', callbackPercent: '1' as Percent }),
    ],
    ['closing a position without its amount', order({ closePosition: true, amount: null })],
    ['an id above 32 characters', order({ clientOrderId: 'w'.repeat(33) as ClientOrderId })],
  ])('refuses %s before anything is sent', (_, request) => {
    expect(typeof placeCall(request, 'future', terms)).toBe('string');
  });
});

describe('a spot order on the wire', () => {
  it.each([
    ['market', order(spot), { type: 'MARKET', side: 'BUY' }],
    ['limit', order({ ...spot, type: 'limit', price: d('1') }), { type: 'LIMIT', price: '1' }],
    [
      'post-only',
      order({ ...spot, type: 'limit', price: d('1'), timeInForce: 'post-only' }),
      { type: 'LIMIT_MAKER' },
    ],
    [
      'ioc',
      order({ ...spot, type: 'limit', price: d('1'), timeInForce: 'ioc' }),
      { type: 'IMMEDIATE_OR_CANCEL' },
    ],
    ['fok', order({ ...spot, type: 'limit', price: d('1'), timeInForce: 'fok' }), { type: 'FILL_OR_KILL' }],
  ] as const)('%s', (_, request, params) => {
    expect(placeCall(request, 'spot', null)).toMatchObject({
      family: 'spot',
      path: 'order',
      params: { symbol: 'BTCUSDT', quantity: '0.01', newClientOrderId: 'w7k2p-s34h1-e1', ...params },
    });
  });
  it('trap: a market buy names its amount, never a value at a price somebody made up', () => {
    const params = paramsOf(placeCall(order({ ...spot, price: d('65000') }), 'spot', null));
    expect(params).toMatchObject({ quantity: '0.01' });
    expect(params).not.toHaveProperty('quoteOrderQty');
    expect(params).not.toHaveProperty('price');
  });
  it.each(['stop-market', 'take-profit-market', 'trailing-stop'] as const)(
    'refuses a %s, which spot does not have, rather than sending a plain order',
    (type) => {
      expect(typeof placeCall(order({ ...spot, type, triggerPrice: d('1') }), 'spot', null)).toBe('string');
    },
  );
});

const json = (body: unknown) => JSON.stringify(body);
const reply = (status: number, text: string, retryAfter: string | null = null): Reply => ({
  status,
  text,
  header: (name) => (name === 'retry-after' ? retryAfter : null),
});
const place = (market: MarketKind, status: number, text: string) =>
  toPlaceOutcome(toAnswer(reply(status, text), market), order(market === 'spot' ? spot : {}), market);

describe('what became of a placement', () => {
  it.each([
    ['an object', '{"success":true,"code":0,"data":{"orderId":"739113577038255616","ts":1761888808839}}'],
    ['a bare number beyond 2^53', '{"success":true,"code":0,"data":739113577038255616}'],
    ['a bare text', '{"success":true,"code":0,"data":"739113577038255616"}'],
    ['an object with a number', '{"success":true,"code":0,"data":{"orderId":739113577038255616}}'],
  ])('futures: accepted, to the last digit, told as %s', (_, text) => {
    expect(place('future', 200, text)).toEqual({
      kind: 'accepted',
      venueOrderId: '739113577038255616',
      status: 'open',
    });
  });
  it('spot: accepted with an id that is text', () => {
    const text = json({ symbol: 'BTCUSDT', orderId: 'C02__900002', transactTime: 1_782_000_000_000 });
    expect(place('spot', 200, text)).toMatchObject({
      kind: 'accepted',
      venueOrderId: 'C02__900002',
      status: 'open',
    });
  });
  it.each([
    ['future', 200, { success: false, code: 2005, message: 'Balance insufficient' }, '2005'],
    ['future', 200, { success: false, code: 602, message: 'Signature verification failed!' }, '602'],
    ['future', 200, { success: false, code: 513, message: 'Request time error' }, '513'],
    ['future', 200, { success: false, code: 510, message: 'Requests are too frequent' }, '510'],
    ['future', 200, { success: false, code: 701, message: 'no permission' }, '701'],
    ['spot', 400, { code: 30004, msg: 'Insufficient position' }, '30004'],
    ['spot', 400, { code: 700003, msg: 'outside of the recvWindow' }, '700003'],
    ['spot', 400, { code: 700007, msg: 'No permission to access the endpoint' }, '700007'],
    ['spot', 429, { code: 429, msg: 'Too Many Requests' }, '429'],
    ['spot', 200, { code: 30002, msg: 'The minimum transaction volume' }, '30002'],
  ] as const)('%s: HTTP %i with %o is a rejection', (market, status, body, code) => {
    expect(place(market, status, json(body))).toMatchObject({ kind: 'rejected', code });
  });
  it('a gateway page with 403 is a rejection: the request never reached the exchange', () => {
    expect(place('future', 403, '<html>Access Denied</html>')).toMatchObject({
      kind: 'rejected',
      code: 'http-403',
    });
  });
  it.each<[string, MarketKind, number, string]>([
    ['a server error', 'spot', 500, json({ code: 500, msg: 'x' })],
    ['a gateway error page', 'future', 502, '<html>Bad Gateway</html>'],
    [
      'an internal error with 200',
      'future',
      200,
      json({ success: false, code: 500, message: 'Internal error' }),
    ],
    ['a busy system with 200', 'future', 200, json({ success: false, code: 501, message: 'System busy' })],
    ['a time-out', 'spot', 408, ''],
    ['a redirect', 'future', 302, ''],
    ['a web page with 200', 'future', 200, '<html>maintenance</html>'],
    ['a cut answer', 'future', 200, '{"success":true,"code":0,"data":{"ord'],
    ['two answers', 'future', 200, '{"success":true,"data":1}{"success":true,"data":2}'],
    ['success without an id', 'future', 200, json({ success: true, code: 0 })],
    ['an answer about another symbol', 'spot', 200, json({ symbol: 'ETHUSDT', orderId: 'C02__1' })],
    ['an id that is taken', 'future', 200, json({ success: false, code: 2042, message: 'duplicated' })],
    ['a repeated request', 'future', 200, json({ success: false, code: 603, message: 'Repeated request' })],
    ['a spot id that is taken', 'spot', 400, json({ code: 30026, msg: 'Duplicate clientOrderId.' })],
  ])('%s proves nothing: unknown', (_, market, status, text) => {
    expect(place(market, status, text).kind).toBe('unknown');
  });
  it('knows a connection that was never made from one that broke', () => {
    const thrown = (code: string) => new TypeError('x', { cause: Object.assign(new Error('x'), { code }) });
    expect(toPlaceOutcome(toFailure(thrown('ECONNREFUSED')), order(), 'future').kind).toBe('not-sent');
    expect(toPlaceOutcome(toFailure(thrown('ECONNRESET')), order(), 'future').kind).toBe('unknown');
  });
});

describe('what became of a cancel', () => {
  const id = '739113577038255616' as VenueOrderId;
  const cancel = (text: string) => toCancelOutcome(toAnswer(reply(200, text), 'future'), id);
  const item = (over: string) => `{"success":true,"code":0,"data":[{"orderId":739113577038255616,${over}}]}`;

  it('names a plain order by MEXC’s id in a list, a trigger order in the service of its own', () => {
    expect(cancelFutureCall(order(), id)).toMatchObject({ path: 'order/cancel', params: [id] });
    const stop = order({ type: 'stop-market', triggerPrice: d('1') });
    expect(cancelFutureCall(stop, id)).toMatchObject({
      path: 'planorder/cancel',
      params: [{ symbol: 'BTC_USDT', orderId: id }],
    });
  });
  it.each([
    ['done', item('"errorCode":0,"errorMsg":"success"'), 'cancelled'],
    ['unknown to the exchange', item('"errorCode":2040,"errorMsg":"order not exist"'), 'not-open'],
    ['over already', item('"errorCode":2041,"errorMsg":"order state cannot be cancelled"'), 'not-open'],
    ['another failure', item('"errorCode":2000,"errorMsg":"?"'), 'unknown'],
    [
      'an answer about another order',
      '{"success":true,"code":0,"data":[{"orderId":1,"errorCode":0}]}',
      'unknown',
    ],
    ['refused', '{"success":false,"code":602,"message":"x"}', 'unknown'],
  ])('trap: success for the request is not success for the order: %s', (_, text, kind) => {
    expect(cancel(text)?.kind).toBe(kind);
  });
  it('is not proven by success without a word about the order', () => {
    expect(cancel('{"success":true,"code":0}')).toBeNull();
  });
  it.each([
    [200, { symbol: 'BTCUSDT', orderId: 'C02__1', status: 'CANCELED' }, 'cancelled'],
    [400, { code: -2011, msg: 'Unknown order sent.' }, 'not-open'],
    [500, {}, 'unknown'],
  ])('spot: HTTP %i %o', (status, body, kind) => {
    expect(toCancelOutcome(toAnswer(reply(status, json(body)), 'spot'), null)?.kind).toBe(kind);
  });
});
