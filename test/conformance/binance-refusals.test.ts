import ccxt, { type binance } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Exchange, openExchange } from './exchange';
import { idOf } from './watching';

type Market = 'spot' | 'future';
const SYMBOL: Record<Market, string> = { spot: 'BTC/USDT', future: 'BTC/USDT:USDT' };
let exchange: Exchange;
const clients = {} as Record<Market, binance>;

beforeAll(async () => {
  exchange = await openExchange();
  for (const market of ['spot', 'future'] as const) {
    clients[market] = exchange.connect(market);
    await clients[market].loadMarkets();
  }
});
afterAll(() => exchange.close());

/** The error a call ends with, with Binance's code from its body; for -2010 ccxt keeps the words alone. */
async function refusal(call: Promise<unknown>): Promise<{ readonly error: Error; readonly code: number }> {
  const error = await call.then(
    () => null,
    (reason: Error) => reason,
  );
  if (error === null) throw new Error('the call was not refused');
  const code = /"code":(-?\d+)/.exec(error.message)?.[1];
  const words = /^binance (Account has insufficient balance|Order would (immediately match|trigger))/;
  return { error, code: code === undefined && words.test(error.message) ? -2010 : Number(code) };
}

describe.each(['spot', 'future'] as const)('what the %s side refuses', (market) => {
  const symbol = SYMBOL[market];
  const future = market === 'future';

  it('a bad signature, an unknown key and a malformed one', async () => {
    const forged = exchange.connect(market, { secret: 'another-secret' });
    const signature = await refusal(forged.fetchBalance());
    expect(signature.error).toBeInstanceOf(ccxt.AuthenticationError);
    expect(signature.code).toBe(-1022);
    const stranger = await refusal(exchange.connect(market, { apiKey: 'stranger' }).fetchBalance());
    expect(stranger.error).toBeInstanceOf(ccxt.AuthenticationError);
    expect(stranger.code).toBe(-2015);
    expect((await refusal(exchange.connect(market, { apiKey: 'not a key!' }).fetchBalance())).code).toBe(
      -2014,
    );
  });

  it('a timestamp outside recvWindow, and one ahead of the server', async () => {
    const now = Date.now();
    const late = await refusal(clients[market].fetchBalance({ timestamp: now - 20_000 }));
    expect(late.error).toBeInstanceOf(ccxt.InvalidNonce);
    expect(late.code).toBe(-1021);
    expect((await refusal(clients[market].fetchBalance({ timestamp: now + 5_000 }))).code).toBe(-1021);
    // The window is what the caller says: ccxt's 10 s take what 5 s would not.
    await expect(clients[market].fetchBalance({ timestamp: now - 8_000 })).resolves.toBeDefined();
  });

  it('an order that is too small, and one off the tick', async () => {
    const small = await refusal(
      clients[market].createOrder(symbol, 'limit', 'buy', future ? 0.001 : 0.00001, 10_000),
    );
    expect(small.code).toBe(future ? -4164 : -1013);
    const price = { price: '50000.005' };
    expect(
      (await refusal(clients[market].createOrder(symbol, 'limit', 'buy', 0.01, 50_000, price))).code,
    ).toBe(future ? -1111 : -1013);
  });

  it('an unknown symbol', async () => {
    const { error, code } = await refusal(
      future
        ? clients.future.fapiPublicGetDepth({ symbol: 'NOSUCHUSDT' })
        : clients.spot.publicGetDepth({ symbol: 'NOSUCHUSDT' }),
    );
    expect(error).toBeInstanceOf(ccxt.BadSymbol);
    expect(code).toBe(-1121);
  });

  it('more than the account can pay', async () => {
    const { error, code } = await refusal(
      clients[market].createOrder(symbol, 'market', 'buy', future ? 900 : 30),
    );
    if (!future) expect(error).toBeInstanceOf(ccxt.InsufficientFunds);
    expect(code).toBe(future ? -2019 : -2010);
  });

  it('an order nobody knows, asked for or cancelled', async () => {
    const asked = await refusal(clients[market].fetchOrder('987654', symbol));
    expect(asked.error).toBeInstanceOf(ccxt.OrderNotFound);
    expect(asked.code).toBe(-2013);
    const cancelled = await refusal(clients[market].cancelOrder('987654', symbol));
    expect(cancelled.error).toBeInstanceOf(ccxt.OrderNotFound);
    expect(cancelled.code).toBe(-2011);
  });

  it('a client id that an open order already has', async () => {
    const place = () =>
      clients[market].createOrder(symbol, 'limit', 'buy', 0.01, 50_000, { clientOrderId: 'wd-twice' });
    const first = await place();
    const { error, code } = await refusal(place());
    expect(code).toBe(future ? -4116 : -2010);
    expect(error.message).toContain(future ? 'ClientOrderId is duplicated.' : 'Duplicate order sent.');
    await clients[market].cancelOrder(idOf(first), symbol);
  });

  it('a post-only order that would take', async () => {
    const ask = (await clients[market].fetchOrderBook(symbol)).asks[0]![0]!;
    const { error, code } = await refusal(
      clients[market].createOrder(symbol, 'limit', 'buy', 0.01, Math.ceil(ask * 1.01), { postOnly: true }),
    );
    if (!future) expect(error).toBeInstanceOf(ccxt.OrderImmediatelyFillable);
    expect(code).toBe(future ? -5022 : -2010);
  });

  it('a trigger the price has already passed', async () => {
    const last = (await clients[market].fetchTicker(symbol)).last!;
    const { code } = await refusal(
      clients[market].createOrder(symbol, 'market', 'sell', 0.01, undefined, {
        stopLossPrice: Math.ceil(last * 1.05),
      }),
    );
    expect(code).toBe(future ? -2021 : -2010);
  });
});

describe('what only futures refuse', () => {
  it('a conditional order at the ordinary endpoint', async () => {
    const { code } = await refusal(
      clients.future.fapiPrivatePostOrder({
        symbol: 'BTCUSDT',
        side: 'SELL',
        type: 'STOP_MARKET',
        stopPrice: '50000',
        quantity: '0.01',
      }),
    );
    expect(code).toBe(-4120);
  });

  it('a fill-or-kill that cannot be filled, which then was never there', async () => {
    const params = { timeInForce: 'FOK', clientOrderId: 'wd-killed' };
    expect(
      (await refusal(clients.future.createOrder(SYMBOL.future, 'limit', 'buy', 0.01, 50_000, params))).code,
    ).toBe(-5021);
    const asked = refusal(clients.future.fetchOrder('', SYMBOL.future, { clientOrderId: 'wd-killed' }));
    expect((await asked).code).toBe(-2013);
  });

  it('reducing a position that is not there, a leverage out of range, hedge mode', async () => {
    const reduce = clients.future.createOrder(SYMBOL.future, 'market', 'sell', 0.01, undefined, {
      reduceOnly: true,
    });
    expect((await refusal(reduce)).code).toBe(-2022);
    expect(
      (await refusal(clients.future.fapiPrivatePostLeverage({ symbol: 'BTCUSDT', leverage: 126 }))).code,
    ).toBe(-4028);
    const hedged = clients.future.createOrder(SYMBOL.future, 'market', 'buy', 0.01, undefined, {
      positionSide: 'LONG',
    });
    expect((await refusal(hedged)).code).toBe(-4061);
  });
});

// A minute of the wall clock that ends in the middle gives the weight back: then once more.
describe('rate limits', { retry: 1 }, () => {
  it('answers 429 with Retry-After, then 418, and ccxt sees DDoS protection', async () => {
    const tight = await openExchange({ spot: { weightPerMinute: 100, refusalsBeforeBan: 2 } });
    try {
      const client = tight.connect('spot', { enableRateLimit: false });
      await client.loadMarkets();
      const statuses: number[] = [];
      let retryAfter = 0;
      for (let i = 0; i < 12; i++) {
        const { error } = await client.fetchBalance().then(
          () => ({ error: null }),
          (reason: Error) => ({ error: reason }),
        );
        if (error === null) continue;
        expect(error).toBeInstanceOf(ccxt.DDoSProtection);
        statuses.push(Number(/ (429|418) /.exec(error.message)?.[1]));
        retryAfter = Number((client.last_response_headers as Record<string, string>)['Retry-After']);
        expect(retryAfter).toBeGreaterThan(0);
      }
      expect(statuses.slice(0, 3)).toEqual([429, 429, 418]);
      expect(statuses.every((status, i) => i < 2 || status === 418)).toBe(true);
      expect(retryAfter).toBeGreaterThan(60);
    } finally {
      await tight.close();
    }
  });

  it('counts orders apart from requests', async () => {
    const tight = await openExchange({ future: { ordersPer10s: 2, ordersPerLongWindow: 2 } });
    try {
      const client = tight.connect('future');
      await client.loadMarkets();
      for (let i = 0; i < 2; i++) await client.createOrder(SYMBOL.future, 'limit', 'buy', 0.01, 50_000);
      expect((client.last_response_headers as Record<string, string>)['X-Mbx-Order-Count-1m']).toBe('2');
      const { error } = await refusal(client.createOrder(SYMBOL.future, 'limit', 'buy', 0.01, 50_000));
      expect(error.message).toContain('"code":-1015');
      await expect(client.fetchBalance()).resolves.toBeDefined();
    } finally {
      await tight.close();
    }
  });
});
