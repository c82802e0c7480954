import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closableAmount, ledgerOf } from '#main/engine/fills';
import type { Decimal } from '#shared/domain/basics';
import { isZero, mul, sub, sum } from '#shared/domain/decimal';
import type { Fill } from '#shared/domain/order';
import { BTC, d, FUTURE, instrument } from './samples';

const fill = (tradeId: number, side: 'buy' | 'sell', amount: string, price: string, fee = '0.1'): Fill => ({
  venue: FUTURE,
  symbol: BTC,
  tradeId: String(tradeId),
  venueOrderId: 'v1' as never,
  clientOrderId: null,
  side,
  price: d(price),
  amount: d(amount),
  fee: { cost: d(fee), currency: tradeId % 2 ? 'USDT' : 'BNB' },
  maker: null,
  venueTime: 0 as never,
  seenAt: 0 as never,
});
const thousandths = fc
  .integer({ min: 1, max: 10_000_000 })
  .map((n) => (n / 1_000).toFixed(3).replace(/\.?0+$/, ''));
const fills = fc
  .array(
    fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      amount: thousandths,
      price: thousandths,
    }),
  )
  .map((list) => list.map((each, index) => fill(index, each.side, each.amount, each.price)));

describe('booking fills', () => {
  it('is the sum of the fills, in whatever order they come', () => {
    fc.assert(
      fc.property(
        fills.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          const ledger = ledgerOf('long', list);
          expect(ledgerOf('long', shuffled)).toEqual(ledger);
          const total = (side: string): Decimal =>
            sum(list.filter((f) => f.side === side).map((f) => f.amount));
          expect(ledger.net).toBe(sub(total('buy'), total('sell')));
        },
      ),
    );
  });

  it('realises exactly what money moved when flat, long and short', () => {
    const list = [fill(1, 'buy', '0.3', '10.01'), fill(2, 'buy', '0.7', '10.03'), fill(3, 'sell', '1', '11')];
    expect(ledgerOf('long', list)).toMatchObject({ net: '0', entryPrice: '10.024', realised: '0.976' });
    expect(ledgerOf('short', list)).toMatchObject({
      net: '0',
      entryPrice: '11',
      exitPrice: '10.024',
      realised: '0.976',
    });
    fc.assert(
      fc.property(fills, (raw) => {
        const bought = raw.map((each) => ({ ...each, side: 'buy' as const }));
        const sold = raw.map((each, n) => ({
          ...each,
          tradeId: `x${n}`,
          side: 'sell' as const,
          price: d('7'),
        }));
        const ledger = ledgerOf('long', [...bought, ...sold]);
        expect(isZero(ledger.net)).toBe(true);
        const cost = (list: readonly Fill[]) => sum(list.map((each) => mul(each.amount, each.price)));
        expect(ledger.realised).toBe(sub(cost(sold), cost(bought)));
      }),
    );
  });

  it('keeps fees apart by currency', () => {
    expect(
      ledgerOf('long', [fill(1, 'buy', '1', '1'), fill(2, 'buy', '1', '1'), fill(3, 'sell', '1', '1')]).fees,
    ).toEqual({
      BNB: '0.1',
      USDT: '0.2',
    });
  });
});

describe('what an order can close', () => {
  const position = { amount: d('1.2345'), fees: { BTC: d('0.001') } } as never;
  it('is whole steps', () => {
    expect(closableAmount(position, FUTURE, instrument(BTC))).toBe('1.234');
  });
  it('is less on spot when the fee was taken in the coin', () => {
    expect(closableAmount(position, 'binance_spot', instrument(BTC))).toBe('1.233');
    expect(
      closableAmount(
        { amount: d('0.001'), fees: { BTC: d('0.001') } } as never,
        'binance_spot',
        instrument(BTC),
      ),
    ).toBe('0');
  });
});
