import type { binance } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Exchange, openExchange, tradeAt } from './exchange';
import { connected, eventually, idOf } from './watching';

const BTC = 'BTC/USDT';
let exchange: Exchange;
let ccxt: binance;
const price = async (): Promise<number> => Number((await ccxt.fetchTicker(BTC)).last);

beforeAll(async () => {
  exchange = await openExchange();
  ccxt = exchange.connect('spot');
  await ccxt.loadMarkets();
});
afterAll(() => exchange.close());

describe('an unmodified ccxt on the spot side of the practice exchange', () => {
  it('needs nothing but plain JSON, and none of its addresses leads to the real exchange', () => {
    const text = JSON.stringify(ccxt.urls.api);
    expect(text).not.toContain('binance.');
    expect(text.match(/"(https?|wss?):\/\/[^"]+"/g)?.every((url) => url.includes('//127.0.0.1:'))).toBe(true);
  });

  it('loads at least twelve markets with their filters', () => {
    expect(Object.keys(ccxt.markets ?? {}).length).toBeGreaterThanOrEqual(12);
    const market = ccxt.market(BTC);
    expect(market).toMatchObject({
      id: 'BTCUSDT',
      spot: true,
      active: true,
      precision: { price: 0.01, amount: 0.00001 },
    });
    expect(market.limits.cost?.min).toBe(5);
  });

  it('fetches candles without holes, the open one last', async () => {
    const candles = await ccxt.fetchOHLCV(BTC, '1m', undefined, 200);
    expect(candles).toHaveLength(200);
    candles.slice(1).forEach((row, i) => {
      expect(Number(row[0]) - Number(candles[i]![0])).toBe(60_000);
    });
    const [time, open, high, low, close, volume] = candles.at(-1)!.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(time).toBeGreaterThan(exchange.spot.clock.now() - 120_000);
    expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
    expect(low).toBeLessThanOrEqual(Math.min(open, close));
    expect(volume).toBeGreaterThanOrEqual(0);
  });

  it('pages candles back in time', async () => {
    const since = Math.floor(exchange.spot.clock.now() / 900_000) * 900_000 - 50 * 900_000;
    const candles = await ccxt.fetchOHLCV(BTC, '15m', since, 10);
    expect(candles.map((row) => row[0])).toEqual(Array.from({ length: 10 }, (_, i) => since + i * 900_000));
  });

  it('fetches a ticker, an uncrossed book and public trades that agree on the price', async () => {
    const [ticker, book, trades] = await Promise.all([
      ccxt.fetchTicker(BTC),
      ccxt.fetchOrderBook(BTC, 20),
      ccxt.fetchTrades(BTC, undefined, 10),
    ]);
    expect(book.bids[0]![0]!).toBeLessThan(book.asks[0]![0]!);
    expect(book.bids).toHaveLength(20);
    expect(Math.abs(ticker.last! / book.bids[0]![0]! - 1)).toBeLessThan(0.01);
    expect(trades).toHaveLength(10);
    expect(Math.abs(trades.at(-1)!.price! / ticker.last! - 1)).toBeLessThan(0.01);
  });

  it('buys at market: fills, fee and balance add up', async () => {
    const before = await ccxt.fetchBalance();
    const order = await ccxt.createOrder(BTC, 'market', 'buy', 0.01);
    expect(order).toMatchObject({ status: 'closed', filled: 0.01, remaining: 0 });
    expect(order.average).toBeGreaterThan(0);
    const after = await ccxt.fetchBalance();
    expect(Number(after.USDT!.free)).toBeCloseTo(Number(before.USDT!.free) - order.cost!, 8);
    expect(Number(after.BTC!.free)).toBeCloseTo(Number(before.BTC!.free) + 0.01 - Number(order.fee!.cost), 8);
    const trades = await ccxt.fetchMyTrades(BTC);
    const mine = trades.filter((trade) => trade.order === order.id);
    expect(mine.reduce((sum, trade) => sum + trade.amount!, 0)).toBeCloseTo(0.01, 8);
    expect(mine[0]).toMatchObject({ side: 'buy', takerOrMaker: 'taker', fee: { currency: 'BTC' } });
  });

  it('buys at market for an amount of quote', async () => {
    const order = await ccxt.createMarketBuyOrderWithCost(BTC, 500);
    expect(order.status).toBe('closed');
    expect(order.cost).toBeLessThanOrEqual(500);
    expect(order.cost).toBeGreaterThan(495);
  });

  it('rests a limit order, finds it by client id and among the open ones, and cancels it', async () => {
    const limit = Math.floor((await price()) * 0.9);
    const placed = await ccxt.createOrder(BTC, 'limit', 'buy', 0.01, limit, { clientOrderId: 'wd-rest-1' });
    expect(placed).toMatchObject({ status: 'open', clientOrderId: 'wd-rest-1', price: limit });
    const found = await ccxt.fetchOrder('', BTC, { clientOrderId: 'wd-rest-1' });
    expect(found).toMatchObject({ id: placed.id, status: 'open', filled: 0 });
    expect((await ccxt.fetchOpenOrders(BTC)).map((order) => order.id)).toContain(placed.id);
    expect(Number((await ccxt.fetchBalance()).USDT!.used)).toBeCloseTo(limit * 0.01, 6);
    expect(await ccxt.cancelOrder(idOf(placed), BTC)).toMatchObject({ id: placed.id, status: 'canceled' });
    expect(await ccxt.fetchOpenOrders(BTC)).toEqual([]);
    expect((await ccxt.fetchOrder(idOf(placed), BTC)).status).toBe('canceled');
  });

  it('takes what it can and lets the rest expire with IOC, and all or nothing with FOK', async () => {
    const last = await price();
    const ioc = await ccxt.createOrder(BTC, 'limit', 'buy', 0.02, Math.floor(last * 0.9), {
      timeInForce: 'IOC',
    });
    expect(ioc).toMatchObject({ status: 'expired', filled: 0, timeInForce: 'IOC' });
    const taken = await ccxt.createOrder(BTC, 'limit', 'buy', 0.02, Math.ceil(last * 1.02), {
      timeInForce: 'IOC',
    });
    expect(taken).toMatchObject({ status: 'closed', filled: 0.02 });
    const killed = await ccxt.createOrder(BTC, 'limit', 'buy', 0.02, Math.floor(last * 0.9), {
      timeInForce: 'FOK',
    });
    expect(killed).toMatchObject({ status: 'expired', filled: 0 });
    const whole = await ccxt.createOrder(BTC, 'limit', 'buy', 0.02, Math.ceil(last * 1.02), {
      timeInForce: 'FOK',
    });
    expect(whole).toMatchObject({ status: 'closed', filled: 0.02 });
  });

  it('rests a post-only order that would not take', async () => {
    const order = await ccxt.createOrder(BTC, 'limit', 'buy', 0.01, Math.floor((await price()) * 0.95), {
      postOnly: true,
    });
    expect(order).toMatchObject({ status: 'open', postOnly: true });
    await ccxt.cancelOrder(idOf(order), BTC);
  });

  it('holds a stop until the price comes, then sells under the same id', async () => {
    const last = await price();
    const trigger = Math.floor(last * 0.97);
    const stop = await ccxt.createOrder(BTC, 'market', 'sell', 0.01, undefined, { stopLossPrice: trigger });
    expect((await ccxt.fetchOrder(idOf(stop), BTC)).status).toBe('open');
    tradeAt(exchange.spot, 'BTCUSDT', 'sell', String(trigger - 1));
    // The drop has emptied the book; the stop trades when quotes are back.
    await vi.waitFor(
      async () => {
        const done = await ccxt.fetchOrder(idOf(stop), BTC);
        expect(done).toMatchObject({ status: 'closed', filled: 0.01, triggerPrice: trigger });
      },
      { timeout: 5_000, interval: 100 },
    );
    const fills = await ccxt.fetchMyTrades(BTC, undefined, undefined, { orderId: stop.id });
    expect(fills.map((fill) => fill.order)).toEqual([stop.id]);
    expect(await ccxt.fetchOpenOrders(BTC)).toEqual([]);
  });

  it('holds a take-profit and a trailing stop, and cancels them', async () => {
    const last = await price();
    const profit = await ccxt.createOrder(BTC, 'market', 'sell', 0.01, undefined, {
      takeProfitPrice: Math.ceil(last * 1.1),
    });
    const trailing = await ccxt.createOrder(BTC, 'market', 'sell', 0.01, undefined, {
      trailingPercent: 5,
      stopLossOrTakeProfit: 'stopLoss',
    });
    const open = await ccxt.fetchOpenOrders(BTC);
    expect(open.map((order) => order.id)).toEqual([profit.id, trailing.id]);
    expect(open[1]!.info.trailingDelta).toBe(500);
    await ccxt.cancelAllOrders(BTC);
    expect(await ccxt.fetchOpenOrders(BTC)).toEqual([]);
  });

  it('streams trades, tickers and candles', async () => {
    const [trades, ticker, candles] = await Promise.all([
      ccxt.watchTrades(BTC),
      ccxt.watchTicker(BTC),
      ccxt.watchOHLCV(BTC, '1m'),
    ]);
    expect(trades[0]!.symbol).toBe(BTC);
    expect(ticker).toMatchObject({ symbol: BTC });
    expect(ticker.low!).toBeLessThanOrEqual(ticker.last!);
    expect(ticker.high!).toBeGreaterThanOrEqual(ticker.last!);
    expect(Number(candles.at(-1)![4])).toBeGreaterThan(0);
    await ccxt.unWatchTrades(BTC);
  });

  it('streams a book that stays equal to the one behind it', async () => {
    let pushes = 0;
    const book = await eventually(
      () => ccxt.watchOrderBook(BTC),
      () => ++pushes > 4,
    );
    expect(book.bids[0]![0]!).toBeLessThan(book.asks[0]![0]!);
    // ccxt throws a ChecksumError on a gap; the levels themselves are compared here.
    await eventually(
      () => ccxt.watchOrderBook(BTC),
      (value) => {
        const truth = exchange.spot.matching.book(BTC, 1000);
        const same = (mine: number[][], theirs: readonly (readonly [string, string])[]): boolean =>
          mine.length === theirs.length &&
          mine.every(([p, a], i) => p === Number(theirs[i]![0]) && a === Number(theirs[i]![1]));
        return same(value.bids as number[][], truth.bids) && same(value.asks as number[][], truth.asks);
      },
    );
  });

  it('streams orders, fills and balances of the account', async () => {
    await ccxt.authenticate();
    const orders = ccxt.watchOrders(BTC);
    const fills = ccxt.watchMyTrades(BTC);
    const balance = ccxt.watchBalance();
    await connected(ccxt, '/ws-api/v3');
    const placed = await ccxt.createOrder(BTC, 'market', 'buy', 0.01, undefined, {
      clientOrderId: 'wd-stream-1',
    });
    expect((await orders).at(-1)).toMatchObject({ id: placed.id, clientOrderId: 'wd-stream-1' });
    expect((await fills).at(-1)).toMatchObject({
      order: placed.id,
      amount: 0.01,
      side: 'buy',
      fee: { currency: 'BTC' },
    });
    const told = await balance;
    const asked = await ccxt.fetchBalance();
    expect(told.BTC!.free).toBe(asked.BTC!.free);
    expect(told.USDT!.free).toBe(asked.USDT!.free);

    const resting = await ccxt.createOrder(BTC, 'limit', 'buy', 0.01, Math.floor((await price()) * 0.9));
    const cancelled = eventually(
      () => ccxt.watchOrders(BTC),
      (list) => list.some((order) => order.id === resting.id && order.status === 'canceled'),
    );
    await ccxt.cancelOrder(idOf(resting), BTC);
    expect((await cancelled).find((order) => order.id === resting.id)?.clientOrderId).toBe(
      resting.clientOrderId,
    );
  });
});
