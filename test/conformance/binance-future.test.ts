import type { binance } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Exchange, openExchange, tradeAt } from './exchange';
import { connected, eventually, idOf } from './watching';

const BTC = 'BTC/USDT:USDT';
let exchange: Exchange;
let ccxt: binance;
const price = async (): Promise<number> => Number((await ccxt.fetchTicker(BTC)).last);
const contracts = async (): Promise<number> =>
  (await ccxt.fetchPositions([BTC])).reduce(
    (sum, one) => sum + (one.side === 'short' ? -1 : 1) * one.contracts!,
    0,
  );
const flat = async (): Promise<void> => {
  const held = await contracts();
  if (held !== 0) await ccxt.createOrder(BTC, 'market', held > 0 ? 'sell' : 'buy', Math.abs(held));
};

beforeAll(async () => {
  exchange = await openExchange();
  ccxt = exchange.connect('future');
  await ccxt.loadMarkets();
});
afterAll(() => exchange.close());

describe('an unmodified ccxt on the futures side of the practice exchange', () => {
  it('loads at least twelve linear perpetuals', () => {
    expect(Object.keys(ccxt.markets ?? {}).length).toBeGreaterThanOrEqual(12);
    expect(ccxt.market(BTC)).toMatchObject({
      id: 'BTCUSDT',
      swap: true,
      linear: true,
      contractSize: 1,
      settle: 'USDT',
    });
    expect(ccxt.market(BTC).limits.cost?.min).toBe(50);
  });

  it('fetches candles, a ticker, a book and the mark', async () => {
    const candles = await ccxt.fetchOHLCV(BTC, '5m', undefined, 100);
    expect(candles).toHaveLength(100);
    expect(Number(candles[99]![0]) - Number(candles[0]![0])).toBe(99 * 300_000);
    const book = await ccxt.fetchOrderBook(BTC, 20);
    expect(book.bids[0]![0]!).toBeLessThan(book.asks[0]![0]!);
    const rate = await ccxt.fetchFundingRate(BTC);
    expect(Math.abs(rate.markPrice! / (await price()) - 1)).toBeLessThan(0.02);
    expect(rate.fundingTimestamp!).toBeGreaterThan(exchange.future.clock.now());
    expect((await ccxt.fetchOpenInterest(BTC)).openInterestAmount!).toBeGreaterThan(0);
    expect((await ccxt.fetchOpenInterestHistory(BTC, '5m')).length).toBeGreaterThan(0);
  });

  it('fetches the balance, and sets leverage that a position then shows', async () => {
    expect((await ccxt.fetchBalance()).USDT).toMatchObject({ free: 100_000, total: 100_000 });
    expect(await ccxt.setLeverage(10, BTC)).toMatchObject({ leverage: 10, symbol: 'BTCUSDT' });
    await ccxt.createOrder(BTC, 'market', 'buy', 0.01);
    const [position] = await ccxt.fetchPositions([BTC]);
    expect(position).toMatchObject({
      symbol: BTC,
      side: 'long',
      contracts: 0.01,
      initialMarginPercentage: 0.1,
    });
    const balance = (await ccxt.fetchBalance()).USDT!;
    expect(Number(balance.used)).toBeCloseTo(position!.entryPrice! * 0.001, 2);
    await flat();
    expect(await ccxt.fetchPositions([BTC])).toEqual([]);
  });

  it('answers an order without average price, as the exchange does since July 2026, and the question with it', async () => {
    const order = await ccxt.createOrder(BTC, 'market', 'buy', 0.02, undefined, {
      clientOrderId: 'wd-market-1',
    });
    expect(order).toMatchObject({ status: 'closed', filled: 0.02, average: undefined, cost: undefined });
    expect(order.info).not.toHaveProperty('avgPrice');
    const asked = await ccxt.fetchOrder('', BTC, { clientOrderId: 'wd-market-1' });
    expect(asked).toMatchObject({ id: order.id, status: 'closed', filled: 0.02 });
    expect(asked.average).toBeGreaterThan(0);
    const fills = (await ccxt.fetchMyTrades(BTC)).filter((fill) => fill.order === order.id);
    expect(fills.reduce((sum, fill) => sum + fill.amount!, 0)).toBeCloseTo(0.02, 8);
    expect(fills[0]).toMatchObject({ side: 'buy', takerOrMaker: 'taker', fee: { currency: 'USDT' } });
    await flat();
  });

  it('places limit orders of each time in force', async () => {
    const last = await price();
    const low = Math.floor(last * 0.9);
    const high = Math.ceil(last * 1.01);
    const rest = await ccxt.createOrder(BTC, 'limit', 'buy', 0.01, low, { clientOrderId: 'wd-gtc' });
    expect(await ccxt.fetchOrder(idOf(rest), BTC)).toMatchObject({
      status: 'open',
      clientOrderId: 'wd-gtc',
      price: low,
    });
    expect((await ccxt.fetchOpenOrders(BTC)).map((order) => order.id)).toEqual([rest.id]);
    expect(await ccxt.cancelOrder(idOf(rest), BTC)).toMatchObject({ status: 'canceled' });

    expect(await ccxt.createOrder(BTC, 'limit', 'buy', 0.01, low, { timeInForce: 'IOC' })).toMatchObject({
      status: 'expired',
      filled: 0,
    });
    expect(await ccxt.createOrder(BTC, 'limit', 'buy', 0.01, high, { timeInForce: 'FOK' })).toMatchObject({
      status: 'closed',
      filled: 0.01,
    });
    const maker = await ccxt.createOrder(BTC, 'limit', 'buy', 0.01, low, { postOnly: true });
    expect(maker).toMatchObject({ status: 'open', timeInForce: 'PO' });
    await ccxt.cancelAllOrders(BTC);
    expect(await ccxt.fetchOpenOrders(BTC)).toEqual([]);
    await flat();
  });

  it('never turns a position round with a reduce-only order', async () => {
    await ccxt.createOrder(BTC, 'market', 'buy', 0.02);
    const order = await ccxt.createOrder(BTC, 'market', 'sell', 0.05, undefined, { reduceOnly: true });
    expect(order.filled).toBe(0.02);
    expect(await contracts()).toBe(0);
  });

  it('keeps a stop among the trigger orders until the price comes, then closes the position with it', async () => {
    await ccxt.createOrder(BTC, 'market', 'buy', 0.02);
    const trigger = Math.floor((await price()) * 0.97);
    const stop = await ccxt.createOrder(BTC, 'market', 'sell', 0.02, undefined, {
      stopLossPrice: trigger,
      reduceOnly: true,
      clientOrderId: 'wd-stop-1',
    });
    expect(stop).toMatchObject({
      status: 'open',
      triggerPrice: trigger,
      reduceOnly: true,
      clientOrderId: 'wd-stop-1',
    });
    expect(await ccxt.fetchOpenOrders(BTC)).toEqual([]);
    expect(
      (await ccxt.fetchOpenOrders(BTC, undefined, undefined, { trigger: true })).map((one) => one.id),
    ).toEqual([stop.id]);
    const asked = await ccxt.fetchOrder('', BTC, { trigger: true, clientOrderId: 'wd-stop-1' });
    expect(asked).toMatchObject({ id: stop.id, status: 'open' });

    tradeAt(exchange.future, 'BTCUSDT', 'sell', String(trigger - 1));
    await vi.waitFor(async () => expect(await contracts()).toBe(0), { timeout: 5_000, interval: 100 });
    const done = await ccxt.fetchOrder(idOf(stop), BTC, { trigger: true });
    expect(done.info).toMatchObject({ algoStatus: 'FINISHED' });
    const child = await ccxt.fetchOrder(String(done.info.actualOrderId), BTC);
    expect(child).toMatchObject({ clientOrderId: 'wd-stop-1', filled: 0.02, status: 'closed' });
    expect(child.info).toMatchObject({ type: 'MARKET', origType: 'STOP_MARKET' });
    expect(await ccxt.fetchOpenOrders(BTC, undefined, undefined, { trigger: true })).toEqual([]);
  });

  it('places a close-position stop, a take-profit and a trailing stop, and cancels each', async () => {
    await ccxt.createOrder(BTC, 'market', 'buy', 0.02);
    const last = await price();
    const close = await ccxt.createOrder(BTC, 'market', 'sell', 0, undefined, {
      stopLossPrice: Math.floor(last * 0.9),
      closePosition: true,
    });
    expect(close.info).toMatchObject({ closePosition: true, orderType: 'STOP_MARKET' });
    const profit = await ccxt.createOrder(BTC, 'market', 'sell', 0.02, undefined, {
      takeProfitPrice: Math.ceil(last * 1.1),
      reduceOnly: true,
    });
    const trailing = await ccxt.createOrder(BTC, 'market', 'sell', 0.02, undefined, {
      trailingPercent: 2,
      reduceOnly: true,
    });
    expect(trailing.info).toMatchObject({ orderType: 'TRAILING_STOP_MARKET', callbackRate: '2' });
    const open = await ccxt.fetchOpenOrders(BTC, undefined, undefined, { trigger: true });
    expect(open.map((one) => one.id)).toEqual([close.id, profit.id, trailing.id]);
    // The ordinary "cancel all" must not touch stops.
    await ccxt.cancelAllOrders(BTC);
    expect(await ccxt.fetchOpenOrders(BTC, undefined, undefined, { trigger: true })).toHaveLength(3);
    for (const one of open) await ccxt.cancelOrder(idOf(one), BTC, { trigger: true });
    expect(await ccxt.fetchOpenOrders(BTC, undefined, undefined, { trigger: true })).toEqual([]);
    await flat();
  });

  it('streams trades, tickers, candles and marks', async () => {
    const [trades, ticker, candles, mark] = await Promise.all([
      ccxt.watchTrades(BTC),
      ccxt.watchTicker(BTC),
      ccxt.watchOHLCV(BTC, '1m'),
      ccxt.watchMarkPrice(BTC),
    ]);
    expect(trades[0]!.symbol).toBe(BTC);
    expect(ticker).toMatchObject({ symbol: BTC });
    expect(Number(candles.at(-1)![4])).toBeGreaterThan(0);
    expect(Math.abs(mark.markPrice! / ticker.last! - 1)).toBeLessThan(0.05);
  });

  it('streams a book that stays equal to the one behind it', async () => {
    let pushes = 0;
    await eventually(
      () => ccxt.watchOrderBook(BTC),
      (value) => {
        const truth = exchange.future.matching.book(BTC, 1000);
        const text = (levels: readonly (readonly [unknown, unknown])[]) =>
          levels.map(([p, a]) => `${Number(p)}:${Number(a)}`).join();
        return (
          ++pushes > 4 &&
          text(value.bids as [number, number][]) === text(truth.bids) &&
          text(value.asks as [number, number][]) === text(truth.asks)
        );
      },
    );
  });

  it('streams orders, fills, positions and balances of the account', async () => {
    const snapshot = await ccxt.watchPositions([BTC]);
    expect(snapshot).toEqual([]);
    const orders = ccxt.watchOrders(BTC);
    const fills = ccxt.watchMyTrades(BTC);
    const positions = ccxt.watchPositions([BTC]);
    const balance = ccxt.watchBalance();
    await connected(ccxt, '/private/ws');
    const placed = await ccxt.createOrder(BTC, 'market', 'sell', 0.01, undefined, {
      clientOrderId: 'wd-stream-1',
    });
    expect((await orders).at(-1)).toMatchObject({ id: placed.id, clientOrderId: 'wd-stream-1' });
    const fill = (await fills).at(-1)!;
    expect(fill).toMatchObject({ order: placed.id, amount: 0.01, side: 'sell', fee: { currency: 'USDT' } });
    expect((await positions).at(-1)).toMatchObject({
      symbol: BTC,
      side: 'short',
      contracts: 0.01,
      entryPrice: fill.price,
    });
    expect((await balance).USDT!.total).toBeCloseTo(
      Number((await ccxt.fetchBalance()).info.totalWalletBalance),
      8,
    );
    await flat();
  });

  it('streams the life of a stop: new, triggered, finished, and the fill under the same client id', async () => {
    await ccxt.createOrder(BTC, 'market', 'buy', 0.01);
    const seen: string[] = [];
    const trigger = Math.floor((await price()) * 0.97);
    const life = eventually(
      () => ccxt.watchOrders(BTC),
      (list) => {
        for (const order of list)
          if (order.clientOrderId === 'wd-life')
            seen.push(`${order.info.caid === undefined ? 'order' : 'algo'} ${order.info.X}`);
        return seen.includes('algo FINISHED');
      },
    );
    await ccxt.createOrder(BTC, 'market', 'sell', 0.01, undefined, {
      stopLossPrice: trigger,
      reduceOnly: true,
      clientOrderId: 'wd-life',
    });
    tradeAt(exchange.future, 'BTCUSDT', 'sell', String(trigger - 1));
    await life;
    const position = (name: string): number => seen.indexOf(name);
    expect(position('algo NEW')).toBeGreaterThanOrEqual(0);
    expect(seen).toContain('order FILLED');
    expect(position('algo FINISHED')).toBeGreaterThan(position('algo NEW'));
    expect(await contracts()).toBe(0);
  });
});
