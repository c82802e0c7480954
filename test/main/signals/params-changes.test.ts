import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyWave, emptyParams, lockParam, rollbackParams, unlockParam } from '#main/signals/index';
import { type Percent, type SignalId, unixMs } from '#shared/domain/basics';
import type { ParamsVersion, StoredParams } from '#shared/domain/params';
import { significantChanges } from '#shared/domain/params-change';
import { type FilterParams, PARAM_NAMES, type ParamName } from '#shared/domain/signal';
import { percent } from './samples';

const NOW = unixMs(5_000);
const valueOf = (name: ParamName): fc.Arbitrary<number | Percent> =>
  name === 'maxTrades'
    ? fc.integer({ min: 1, max: 50 })
    : fc.integer({ min: 1, max: 99_000 }).map((n) => percent(String(n / 1_000)));
const some = (absent: null | undefined) =>
  fc.record(Object.fromEntries(PARAM_NAMES.map((name) => [name, fc.option(valueOf(name), { nil: absent })])));
const anyStored: fc.Arbitrary<StoredParams> = fc
  .record({ values: some(null), locks: some(null), version: fc.integer({ min: 1, max: 9 }) })
  .map(({ values, locks, version }) => ({
    exchange: 'binance',
    values: values as StoredParams['values'],
    locks: locks as StoredParams['locks'],
    waveTime: unixMs(1),
    signalId: 1 as SignalId,
    updatedAt: unixMs(2),
    version,
  }));
const anyNamed = fc
  .constantFrom(...PARAM_NAMES)
  .chain((name) => valueOf(name).map((value) => [name, value as never] as const));
const versionOf = ({ exchange, values, locks, waveTime, signalId }: StoredParams): ParamsVersion => ({
  exchange,
  version: 3,
  values,
  locks,
  source: 'wave',
  changedAt: unixMs(2),
  waveTime,
  signalId,
  significant: [],
});
const said = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) as FilterParams;
const wave = (values: FilterParams) => ({
  said: values,
  waveTime: unixMs(900_000),
  signalId: 7 as SignalId,
  now: NOW,
});

describe('locks', () => {
  it('M-062 fix one value and leave the wave value underneath; unlocking undoes exactly that', () => {
    fc.assert(
      fc.property(anyStored, anyNamed, (stored, [name, value]) => {
        const free = { ...stored, locks: { ...stored.locks, [name]: null } };
        const locked = lockParam(free, name, value, NOW);
        expect(locked?.source).toBe('lock');
        expect(locked?.after).toMatchObject({ values: free.values, updatedAt: NOW });
        expect(locked?.after.locks).toEqual({ ...free.locks, [name]: value });
        const back = locked === null ? null : unlockParam(locked.after, name, NOW);
        expect(back?.source).toBe('unlock');
        expect([back?.after.values, back?.after.locks]).toEqual([free.values, free.locks]);
        expect(unlockParam(free, name, NOW)).toBeNull();
        expect(locked === null ? null : lockParam(locked.after, name, value, NOW)).toBeNull();
      }),
    );
  });

  it('M-062 give back the latest wave value, though waves came while the value was locked', () => {
    fc.assert(
      fc.property(
        anyStored,
        anyNamed,
        fc.array(some(undefined), { maxLength: 5 }),
        (stored, [name, value], waves) => {
          let row = lockParam({ ...stored, locks: emptyParams('binance').locks }, name, value, NOW)
            ?.after as StoredParams;
          let latest = stored.values[name];
          for (const values of waves.map(said)) {
            row = applyWave('binance', row, wave(values))?.after ?? row;
            latest = values[name] ?? latest;
            expect(row.locks[name]).toBe(value);
          }
          const back = unlockParam(row, name, NOW)?.after;
          expect(back?.locks[name]).toBeNull();
          expect(back?.values[name]).toBe(latest);
        },
      ),
    );
  });

  it('refuse values that no param may have, and round the rest to 4 places', () => {
    const row = emptyParams('bybit');
    for (const bad of ['0', '-1', '100', '1e9', 'x', '0.00001'])
      expect(() => lockParam(row, 'stopLoss', percent(bad), NOW), bad).toThrow(RangeError);
    for (const bad of [0, 1.5, -3, Number.NaN, 1_001])
      expect(() => lockParam(row, 'maxTrades', bad, NOW), String(bad)).toThrow(RangeError);
    expect(lockParam(row, 'stopLoss', percent('2.12345'), NOW)?.after.locks.stopLoss).toBe('2.1235');
    expect(lockParam(row, 'maxTrades', 3, NOW)?.after).toMatchObject({ exchange: 'bybit', signalId: null });
  });
});

describe('rolling back', () => {
  it('puts back values and locks of any version, and is nothing when they are those of today', () => {
    fc.assert(
      fc.property(anyStored, anyStored, (stored, old) => {
        const change = rollbackParams(stored, versionOf(old), NOW);
        if (change !== null) {
          expect(change.source).toBe('rollback');
          expect(change.after).toMatchObject({ values: old.values, locks: old.locks, updatedAt: NOW });
          expect(rollbackParams(change.after, versionOf(old), NOW)).toBeNull();
        } else expect([stored.values, stored.locks]).toEqual([old.values, old.locks]);
        expect(rollbackParams(stored, versionOf(stored), NOW)).toBeNull();
      }),
    );
  });

  it('takes no version of another exchange', () => {
    expect(() => rollbackParams(emptyParams('bybit'), versionOf(emptyParams('binance')), NOW)).toThrow(
      /binance/,
    );
  });
});

describe('a change of params', () => {
  it('M-058 is none when the wave says what is stored, however it is written', () => {
    const row = {
      ...emptyParams('binance'),
      values: { ...emptyParams('binance').values, stopLoss: percent('4.0000') },
    };
    expect(applyWave('binance', row, wave({ stopLoss: percent('4') }))).toBeNull();
    expect(applyWave('binance', row, wave({}))).toBeNull();
    expect(applyWave('binance', row, wave({ stopLoss: percent('4.0001') }))?.source).toBe('wave');
    expect(applyWave('binance', null, wave({ maxTrades: 5 }))?.after.values.maxTrades).toBe(5);
  });

  it('claims no version: the store counts them', () => {
    fc.assert(
      fc.property(anyStored, anyNamed, (stored, [name, value]) => {
        expect(lockParam(stored, name, value, NOW)?.after ?? {}).not.toHaveProperty('version');
      }),
    );
  });

  it('M-061 is significant above 10 % of the old value, and at exactly 10 % it is not', () => {
    const row = (stopLoss: string | null, lock: string | null = null) => ({
      values: { ...emptyParams('binance').values, stopLoss: stopLoss as Percent | null },
      locks: { ...emptyParams('binance').locks, stopLoss: lock as Percent | null },
    });
    const far = (a: string | null, b: string | null) => significantChanges(row(a), row(b)).length > 0;
    for (const [a, b, wanted] of [
      ['4', '4.4', false],
      ['4', '3.6', false],
      ['4', '4.4001', true],
      ['4', '3.5999', true],
      ['0.3', '0.33', false],
      ['0.3', '0.3301', true],
      ['4.0000', '4', false],
      [null, '9', false],
      ['9', null, false],
    ] as const)
      expect(far(a, b), `${a} to ${b}`).toBe(wanted);
    expect(significantChanges(null, row('4'))).toEqual([]);
    expect(significantChanges(row('4'), row('4', '2'))).toEqual(['stopLoss']);
    expect(significantChanges(row('4', '2'), row('8', '2'))).toEqual(['stopLoss']);
  });

  it('M-061 follows the exact fraction for any two percentages', () => {
    const units = fc.integer({ min: 1, max: 990_000 });
    fc.assert(
      fc.property(units, units, (old, now) => {
        const text = (n: number) => percent((n / 10_000).toFixed(4));
        const set = (n: number) => ({
          values: { ...emptyParams('binance').values, trailingDistance: text(n) },
          locks: emptyParams('binance').locks,
        });
        const wanted = BigInt(Math.abs(now - old)) * 10n > BigInt(old) ? ['trailingDistance'] : [];
        expect(significantChanges(set(old), set(now))).toEqual(wanted);
      }),
    );
  });
});
