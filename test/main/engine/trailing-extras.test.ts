import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activatesByTime,
  atrDistance,
  breakevenStop,
  distanceOf,
  profitOf,
  steppedDistance,
  withMomentum,
} from '#main/engine/trailing-extras';
import type { EngineEvent } from '#main/engine/types';
import { lte } from '#shared/domain/decimal';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { opened } from './drive';
import { BTC, d, FUTURE, pc, settings } from './samples';

const OFF = DEFAULT_SETTINGS.trailing;
const price = (text: string): EngineEvent => ({ type: 'price', venue: FUTURE, symbol: BTC, price: d(text) });
const facts = { atr: d('1'), peak: d('100'), profit: d('2.5'), moved: d('1') };

describe('the optional extras of the trailing stop', () => {
  it('M-103 are all off by default, and then change nothing', () => {
    expect(Object.values(OFF)).toEqual(Array(5).fill(false));
    expect(distanceOf(OFF, pc('0.5'), facts)).toBe('0.5');
  });

  it('M-103 take twice the average true range as distance', () => {
    expect(atrDistance(d('1.5'), d('100'))).toBe('3');
    expect(atrDistance(null, d('100'))).toBeNull();
    expect(distanceOf({ ...OFF, atr: true }, pc('0.5'), facts)).toBe('2');
    expect(distanceOf({ ...OFF, atr: true }, pc('0.5'), { ...facts, atr: null })).toBe('0.5');
  });

  it.each([
    ['0.99', null],
    ['1', '0.5'],
    ['1.99', '0.5'],
    ['2', '0.3'],
    ['3', '0.2'],
    ['50', '0.2'],
  ] as const)('M-103 step the distance: at %s %% profit %s', (profit, distance) => {
    expect(steppedDistance(d(profit))).toBe(distance);
  });

  it('M-103 tighten to 0.7 on momentum, and only then', () => {
    expect(withMomentum(d('0.5'), d('1'))).toBe('0.35');
    expect(withMomentum(d('0.5'), d('0.99'))).toBe('0.5');
    expect(withMomentum(d('0.5'), null)).toBe('0.5');
  });

  it('M-103 never widen a distance by steps or momentum', () => {
    const profit = fc.integer({ min: -500, max: 900 }).map((n) => d((n / 100).toString()));
    fc.assert(
      fc.property(profit, profit, fc.integer({ min: 1, max: 300 }), (reached, moved, own) => {
        const distance = pc((own / 100).toString());
        const on = { ...OFF, stepped: true, momentum: true };
        expect(lte(distanceOf(on, distance, { ...facts, profit: reached, moved }), d(distance))).toBe(true);
      }),
    );
  });

  it('M-103 move the stop to the entry and two commissions once the profit is 1 %', () => {
    expect(breakevenStop('long', d('100'), d('0.99'), pc('0.05'))).toBeNull();
    expect(breakevenStop('long', d('100'), d('1'), pc('0.05'))).toBe('100.1');
    expect(breakevenStop('short', d('100'), d('1'), pc('0.05'))).toBe('99.9');
  });

  it('M-103 activate after ten minutes in profit', () => {
    expect(activatesByTime(null, 900_000)).toBe(false);
    expect(activatesByTime(0, 599_999)).toBe(false);
    expect(activatesByTime(0, 600_000)).toBe(true);
  });

  it('count profit by side', () => {
    expect(profitOf('long', d('100'), d('103'))).toBe('3');
    expect(profitOf('short', d('100'), d('103'))).toBe('-3');
  });
});

describe('a position with an extra switched on', () => {
  const withExtra = (over: Partial<typeof OFF>) =>
    opened({ settings: settings({ trailing: { ...OFF, ...over } }) });
  const lastStop = (run: ReturnType<typeof opened>) => run.places().at(-1)?.triggerPrice;

  it('M-103 gets its stop at break-even before the trailing stop is active', () => {
    const run = withExtra({ breakeven: true });
    run.tell(price('100.9'), 31_000);
    expect(run.places()).toHaveLength(2);
    run.tell(price('101.2'), 1_000);
    expect(lastStop(run)).toBe('100.1');
    expect(run.images().positions.get('s1')?.trailing?.state).toBe('inactive');
  });

  it('M-103 trails at the range that was told', () => {
    const run = withExtra({ atr: true });
    run.tell({ type: 'atr', venue: FUTURE, symbol: BTC, value: d('1') });
    run.tell(price('104'), 31_000);
    expect(lastStop(run)).toBe('102');
  });

  it('M-103 becomes active after ten minutes in profit, counted without a break', () => {
    const run = withExtra({ timed: true });
    run.tell(price('100.5'), 1_000);
    run.tell(price('99.9'), 300_000);
    run.tell(price('100.5'), 1_000);
    run.tell(price('100.6'), 599_999);
    expect(run.images().positions.get('s1')?.trailing?.state).toBe('inactive');
    run.tell(price('100.6'), 1);
    expect(run.images().positions.get('s1')?.trailing?.state).toBe('active');
    expect(lastStop(run)).toBe('100.1');
  });

  it('M-103 trails closer on momentum', () => {
    const run = withExtra({ momentum: true });
    run.tell(price('101'), 31_000);
    run.tell(price('103'), 30_000);
    // 0.5 % x 0.7 below 103, rounded up to the tick.
    expect(lastStop(run)).toBe('102.64');
  });
});
