import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  follow,
  initialStop,
  onRightSide,
  shouldSavePeak,
  shouldSend,
  type TrailingRule,
  type TrailingView,
} from '#main/engine/trailing';
import type { Decimal } from '#shared/domain/basics';
import { gte, lte } from '#shared/domain/decimal';
import { d, pc } from './samples';

const rule = (side: 'long' | 'short', over: Partial<TrailingRule> = {}): TrailingRule => ({
  side,
  entry: d('100'),
  activation: pc('2'),
  distance: pc('0.5'),
  tick: d('0.001'),
  ...over,
});

describe('following a price', () => {
  it('M-096 M-097 is the example of the domain page, long', () => {
    let view: TrailingView = {
      active: false,
      peak: d('100'),
      stop: initialStop('long', d('100'), pc('4'), d('0.001')),
    };
    expect(view.stop).toBe('96');
    const steps: readonly (readonly [string, boolean, string])[] = [
      ['101.9', false, '96'],
      ['102.0', true, '101.49'],
      ['103.0', true, '102.485'],
      ['102.6', true, '102.485'],
      ['104.2', true, '103.679'],
    ];
    for (const [price, active, stop] of steps) {
      view = follow(rule('long'), view, d(price));
      expect([price, view.active, view.stop]).toEqual([price, active, stop]);
    }
  });

  it('M-096 M-097 is the example of the domain page, short', () => {
    let view: TrailingView = {
      active: false,
      peak: d('100'),
      stop: initialStop('short', d('100'), pc('4'), d('0.001')),
    };
    expect(view.stop).toBe('104');
    view = follow(rule('short'), view, d('98.1'));
    expect(view.active).toBe(false);
    view = follow(rule('short'), view, d('98'));
    expect(view.active).toBe(true);
    view = follow(rule('short'), view, d('97'));
    expect(view).toEqual({ active: true, peak: '97', stop: '97.485' });
  });

  it('M-097 does not loosen at activation when the distance is wider than the stop loss', () => {
    const wide = rule('long', { distance: pc('10') });
    expect(follow(wide, { active: false, peak: d('100'), stop: d('96') }, d('102')).stop).toBe('96');
  });

  const price = fc.integer({ min: 5_000, max: 20_000 }).map((cents) => d((cents / 100).toFixed(2)));
  it.each(['long', 'short'] as const)('M-097 never loosens and never forgets the best price: %s', (side) => {
    fc.assert(
      fc.property(fc.array(price), (prices) => {
        let view: TrailingView = {
          active: false,
          peak: d('100'),
          stop: initialStop(side, d('100'), pc('4'), d('0.01')),
        };
        const best = side === 'long' ? gte : lte;
        for (const each of prices) {
          const next = follow(rule(side, { tick: d('0.01') }), view, each);
          expect(best(next.stop!, view.stop!)).toBe(true);
          expect(best(next.peak, view.peak)).toBe(true);
          expect(best(next.peak, each)).toBe(true);
          if (view.active) expect(next.active).toBe(true);
          view = next;
        }
      }),
    );
  });
});

describe('the first stop', () => {
  it('M-087 is never further from the entry than asked, on any tick', () => {
    const entry = fc.integer({ min: 1, max: 10_000_000 }).map((n) => d((n / 1_000).toFixed(3)));
    const tick = fc.constantFrom('0.001', '0.01', '0.05', '0.1');
    fc.assert(
      fc.property(entry, tick, (at, step) => {
        const exact = initialStop('long', at, pc('4'), d('0.00000001'));
        expect(gte(initialStop('long', at, pc('4'), d(step)), exact)).toBe(true);
        const above = initialStop('short', at, pc('4'), d('0.00000001'));
        expect(lte(initialStop('short', at, pc('4'), d(step)), above)).toBe(true);
      }),
    );
    expect(initialStop('long', d('33.33'), pc('4'), d('0.1'))).toBe('32');
    expect(initialStop('short', d('33.33'), pc('4'), d('0.1'))).toBe('34.6');
  });
});

describe('sending a change', () => {
  const send = (current: string, wanted: string, sinceAcceptedMs: number | null, price = '200') =>
    shouldSend({ side: 'long', current: d(current), wanted: d(wanted), price: d(price), sinceAcceptedMs });

  it.each([
    ['96', '96.96', 0, true],
    ['96', '96.95', 0, false],
    ['100', '100.05', 29_999, false],
    ['100', '100.05', 30_000, true],
    ['100', '100.049', 60_000, false],
    ['100', '100.05', null, true],
    ['100', '100', null, false],
    ['100', '99', null, false],
  ] as const)('M-098 from %s to %s after %s ms: %s', (current, wanted, since, expected) => {
    expect(send(current, wanted, since)).toBe(expected);
  });

  it('M-100 never sends a stop on the wrong side of the price', () => {
    expect(send('96', '99', null, '99')).toBe(false);
    expect(send('96', '99', null, '98')).toBe(false);
    expect(send('96', '99', null, '99.01')).toBe(true);
    const number = fc.integer({ min: 1, max: 1_000_000 }).map((n) => String(n) as Decimal);
    fc.assert(
      fc.property(
        fc.constantFrom('long' as const, 'short' as const),
        number,
        number,
        number,
        (side, current, wanted, price) => {
          if (shouldSend({ side, current, wanted, price, sinceAcceptedMs: null }))
            expect(onRightSide(side, wanted, price)).toBe(true);
        },
      ),
    );
  });
});

describe('saving a peak', () => {
  it('M-102 waits ten seconds for 0.2 %, and does not wait for 1 %', () => {
    expect(shouldSavePeak(d('100'), d('100.19'), 60_000)).toBe(false);
    expect(shouldSavePeak(d('100'), d('100.2'), 9_999)).toBe(false);
    expect(shouldSavePeak(d('100'), d('100.2'), 10_000)).toBe(true);
    expect(shouldSavePeak(d('100'), d('101'), 0)).toBe(true);
  });
});
