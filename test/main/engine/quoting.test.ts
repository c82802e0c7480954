import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDrifted, quoteAmount, quotePrice, rollOf } from '#main/engine/quote-prices';
import type { EngineStart } from '#main/engine/types';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { add, gte, lte, mul, toNumber } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { QuoteLine } from '#shared/domain/quoting';
import { drive, fill } from './drive';
import { d, instrument, T0 } from './samples';

const SPOT: VenueKey = 'binance_spot';
const ETH = 'ETH/USDT' as Symbol;
const listed = instrument(ETH, { market: 'spot', tickSize: d('0.01'), stepSize: d('0.001') });
const line = (over: Partial<QuoteLine> = {}): QuoteLine => ({
  id: 'a',
  venue: SPOT,
  symbol: ETH,
  timeoutS: 30,
  driftBps: 10,
  amount: d('0.1'),
  randomPercent: 0,
  spreadBps: 20,
  sides: 'both',
  ...over,
});

/** An engine with a connected spot account, quoting. */
function quoting(lines: readonly QuoteLine[] = [line()], over: Partial<EngineStart> = {}, mid = '2000') {
  const run = drive({ instruments: [listed], ...over });
  run.ready();
  run.tell({ type: 'link', venue: SPOT, up: true });
  run.tell({ type: 'balances', venue: SPOT, free: { USDT: d('10000'), ETH: d('5') } });
  run.tell({ type: 'venue-orders', venue: SPOT, orders: [] });
  run.tell({ type: 'quoting', lines, cause: 'test' });
  const price = (middle: string, ms = 0) => {
    const [bid, ask] = [add(d(middle), d('-0.5')), add(d(middle), d('0.5'))];
    return run.tell({ type: 'quote-mid', venue: SPOT, symbol: ETH, bid, ask }, ms);
  };
  const tick = (ms: number) => run.tell({ type: 'wake', key: 'quoting|tick' }, ms);
  const accept = () => {
    for (const { clientOrderId } of quotes())
      if (
        run.engine.orders().find(({ request }) => request.clientOrderId === clientOrderId)?.status ===
        'intended'
      ) {
        run.order(clientOrderId, { kind: 'sent' });
        run.order(clientOrderId, { kind: 'accepted', venueOrderId: `v-${clientOrderId}` as never });
      }
  };
  const quotes = () => run.places().filter(({ clientOrderId }) => clientOrderId.startsWith('pass_quote_'));
  const cancels = () =>
    run.intents.flatMap((intent) => (intent.kind === 'cancel' ? [intent.request.clientOrderId] : []));
  const cancelled = () => {
    for (const id of cancels())
      run.tell({ type: 'cancel-reply', clientOrderId: id, outcome: 'cancelled', message: null });
  };
  price(mid);
  accept();
  return { ...run, price, tick, quotes, cancels, cancelled, accept };
}

describe('passive quoting', () => {
  it('M-300 quotes both sides around the middle by limit orders that may only make, named after side and time', () => {
    const { quotes, records } = quoting();
    expect(quotes()).toMatchObject([
      {
        side: 'buy',
        type: 'limit',
        timeInForce: 'post-only',
        price: '1996',
        amount: '0.1',
        venue: SPOT,
        symbol: ETH,
      },
      { side: 'sell', type: 'limit', timeInForce: 'post-only', price: '2004', amount: '0.1' },
    ]);
    expect(quotes()[0]!.clientOrderId).toBe(`pass_quote_BUY_${T0}`);
    expect(quotes()[1]!.clientOrderId).toBe(`pass_quote_SELL_${T0 + 1}`);
    const intended = records.filter(
      (record) => record.kind === 'order_changed' && record.fact === 'intended',
    );
    expect(intended).toHaveLength(2);
  });

  it.each([
    ['bid', ['buy']],
    ['offer', ['sell']],
  ] as const)('M-300 quotes the %s alone where the line says so', (sides, wanted) => {
    expect(
      quoting([line({ sides })])
        .quotes()
        .map(({ side }) => side),
    ).toEqual(wanted);
  });

  it('M-300 replaces a quote after its timeout, and only when the exchange has let the old one go', () => {
    const run = quoting();
    run.price('2000', 29_000);
    expect(run.cancels()).toEqual([]);
    run.price('2000', 1_000);
    expect(run.cancels()).toHaveLength(2);
    run.price('2000', 500);
    expect(run.quotes()).toHaveLength(2);
    run.cancelled();
    run.price('2000', 500);
    expect(run.quotes()).toHaveLength(4);
  });

  it('M-300 replaces a quote when the middle has drifted, not before', () => {
    const run = quoting();
    run.price('2001.9', 100);
    expect(run.cancels()).toEqual([]);
    run.price('2002', 100);
    expect(run.cancels()).toHaveLength(2);
    run.cancelled();
    run.price('2002', 100);
    expect(
      run
        .quotes()
        .slice(2)
        .map(({ price }) => price),
    ).toEqual(['1997.99', '2006.01']);
  });

  it('M-300 runs several lines beside each other', () => {
    const { quotes } = quoting([line(), line({ id: 'b', spreadBps: 50, amount: d('0.05') })]);
    expect(quotes().map(({ price, amount }) => [price, amount])).toEqual([
      ['1996', '0.1'],
      ['2004', '0.1'],
      ['1990', '0.05'],
      ['2010', '0.05'],
    ]);
    expect(new Set(quotes().map(({ clientOrderId }) => clientOrderId)).size).toBe(4);
  });

  it('M-300 keeps every price outside the spread and every amount within its random share, in whole ticks and steps', () => {
    const cents = fc
      .integer({ min: 100, max: 10_000_000 })
      .map((n) => (n / 100).toFixed(2).replace(/\.?0+$/, '') as Decimal);
    fc.assert(
      fc.property(
        cents,
        fc.integer({ min: 0, max: 1_000 }),
        fc.integer({ min: 0, max: 90 }),
        fc.string(),
        (mid, spreadBps, randomPercent, seed) => {
          const own = line({ spreadBps, randomPercent, amount: d('1') });
          expect(lte(quotePrice(mid, 'buy', own, listed), mid)).toBe(true);
          expect(gte(quotePrice(mid, 'sell', own, listed), mid)).toBe(true);
          const roll = rollOf(seed);
          expect(Math.abs(roll)).toBeLessThanOrEqual(1);
          const amount = quoteAmount(own, roll, listed);
          expect(Math.abs(toNumber(amount) - 1) * 100).toBeLessThanOrEqual(randomPercent + 0.1001);
          expect(mul(amount, d('1000'))).toMatch(/^\d+$/);
          expect(hasDrifted(mid, mid, own)).toBe(false);
        },
      ),
    );
    const rolls = Array.from({ length: 200 }, (_, n) => rollOf(`pass_quote_BUY_${T0 + n}`));
    expect(Math.max(...rolls)).toBeGreaterThan(0.8);
    expect(Math.min(...rolls)).toBeLessThan(-0.8);
  });

  it('M-301 cancels its quotes when it stops, and quotes no more', () => {
    const run = quoting();
    run.tell({ type: 'quoting', lines: null, cause: 'a person stopped it' });
    expect(run.cancels()).toHaveLength(2);
    run.cancelled();
    run.price('2000', 1_000);
    run.tick(1_000);
    expect(run.quotes()).toHaveLength(2);
    expect(run.engine.quoting()).toMatchObject({ running: false, stopped: 'a person stopped it', lines: [] });
  });

  it('M-301 cancels its quotes when the account is not heard for 10 s, and quotes again when it is', () => {
    const run = quoting();
    run.tell({ type: 'link', venue: SPOT, up: false });
    run.tick(500);
    run.price('2000', 9_000);
    expect(run.cancels()).toEqual([]);
    run.price('2000', 1_000);
    expect(run.cancels()).toHaveLength(2);
    run.cancelled();
    run.price('2000', 1_000);
    expect(run.quotes()).toHaveLength(2);
    run.tell({ type: 'link', venue: SPOT, up: true });
    run.tell({ type: 'venue-orders', venue: SPOT, orders: [] });
    run.price('2000', 1_000);
    expect(run.quotes()).toHaveLength(4);
  });

  it('M-301 cancels its quotes on an emergency stop, and stays stopped afterwards', () => {
    const run = quoting();
    run.tell({ type: 'kill', on: true, cause: 'the KILL button' });
    expect(run.cancels()).toHaveLength(2);
    run.cancelled();
    run.tell({ type: 'kill', on: false, cause: 'test' });
    run.price('2000', 1_000);
    expect(run.quotes()).toHaveLength(2);
    expect(run.engine.quoting().running).toBe(false);
  });

  it('M-301 leaves no quote in the book that a crash left behind', () => {
    const before = quoting();
    const images = before.images();
    const run = drive({ instruments: [listed], orders: [...images.orders.values()] });
    run.tell({ type: 'recover' });
    for (const { clientOrderId } of before.quotes())
      run.order(clientOrderId, {
        kind: 'seen',
        venueOrderId: `v-${clientOrderId}` as never,
        status: 'open',
        filled: d('0'),
      });
    const cancels = run.intents.flatMap((intent) =>
      intent.kind === 'cancel' ? [intent.request.clientOrderId] : [],
    );
    expect(cancels.sort()).toEqual(
      before
        .quotes()
        .map(({ clientOrderId }) => clientOrderId)
        .sort(),
    );
  });

  it('M-302 takes a change of its lines at once: what changed is cancelled and quoted anew, what did not stays', () => {
    const run = quoting([line(), line({ id: 'b', spreadBps: 50 })]);
    run.tell({ type: 'quoting', lines: [line(), line({ id: 'b', spreadBps: 60 })], cause: 'test' }, 100);
    const second = run
      .quotes()
      .slice(2, 4)
      .map(({ clientOrderId }) => clientOrderId);
    expect(run.cancels()).toEqual(second);
    run.cancelled();
    run.price('2000', 500);
    const fresh = run.quotes().slice(4);
    expect(fresh.map(({ price }) => price)).toEqual(['1988', '2012']);
    for (const { clientOrderId } of fresh)
      expect(Number(clientOrderId.split('_').at(-1)) - T0).toBeLessThan(5_000);
  });

  it('asks again what became of a quote whose answer was lost, and never sends it twice', () => {
    const run = quoting([line({ sides: 'bid' })], {}, '2000');
    const { clientOrderId } = run.quotes()[0]!;
    run.order(clientOrderId, { kind: 'reply-lost', message: 'no answer' });
    run.price('2000', 31_000);
    run.price('2000', 31_000);
    expect(run.quotes()).toHaveLength(1);
  });

  it('books what was hit, as no position of the desk', () => {
    const run = quoting();
    const { clientOrderId } = run.quotes()[0]!;
    run.tell({
      type: 'fill',
      fill: { ...fill('1', clientOrderId as ClientOrderId, 'buy', '0.04', '1996'), venue: SPOT, symbol: ETH },
    });
    expect(run.events('quote_filled')).toHaveLength(1);
    expect(run.events('late_fill')).toHaveLength(0);
    expect(run.engine.quoting().lines[0]!.quotes[0]).toMatchObject({
      status: 'partially_filled',
      filled: '0.04',
    });
    run.tell({
      type: 'fill',
      fill: { ...fill('2', clientOrderId as ClientOrderId, 'buy', '0.06', '1996'), venue: SPOT, symbol: ETH },
    });
    run.price('2000', 500);
    expect(run.quotes()).toHaveLength(3);
    expect(run.engine.positions()).toEqual([]);
  });

  it.each<[string, (run: ReturnType<typeof quoting>) => void, RegExp]>([
    ['the price is old', (run) => run.tick(20_000), /.*/],
    [
      'too little is free',
      (run) => run.tell({ type: 'balances', venue: SPOT, free: { USDT: d('5'), ETH: d('0') } }),
      /gate refuses: insufficient_balance|not enough ETH/,
    ],
  ])('goes through the risk gate: quotes nothing when %s, and says why', (_, spoil, why) => {
    const run = quoting();
    run.tell({ type: 'quoting', lines: null, cause: 'test' });
    run.cancelled();
    run.tick(100);
    spoil(run);
    const before = run.quotes().length;
    run.tell({ type: 'quoting', lines: [line()], cause: 'test' });
    run.price('2000', 100);
    if (_ !== 'the price is old') expect(run.quotes()).toHaveLength(before);
    expect(run.engine.quoting().lines[0]!.note ?? '').toMatch(why);
  });

  it('cancels when the price is no longer known', () => {
    const run = quoting();
    run.tick(16_000);
    expect(run.cancels()).toHaveLength(2);
  });

  it('stays within the limit of exposure, quotes in the book counted', () => {
    const run = quoting([
      line({ amount: d('0.2') }),
      line({ id: 'b', amount: d('0.2'), sides: 'bid', spreadBps: 40 }),
    ]);
    expect(run.quotes()).toHaveLength(2);
    expect(run.engine.quoting().lines[1]!.note).toBe('the risk gate refuses: symbol_exposure');
    const large = quoting([line({ amount: d('2') })]);
    expect(large.quotes()).toHaveLength(0);
    expect(large.engine.quoting().lines[0]!.note).toBe('the risk gate refuses: order_too_large');
  });

  it('keeps the newest ended quotes for late fills, and lets the oldest go', () => {
    const run = quoting([line({ sides: 'bid', timeoutS: 1 })]);
    for (let n = 0; n < 260; n++) {
      run.price('2000', 1_500);
      run.tell({
        type: 'cancel-reply',
        clientOrderId: run.quotes().at(-1)!.clientOrderId,
        outcome: 'cancelled',
        message: null,
      });
      run.price('2000', 1_500);
      run.accept();
    }
    expect(run.quotes().length).toBeGreaterThan(250);
    expect(run.engine.orders().length).toBeLessThanOrEqual(202);
  });

  it('keeps to spot: a perpetual’s position has one owner, who guards its stop', () => {
    expect(QuoteLine.safeParse(line()).success).toBe(true);
    expect(QuoteLine.safeParse(line({ venue: 'binance_future' })).success).toBe(false);
  });
});
