import { describe, expect, it } from 'vitest';
import { codeOf, d, done, ladder, only, opened, order, quote, SPOT, T0 } from './desk';

const S = SPOT.symbol;

describe('spot orders', () => {
  it('fills a market buy from the outside ladder and takes the fee in base', () => {
    const m = opened(SPOT);
    const { value, events } = done(m.place(order(SPOT, { amount: '2' }), T0));
    expect(value).toMatchObject({ status: 'filled', filled: '2', filledQuote: '202' });
    const [fill] = only(events, 'fill');
    expect(fill?.fill).toMatchObject({
      tradeId: 1,
      price: '101',
      amount: '2',
      fee: '0.002',
      feeAsset: 'BTC',
      maker: false,
    });
    expect(m.account('ann').balances).toEqual({
      USDT: { free: '9798', locked: '0' },
      BTC: { free: '11.998', locked: '0' },
    });
  });

  it('fills a market sell and takes the fee in quote', () => {
    const m = opened(SPOT);
    const { events } = done(m.place(order(SPOT, { side: 'sell', amount: '2' }), T0));
    expect(only(events, 'fill')[0]?.fill).toMatchObject({ fee: '0.198', feeAsset: 'USDT', realised: '0' });
    expect(m.account('ann').balances.USDT).toEqual({ free: '10197.802', locked: '0' });
  });

  it('spends a quote amount down to the last whole step and gives the rest back', () => {
    const m = opened(SPOT);
    const { value } = done(m.place(order(SPOT, { amount: null, quoteAmount: '100' }), T0));
    expect(value).toMatchObject({ status: 'filled', amount: null, filled: '0.99', filledQuote: '99.99' });
    expect(m.account('ann').balances.USDT).toEqual({ free: '9900.01', locked: '0' });
  });

  it('sells for no more than a quote amount', () => {
    const m = opened(SPOT);
    const { value } = done(m.place(order(SPOT, { side: 'sell', amount: null, quoteAmount: '100' }), T0));
    expect(value).toMatchObject({ status: 'filled', filled: '1.01', filledQuote: '99.99' });
    expect(m.account('ann').balances.BTC).toEqual({ free: '8.99', locked: '0' });
  });

  it('expires what a market order finds nobody for', () => {
    const m = opened(SPOT);
    const { value } = done(m.place(order(SPOT, { amount: '7' }), T0));
    expect(value).toMatchObject({ status: 'expired', filled: '5', expireReason: 'no-liquidity' });
    expect(codeOf(m.place(order(SPOT), T0))).toBe('no-liquidity');
    expect(m.account('ann').balances.USDT?.locked).toBe('0');
  });

  it('keeps a consumed ladder consumed until the next quotes', () => {
    const m = opened(SPOT);
    m.place(order(SPOT, { amount: '4' }), T0);
    expect(m.book(S, 5).asks).toEqual([['101', '1']]);
    quote(m, S, '99', '101');
    expect(m.book(S, 5).asks).toEqual([['101', '5']]);
  });

  it('rests a limit order, locks what it needs and gives it back on cancel', () => {
    const m = opened(SPOT);
    const { value, events } = done(m.place(order(SPOT, { amount: '3', price: '100' }), T0));
    expect(value.status).toBe('new');
    expect(only(events, 'level')).toEqual([
      { type: 'level', symbol: S, side: 'bid', price: '100', amount: '3' },
    ]);
    expect(m.account('ann').balances.USDT).toEqual({ free: '9700', locked: '300' });
    const cancelled = done(m.cancel('ann', S, { orderId: value.orderId }, T0));
    expect(cancelled.value.status).toBe('cancelled');
    expect(only(cancelled.events, 'level')[0]?.amount).toBe('0');
    expect(m.account('ann').balances.USDT).toEqual({ free: '10000', locked: '0' });
    expect(codeOf(m.cancel('ann', S, { orderId: value.orderId }, T0))).toBe('unknown-order');
  });

  it('gives a limit buy the better price and unlocks the difference', () => {
    const m = opened(SPOT);
    const { value } = done(m.place(order(SPOT, { amount: '6', price: '105' }), T0));
    expect(value).toMatchObject({ status: 'partially-filled', filled: '5', filledQuote: '505' });
    expect(m.account('ann').balances.USDT).toEqual({ free: '9390', locked: '105' });
  });

  it('serves better prices first and at one price the older order first', () => {
    const m = opened(SPOT);
    const late = done(m.place(order(SPOT, { side: 'sell', price: '100.5', amount: '1' }), T0)).value;
    const best = done(
      m.place(order(SPOT, { account: 'bob', side: 'sell', price: '100.4', amount: '1' }), T0),
    ).value;
    const later = done(
      m.place(order(SPOT, { account: 'bob', side: 'sell', price: '100.5', amount: '1' }), T0),
    ).value;
    m.openAccount('cat');
    m.deposit('cat', 'USDT', d('10000'), T0);
    const { events } = done(m.place(order(SPOT, { account: 'cat', amount: '2.5' }), T0));
    const makers = only(events, 'fill').filter(({ fill }) => fill.maker);
    expect(makers.map(({ fill }) => fill.orderId)).toEqual([best.orderId, late.orderId, later.orderId]);
    expect(only(events, 'trade').map(({ tradeId, price, amount }) => [tradeId, price, amount])).toEqual([
      [1, '100.4', '1'],
      [2, '100.5', '1'],
      [3, '100.5', '0.5'],
    ]);
  });

  it('expires the rest of an IOC and kills a FOK whole', () => {
    const m = opened(SPOT);
    const fok = done(m.place(order(SPOT, { amount: '6', price: '101', timeInForce: 'fok' }), T0));
    expect(fok.value).toMatchObject({ status: 'expired', filled: '0', expireReason: 'fok-not-filled' });
    const ioc = done(m.place(order(SPOT, { amount: '6', price: '101', timeInForce: 'ioc' }), T0));
    expect(ioc.value).toMatchObject({ status: 'expired', filled: '5', expireReason: 'ioc-not-filled' });
    expect(m.book(S, 5).bids).toEqual([['99', '5']]);
    quote(m, S, '99', '101');
    const whole = done(m.place(order(SPOT, { amount: '5', price: '101', timeInForce: 'fok' }), T0));
    expect(whole.value.status).toBe('filled');
  });

  it('refuses a post-only order that would take and rests one that would not', () => {
    const m = opened(SPOT);
    expect(codeOf(m.place(order(SPOT, { price: '101', timeInForce: 'post-only' }), T0))).toBe(
      'post-only-would-take',
    );
    expect(done(m.place(order(SPOT, { price: '100.99', timeInForce: 'post-only' }), T0)).value.status).toBe(
      'new',
    );
  });

  it('ends the resting order when an account would trade with itself', () => {
    const m = opened(SPOT);
    const own = done(m.place(order(SPOT, { side: 'sell', price: '100', amount: '1' }), T0)).value;
    const { value } = done(m.place(order(SPOT, { amount: '1' }), T0));
    expect(value.filledQuote).toBe('101');
    expect(m.order('ann', S, { orderId: own.orderId })).toMatchObject({
      status: 'expired',
      expireReason: 'self-trade',
    });
  });

  it('frees a client id when its order ends, not before', () => {
    const m = opened(SPOT);
    const first = order(SPOT, { price: '90', clientOrderId: 'same' });
    m.place(first, T0);
    expect(codeOf(m.place(first, T0))).toBe('duplicate-client-id');
    m.cancel('ann', S, { clientOrderId: 'same' }, T0);
    expect(codeOf(m.place(first, T0))).toBe('taken');
  });

  it('locks the coins of a waiting stop, so that they cannot be sold twice', () => {
    const m = opened(SPOT);
    m.marketTrade(S, 'buy', d('101'), d('1'), T0);
    m.place(order(SPOT, { side: 'sell', type: 'stop-market', triggerPrice: '95', amount: '10' }), T0);
    expect(codeOf(m.place(order(SPOT, { side: 'sell', amount: '1' }), T0))).toBe('insufficient-balance');
    const events = m.marketTrade(S, 'sell', d('95'), d('1'), T0);
    // The trade has swept the bids: the stop waits for somebody to sell to.
    expect(only(events, 'fill')).toEqual([]);
    const after = m.marketQuotes(S, ladder(['94', '20']), ladder(['96', '5']), T0);
    expect(only(after, 'order').map(({ order: { type, status } }) => [type, status])).toEqual([
      ['stop-market', 'triggered'],
      ['market', 'new'],
    ]);
    expect(only(after, 'fill')[0]?.order).toMatchObject({ status: 'filled', filledQuote: '940' });
    expect(m.account('ann').balances.BTC).toEqual({ free: '0', locked: '0' });
  });
});

describe('filters', () => {
  it.each([
    [{ amount: '0' }, 'too-small'],
    [{ amount: '0.0005' }, 'too-small'],
    [{ amount: '1001' }, 'too-large'],
    [{ amount: '1.0001' }, 'bad-step'],
    [{ amount: '1.0000000000001' }, 'bad-step'],
    [{ amount: null }, 'too-small'],
    [{ price: '100.001' }, 'bad-tick'],
    [{ price: '0' }, 'bad-price'],
    [{ price: '-1' }, 'bad-price'],
    [{ type: 'limit' as const }, 'bad-price'],
    [{ amount: '0.01' }, 'notional-too-small'],
    [{ amount: null, quoteAmount: '4.99' }, 'notional-too-small'],
    [{ amount: '0.04', price: '100' }, 'notional-too-small'],
    [{ amount: '500', price: '100' }, 'insufficient-balance'],
    [{ side: 'sell' as const, amount: '11' }, 'insufficient-balance'],
    [{ reduceOnly: true }, 'reduce-only-rejected'],
    [{ type: 'stop-market' as const }, 'bad-price'],
    [{ type: 'stop-market' as const, triggerPrice: '100.001' }, 'bad-tick'],
    [{ type: 'trailing-stop' as const }, 'bad-price'],
    [{ type: 'trailing-stop' as const, callbackPercent: '0.05' }, 'bad-price'],
  ])('refuses %o with %s and changes nothing', (part, code) => {
    const m = opened(SPOT);
    m.marketTrade(S, 'buy', d('101'), d('1'), T0);
    const before = m.snapshot();
    expect(codeOf(m.place(order(SPOT, part), T0))).toBe(code);
    expect(m.snapshot()).toEqual(before);
  });

  it('refuses a symbol it does not have', () => {
    expect(codeOf(opened(SPOT).place(order({ ...SPOT, symbol: 'X/USDT' }), T0))).toBe('unknown-symbol');
  });
});
