import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Percent } from '#shared/domain/basics';
import type { ParamsVersion } from '#shared/domain/params';
import { PARAM_NAMES } from '#shared/domain/signal';
import { diffOf, valueOf } from '../../src/renderer/panels/params/diff';
import { stepPath } from '../../src/renderer/panels/params/timeline';
import { typedValue } from '../../src/renderer/panels/params/values';
import { toSeconds } from '../../src/renderer/ui/line-chart';
import { paramText, paramWithUnit } from '../../src/renderer/ui/params.en';
import { versions } from './fake-waves';

const percent = (value: string) => value as Percent;
const none = { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null };
const set = (values: Partial<ParamsVersion['values']>, locks: Partial<ParamsVersion['locks']> = {}) => ({
  values: { ...none, ...values },
  locks: { ...none, ...locks },
});
const of = (before: ReturnType<typeof set>, after: ReturnType<typeof set>, name: string) =>
  diffOf(before, after).find((one) => one.name === name);

describe('the difference of two versions', () => {
  it('says direction and percent, and marks more than 10 % alone', () => {
    const up = of(set({ stopLoss: percent('4') }), set({ stopLoss: percent('4.4') }), 'stopLoss');
    expect(up).toMatchObject({ direction: 'up', percent: '10', significant: false });
    const far = of(set({ stopLoss: percent('4') }), set({ stopLoss: percent('3.5') }), 'stopLoss');
    expect(far).toMatchObject({ direction: 'down', percent: '-12.5', significant: true });
  });

  it('reads "4" and "4.0000" as the same', () => {
    expect(
      of(set({ stopLoss: percent('4') }), set({ stopLoss: percent('4.0000') }), 'stopLoss'),
    ).toMatchObject({
      direction: 'same',
      percent: '0',
    });
  });

  it('compares what counts: a lock wins over the wave', () => {
    const locked = set({ stopLoss: percent('4') }, { stopLoss: percent('2') });
    expect(valueOf(locked, 'stopLoss')).toBe('2');
    expect(of(set({ stopLoss: percent('4') }), locked, 'stopLoss')).toMatchObject({ to: '2', locked: true });
  });

  it('has no percentage where one side says nothing', () => {
    expect(of(set({}), set({ maxTrades: 5 }), 'maxTrades')).toMatchObject({
      direction: 'unknown',
      percent: null,
    });
  });

  it('turns round when the two are swapped', () => {
    const value = fc.integer({ min: 1, max: 500_000 }).map((n) => percent((n / 10_000).toString()));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const there = of(set({ stopLoss: a }), set({ stopLoss: b }), 'stopLoss')?.direction;
        const back = of(set({ stopLoss: b }), set({ stopLoss: a }), 'stopLoss')?.direction;
        expect(back).toBe(there === 'up' ? 'down' : there === 'down' ? 'up' : there);
      }),
    );
  });

  it('marks the same values as the engine did when it stored them', () => {
    for (let index = 0; index < versions.length - 1; index++) {
      const [after, before] = [versions[index]!, versions[index + 1]!];
      const marked = diffOf(before, after).filter((one) => one.significant);
      expect(marked.map((one) => one.name)).toEqual(after.significant);
    }
  });
});

describe('what is typed as a lock', () => {
  it('takes a decimal comma and refuses what is no number', () => {
    expect(typedValue('stopLoss', ' 2,5 ')).toBe('2.5');
    expect(typedValue('maxTrades', '7')).toBe(7);
    for (const text of ['', 'x', '-1', '1e3', '2.55555', 'NaN'])
      expect(typedValue('stopLoss', text)).toBeNull();
    for (const text of ['2.5', '', '1000']) expect(typedValue('maxTrades', text)).toBeNull();
  });

  it('is shown with aligned places and its unit', () => {
    expect(paramText('stopLoss', '3.5')).toBe('3.50');
    expect(paramText('stopLoss', '3.5125')).toBe('3.5125');
    expect(paramWithUnit('maxTrades', 5)).toBe('5');
    expect(PARAM_NAMES.map((name) => paramWithUnit(name, null))).toEqual(['–', '–', '–', '–']);
  });
});

describe('lines over time', () => {
  it('step at each version and leave gaps where nothing was said', () => {
    expect(stepPath([1, 2], 100, 26)).toBe('M0.0 23.0H50.0V3.0H100.0');
    expect(stepPath([null, 2, null, 2], 100, 26)).toBe('M25.0 13.0H50.0M75.0 13.0H100.0');
    expect(stepPath([null], 100, 26)).toBe('');
  });

  it('keep the last point of each second in ascending order', () => {
    const points = [
      { at: 1_000, value: 1 },
      { at: 1_900, value: 2 },
      { at: 3_000, value: 3 },
    ];
    expect(toSeconds(points)).toEqual([
      { time: 1, value: 2 },
      { time: 3, value: 3 },
    ]);
  });
});
