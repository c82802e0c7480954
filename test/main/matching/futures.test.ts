import { describe, expect, it } from 'vitest';
import { codeOf, d, done, ETH_PERP, ladder, only, opened, order, PERP, quote, T0 } from './desk';

const P = PERP.symbol;
const position = (m: ReturnType<typeof opened>, symbol = P, account = 'ann') =>
  m.account(account).positions.find((entry) => entry.symbol === symbol);
const wallet = (m: ReturnType<typeof opened>, account = 'ann') => {
  const { free, locked } = m.account(account).balances.USDT ?? { free: d('0'), locked: d('0') };
  return { free, locked };
};

describe('futures positions', () => {
  it('opens with initial margin by leverage and the fee in quote', () => {
    const m = opened(PERP);
    const { events } = done(m.place(order(PERP, { amount: '2' }), T0));
    expect(only(events, 'fill')[0]?.fill).toMatchObject({ fee: '0.101', feeAsset: 'USDT', realised: '0' });
    expect(wallet(m)).toEqual({ free: '9989.799', locked: '10.1' });
    expect(position(m)).toMatchObject({ amount: '2', entryPrice: '101', leverage: 20, margin: '10.1' });
    expect(only(events, 'position')).toHaveLength(1);
    expect(only(events, 'balance').at(-1)).toMatchObject({ free: '9989.799', locked: '10.1' });
  });

  it('averages the entry on increases and realises profit on reductions', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    quote(m, P, '107', '109');
    m.place(order(PERP, { amount: '3' }), T0);
    expect(position(m)).toMatchObject({ amount: '4', entryPrice: '107' });
    quote(m, P, '110', '112');
    const { events } = done(m.place(order(PERP, { side: 'sell', amount: '1' }), T0));
    expect(only(events, 'fill')[0]?.fill.realised).toBe('3');
    expect(position(m)).toMatchObject({ amount: '3', entryPrice: '107', realised: '3' });
  });

  it('flips through zero: the old side is realised, the rest opens at the new price', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    const { events } = done(m.place(order(PERP, { side: 'sell', amount: '3' }), T0));
    expect(only(events, 'fill')[0]?.fill.realised).toBe('-2');
    expect(position(m)).toMatchObject({ amount: '-2', entryPrice: '99', realised: '-2' });
  });

  it('refuses what the margin does not cover, counting resting orders', () => {
    const m = opened(PERP);
    m.setLeverage('ann', P, 1);
    expect(codeOf(m.place(order(PERP, { amount: '60', price: '99' }), T0))).toBe('taken');
    expect(wallet(m)).toEqual({ free: '4060', locked: '5940' });
    expect(codeOf(m.place(order(PERP, { amount: '60', price: '98' }), T0))).toBe('insufficient-margin');
    // A sell of the same size cannot add to the worst case.
    expect(codeOf(m.place(order(PERP, { side: 'sell', amount: '50', price: '110' }), T0))).toBe('taken');
    expect(wallet(m).locked).toBe('5940');
  });

  it('never refuses an order that takes on no more risk, however poor the account', () => {
    const m = opened(PERP);
    m.marketQuotes(P, ladder(['99', '5000']), ladder(['101', '5000']), T0);
    m.place(order(PERP, { amount: '900' }), T0);
    m.mark(P, d('93'), T0);
    expect(codeOf(m.place(order(PERP, { amount: '1' }), T0))).toBe('insufficient-margin');
    expect(codeOf(m.place(order(PERP, { side: 'sell', amount: '900', price: '110' }), T0))).toBe('taken');
    expect(codeOf(m.place(order(PERP, { side: 'sell', amount: '400' }), T0))).toBe('taken');
  });

  it('asks no margin and no minimum value of reduce-only orders', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    m.place(order(PERP, { side: 'sell', amount: '500', price: '110', reduceOnly: true }), T0);
    expect(wallet(m).locked).toBe('5.05');
    const dust = order(PERP, { side: 'sell', amount: '0.001' });
    expect(codeOf(m.place(dust, T0))).toBe('notional-too-small');
    expect(codeOf(m.place({ ...dust, reduceOnly: true }, T0))).toBe('taken');
  });

  it('takes leverage within bounds and refuses one the position cannot carry', () => {
    const m = opened(PERP);
    expect(codeOf(m.setLeverage('ann', P, 0))).toBe('bad-leverage');
    expect(codeOf(m.setLeverage('ann', P, 101))).toBe('bad-leverage');
    expect(codeOf(m.setLeverage('ann', P, 2.5))).toBe('bad-leverage');
    m.marketQuotes(P, ladder(['99', '500']), ladder(['101', '500']), T0);
    m.place(order(PERP, { amount: '400' }), T0);
    expect(codeOf(m.setLeverage('ann', P, 1))).toBe('insufficient-margin');
    expect(position(m)?.leverage).toBe(20);
    expect(done(m.setLeverage('ann', P, 100)).value).toBe(100);
    expect(wallet(m).locked).toBe('404');
  });

  it('lets longs pay funding to shorts and rounds against the account', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '2' }), T0);
    m.place(order(PERP, { account: 'bob', side: 'sell', amount: '1' }), T0);
    m.mark(P, d('100'), T0);
    const events = only(m.funding(P, d('0.0001'), T0), 'funding');
    expect(events.map(({ account, amount }) => [account, amount])).toEqual([
      ['ann', '-0.02'],
      ['bob', '0.01'],
    ]);
  });
});

describe('reduce-only and close-position', () => {
  it('refuses a plain reduce-only order that would not reduce', () => {
    const m = opened(PERP);
    expect(codeOf(m.place(order(PERP, { reduceOnly: true }), T0))).toBe('reduce-only-rejected');
    m.place(order(PERP), T0);
    expect(codeOf(m.place(order(PERP, { reduceOnly: true }), T0))).toBe('reduce-only-rejected');
    expect(codeOf(m.place(order(PERP, { reduceOnly: true, side: 'sell' }), T0))).toBe('taken');
  });

  it('cuts an order to the position, however small the rest is', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    const { value } = done(m.place(order(PERP, { side: 'sell', amount: '4', reduceOnly: true }), T0));
    expect(value).toMatchObject({ status: 'filled', amount: '1', filled: '1' });
    expect(position(m)?.amount).toBe('0');
    expect(wallet(m).locked).toBe('0');
  });

  it('keeps the amount of a resting order, so that it also closes what is added later', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    const exit = order(PERP, { side: 'sell', amount: '4', price: '105', reduceOnly: true });
    expect(done(m.place(exit, T0)).value.amount).toBe('4');
    m.place(order(PERP, { amount: '2' }), T0);
    const events = m.marketTrade(P, 'buy', d('106'), d('10'), T0);
    expect(only(events, 'fill').map(({ fill }) => fill.amount)).toEqual(['3']);
    expect(position(m)?.amount).toBe('0');
  });

  it.each([
    ['one order bigger than the position', ['3']],
    ['several orders that share the position', ['1', '1', '1']],
  ])('does not promise a FOK taker what reduce-only makers cannot give: %s', (_name, amounts) => {
    const m = opened(PERP);
    m.place(order(PERP, { account: 'bob', amount: '1' }), T0);
    for (const amount of amounts)
      m.place(order(PERP, { account: 'bob', side: 'sell', amount, price: '100', reduceOnly: true }), T0);
    const killed = done(m.place(order(PERP, { amount: '3', price: '100', timeInForce: 'fok' }), T0));
    expect(killed.value).toMatchObject({ status: 'expired', filled: '0' });
    const taken = done(m.place(order(PERP, { amount: '3', price: '101', timeInForce: 'fok' }), T0));
    expect(only(taken.events, 'trade').map(({ price, amount }) => [price, amount])).toEqual([
      ['100', '1'],
      ['101', '2'],
    ]);
  });

  it('expires a limit order that has reduced all there was while taking', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    const { value } = done(
      m.place(order(PERP, { side: 'sell', amount: '4', price: '98', reduceOnly: true }), T0),
    );
    expect(value).toMatchObject({ status: 'expired', filled: '1', expireReason: 'nothing-to-reduce' });
    expect(m.book(P, 5).asks).toEqual([['101', '4']]);
  });

  it('cuts a resting order at the moment it fills and expires it when nothing is left', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '3' }), T0);
    const exit = done(
      m.place(order(PERP, { side: 'sell', amount: '3', price: '105', reduceOnly: true }), T0),
    ).value;
    m.place(order(PERP, { side: 'sell', amount: '2' }), T0);
    const events = m.marketTrade(P, 'buy', d('106'), d('10'), T0);
    expect(only(events, 'fill').map(({ fill }) => fill.amount)).toEqual(['1']);
    expect(m.order('ann', P, { orderId: exit.orderId })).toMatchObject({
      status: 'expired',
      filled: '1',
      expireReason: 'nothing-to-reduce',
    });
    expect(position(m)?.amount).toBe('0');
  });

  it('keeps a waiting reduce-only stop when the position closes, and ends a close-position one', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    const stop = { side: 'sell', type: 'stop-market', triggerPrice: '90' } as const;
    const plain = done(m.place(order(PERP, { ...stop, amount: '1', reduceOnly: true }), T0)).value;
    const close = done(m.place(order(PERP, { ...stop, amount: null, closePosition: true }), T0)).value;
    m.place(order(PERP, { side: 'sell', amount: '1' }), T0);
    expect(m.order('ann', P, { orderId: plain.orderId })?.status).toBe('waiting');
    expect(m.order('ann', P, { orderId: close.orderId })).toMatchObject({
      status: 'expired',
      expireReason: 'position-closed',
    });
    quote(m, P, '89', '91');
    const fired = only(m.marketTrade(P, 'buy', d('90'), d('1'), T0), 'order');
    expect(fired.map(({ order: view }) => [view.status, view.expireReason])).toEqual([
      ['expired', 'reduce-only-rejected'],
    ]);
  });

  it('refuses to watch over a position that is not there', () => {
    const m = opened(PERP);
    const watch = order(PERP, {
      side: 'sell',
      type: 'stop-market',
      triggerPrice: '90',
      amount: null,
      closePosition: true,
    });
    expect(codeOf(m.place(watch, T0))).toBe('reduce-only-rejected');
  });

  it('closes all of the position, also what was added after the stop was placed', () => {
    const m = opened(PERP);
    m.place(order(PERP, { amount: '1' }), T0);
    m.place(
      order(PERP, {
        side: 'sell',
        type: 'stop-market',
        triggerPrice: '98',
        amount: null,
        closePosition: true,
      }),
      T0,
    );
    m.place(order(PERP, { amount: '1' }), T0);
    const events = m.marketQuotes(P, ladder(['97', '5']), ladder(['98', '5']), T0);
    expect(only(events, 'fill')).toEqual([]);
    const fired = m.marketTrade(P, 'buy', d('98'), d('1'), T0);
    expect(only(fired, 'fill').map(({ fill }) => [fill.price, fill.amount])).toEqual([['97', '2']]);
    expect(position(m)?.amount).toBe('0');
  });
});

describe('liquidation', () => {
  const risky = () => {
    const m = opened(PERP);
    m.marketQuotes(P, ladder(['99', '5000']), ladder(['101', '5000']), T0);
    m.setLeverage('ann', P, 50);
    m.place(order(PERP, { amount: '900' }), T0);
    m.place(order(PERP, { amount: '10', price: '80' }), T0);
    m.place(
      order(PERP, { side: 'sell', type: 'stop-market', triggerPrice: '50', amount: '1', reduceOnly: true }),
      T0,
    );
    return m;
  };

  it('happens exactly when the mark passes the announced price', () => {
    const m = risky();
    m.mark(P, d('100'), T0);
    const at = position(m)?.liquidationPrice;
    expect(at).toBe('90.39');
    expect(only(m.mark(P, d('90.4'), T0), 'liquidation')).toEqual([]);
    expect(only(m.mark(P, d('90.38'), T0), 'liquidation')).toHaveLength(1);
  });

  it('closes the position with an order of its own and cancels the rest of the symbol', () => {
    const m = risky();
    m.marketQuotes(P, ladder(['90', '400']), ladder(['91', '5']), T0);
    const events = m.mark(P, d('90.2'), T0);
    expect(events[0]).toEqual({ type: 'liquidation', account: 'ann', symbol: P });
    expect(only(events, 'order').map(({ order: view }) => view.status)).toEqual([
      'cancelled',
      'cancelled',
      'new',
    ]);
    const fills = only(events, 'fill').map(({ fill }) => [
      fill.clientOrderId.slice(0, 10),
      fill.price,
      fill.amount,
    ]);
    expect(fills).toEqual([
      ['autoclose-', '90', '400'],
      ['autoclose-', '90', '500'],
    ]);
    expect(position(m)?.amount).toBe('0');
    expect(m.openOrders('ann')).toEqual([]);
  });

  it('lets the insurance fund pay what a gap costs beyond the wallet', () => {
    const m = risky();
    m.marketQuotes(P, [], ladder(['101', '5']), T0);
    m.mark(P, d('60'), T0);
    expect(wallet(m)).toEqual({ free: '0', locked: '0' });
    expect(m.snapshot()).toMatchObject({ insurance: { USDT: '26972.45' } });
  });

  it('lets a protective stop act first', () => {
    const m = risky();
    m.place(
      order(PERP, {
        side: 'sell',
        type: 'stop-market',
        triggerPrice: '95',
        triggerBy: 'mark',
        amount: null,
        closePosition: true,
      }),
      T0,
    );
    const events = m.mark(P, d('90'), T0);
    expect(only(events, 'liquidation')).toEqual([]);
    expect(position(m)?.amount).toBe('0');
  });

  it('takes the worst position first and leaves a healthy rest alone', () => {
    const m = opened(PERP, ETH_PERP);
    for (const { symbol } of [PERP, ETH_PERP]) {
      m.marketQuotes(symbol, ladder(['99', '5000']), ladder(['101', '5000']), T0);
      m.setLeverage('ann', symbol, 100);
    }
    m.place(order(PERP, { amount: '600' }), T0);
    m.place(order(ETH_PERP, { amount: '10' }), T0);
    const events = m.mark(P, d('84.5'), T0);
    expect(only(events, 'liquidation').map(({ symbol }) => symbol)).toEqual([P]);
    expect(position(m, ETH_PERP.symbol)?.amount).toBe('10');
  });
});
