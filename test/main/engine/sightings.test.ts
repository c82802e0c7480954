import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSightings, NOTHING_STORED, type StoredFills } from '#main/engine/sightings';
import { unixMs } from '#shared/domain/basics';
import { hasTradeId, isAlike, namelessTradeId } from '#shared/domain/fill-identity';
import { type Fill, fillKey } from '#shared/domain/order';
import { BTC, d, FUTURE, symbolOf, T0 } from './samples';

const fill = (tradeId: string | null, over: Partial<Fill> = {}): Fill => {
  const rest = {
    venue: FUTURE,
    symbol: BTC,
    venueOrderId: 'v1' as never,
    clientOrderId: null,
    side: 'buy' as const,
    price: d('100'),
    amount: d('2'),
    fee: null,
    maker: null,
    venueTime: unixMs(T0),
    seenAt: unixMs(T0),
    ...over,
  };
  return { ...rest, tradeId: tradeId ?? namelessTradeId(rest) };
};
const at = (ms: number) => ({ venueTime: unixMs(T0 + ms) });

/** A store in memory, as the real one answers. */
function memoryStore() {
  const rows: Fill[] = [];
  const stored: StoredFills = {
    has: (one) => rows.some((row) => fillKey(row) === fillKey(one)),
    near: (one) => rows.filter((row) => isAlike(one, row) && (!hasTradeId(one) || !hasTradeId(row))),
  };
  return { rows, stored };
}
/** Applies what is new; returns the layers that knew the others. */
function take(sightings: ReturnType<typeof createSightings>, rows: Fill[], fills: readonly Fill[]) {
  return fills.map((one) => {
    const layer = sightings.knownBy(one);
    sightings.remember(one);
    if (layer === null) rows.push(one);
    return layer;
  });
}

describe('the four layers of fill identity', () => {
  it('M-292 knows a fill by its id in this session and in the store, and one without an id by what it says, in both', () => {
    const { rows, stored } = memoryStore();
    const first = createSightings([], stored);
    expect(take(first, rows, [fill('1'), fill('1')])).toEqual([null, 1]);
    expect(
      take(first, rows, [fill(null, { amount: d('3') }), fill(null, { amount: d('3'), ...at(999) })]),
    ).toEqual([null, 3]);
    const second = createSightings([], stored);
    expect(take(second, rows, [fill('1'), fill(null, { amount: d('3'), ...at(-700) })])).toEqual([2, 4]);
    expect(rows).toHaveLength(2);
  });

  it('M-293 keeps two equal fills within a second apart when both have a trade id', () => {
    const { rows, stored } = memoryStore();
    expect(take(createSightings([], stored), rows, [fill('1'), fill('2', at(1))])).toEqual([null, null]);
  });

  it('M-294 takes equal trade ids on two exchanges, markets or symbols for two trades', () => {
    const { rows, stored } = memoryStore();
    const four = [
      fill('7'),
      fill('7', { symbol: symbolOf('ETH') }),
      fill('7', { venue: 'bybit_future' }),
      fill('7', { venue: 'binance_spot' }),
    ];
    expect(take(createSightings([], stored), rows, four)).toEqual([null, null, null, null]);
  });

  it.each<[string, Partial<Fill>]>([
    ['another side', { side: 'sell' }],
    ['another amount', { amount: d('2.1') }],
    ['a price that differs in the eighth place', { price: d('100.00000001') }],
    ['a time more than a second away', at(1_001)],
    ['another order', { venueOrderId: 'v2' as never }],
    ['another symbol', { symbol: symbolOf('ETH') }],
  ])('without an id, takes %s for another fill', (_, other) => {
    const sightings = createSightings([], NOTHING_STORED);
    expect(take(sightings, [], [fill(null), fill(null, other)])).toEqual([null, null]);
  });

  it('without an id, takes a price that differs beyond the eighth place for the same', () => {
    const sightings = createSightings([], NOTHING_STORED);
    expect(take(sightings, [], [fill(null), fill(null, { price: d('100.000000001') })])).toEqual([null, 3]);
  });

  it('M-291 lets one without an id stand for one with an id, and no second one', () => {
    const { rows, stored } = memoryStore();
    const sightings = createSightings([], stored);
    expect(take(sightings, rows, [fill(null), fill('1'), fill('2'), fill('1')])).toEqual([null, 3, null, 1]);
    const later = createSightings([], stored);
    expect(take(later, rows, [fill('2'), fill('1'), fill(null)])).toEqual([2, 4, 2]);
    expect(rows).toHaveLength(2);
  });

  it('M-291 stores each fill once, whatever ways, orders, repeats and restarts it comes through', () => {
    const real = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 40 }),
        symbol: fc.constantFrom(BTC, symbolOf('ETH')),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        amount: fc.constantFrom(d('1'), d('2')),
        ms: fc.integer({ min: 0, max: 3_000 }),
      }),
      { selector: ({ id, symbol }) => `${id}|${symbol}`, maxLength: 25 },
    );
    fc.assert(
      fc.property(
        real.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.array(fc.record({ n: fc.nat(Math.max(0, list.length - 1)), restart: fc.boolean() }), {
              maxLength: 80,
            }),
          ),
        ),
        ([list, deliveries]) => {
          const fills = list.map(({ id, symbol, side, amount, ms }) =>
            fill(String(id), { symbol, side, amount, ...at(ms) }),
          );
          const { rows, stored } = memoryStore();
          let sightings = createSightings([], stored);
          for (const { n, restart } of deliveries) {
            if (restart) sightings = createSightings([], stored);
            if (fills[n]) take(sightings, rows, [fills[n]]);
          }
          take(sightings, rows, fills);
          expect(rows.map(fillKey).sort()).toEqual(fills.map(fillKey).sort());
        },
      ),
    );
  });

  it('ends with the same number of fills whether those without ids come before or after those with ids', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 6 }),
        (named, order) => {
          const all = Array.from({ length: named }, (_, n) => fill(String(n), at(n)));
          const nameless = fill(null);
          const count = (sequence: readonly Fill[]): number => {
            const { rows, stored } = memoryStore();
            take(createSightings([], stored), rows, sequence);
            return rows.length;
          };
          const mixed = order.flatMap((early, n) =>
            early ? [nameless, all[n % named]!] : [all[n % named]!],
          );
          expect(count([nameless, ...all])).toBe(named);
          expect(count([...all, nameless])).toBe(named);
          expect(count([...mixed, ...all])).toBe(named);
        },
      ),
    );
  });
});
