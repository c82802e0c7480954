import { describe, expect, it } from 'vitest';
import type { MatchEvent, MatchOrderView, MatchStatus } from '#main/matching/types';
import { createHistoryBook } from '#main/practice/core/account-history';
import { type Decimal, unixMs } from '#shared/domain/basics';

const NOW = unixMs(1_000);
const order = (orderId: number, status: MatchStatus, symbol = 'BTC/USDT'): MatchOrderView => ({
  account: 'a',
  clientOrderId: `c${orderId}`,
  symbol,
  side: 'buy',
  type: 'limit',
  amount: '1' as Decimal,
  price: '1' as Decimal,
  triggerPrice: null,
  timeInForce: 'gtc',
  reduceOnly: false,
  closePosition: false,
  orderId,
  status,
  filled: '0' as Decimal,
  filledQuote: '0' as Decimal,
  createdAt: NOW,
  updatedAt: NOW,
  expireReason: null,
  childOrderId: null,
});
const event = (view: MatchOrderView): MatchEvent => ({ type: 'order', order: view });

describe('account history', () => {
  it('keeps the newest image of each order in order of arrival, by symbol when asked', () => {
    const book = createHistoryBook(null);
    book.record([event(order(1, 'new')), event(order(2, 'new', 'ETH/USDT')), event(order(1, 'filled'))], NOW);
    expect(book.of('a').orders.map((item) => [item.orderId, item.status])).toEqual([
      [1, 'filled'],
      [2, 'new'],
    ]);
    expect(book.of('a', 'ETH/USDT').orders).toHaveLength(1);
    expect(book.of('nobody').orders).toEqual([]);
  });

  it('says whether events concern an account at all', () => {
    const book = createHistoryBook(null);
    const at = NOW;
    const [price, amount] = ['1' as Decimal, '1' as Decimal];
    const outside: MatchEvent[] = [
      { type: 'level', symbol: 'BTC/USDT', side: 'bid', price, amount },
      { type: 'trade', symbol: 'BTC/USDT', tradeId: 1, price, amount, aggressor: 'buy', at },
    ];
    expect(book.record(outside, NOW)).toBe(false);
    expect(book.record([event(order(1, 'new'))], NOW)).toBe(true);
  });

  it('forgets the oldest ended orders but never a live one, however old', () => {
    const book = createHistoryBook(null);
    book.record([event(order(1, 'waiting')), event(order(2, 'new'))], NOW);
    for (let id = 3; id < 2000; id++) book.record([event(order(id, 'cancelled'))], NOW);
    const ids = book.of('a').orders.map((item) => item.orderId);
    expect(ids.slice(0, 2)).toEqual([1, 2]);
    expect(ids).toHaveLength(500);
    expect(ids.at(-1)).toBe(1999);
  });

  it('comes back from its saved form', () => {
    const book = createHistoryBook(null);
    book.record([event(order(1, 'new')), event(order(2, 'filled'))], NOW);
    book.record(
      [
        {
          type: 'funding',
          account: 'a',
          symbol: 'BTC/USDT',
          amount: '-1' as Decimal,
          rate: '0.0001' as Decimal,
        },
      ],
      NOW,
    );
    const saved = JSON.parse(JSON.stringify(book.save())) as ReturnType<typeof book.save>;
    expect(createHistoryBook(saved).of('a')).toEqual(book.of('a'));
    expect(createHistoryBook(saved).save()).toEqual(book.save());
  });
});
