import { describe, expect, it } from 'vitest';
import { type Decimal, unixMs } from '#shared/domain/basics';
import { ReasonCode } from '#shared/domain/decision';
import { cardsOf } from '../../src/renderer/panels/approvals/cards';
import { marksOf } from '../../src/renderer/panels/chart/marks';
import { spanOf } from '../../src/renderer/panels/ledger/days';
import { followUp } from '../../src/renderer/panels/signals/follow-up';
import { REASON_NAMES } from '../../src/renderer/ui/reason-names.en';
import { reasonText } from '../../src/renderer/ui/reasons.en';
import { decisions, journal } from './fake-rows';

const DAY = 86_400_000;

describe('the dates of the ledger filter', () => {
  it('mean whole days, both ends included', () => {
    const day = Date.UTC(2022, 0, 31);
    expect(spanOf('2022-01-31', '2022-01-31', 'utc')).toEqual({ from: day, to: day + DAY - 1 });
  });

  it('leave an end open when its box is empty or broken', () => {
    expect(spanOf('', '', 'local')).toEqual({ from: null, to: null });
    expect(spanOf('31.01.2022', 'soon', 'utc')).toEqual({ from: null, to: null });
  });

  it('follow the zone of the screen', () => {
    const { from, to } = spanOf('2022-03-27', '2022-03-27', 'local');
    expect(from).toBe(new Date(2022, 2, 27).getTime());
    expect(to).toBe(new Date(2022, 2, 28).getTime() - 1);
  });
});

describe('the story of a decision', () => {
  it('has a short name and a sentence for every reason', () => {
    for (const reason of ReasonCode.options) {
      expect(REASON_NAMES[reason].length, reason).toBeGreaterThan(2);
      expect(reasonText({ reason, checks: [] }), reason).toMatch(/[.]$/);
    }
    const names = Object.values(REASON_NAMES);
    expect(new Set(names).size).toBe(names.length);
  });

  it('keeps the last image of each order, in the order they were written', () => {
    const { orders, fills, position } = followUp(journal.slice(0, 60));
    const ids = orders.map((row) => row.request.clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(fills.length).toBeGreaterThan(0);
    expect(position).not.toBeNull();
    const order = journal.find((row) => row.record.kind === 'order_changed')!;
    if (order.record.kind !== 'order_changed') throw new Error('not an order');
    const later = {
      ...order,
      seq: order.seq + 1,
      record: { ...order.record, order: { ...order.record.order, status: 'expired' as const } },
    };
    expect(followUp([later, order]).orders.map((row) => row.status)).toEqual(['expired']);
  });

  it('is empty when nothing was ordered', () => {
    expect(followUp([])).toEqual({ orders: [], fills: [], position: null });
  });
});

describe('approval cards', () => {
  const waiting = (id: number, expiresAt: number) => ({
    ...decisions[0]!,
    signal: { ...decisions[0]!.signal, id: id as (typeof decisions)[number]['signal']['id'] },
    fate: 'awaiting' as const,
    approval: {
      sizeBase: '1' as Decimal,
      sizeUsd: '200' as Decimal,
      stopPrice: '1' as Decimal,
      riskUsd: '7' as Decimal,
      expiresAt: unixMs(expiresAt),
    },
  });

  it('are the signals that wait, soonest to expire first', () => {
    const cards = cardsOf([...decisions, waiting(2, 50), waiting(1, 90), waiting(3, 50)]);
    expect(cards.map((row) => row.signal.id)).toEqual([2, 3, 1]);
  });

  it('belong to signals that the chart does not mark as refused', () => {
    const card = waiting(9, 50);
    const market = { exchange: 'binance', venue: 'binance_future', symbol: card.signal.symbol };
    expect(marksOf([card], [], market, '1m').map((mark) => mark.kind)).toEqual(['buy-signal']);
    const refused = { ...card, fate: 'refused' as const, reason: 'not_approved' as const };
    expect(marksOf([refused], [], market, '1m').map((mark) => mark.kind)).toEqual(['refused']);
  });
});
