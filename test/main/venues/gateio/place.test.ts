import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAnswer } from '#main/venues/gateio/answer';
import { fromText, toText, triggerOf } from '#main/venues/gateio/client-ids';
import { contractsOf, placeCall, toCancelOutcome, toPlaceOutcome } from '#main/venues/gateio/place';
import type { RestCall } from '#main/venues/gateio/rest';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { mul } from '#shared/domain/decimal';
import type { OrderRequest } from '#shared/domain/order';
import { FUTURE, order, SPOT } from './rows';

const call = (request: OrderRequest, ask: string | null = null): RestCall => {
  const made = placeCall(request, request.venue === 'gateio_spot' ? SPOT : FUTURE, ask as Decimal | null);
  if (typeof made === 'string') throw new Error(made);
  return made;
};
const problem = (request: OrderRequest, ask: string | null = null): unknown =>
  placeCall(request, request.venue === 'gateio_spot' ? SPOT : FUTURE, ask as Decimal | null);

describe('client ids', () => {
  const OURS = fc.stringMatching(/^[A-Za-z0-9_-]{1,28}$/);
  it('go out with t- in front and come back as they were', () => {
    fc.assert(
      fc.property(OURS, (id) => {
        const text = toText(id as ClientOrderId)!;
        expect(text).toMatch(/^t-[0-9A-Za-z_.-]{1,28}$/);
        expect(fromText(text)).toBe(id);
      }),
    );
  });
  it('too long for Gate do not leave', () => {
    expect(toText('x'.repeat(28) as ClientOrderId)).not.toBeNull();
    expect(toText('x'.repeat(29) as ClientOrderId)).toBeNull();
    expect(problem(order(FUTURE, { clientOrderId: 'x'.repeat(29) as ClientOrderId }))).toMatch(/28/);
  });
  it('of others are nobody’s', () => {
    for (const text of ['web', 'api', 'apiv4', 'ao-5', '', undefined, 7]) expect(fromText(text)).toBeNull();
    expect(triggerOf('ao-1843284761263411201')).toBe('1843284761263411201');
    expect(triggerOf('t-ao-5')).toBeNull();
  });
});

describe('sizes', () => {
  it('turn base units into contracts and back exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (count) => {
        const amount = mul(String(count) as Decimal, FUTURE.contractSize);
        expect(contractsOf(amount, FUTURE)).toBe(String(count));
      }),
    );
  });
  it('that are no whole number of contracts are refused before sending', () => {
    expect(problem(order(FUTURE, { amount: '0.00015' as Decimal }))).toMatch(/whole number of contracts/);
    expect(contractsOf('0.00015' as Decimal, FUTURE)).toBeNull();
  });
});

describe('futures orders', () => {
  it('at market: price 0 with ioc, a negative size sells', () => {
    expect(call(order(FUTURE, { side: 'sell', reduceOnly: true }))).toEqual({
      access: 'private',
      section: 'futures',
      method: 'POST',
      path: 'usdt/orders',
      expires: true,
      params: {
        contract: 'BTC_USDT',
        size: -100,
        price: '0',
        tif: 'ioc',
        reduce_only: true,
        text: 't-w7k2p-s34h1-e1',
      },
    });
  });
  it.each([
    ['gtc', 'gtc'],
    ['ioc', 'ioc'],
    ['fok', 'fok'],
    ['post-only', 'poc'],
  ] as const)('with a limit: %s is %s', (timeInForce, tif) => {
    const request = order(FUTURE, { type: 'limit', price: '50000' as Decimal, timeInForce });
    expect(call(request).params).toMatchObject({ price: '50000', tif, size: 100 });
  });
  it('trap: a trigger order never leaves as a plain order', () => {
    for (const of of [SPOT, FUTURE])
      for (const type of ['stop-market', 'take-profit-market'] as const)
        for (const side of ['buy', 'sell'] as const) {
          const { path, params } = call(order(of, { type, side, triggerPrice: '48000' as Decimal }));
          expect(path).toMatch(/price_orders$/);
          expect(params).toHaveProperty('trigger');
        }
  });
  it('trap: a trailing stop, which ccxt would send as a plain order, does not leave', () => {
    expect(problem(order(FUTURE, { type: 'trailing-stop' }))).toMatch(/trailing/);
  });
  it.each([
    ['stop-market', 'sell', 2, '<='],
    ['stop-market', 'buy', 1, '>='],
    ['take-profit-market', 'sell', 1, '>='],
    ['take-profit-market', 'buy', 2, '<='],
  ] as const)('%s %s fires on its own side', (type, side, rule, sign) => {
    const triggerPrice = '48000' as Decimal;
    expect(call(order(FUTURE, { type, side, triggerPrice })).params).toMatchObject({ trigger: { rule } });
    expect(call(order(SPOT, { type, side, triggerPrice })).params).toMatchObject({ trigger: { rule: sign } });
  });
  it('trap: a stop does not expire after a day, as ccxt lets it', () => {
    for (const of of [SPOT, FUTURE]) {
      const sent = call(order(of, { type: 'stop-market', side: 'sell', triggerPrice: '48000' as Decimal }));
      expect(JSON.stringify(sent.params)).not.toContain('expiration');
    }
  });
  it('a stop is reduce-only, and one over everything closes the position', () => {
    const stop = { type: 'stop-market', side: 'sell', triggerPrice: '48000' as Decimal } as const;
    expect(call(order(FUTURE, { ...stop, reduceOnly: true })).params).toMatchObject({
      initial: { size: -100, reduce_only: true, price: '0', tif: 'ioc' },
    });
    expect(call(order(FUTURE, { ...stop, amount: null, closePosition: true })).params).toMatchObject({
      initial: { size: 0, close: true },
      order_type: 'close-long-position',
    });
  });
});

describe('spot orders', () => {
  it('trap: a market buy, whose amount Gate counts in quote, leaves as an immediate limit over the ask', () => {
    expect(call(order(SPOT), '50000').params).toEqual({
      currency_pair: 'BTC_USDT',
      account: 'spot',
      side: 'buy',
      amount: '0.01',
      type: 'limit',
      price: '52500',
      time_in_force: 'ioc',
      text: 't-w7k2p-s34h1-e1',
    });
    expect(problem(order(SPOT))).toMatch(/ask is not known/);
  });
  it('a market sale counts base and leaves as one', () => {
    expect(call(order(SPOT, { side: 'sell' })).params).toMatchObject({
      type: 'market',
      amount: '0.01',
      time_in_force: 'ioc',
    });
  });
  it('closes no positions', () => {
    const all = {
      type: 'stop-market',
      triggerPrice: '1' as Decimal,
      amount: null,
      closePosition: true,
    } as const;
    expect(problem(order(SPOT, all))).toMatch(/only a conditional futures order/);
  });
});

describe('what a reply proves', () => {
  const now = () => 1_782_000_000_000;
  const reply = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    toAnswer(
      {
        status,
        text: typeof body === 'string' ? body : JSON.stringify(body),
        header: (name) => headers[name] ?? null,
      },
      now,
    );
  const outcome = (status: number, body: unknown) =>
    toPlaceOutcome(reply(status, body), order(FUTURE), FUTURE);
  const ROW = {
    id: 4872461,
    contract: 'BTC_USDT',
    size: 100,
    left: 0,
    fill_price: '50000',
    status: 'finished',
    finish_as: 'filled',
    text: 't-w7k2p-s34h1-e1',
    create_time: 1_782_000_000.5,
    finish_time: 1_782_000_000.5,
  };
  it('a row under our id: accepted, with its status', () => {
    expect(outcome(201, ROW)).toEqual({ kind: 'accepted', venueOrderId: '4872461', status: 'filled' });
  });
  it('a bare acknowledgement: accepted and open, the stream tells the rest', () => {
    expect(outcome(201, { id: 1, text: ROW.text })).toMatchObject({ kind: 'accepted', status: 'open' });
  });
  it('a row under another id proves nothing', () => {
    expect(outcome(201, { ...ROW, text: 't-other' })).toMatchObject({ kind: 'unknown' });
  });
  it.each([
    ['an order id beyond 2^53', 201, '{"id":1843284761263411201,"text":"t-w7k2p-s34h1-e1"}', 'accepted'],
    ['a refusal', 400, { label: 'INSUFFICIENT_AVAILABLE', message: 'no' }, 'rejected'],
    ['a refusal in detail', 400, { label: 'ORDER_POC_IMMEDIATE', detail: 'would take' }, 'rejected'],
    ['too late for the exchange', 403, { label: 'REQUEST_EXPIRED', message: 'late' }, 'rejected'],
    ['a taken id', 400, { label: 'INVALID_PARAM_VALUE', message: 'Duplicate text' }, 'unknown'],
    ['an error of the exchange', 500, { label: 'SERVER_ERROR', message: 'x' }, 'unknown'],
    ['a page with 200', 200, '<html>hello</html>', 'unknown'],
    ['a page of a proxy', 502, '<html>bad gateway</html>', 'unknown'],
  ] as const)('%s: %i', (_what, status, body, kind) => {
    expect(outcome(status, body)).toMatchObject({ kind });
  });
  it('keeps a big order id to its last digit', () => {
    const text = '{"id":1843284761263411201,"text":"t-w7k2p-s34h1-e1"}';
    expect(outcome(201, text)).toMatchObject({ venueOrderId: '1843284761263411201' });
  });
  it('an order that is over was not cancelled', () => {
    for (const label of ['ORDER_NOT_FOUND', 'ORDER_FINISHED', 'ORDER_CLOSED', 'ORDER_CANCELLED'])
      expect(toCancelOutcome(reply(404, { label, message: 'x' }))).toMatchObject({ kind: 'not-open' });
    expect(toCancelOutcome(reply(400, { label: 'OTHER', message: 'x' }))).toMatchObject({ kind: 'unknown' });
  });
  it.each([
    [429, { 'retry-after': '7' }, 7_000],
    [429, { 'x-gate-ratelimit-reset-timestamp': '1782000004' }, 4_000],
    [429, { 'x-gate-ratelimit-reset-timestamp': 'soon' }, 10_000],
    [429, { 'retry-after': '-3' }, 10_000],
    [418, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 120_000],
    [400, { 'retry-after': '7' }, null],
  ] as const)('status %i with %j asks for silence of %s', (status, headers, retryAfterMs) => {
    expect(reply(status, { label: 'X', message: 'x' }, headers)).toMatchObject({ retryAfterMs });
  });
});
