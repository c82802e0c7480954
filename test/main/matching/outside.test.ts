import { describe, expect, it } from 'vitest';
import { d, done, ladder, only, opened, order, quote, SPOT, T0 } from './desk';

const S = SPOT.symbol;
const sell = (m: ReturnType<typeof opened>, price: string, amount: string) =>
  done(m.place(order(SPOT, { side: 'sell', price, amount }), T0)).value;

describe('the outside market', () => {
  it('fills a crossed order at its own price, as maker, before the new quotes rest', () => {
    const m = opened(SPOT);
    sell(m, '100', '2');
    const events = m.marketQuotes(S, ladder(['100.5', '3'], ['100.2', '1']), ladder(['102', '1']), T0);
    expect(only(events, 'fill').map(({ fill }) => [fill.price, fill.amount, fill.maker])).toEqual([
      ['100', '2', true],
    ]);
    expect(m.book(S, 5)).toEqual({
      bids: [
        ['100.5', '1'],
        ['100.2', '1'],
      ],
      asks: [['102', '1']],
    });
  });

  it('never leaves a crossed book when the order is bigger than the quotes that cross it', () => {
    const m = opened(SPOT);
    sell(m, '100', '9');
    m.marketQuotes(S, ladder(['101', '3'], ['100', '1'], ['99', '1']), ladder(['102', '1']), T0);
    expect(m.book(S, 5)).toEqual({
      bids: [['99', '1']],
      asks: [
        ['100', '5'],
        ['102', '1'],
      ],
    });
  });

  it('tells each changed level once, with its final amount', () => {
    const m = opened(SPOT);
    sell(m, '101', '1');
    const events = m.marketQuotes(S, ladder(['99', '5'], ['98', '1']), ladder(['101', '2']), T0);
    expect(only(events, 'level').map(({ side, price, amount }) => [side, price, amount])).toEqual([
      ['bid', '98', '1'],
      ['ask', '101', '3'],
    ]);
  });

  it('is silent when nothing changed', () => {
    const m = opened(SPOT);
    expect(quote(m, S, '99', '101')).toEqual([]);
  });

  it('makes a trade wait its turn at its own price and clears better ones', () => {
    const m = opened(SPOT);
    const queued = sell(m, '101', '2');
    const better = sell(m, '100', '1');
    // 5 stood at 101 before the order came.
    const first = m.marketTrade(S, 'buy', d('101'), d('5'), T0);
    expect(only(first, 'fill').map(({ fill }) => [fill.orderId, fill.amount])).toEqual([
      [better.orderId, '1'],
    ]);
    expect(only(first, 'trade').map(({ price, amount }) => [price, amount])).toEqual([
      ['100', '1'],
      ['101', '5'],
    ]);
    const second = m.marketTrade(S, 'buy', d('101'), d('0.5'), T0);
    expect(only(second, 'fill').map(({ fill }) => [fill.orderId, fill.amount])).toEqual([
      [queued.orderId, '0.5'],
    ]);
    const through = m.marketTrade(S, 'buy', d('101.01'), d('0.001'), T0);
    expect(only(through, 'fill').map(({ fill }) => fill.amount)).toEqual(['1.5']);
    expect(m.book(S, 5).asks).toEqual([]);
  });

  it('keeps its place in the queue at a price it quotes again, and loses it after a pause', () => {
    const m = opened(SPOT);
    const queued = sell(m, '101', '2');
    quote(m, S, '99', '101');
    expect(only(m.marketTrade(S, 'buy', d('101'), d('5'), T0), 'fill')).toEqual([]);
    // Its level was eaten up: what it quotes now is younger than the order.
    quote(m, S, '99', '101');
    const fills = only(m.marketTrade(S, 'buy', d('101'), d('1'), T0), 'fill');
    expect(fills.map(({ fill }) => fill.orderId)).toEqual([queued.orderId]);
  });

  it('numbers trades one by one', () => {
    const m = opened(SPOT);
    const ids = [1, 2, 3].flatMap(() => only(m.marketTrade(S, 'sell', d('99'), d('1'), T0), 'trade'));
    expect(ids.map(({ tradeId }) => tradeId)).toEqual([1, 2, 3]);
  });

  it('accepts quotes in any order and refuses crossed, off-tick and doubled ones loudly', () => {
    const m = opened(SPOT);
    m.marketQuotes(S, ladder(['98', '1'], ['99', '1']), [], T0);
    expect(m.book(S, 1).bids).toEqual([['99', '1']]);
    expect(() => m.marketQuotes(S, ladder(['101', '1']), ladder(['101', '1']), T0)).toThrow(/crossed/);
    expect(() => m.marketQuotes(S, ladder(['101.001', '1']), [], T0)).toThrow(/off tick/);
    expect(() => m.marketQuotes(S, ladder(['99', '1'], ['98', '1'], ['99', '1']), [], T0)).toThrow(/twice/);
    expect(() => m.marketTrade(S, 'buy', d('0'), d('1'), T0)).toThrow(RangeError);
  });
});
