import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCodeOf, toAnswer } from '#main/venues/bitget/answer';
import {
  cancelCall,
  needsPrice,
  type Price,
  placeCall,
  toCancelOutcome,
  toPlaceOutcome,
} from '#main/venues/bitget/place';
import { ClientOrderId, type Decimal } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';

const request = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'w7k2p-s34h1-e1' as ClientOrderId,
  venue: 'bitget_future',
  symbol: 'BTC/USDT:USDT' as Symbol,
  side: 'sell',
  type: 'market',
  amount: '0.01' as Decimal,
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
  ...over,
});
const spot = (over: Partial<OrderRequest> = {}) =>
  request({ venue: 'bitget_spot', symbol: 'BTC/USDT' as Symbol, ...over });
const PRICE: Price = { last: '68000' as Decimal, tickSize: '0.01' as Decimal };
const stop = (over: Partial<OrderRequest> = {}) =>
  request({ type: 'stop-market', triggerPrice: '66000' as Decimal, reduceOnly: true, ...over });
const call = (one: OrderRequest, market: 'spot' | 'future', price: Price | null = PRICE) => {
  const made = placeCall(one, market, price);
  if (typeof made === 'string') throw new Error(made);
  return made;
};

describe('orders as they leave', () => {
  it('a futures market order', () => {
    expect(call(request(), 'future', null)).toEqual({
      signed: true,
      method: 'POST',
      path: 'v2/mix/order/place-order',
      params: {
        symbol: 'BTCUSDT',
        side: 'sell',
        clientOid: 'w7k2p-s34h1-e1',
        productType: 'USDT-FUTURES',
        marginCoin: 'USDT',
        marginMode: 'crossed',
        size: '0.01',
        orderType: 'market',
        reduceOnly: 'NO',
      },
    });
  });
  it('a limit order in each of its lives', () => {
    const force = (timeInForce: OrderRequest['timeInForce']) =>
      call(request({ type: 'limit', price: '1' as Decimal, timeInForce }), 'future').params!.force;
    expect(
      ['gtc', 'ioc', 'fok', 'post-only'].map((one) => force(one as OrderRequest['timeInForce'])),
    ).toEqual(['gtc', 'ioc', 'fok', 'post_only']);
  });
  it('trap: a Bitget trigger order never leaves as a plain order', () => {
    const kinds = fc.constantFrom<OrderRequest['type']>('stop-market', 'take-profit-market', 'trailing-stop');
    fc.assert(
      fc.property(
        kinds,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('spot', 'future'),
        (type, reduceOnly, buy, market) => {
          const side = buy ? 'buy' : 'sell';
          const over = {
            type,
            reduceOnly,
            side,
            triggerPrice: '66000' as Decimal,
            callbackPercent: '1',
          } as never;
          const made = placeCall(
            market === 'spot' ? spot(over) : request(over),
            market as 'spot' | 'future',
            PRICE,
          );
          // What cannot be a trigger order is not sent; what is sent goes to a trigger family, with its trigger.
          if (typeof made === 'string') return;
          expect(made.path).toMatch(/place-(plan|tpsl)-order$/);
          expect(made.params).toMatchObject({ triggerPrice: '66000', triggerType: 'fill_price' });
        },
      ),
    );
    expect(call(request(), 'future').path).toBe('v2/mix/order/place-order');
  });
  it('a stop of a position names the position and its size; the whole position has no size', () => {
    expect(call(stop(), 'future').params).toMatchObject({
      planType: 'loss_plan',
      size: '0.01',
      holdSide: 'buy',
    });
    expect(call(stop({ side: 'buy' }), 'future').params).toMatchObject({ holdSide: 'sell' });
    const whole = call(stop({ closePosition: true, amount: null, reduceOnly: false }), 'future').params!;
    expect(whole).toMatchObject({ planType: 'pos_loss' });
    expect(whole).not.toHaveProperty('size');
    expect(call(stop({ type: 'take-profit-market' }), 'future').params).toMatchObject({
      planType: 'profit_plan',
    });
  });
  it('trap: a spot market buy never spends its base amount as quote', () => {
    const params = call(spot({ side: 'buy' }), 'spot').params!;
    expect(params).toMatchObject({ orderType: 'limit', force: 'ioc', size: '0.01', price: '69360' });
    expect(call(spot(), 'spot').params).toMatchObject({ orderType: 'market', size: '0.01' });
  });
  it('trap: a trigger order that its price has passed is not sent to wait for the way back', () => {
    const passed = (over: Partial<OrderRequest>) =>
      placeCall(spot({ type: 'stop-market', triggerPrice: '69000' as Decimal, ...over }), 'spot', PRICE);
    expect(passed({})).toMatch(/already passed/);
    expect(passed({ side: 'buy' })).toMatchObject({ method: 'POST' });
    expect(passed({ type: 'take-profit-market' })).toMatchObject({ method: 'POST' });
    expect(passed({ type: 'take-profit-market', side: 'buy' })).toMatch(/already passed/);
    // A closing order of futures says which way it waits: the exchange itself checks.
    expect(needsPrice(stop(), 'future')).toBe(false);
  });
  it('what needs the price now is not sent without it', () => {
    expect(placeCall(spot({ side: 'buy' }), 'spot', null)).toMatch(/price now is not known/);
    expect(placeCall(stop({ reduceOnly: false }), 'future', null)).toMatch(/price now is not known/);
  });
  it.each([
    ['no amount', request({ amount: null })],
    ['a limit without a price', request({ type: 'limit' })],
    ['a stop without a trigger', request({ type: 'stop-market' })],
    ['a whole position at market', request({ closePosition: true })],
    ['a trailing stop without its start', request({ type: 'trailing-stop', callbackPercent: '1' as never })],
  ])('%s is refused in words, unsent', (_what, one) => {
    expect(typeof placeCall(one, 'future', PRICE)).toBe('string');
  });
  it('a client id travels as it is, and comes back as it went', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{5}-[a-z0-9]{1,10}-[a-z0-9]{1,5}$/), (id) => {
        const clientOrderId = ClientOrderId.parse(id);
        const { params } = call(request({ clientOrderId }), 'future');
        expect(params!.clientOid).toBe(id);
        expect(id).toMatch(/^[0-9a-zA-Z\-+_#]{1,49}$/);
      }),
    );
  });
});

describe('what an answer proves', () => {
  const reply = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    toAnswer({
      status,
      text: typeof body === 'string' ? body : JSON.stringify(body),
      header: (name) => headers[name] ?? null,
    });
  const said = (code: string, msg = 'x') => ({ code, msg, requestTime: 1, data: null });
  const outcome = (status: number, body: unknown) => toPlaceOutcome(reply(status, body), request());

  it('accepted means taken, no more', () => {
    const data = { orderId: '1361200000000000001', clientOid: 'w7k2p-s34h1-e1' };
    expect(outcome(200, { ...said('00000', 'success'), data })).toEqual({
      kind: 'accepted',
      venueOrderId: '1361200000000000001',
      status: 'open',
    });
  });
  it('an answer about another order, or none, proves nothing', () => {
    expect(outcome(200, { ...said('00000'), data: { orderId: '1', clientOid: 'other' } }).kind).toBe(
      'unknown',
    );
    expect(
      outcome(200, { ...said('00000'), data: { orderId: null, clientOid: 'w7k2p-s34h1-e1' } }).kind,
    ).toBe('unknown');
    expect(outcome(200, '<html>maintenance</html>').kind).toBe('unknown');
    expect(outcome(200, '{}').kind).toBe('unknown');
    expect(outcome(502, 'bad gateway').kind).toBe('unknown');
  });
  it.each(['40010', '40015', '40725', '45001'])('after %s nobody knows what became of the order', (code) => {
    expect(outcome(400, said(code)).kind).toBe('unknown');
  });
  it.each(['40786', '43118', '45034'])('%s: the id is taken, perhaps by this very order', (code) => {
    expect(outcome(400, said(code, 'taken')).kind).toBe('unknown');
  });
  it('a refusal is one, also with status 200', () => {
    expect(outcome(400, said('43012', 'Insufficient balance'))).toEqual({
      kind: 'rejected',
      code: '43012',
      message: 'Insufficient balance',
    });
    expect(outcome(200, { code: '40762', message: 'exceeds' })).toMatchObject({
      kind: 'rejected',
      message: 'exceeds',
    });
  });
  it('too many requests wait as long as the exchange says, and a second when it says nothing of use', () => {
    const wait = (retry: string | null) => {
      const answer = reply(429, said('429'), retry === null ? {} : { 'retry-after': retry });
      return answer.kind === 'refused' ? [answer.retryAfterMs, errorCodeOf(answer)] : null;
    };
    expect(wait('7')).toEqual([7_000, 'rate-limited']);
    for (const odd of [null, 'soon', '-5', 'Wed, 21 Oct 2026 07:28:00 GMT'])
      expect(wait(odd)).toEqual([1_000, 'rate-limited']);
    const banned = reply(403, '<html>Forbidden</html>');
    expect(banned.kind === 'refused' && [banned.retryAfterMs, errorCodeOf(banned)]).toEqual([
      300_000,
      'banned',
    ]);
  });
  it('says what kind of refusal it is', () => {
    const kind = (code: string) => {
      const answer = reply(400, said(code));
      return answer.kind === 'refused' ? errorCodeOf(answer) : answer.kind;
    };
    expect(['40009', '40012', '40014', '40037', '40085'].map(kind)).toEqual(Array(5).fill('auth'));
    expect([kind('40008'), kind('40034'), kind('43012')]).toEqual(['clock', 'unknown-symbol', 'refused']);
  });
  it('a key of a unified account is refused in words that say what it is', () => {
    const answer = reply(400, said('40085', 'You are in Unified Account mode'));
    expect(answer.kind === 'refused' && answer.message).toMatch(/classic accounts only/);
  });
});

describe('cancelling', () => {
  it('goes to the family of the order', () => {
    expect(cancelCall(request(), 'future').path).toBe('v2/mix/order/cancel-order');
    expect(cancelCall(spot(), 'spot').path).toBe('v2/spot/trade/cancel-order');
    expect(cancelCall(stop(), 'future')).toMatchObject({
      path: 'v2/mix/order/cancel-plan-order',
      params: { planType: 'loss_plan', orderIdList: [{ clientOid: 'w7k2p-s34h1-e1' }] },
    });
  });
  const ok = (data: unknown) => toCancelOutcome({ kind: 'ok', data });
  it('trap: a success whose list names a failure is no success', () => {
    const failed = (errorCode: string, errorMsg: string) => ({
      successList: [],
      failureList: [{ orderId: '', clientOid: 'x', errorCode, errorMsg }],
    });
    expect(ok(failed('43025', 'Plan order does not exist'))).toMatchObject({ kind: 'not-open' });
    expect(ok(failed('45001', 'Unknown error'))).toMatchObject({ kind: 'unknown' });
    expect(ok({ successList: [], failureList: [] })).toMatchObject({ kind: 'not-open' });
    expect(ok({ successList: [{ orderId: '1', clientOid: 'x' }], failureList: [] })).toEqual({
      kind: 'cancelled',
    });
    expect(ok({ orderId: '1', clientOid: 'x' })).toEqual({ kind: 'cancelled' });
  });
  it('absence is told as such, any other refusal as unknown', () => {
    const refused = (code: string) =>
      toCancelOutcome({ kind: 'refused', status: 400, code, message: 'm', retryAfterMs: null }).kind;
    expect(['43001', '40768', '40109', '43025'].map(refused)).toEqual(Array(4).fill('not-open'));
    expect(refused('40009')).toBe('unknown');
  });
});
