import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '#main/venues/venue';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import { abs, add, div, isZero, mul, neg, sub, sum, toFixed, ZERO } from '#shared/domain/decimal';
import type { Fill } from '#shared/domain/order';
import { BTC, createWorld, d, order, START, stop, type World } from './world';

type Step =
  | { readonly kind: 'top'; readonly bid: number; readonly spread: number; readonly amount: number }
  | { readonly kind: 'print'; readonly price: number; readonly side: 'buy' | 'sell' }
  | { readonly kind: 'mark'; readonly price: number }
  | {
      readonly kind: 'market';
      readonly side: 'buy' | 'sell';
      readonly amount: number;
      readonly reduce: boolean;
    }
  | { readonly kind: 'limit'; readonly side: 'buy' | 'sell'; readonly amount: number; readonly price: number }
  | { readonly kind: 'stop'; readonly side: 'buy' | 'sell'; readonly amount: number; readonly price: number }
  | { readonly kind: 'cancel-all' | 'restart' };

const side = fc.constantFrom<'buy' | 'sell'>('buy', 'sell');
const price = fc.integer({ min: 900, max: 1_100 });
const amount = fc.integer({ min: 1, max: 5_000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('top' as const),
      bid: price,
      spread: fc.integer({ min: 1, max: 5 }),
      amount,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('print' as const), price, side }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mark' as const), price }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('market' as const), side, amount, reduce: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('limit' as const), side, amount, price }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('stop' as const), side, amount, price }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cancel-all' as const, 'restart' as const) }) },
);

const tenth = (ticks: number): string => toFixed(div(d(String(ticks)), d('10')), 1);
const size = (thousandths: number): Decimal => div(d(String(thousandths)), d('1000'));

/** Walks a world through steps; its market begins at 100.0 / 100.1. */
async function runAll(world: World, steps: readonly Step[]): Promise<void> {
  let quote = () => world.source.top('100', '100.1');
  for (const step of steps) {
    if (step.kind === 'top')
      quote = () => world.source.top(tenth(step.bid), tenth(step.bid + step.spread), size(step.amount));
    await run(world, step, quote);
  }
}

async function run(world: World, step: Step, quote: () => void): Promise<void> {
  switch (step.kind) {
    case 'top':
      return quote();
    case 'print':
      return world.source.trade(tenth(step.price), step.side, '0.7');
    case 'mark':
      return world.source.mark(tenth(step.price));
    case 'cancel-all':
      for (const open of await world.trading.openOrders())
        await world.trading.cancel(order({ clientOrderId: open.clientOrderId! }));
      return;
    case 'restart':
      return world.restart();
    default: {
      const common = { side: step.side, amount: size(step.amount) };
      const request =
        step.kind === 'market'
          ? order({ ...common, reduceOnly: step.reduce })
          : step.kind === 'limit'
            ? order({ ...common, type: 'limit', price: d(tenth(step.price)), timeInForce: 'gtc' })
            : stop(tenth(step.price), common);
      world.send(request);
      await world.time.settle();
      // Streams open with the first order: what the market says then is the latest top.
      quote();
      await world.time.advance(2_000);
    }
  }
}

/** Realised profit and open position by the average-price rule, from fills alone: what a user would compute. */
function replay(fills: readonly Fill[]) {
  let held = ZERO;
  let cost = ZERO;
  let realised = ZERO;
  for (const fill of fills) {
    let signed = fill.side === 'buy' ? fill.amount : neg(fill.amount);
    if (!isZero(held) && held.startsWith('-') !== signed.startsWith('-')) {
      const closing = Number(abs(signed)) < Number(abs(held)) ? signed : neg(held);
      const portion = neg(div(mul(cost, closing), held));
      realised = sub(sub(realised, mul(closing, fill.price)), portion);
      cost = sub(cost, portion);
      held = add(held, closing);
      signed = sub(signed, closing);
    }
    held = add(held, signed);
    cost = add(cost, mul(signed, fill.price));
  }
  return { held, realised };
}

describe('laws of the paper account', () => {
  it('equity changes by realised profit minus fees, position and balance agree with the fills', async () => {
    let filled = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = createWorld();
        await runAll(world, steps);
        const fills = await world.venue.account!.fillsSince(BTC, START as UnixMs);
        filled += fills.length;
        const { held, realised } = replay(fills);
        const fees = sum(fills.map((fill) => fill.fee!.cost));
        const expected = sub(add(d('10000'), realised), fees);
        expect(Number(sub(await world.wallet(), expected))).toBeCloseTo(0, 6);
        const [position] = await world.venue.account!.positions!();
        expect(position?.amount ?? '0').toBe(held);
        for (const fill of fills) {
          const rate = fill.maker ? '0.0002' : '0.0005';
          const exact = mul(mul(fill.price, fill.amount), d(rate));
          expect(Number(sub(fill.fee!.cost, exact))).toBeLessThan(1.01e-8);
          expect(Number(sub(fill.fee!.cost, exact))).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 150 },
    );
    expect(filled).toBeGreaterThan(200);
  });

  it('the stream tells every fill once and the last image of each order, restarts or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = createWorld();
        await runAll(world, steps);
        await world.time.settle();
        const asked = await world.venue.account!.fillsSince(BTC, START as UnixMs);
        expect(world.fills()).toEqual(asked);
        expect(new Set(asked.map(({ tradeId }) => tradeId)).size).toBe(asked.length);
        const images = new Map(
          world.events.flatMap((event) =>
            event.type === 'order' ? [[event.order.clientOrderId, event.order]] : [],
          ),
        );
        for (const [clientOrderId, image] of images)
          expect(await world.trading.find(order({ clientOrderId: clientOrderId! }))).toEqual({
            kind: 'found',
            order: image,
          });
        const live = [...images.values()].filter(
          ({ status }) => status === 'open' || status === 'partially_filled',
        );
        expect(byId(await world.trading.openOrders())).toEqual(byId(live));
        // Free moves with every price, the wallet only with what is told.
        const [told] = lastOf(world.events, 'balances')?.balances ?? [];
        expect(add(told!.free, told!.locked)).toBe(await world.wallet());
      }),
      { numRuns: 100 },
    );
  });

  it('reduce-only orders never open or turn a position', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const world = createWorld();
        const reducing = steps.map((each) => (each.kind === 'market' ? { ...each, reduce: true } : each));
        world.send(order({ amount: d('2') }));
        await world.time.settle();
        world.source.top('100', '100.1');
        await world.time.settle();
        await runAll(
          world,
          reducing.filter(({ kind }) => kind !== 'limit'),
        );
        const [position] = await world.venue.account!.positions!();
        expect(Number(position?.amount ?? 0)).toBeGreaterThanOrEqual(0);
        expect(Number(position?.amount ?? 0)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 60 },
    );
  });
});

const byId = <T extends { readonly clientOrderId: string | null }>(orders: readonly T[]): T[] =>
  [...orders].sort((a, b) => String(a.clientOrderId).localeCompare(String(b.clientOrderId)));
const lastOf = <K extends AccountEvent['type']>(events: readonly AccountEvent[], type: K) =>
  events.findLast((event): event is Extract<AccountEvent, { type: K }> => event.type === type);
