import { describe, expect, it } from 'vitest';
import type { ClientOrderId } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import { fill, note, order } from './records';
import { at, open } from './world';

const page = { offset: 0, limit: 10 };

describe('searching the history', () => {
  const filled = () => {
    const store = open();
    for (let n = 1; n <= 25; n += 1) {
      store.record(
        [
          {
            kind: 'fill_applied',
            fill: fill(`t${n}`, {
              venueTime: (n * 100) as never,
              symbol: (n % 5 === 0 ? 'ETH/USDT:USDT' : 'BTC/USDT:USDT') as Symbol,
              clientOrderId: `wd_${n}%x` as ClientOrderId,
            }),
            positionId: null,
          },
        ],
        at(n * 100),
      );
    }
    return store;
  };

  it('shows fills newest first, a page at a time, with the total', () => {
    const store = filled();
    const first = store.searchFills(page);
    expect([first.total, first.rows.length, first.rows[0]?.tradeId]).toEqual([25, 10, 't25']);
    const last = store.searchFills({ offset: 20, limit: 10 });
    expect(last.rows.map((one) => one.tradeId)).toEqual(['t5', 't4', 't3', 't2', 't1']);
    expect(store.searchFills({ offset: 99, limit: 10 })).toEqual({ total: 25, rows: [] });
  });

  it('finds by symbol without regard to case, and by order id', () => {
    const store = filled();
    expect(store.searchFills({ ...page, text: ' eth/ ' }).total).toBe(5);
    expect(store.searchFills({ ...page, text: 'wd_7%' }).rows.map((one) => one.tradeId)).toEqual(['t7']);
    expect(store.searchFills({ ...page, text: 'binance' }).total).toBe(25);
    expect(store.searchFills({ ...page, text: 'no such' })).toEqual({ total: 0, rows: [] });
  });

  it('takes % and _ as themselves, and quotes as nothing special', () => {
    const store = filled();
    expect(store.searchFills({ ...page, text: '%' }).total).toBe(25);
    expect(store.searchFills({ ...page, text: '%%' }).total).toBe(0);
    expect(store.searchFills({ ...page, text: 'w_1' }).total).toBe(0);
    expect(store.searchFills({ ...page, text: "' OR 1=1 --" }).total).toBe(0);
  });

  it('filters by time, both ends included', () => {
    const store = filled();
    const some = store.searchFills({ ...page, from: 300 as never, to: 500 as never });
    expect(some.rows.map((one) => one.tradeId)).toEqual(['t5', 't4', 't3']);
  });

  it('finds orders by status, and events by type, severity and text', () => {
    const store = open();
    store.record(
      [
        { kind: 'order_changed', order: order('a', { status: 'unknown' }), fact: 'reply-lost', why: '' },
        { kind: 'order_changed', order: order('b', { status: 'filled' }), fact: 'filled', why: '' },
        note('gap of 3 s', { severity: 'critical', type: 'clock_gap' }),
        { kind: 'halt_changed', halted: true, cause: 'clock' },
      ],
      at(5),
    );
    expect(
      store.searchOrders({ ...page, text: 'unknown' }).rows.map((one) => one.request.clientOrderId),
    ).toEqual(['a']);
    expect(store.searchEvents(page).rows.map((row) => row.seq)).toEqual([4, 3, 2, 1]);
    expect(store.searchEvents({ ...page, type: 'clock_gap' }).rows[0]?.record).toMatchObject({
      text: 'gap of 3 s',
    });
    expect(store.searchEvents({ ...page, severity: 'critical' }).total).toBe(2);
    expect(store.searchEvents({ ...page, severity: 'critical', text: 'gap' }).total).toBe(1);
    expect(store.searchEvents({ ...page, from: 6 as never }).total).toBe(0);
  });
});
