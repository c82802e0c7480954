import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CandleVenue, createCandleVenue } from '#main/backtest/candle-venue';
import type { AccountFact } from '#main/engine/index';
import { type ClientOrderId, type Decimal, type OrderSide, unixMs } from '#shared/domain/basics';
import { add, mul, neg, sub, sum, ZERO } from '#shared/domain/decimal';
import type { Fill, OrderRequest } from '#shared/domain/order';
import { BTC, instrument, symbolOf, W0 } from './market';

const d = (text: string): Decimal => text as Decimal;

function open(): {
  readonly venue: CandleVenue;
  readonly facts: AccountFact[];
  readonly fills: () => Fill[];
} {
  const facts: AccountFact[] = [];
  const venue = createCandleVenue({
    key: 'binance_future',
    instruments: [instrument(BTC)],
    startBalance: d('10000'),
    takerFee: d('0.0005'),
    now: () => unixMs(W0),
    priceNow: () => null,
    tell: (fact) => void facts.push(fact),
  });
  return { venue, facts, fills: () => facts.flatMap((fact) => (fact.type === 'fill' ? [fact.fill] : [])) };
}

let made = 0;
const order = (side: OrderSide, amount: string, trigger: string | null = null): OrderRequest => ({
  clientOrderId: `t${made++}` as ClientOrderId,
  venue: 'binance_future',
  symbol: BTC,
  side,
  type: trigger === null ? 'market' : 'stop-market',
  amount: d(amount),
  price: null,
  triggerPrice: trigger === null ? null : d(trigger),
  timeInForce: null,
  reduceOnly: trigger !== null,
  closePosition: false,
});

describe('the exchange made of candles', () => {
  it('fills a market order whole at the price shown and takes the fee', async () => {
    const { venue, fills } = open();
    venue.show(BTC, 10_000);
    expect(await venue.trading!.place(order('buy', '2'))).toMatchObject({
      kind: 'accepted',
      status: 'filled',
    });
    expect(fills()).toMatchObject([{ price: '100', amount: '2', fee: { cost: '0.1', currency: 'USDT' } }]);
    expect(venue.holds(BTC)).toBe(true);
    expect(venue.equity()).toBe('9999.9');
  });

  it('fires a stop at the first price that reaches it, under the order id it was placed with', async () => {
    const { venue, fills } = open();
    venue.show(BTC, 10_000);
    await venue.trading!.place(order('buy', '2'));
    const stop = order('sell', '2', '96');
    await venue.trading!.place(stop);
    expect(venue.triggers(BTC)).toEqual([9_600]);
    venue.show(BTC, 9_601);
    expect(fills()).toHaveLength(1);
    venue.show(BTC, 9_500);
    expect(fills()[1]).toMatchObject({ clientOrderId: stop.clientOrderId, price: '95', side: 'sell' });
    expect(venue.triggers(BTC)).toEqual([]);
    expect(venue.holds(BTC)).toBe(false);
    expect(await venue.trading!.find(stop)).toMatchObject({ kind: 'found', order: { status: 'filled' } });
  });

  it('refuses a stop on the wrong side of the price', async () => {
    const { venue } = open();
    venue.show(BTC, 10_000);
    await venue.trading!.place(order('buy', '2'));
    const outcome = await venue.trading!.place(order('sell', '2', '100.5'));
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'would-trigger-at-once' });
  });

  it('refuses what has no price or no rules here', async () => {
    const { venue } = open();
    expect(await venue.trading!.place(order('buy', '2'))).toMatchObject({ kind: 'rejected' });
    const stranger = { ...order('buy', '2'), symbol: symbolOf('GONE') };
    expect(await venue.trading!.place(stranger)).toMatchObject({ kind: 'rejected' });
  });

  it('cancels a stop once and lists what stands', async () => {
    const { venue } = open();
    venue.show(BTC, 10_000);
    await venue.trading!.place(order('buy', '2'));
    const stop = order('sell', '2', '96');
    await venue.trading!.place(stop);
    expect(await venue.trading!.openOrders()).toMatchObject([
      { clientOrderId: stop.clientOrderId, triggerPrice: '96', side: 'sell', reduceOnly: true },
    ]);
    expect(await venue.trading!.cancel(stop)).toEqual({ kind: 'cancelled' });
    expect(await venue.trading!.cancel(stop)).toMatchObject({ kind: 'not-open' });
    expect(await venue.trading!.openOrders()).toEqual([]);
  });

  it('is worth what was deposited, plus what its fills brought, less their fees', async () => {
    const deal = fc.tuple(
      fc.constantFrom<OrderSide>('buy', 'sell'),
      fc.integer({ min: 1, max: 9_000 }),
      fc.integer({ min: 9_000, max: 11_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(deal, { minLength: 1, maxLength: 12 }), async (deals) => {
        const { venue, fills } = open();
        for (const [side, thousandths, ticks] of deals) {
          venue.show(BTC, ticks);
          await venue.trading!.place(order(side, (thousandths / 1_000).toFixed(3)));
        }
        const last = venue.grid(BTC)!.text(venue.shown(BTC)!);
        let held: Decimal = ZERO;
        let cash: Decimal = venue.deposited;
        for (const { side, price, amount, fee } of fills()) {
          const signed = side === 'buy' ? amount : neg(amount);
          held = add(held, signed);
          cash = sub(sub(cash, mul(price, signed)), fee!.cost);
        }
        const worth = Number(sum([cash, mul(held, last)]));
        expect(Number(venue.equity())).toBeCloseTo(worth, 6);
      }),
    );
  });
});
