import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveParams } from '#main/signals/index';
import { type Percent, type SignalId, unixMs } from '#shared/domain/basics';
import { DEFAULT_PARAMS, type StoredParams } from '#shared/domain/params';
import type { ParamLayer } from '#shared/domain/provider';
import { type FilterParams, PARAM_NAMES } from '#shared/domain/signal';
import { percent, withParams } from './samples';

const NONE = { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null };
const WAVE = unixMs(900_000);
const NOW = unixMs(1_000_000);
const stored = (
  values: Partial<StoredParams['values']>,
  locks: Partial<StoredParams['locks']> = {},
): StoredParams => ({
  exchange: 'binance',
  values: { ...NONE, ...values },
  locks: { ...NONE, ...locks },
  waveTime: unixMs(1),
  signalId: 1 as SignalId,
  updatedAt: unixMs(2),
});
const resolve = (signals: readonly (FilterParams | null)[], row: StoredParams | null = null) =>
  resolveParams({
    exchange: 'binance',
    signals: signals.map((params, index) => withParams(index + 10, params)),
    stored: row,
    defaults: DEFAULT_PARAMS,
    waveTime: WAVE,
    now: NOW,
  });

describe('the params of a wave', () => {
  it('M-059 fall back to the settings when nobody says anything', () => {
    const { effective, update } = resolve([null]);
    expect(effective.values).toEqual(DEFAULT_PARAMS);
    expect(Object.values(effective.origins)).toEqual(['default', 'default', 'default', 'default']);
    expect(update).toBeNull();
  });
  it('M-056 are those of the same wave, before the stored ones', () => {
    const { effective, update } = resolve(
      [{ stopLoss: percent('3') }],
      stored({ stopLoss: percent('4'), maxTrades: 7 }),
    );
    expect(effective.values).toMatchObject({ stopLoss: '3', maxTrades: 7, trailingDistance: '0.5' });
    expect(effective.origins).toEqual({
      maxTrades: 'stored',
      stopLoss: 'wave',
      trailingActivation: 'default',
      trailingDistance: 'default',
    });
    expect(update).toEqual({
      ...stored({ stopLoss: percent('3'), maxTrades: 7 }),
      waveTime: WAVE,
      signalId: 10,
      updatedAt: NOW,
    });
  });
  it('M-052 come from the first signal only, even when it says nothing', () => {
    const { effective, update } = resolve([null, { stopLoss: percent('1') }]);
    expect(effective.origins.stopLoss).toBe('default');
    expect(update).toBeNull();
  });
  it('are not stored again when nothing changed, however it is written', () => {
    const row = stored({ stopLoss: percent('4.0000'), maxTrades: 5 });
    expect(resolve([{ stopLoss: percent('4'), maxTrades: 5 }], row).update).toBeNull();
    expect(resolve([{ stopLoss: percent('4.0001') }], row).update).not.toBeNull();
  });
  it('give way to a lock, and are stored all the same', () => {
    const row = stored({ stopLoss: percent('4') }, { stopLoss: percent('2') });
    const { effective, update } = resolve([{ stopLoss: percent('6') }], row);
    expect([effective.values.stopLoss, effective.origins.stopLoss]).toEqual(['2', 'lock']);
    expect([update?.values.stopLoss, update?.locks.stopLoss]).toEqual(['6', '2']);
  });
  it('are the defaults for a wave without signals of the exchange', () => {
    expect(resolve([]).effective.values).toEqual(DEFAULT_PARAMS);
    expect(resolve([]).update).toBeNull();
  });
  it('follow lock, wave, stored, default for any mixture, and change only what was said', () => {
    const value = (name: (typeof PARAM_NAMES)[number]): fc.Arbitrary<number | Percent> =>
      fc.integer({ min: 1, max: 9 }).map((n) => (name === 'maxTrades' ? n : percent(String(n))));
    const some = (absent: null | undefined) =>
      fc.record(
        Object.fromEntries(PARAM_NAMES.map((name) => [name, fc.option(value(name), { nil: absent })])),
      );
    fc.assert(
      fc.property(some(undefined), some(null), some(null), (said, values, locks) => {
        const spoken = Object.fromEntries(
          Object.entries(said).filter(([, v]) => v !== undefined),
        ) as FilterParams;
        const row = stored(values as StoredParams['values'], locks as StoredParams['locks']);
        const { effective, update } = resolve([spoken], row);
        for (const name of PARAM_NAMES) {
          const order = [row.locks[name], spoken[name] ?? null, row.values[name], DEFAULT_PARAMS[name]];
          const at = order.findIndex((v) => v !== null);
          expect(effective.values[name]).toBe(order[at]);
          expect(effective.origins[name]).toBe(['lock', 'wave', 'stored', 'default'][at]);
          if (update !== null) expect(update.values[name]).toBe(spoken[name] ?? row.values[name]);
        }
        const changes = PARAM_NAMES.some(
          (name) => spoken[name] !== undefined && spoken[name] !== row.values[name],
        );
        expect(update !== null).toBe(changes);
      }),
    );
  });

  it('follow lock, mine, wave, provider, mine only if missing, stored, default for any mixture of layers', () => {
    const value = (name: (typeof PARAM_NAMES)[number]): fc.Arbitrary<number | Percent> =>
      fc.integer({ min: 1, max: 9 }).map((n) => (name === 'maxTrades' ? n : percent(String(n))));
    const some = (absent: null | undefined) =>
      fc.record(
        Object.fromEntries(PARAM_NAMES.map((name) => [name, fc.option(value(name), { nil: absent })])),
      );
    const layer = some(undefined).map((given) =>
      Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)),
    );
    fc.assert(
      fc.property(
        layer,
        some(null),
        some(null),
        layer,
        layer,
        fc.boolean(),
        (said, values, locks, provider, mine, mineOnlyIfMissing) => {
          const row = stored(values as StoredParams['values'], locks as StoredParams['locks']);
          const { effective } = resolveParams({
            exchange: 'binance',
            signals: [withParams(10, said as FilterParams)],
            stored: row,
            defaults: DEFAULT_PARAMS,
            layers: { provider: provider as ParamLayer, mine: mine as ParamLayer, mineOnlyIfMissing },
            waveTime: WAVE,
            now: NOW,
          });
          for (const name of PARAM_NAMES) {
            const order = {
              lock: row.locks[name],
              ...(mineOnlyIfMissing ? {} : { mine: mine[name] }),
              wave: said[name],
              provider: provider[name],
              ...(mineOnlyIfMissing ? { mine: mine[name] } : {}),
              stored: row.values[name],
              default: DEFAULT_PARAMS[name],
            };
            const [origin, wanted] =
              Object.entries(order).find(([, v]) => v !== null && v !== undefined) ?? [];
            expect([effective.origins[name], effective.values[name]]).toEqual([origin, wanted]);
          }
        },
      ),
    );
  });

  it('carry the version they are stored as: a new one when the wave says something new', () => {
    expect(resolve([null]).effective).not.toHaveProperty('version');
    expect(resolve([{ maxTrades: 3 }]).effective.version).toBe(1);
    const row = { ...stored({ maxTrades: 3 }), version: 4 };
    expect(resolve([{ maxTrades: 3 }], row).effective.version).toBe(4);
    expect(resolve([{ maxTrades: 5 }], row).effective.version).toBe(5);
  });
});
