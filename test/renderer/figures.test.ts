import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decimal } from '#shared/domain/basics';
import { add, eq, isZero } from '#shared/domain/decimal';
import {
  estimatedResult,
  netResult,
  openFigures,
  resultAtStop,
} from '../../src/renderer/panels/positions/figures';
import { positions } from './fake-rows';

const d = (text: string) => text as Decimal;
const long = {
  ...positions[0]!,
  side: 'long' as const,
  amount: d('2'),
  intendedAmount: d('2'),
  entryPrice: d('100'),
  fees: {},
};

describe('figures of a position', () => {
  it('gain for a long when the mark is above the entry, for a short when it is below', () => {
    expect(openFigures(long, d('101.5'))).toEqual({ mark: '101.5', pnl: '3', pnlPercent: '1.5' });
    expect(openFigures({ ...long, side: 'short' }, d('101.5')).pnl).toBe('-3');
  });

  it('are unknown, not 0, without an entry, a mark or an amount', () => {
    expect(openFigures(long, null).pnl).toBeNull();
    expect(openFigures({ ...long, entryPrice: null }, d('100')).pnl).toBeNull();
    expect(openFigures({ ...long, amount: d('0') }, d('100')).pnl).toBeNull();
    expect(estimatedResult(long, null)).toBeNull();
    expect(resultAtStop({ ...long, stop: null })).toBeNull();
  });

  it('of a long and a short of the same market add up to nothing', () => {
    const price = fc.integer({ min: 1, max: 1_000_000 }).map((cents) => d(String(cents / 100)));
    fc.assert(
      fc.property(price, price, (entry, mark) => {
        const a = openFigures({ ...long, entryPrice: entry }, mark).pnl!;
        const b = openFigures({ ...long, entryPrice: entry, side: 'short' }, mark).pnl!;
        return isZero(add(a, b));
      }),
    );
  });

  it('take quote fees off the result and name fees in other coins instead of guessing them', () => {
    const closed = { ...long, realised: d('10'), fees: { USDT: d('0.4'), BNB: d('0.001') } };
    expect(netResult(closed)).toEqual({ net: '9.6', otherFees: [['BNB', '0.001']] });
  });

  it('expect an exit fee at the rate of the entry', () => {
    const open = { ...long, realised: d('0'), fees: { USDT: d('0.1') } };
    expect(eq(estimatedResult(open, d('110'))!, d('19.79'))).toBe(true);
  });
});
