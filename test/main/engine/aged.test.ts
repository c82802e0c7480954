import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agedTarget, isReached } from '#main/engine/aged';
import type { EngineEvent } from '#main/engine/types';
import { gte, lte } from '#shared/domain/decimal';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { opened } from './drive';
import { BTC, d, FUTURE, settings } from './samples';

const RULE = DEFAULT_SETTINGS.aged;
const HOUR = 3_600_000;
const price = (text: string): EngineEvent => ({ type: 'price', venue: FUTURE, symbol: BTC, price: d(text) });
const AGED = { type: 'wake', key: 'aged|s1' } as const;

describe('the target of an aged position', () => {
  it.each([
    ['long', 3, null, null],
    ['long', 3.5, 'grace', '100.1'],
    ['long', 6, 'grace', '100.1'],
    ['long', 7, 'progressive', '99.5'],
    ['long', 8, 'progressive', '99'],
    ['long', 26, 'progressive', '90'],
    ['long', 200, 'progressive', '90'],
    ['short', 3.5, 'grace', '99.9'],
    ['short', 7, 'progressive', '100.5'],
    ['short', 26, 'progressive', '110'],
  ] as const)('M-106 of a %s from 100 after %s h is in phase %s at %s', (side, hours, phase, target) => {
    const view = agedTarget(RULE, side, d('100'), hours * HOUR);
    expect(view).toEqual(phase === null ? null : { phase, target });
  });

  it('M-106 begins only after three hours, and grace ends only after six', () => {
    expect(agedTarget(RULE, 'long', d('100'), 3 * HOUR + 1)?.phase).toBe('grace');
    expect(agedTarget(RULE, 'long', d('100'), 6 * HOUR + 1)?.phase).toBe('progressive');
  });

  it('M-106 never asks for more as time goes on, and never accepts more than the most', () => {
    const hours = fc.double({ min: 3, max: 400, noNaN: true });
    fc.assert(
      fc.property(hours, hours, (a, b) => {
        const [young, old] = [Math.min(a, b), Math.max(a, b)].map((each) => Math.round(each * HOUR) + 1);
        const first = agedTarget(RULE, 'long', d('100'), young!)!.target;
        const second = agedTarget(RULE, 'long', d('100'), old!)!.target;
        expect(lte(second, first)).toBe(true);
        expect(gte(second, d('90'))).toBe(true);
        const mirrored = agedTarget(RULE, 'short', d('100'), old!)!.target;
        expect(Number(mirrored) - 100).toBeCloseTo(100 - Number(second), 9);
      }),
    );
  });

  it('M-106 can be switched off', () => {
    expect(agedTarget({ ...RULE, on: false }, 'long', d('100'), 99 * HOUR)).toBeNull();
  });

  it('M-106 is reached from the better side', () => {
    expect(isReached('long', d('99.5'), d('99.5'))).toBe(true);
    expect(isReached('long', d('99.49'), d('99.5'))).toBe(false);
    expect(isReached('short', d('100.5'), d('100.5'))).toBe(true);
    expect(isReached('short', d('100.51'), d('100.5'))).toBe(false);
  });
});

describe('an aged position', () => {
  it('M-106 is closed at market in grace at break-even plus two commissions, not before', () => {
    const run = opened();
    run.tell(price('100.2'), 3 * HOUR);
    expect(run.places()).toHaveLength(2);
    run.tell(price('100.09'), HOUR / 2);
    expect(run.places()).toHaveLength(2);
    expect(run.images().positions.get('s1')?.aged).toMatchObject({ phase: 'grace', target: '100.1' });
    expect(run.events('aged_position_detected')).toHaveLength(1);
    run.tell(price('100.1'), 1_000);
    expect(run.places().at(-1)).toMatchObject({
      type: 'market',
      side: 'sell',
      reduceOnly: true,
      amount: '2',
    });
    expect(run.images().positions.get('s1')).toMatchObject({ status: 'closing', closeReason: 'aged_grace' });
  });

  it('M-106 is closed at a growing loss afterwards, its target worked out anew each time', () => {
    const run = opened();
    run.tell(price('99.4'), 7 * HOUR);
    expect(run.places()).toHaveLength(2);
    run.tell(price('99.4'), HOUR / 5);
    expect(run.images().positions.get('s1')).toMatchObject({
      closeReason: 'aged_progressive',
      aged: { phase: 'progressive', target: '99.4' },
    });
  });

  it('M-106 shows its phase and target from a wake on the market clock, without any price', () => {
    const run = opened();
    const planned = run.intents.find((intent) => intent.kind === 'wake' && intent.key === 'aged|s1');
    expect(planned).toMatchObject({ afterMs: 3 * HOUR + 1, clock: 'market' });
    run.tell(AGED, 3 * HOUR + 1);
    expect(run.images().positions.get('s1')?.aged).toMatchObject({ phase: 'grace', target: '100.1' });
    expect(run.intents.at(-1)).toMatchObject({ kind: 'wake', key: 'aged|s1', afterMs: HOUR });
    run.tell(AGED, 4 * HOUR);
    expect(run.images().positions.get('s1')?.aged?.phase).toBe('progressive');
    expect(run.places()).toHaveLength(2);
  });

  it('M-106 is not closed on a price that is too old to act on', () => {
    const run = opened();
    run.tell(price('101'), HOUR);
    run.tell(AGED, 3 * HOUR);
    expect(run.places()).toHaveLength(2);
  });

  it('M-106 stays when the rule is off', () => {
    const run = opened({ settings: settings({ aged: { ...RULE, on: false } }) });
    run.tell(price('101'), 30 * HOUR);
    expect(run.places()).toHaveLength(2);
    expect(run.images().positions.get('s1')?.aged).toBeUndefined();
  });

  it('M-107 is not touched while its trailing stop is active', () => {
    const run = opened();
    run.tell(price('102'), HOUR);
    expect(run.images().positions.get('s1')?.trailing?.state).toBe('active');
    const before = run.places().length;
    run.tell(price('101.9'), 30 * HOUR);
    run.tell(AGED, 1_000);
    expect(run.places().filter((each) => each.type === 'market' && each.reduceOnly)).toHaveLength(0);
    expect(run.places().length).toBeGreaterThanOrEqual(before);
    expect(run.images().positions.get('s1')?.aged).toBeUndefined();
  });
});
