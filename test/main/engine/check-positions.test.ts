import { describe, expect, it } from 'vitest';
import { checkPositions, differenceText } from '#main/engine/index';
import type { Position } from '#shared/domain/position';
import { fill, opened } from './drive';
import { d } from './samples';

function traded() {
  const run = opened();
  run.tell({
    type: 'fill',
    fill: {
      ...fill('late', 'w7k2p-s1-e1' as never, 'buy', '1', '110'),
      fee: { cost: d('0.3'), currency: 'BNB' },
    },
  });
  const position = run.images().positions.get('s1')!;
  const fills = run.records.flatMap((record) =>
    record.kind === 'fill_applied' && record.positionId === position.id ? [record.fill] : [],
  );
  return { position, fills };
}

describe('positions rebuilt from their stored fills', () => {
  it('M-296 equal the stored ones', () => {
    const { position, fills } = traded();
    expect(fills.length).toBeGreaterThan(1);
    expect(checkPositions([position], () => fills)).toEqual([]);
  });

  it.each<[string, Partial<Position>, string]>([
    ['another amount', { amount: d('99') }, 'amount'],
    ['another entry price', { entryPrice: d('1') }, 'entryPrice'],
    ['another profit', { realised: d('5') }, 'realised'],
    ['an exit price nobody paid', { exitPrice: d('120') }, 'exitPrice'],
    ['a fee in another coin', { fees: { BNB: d('0.3'), POINT: d('1') } }, 'fee in POINT'],
  ])('M-296 are told apart from a stored one with %s', (_, change, field) => {
    const { position, fills } = traded();
    const differences = checkPositions([{ ...position, ...change }], () => fills);
    expect(differences.map((each) => each.field)).toEqual([field]);
    expect(differenceText(differences[0]!)).toMatch(
      /^position s1 of BTC\/USDT:USDT: .* is stored as .*, its fills make it /,
    );
  });

  it('M-296 miss a fill that is gone from the store', () => {
    const { position, fills } = traded();
    expect(checkPositions([position], () => fills.slice(1)).length).toBeGreaterThan(0);
  });
});
