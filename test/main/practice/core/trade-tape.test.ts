import { describe, expect, it } from 'vitest';
import { createScale } from '#main/practice/core/scale';
import { createTradeTape } from '#main/practice/core/trade-tape';
import type { PublicTrade } from '#main/practice/types';
import { unixMs } from '#shared/domain/basics';
import { fromText, mul } from '#shared/domain/decimal';

const setUp = () => createTradeTape(createScale(fromText('0.01')), createScale(fromText('0.001')));
const trade = (n: number): PublicTrade => ({
  tradeId: n,
  price: fromText(`1${String(n).padStart(4, '0')}.25`),
  amount: mul(fromText(String(n)), fromText('0.001')),
  side: n % 2 === 0 ? 'buy' : 'sell',
  at: unixMs(1_000_000 + n),
});

describe('the tape of public trades', () => {
  it('gives back exactly what was added, oldest first', () => {
    const tape = setUp();
    for (let n = 1; n <= 5; n++) tape.add(trade(n));
    expect(tape.latest(3)).toEqual([trade(3), trade(4), trade(5)]);
    expect(tape.latest(50)).toHaveLength(5);
    expect(tape.latest(0)).toEqual([]);
  });

  it('keeps the newest thousand, also after it went round', () => {
    const tape = setUp();
    for (let n = 1; n <= 2_500; n++) tape.add(trade(n));
    const all = tape.latest(5_000);
    expect(all).toHaveLength(1_000);
    expect(all[0]).toEqual(trade(1_501));
    expect(all.at(-1)).toEqual(trade(2_500));
  });

  it('refuses a price between two ticks rather than show another one', () => {
    expect(() => setUp().add({ ...trade(1), price: fromText('100.005') })).toThrow(RangeError);
  });
});
