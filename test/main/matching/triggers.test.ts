import { describe, expect, it } from 'vitest';
import { codeOf, d, done, ladder, only, opened, order, PERP, quote, T0 } from './desk';

const P = PERP.symbol;

/** Long 1 from 101, last price 100. */
const long = () => {
  const m = opened(PERP);
  m.place(order(PERP, { amount: '1' }), T0);
  m.marketTrade(P, 'buy', d('100'), d('1'), T0);
  return m;
};
const trade = (m: ReturnType<typeof opened>, price: string) => {
  const value = Number(price);
  quote(m, P, (value - 0.5).toFixed(2), (value + 0.5).toFixed(2));
  return m.marketTrade(P, 'buy', d(price), d('0.001'), T0);
};
const statuses = (events: ReturnType<typeof trade>) =>
  only(events, 'order').map((event) => event.order.status);

describe('conditional orders', () => {
  it.each([
    ['stop-market', 'sell', '95', '95.01', '95'],
    ['stop-market', 'buy', '105', '104.99', '105'],
    ['take-profit-market', 'sell', '105', '104.99', '105'],
    ['take-profit-market', 'buy', '95', '95.01', '95'],
  ] as const)('fires a %s %s at %s, not at %s', (type, side, triggerPrice, before, at) => {
    const m = long();
    const placed = done(m.place(order(PERP, { type, side, triggerPrice }), T0)).value;
    expect(placed.status).toBe('waiting');
    expect(statuses(trade(m, before))).toEqual([]);
    const events = trade(m, at);
    expect(statuses(events)).toEqual(['triggered', 'new']);
    const [triggered, child] = only(events, 'order').map((event) => event.order);
    expect(triggered?.childOrderId).toBe(child?.orderId);
    expect(child).toMatchObject({ type: 'market', clientOrderId: placed.clientOrderId });
    const [fill] = only(events, 'fill');
    expect(fill?.fill.orderId).toBe(child?.orderId);
    expect(fill?.order.status).toBe('filled');
  });

  it.each([
    ['stop-market', 'sell', '100'],
    ['stop-market', 'buy', '100'],
    ['take-profit-market', 'sell', '99'],
    ['take-profit-market', 'buy', '101'],
  ] as const)('refuses a %s %s at %s, which the last price 100 is past', (type, side, triggerPrice) => {
    expect(codeOf(long().place(order(PERP, { type, side, triggerPrice }), T0))).toBe('would-trigger-at-once');
  });

  it('listens to the mark only when told so', () => {
    const m = long();
    m.mark(P, d('100'), T0);
    const stop = { type: 'stop-market', side: 'sell', triggerPrice: '95', reduceOnly: true } as const;
    m.place(order(PERP, { ...stop }), T0);
    m.place(order(PERP, { ...stop, triggerBy: 'mark' }), T0);
    expect(statuses(trade(m, '94'))).toEqual(['triggered', 'new']);
    expect(m.openOrders('ann')).toHaveLength(1);
    m.place(order(PERP, { amount: '1' }), T0);
    expect(statuses(m.mark(P, d('94'), T0))).toEqual(['triggered', 'new']);
  });

  it('finds the conditional order and its market order under one client id', () => {
    const m = long();
    const { clientOrderId } = done(
      m.place(order(PERP, { type: 'stop-market', side: 'sell', triggerPrice: '95' }), T0),
    ).value;
    trade(m, '94');
    expect(m.order('ann', P, { clientOrderId })?.type).toBe('market');
    expect(m.order('ann', P, { clientOrderId }, 'plain')?.type).toBe('market');
    expect(m.order('ann', P, { clientOrderId }, 'conditional')).toMatchObject({ status: 'triggered' });
  });

  it('does not lose a stop to a gap in the book', () => {
    const m = long();
    m.place(order(PERP, { type: 'stop-market', side: 'sell', triggerPrice: '95', reduceOnly: true }), T0);
    const gap = m.marketTrade(P, 'sell', d('90'), d('1'), T0);
    expect(statuses(gap)).toEqual([]);
    expect(m.openOrders('ann')[0]?.status).toBe('waiting');
    expect(statuses(m.marketQuotes(P, ladder(['89', '3']), [], T0))).toEqual(['triggered', 'new']);
    expect(m.account('ann').positions[0]?.amount).toBe('0');
  });

  it('sees a price that lasted for one trade only', () => {
    const m = long();
    m.place(order(PERP, { account: 'bob', price: '99.5', amount: '1' }), T0);
    m.place(order(PERP, { type: 'stop-market', side: 'sell', triggerPrice: '99.6', reduceOnly: true }), T0);
    const events = m.marketTrade(P, 'sell', d('99.5'), d('0.5'), T0);
    expect(statuses(events)).toEqual(['triggered', 'new']);
  });
});

describe('trailing stop', () => {
  it('follows the best price since activation and fires one callback behind it', () => {
    const m = long();
    const trail = order(PERP, {
      type: 'trailing-stop',
      side: 'sell',
      triggerPrice: '104',
      callbackPercent: '1',
      reduceOnly: true,
    });
    m.place(trail, T0);
    for (const price of ['103.99', '102', '104', '110', '108.91'])
      expect(statuses(trade(m, price))).toEqual([]);
    expect(statuses(trade(m, '108.9'))).toEqual(['triggered', 'new']);
  });

  it('works downwards for a short', () => {
    const m = long();
    m.place(
      order(PERP, { type: 'trailing-stop', side: 'buy', triggerPrice: '96', callbackPercent: '2.5' }),
      T0,
    );
    for (const price of ['97', '96', '90', '92.24']) expect(statuses(trade(m, price))).toEqual([]);
    expect(statuses(trade(m, '92.25'))).toEqual(['triggered', 'new']);
  });

  it('is active at once without an activation price', () => {
    const m = long();
    m.place(order(PERP, { type: 'trailing-stop', side: 'sell', callbackPercent: '1', reduceOnly: true }), T0);
    expect(statuses(trade(m, '99.01'))).toEqual([]);
    expect(statuses(trade(m, '99'))).toEqual(['triggered', 'new']);
  });

  it('refuses an activation price the market has passed', () => {
    const trail = order(PERP, {
      type: 'trailing-stop',
      side: 'sell',
      triggerPrice: '100',
      callbackPercent: '1',
    });
    expect(codeOf(long().place(trail, T0))).toBe('would-trigger-at-once');
  });
});
