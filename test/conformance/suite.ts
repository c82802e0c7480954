import ccxt, { type Exchange as Client, type Order } from 'ccxt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WireName } from '#main/practice/wires';
import type { MarketKind } from '#shared/domain/exchange';
import { eventually, idOf } from './watching';
import { markAt, openWorld, START_USDT, tradeAt, type World } from './world';

/** Rows of the matrix: what is asked of each exchange and market, in ccxt's words. */
export const ROWS = [
  'loadMarkets',
  'fetchOHLCV',
  'fetchTicker',
  'fetchOrderBook',
  'fetchBalance',
  'createOrder market',
  'createOrder limit',
  'createOrder IOC',
  'createOrder FOK',
  'createOrder post-only',
  'createOrder reduce-only',
  'createOrder stop',
  'createOrder take-profit',
  'createOrder trailing',
  'fetchOrder by client id',
  'fetchOpenOrders',
  'cancelOrder',
  'fetchMyTrades',
  'fetchPositions',
  'setLeverage',
  'watchTrades',
  'watchTicker',
  'watchOrderBook',
  'watchOHLCV',
  'watchOrders',
  'watchMyTrades',
  'watchBalance',
  'watchPositions',
  'refuses a bad signature',
  'refuses a stale timestamp',
  'refuses too small an order',
  'refuses an unknown symbol',
  'refuses an order beyond the balance',
  'refuses too many requests',
] as const;
export type Row = (typeof ROWS)[number];

/** Why a row is not there: ccxt's own `has` table says so (then this is checked), or the exchange has no such thing. */
export interface Absence {
  readonly by: 'ccxt' | 'exchange';
  readonly why: string;
  /** The key of ccxt's `has` that says so, where it is not the row's first word. */
  readonly has?: string;
}

type Params = Record<string, unknown>;
/** Where an exchange differs. All else is the same for all. */
export interface Traits {
  readonly without?: Partial<Record<Row, Absence>>;
  /** Default "BTC/USDT" and "BTC/USDT:USDT". */
  readonly symbol?: string;
  /** ccxt's amount of a usual order: base units, or contracts. Default 0.01. */
  readonly amount?: number;
  /** An amount below the exchange's smallest; default amount / 1000. */
  readonly tooSmall?: number;
  readonly quote?: string;
  /** Client ids as this exchange takes them. Default as it is. */
  clientId?(name: string): string;
  /** What asks for an order by its client id. Default {clientOrderId}. */
  named?(clientOrderId: string): Params;
  /** Parameters of a stop that sells when the price falls to `price`. Default {stopLossPrice}. */
  stop?(price: number): Params;
  takeProfit?(price: number): Params;
  /** Parameters of a trailing stop of two percent. Default {trailingPercent: 2}. */
  trailing?(last: number): Params;
  /** What finds, lists and cancels trigger orders. Default {trigger: true} on futures, {} on spot. */
  readonly trigger?: Params;
  /** The same for trailing stops, where the exchange lists them apart. Default as `trigger`. */
  readonly trailingTrigger?: Params;
  /** Constructor arguments of a client whose signatures are wrong, and of one whose clock is a minute off. */
  readonly forged?: Params;
  readonly stale?: Params;
  /** Smallest weight a minute that still loads markets; default 60. */
  readonly weightPerMinute?: number;
  /**
   * Market orders that ccxt wants a price for: spot buys that are sent as a value in quote (then the amount filled is
   * only near the one asked for), or all, where the exchange has limit orders alone.
   */
  readonly marketPrice?: 'spot buys' | 'all';
  /** Parameters of a book that is pushed often, where the usual one is not. */
  readonly book?: Params;
  /** Which price fires a trigger. Default the last one. */
  readonly triggerBy?: 'last' | 'mark';
  /** ccxt does not read what kind of order it is out of this exchange's answers. */
  readonly untyped?: true;
  /** Before private streams are watched. */
  ready?(client: Client): Promise<unknown>;
}

/** One exchange's market against an unmodified ccxt, one test a row; `npm run conformance` prints the matrix of them. */
export function conformance(name: WireName, market: MarketKind, traits: Traits = {}): void {
  const future = market === 'future';
  const quote = traits.quote ?? 'USDT';
  const symbol = traits.symbol ?? (future ? `BTC/${quote}:${quote}` : `BTC/${quote}`);
  const amount = traits.amount ?? 0.01;
  const trigger: Params = traits.trigger ?? (future ? { trigger: true } : {});
  const clientId = traits.clientId ?? ((id: string) => id);
  const reduce: Params = future ? { reduceOnly: true } : {};

  describe(`${name} ${market}`, () => {
    let world: World;
    let client: Client;
    let number = 0;
    const fresh = (): string => clientId(`wd-${market[0]}-${Date.now().toString(36)}-${++number}`);
    const row = (title: Row, run: () => Promise<void>): void => {
      const absence = traits.without?.[title];
      if (absence === undefined) it(title, run);
      else
        it(`${title} is not offered: ${absence.why}`, () => {
          const key = absence.has ?? title.split(' ')[0]!;
          if (absence.by === 'ccxt') expect((client.has as Record<string, unknown>)[key]).not.toBe(true);
        });
    };
    const last = async (): Promise<number> => Number((await client.fetchTicker(symbol)).last);
    const tick = (price: number): number => Number(client.priceToPrecision(symbol, price));
    const settled = (id: string, params: Params = {}): Promise<Order> =>
      vi.waitFor(
        async () => {
          const order = await client.fetchOrder(id, symbol, params);
          expect(order.status).not.toBe('open');
          return order;
        },
        { timeout: 10_000, interval: 100 },
      );
    const held = async (): Promise<number> =>
      (await client.fetchPositions([symbol])).reduce(
        (sum, one) => sum + (one.side === 'short' ? -1 : 1) * Number(one.contracts ?? 0),
        0,
      );
    const flat = async (): Promise<void> => {
      if (!future) return;
      const now = await held();
      if (now !== 0) await market_(now > 0 ? 'sell' : 'buy', Math.abs(now), { reduceOnly: true });
      expect(await held()).toBe(0);
    };
    const byValue = traits.marketPrice === 'spot buys' && !future;
    const market_ = async (side: 'buy' | 'sell', size: number, params: Params = {}): Promise<Order> => {
      const priced = traits.marketPrice === 'all' || (byValue && side === 'buy');
      const price = priced ? await last() : undefined;
      return settled(idOf(await client.createOrder(symbol, 'market', side, size, price, params)));
    };
    /** A bought amount, to the last unit where the order named it in base. */
    const expectBought = (got: number): void => {
      if (byValue) expect(Math.abs(got / amount - 1)).toBeLessThan(0.02);
      else expect(got).toBeCloseTo(amount, 8);
    };
    const limit = async (side: 'buy' | 'sell', factor: number, params: Params = {}): Promise<Order> =>
      client.createOrder(symbol, 'limit', side, amount, tick((await last()) * factor), params);
    const refusal = async (call: Promise<unknown>): Promise<Error> => {
      const error = await call.then(
        () => null,
        (reason: Error) => reason,
      );
      if (error === null) throw new Error('the call was not refused');
      return error;
    };
    const openIds = async (params: Params = {}): Promise<unknown[]> =>
      (await client.fetchOpenOrders(symbol, undefined, undefined, params)).map((order) => order.id);

    beforeAll(async () => {
      world = await openWorld(name);
      client = world.connect(market);
      await client.loadMarkets();
    }, 60_000);
    afterAll(() => world.close());

    row('loadMarkets', async () => {
      const urls = JSON.stringify(client.urls.api).match(/"(https?|wss?):\/\/[^"]+"/g) ?? [];
      expect(urls.length).toBeGreaterThan(0);
      expect(urls.filter((url) => !url.includes('//127.0.0.1:'))).toEqual([]);
      expect(Object.keys(client.markets ?? {}).length).toBeGreaterThanOrEqual(12);
      expect(client.market(symbol)).toMatchObject({ active: true, [future ? 'swap' : 'spot']: true });
    });
    row('fetchOHLCV', async () => {
      const candles = await client.fetchOHLCV(symbol, '1m', undefined, 100);
      expect(candles.length).toBeGreaterThanOrEqual(99);
      candles.slice(1).forEach((one, at) => {
        expect(Number(one[0]) - Number(candles[at]![0])).toBe(60_000);
      });
      for (const candle of candles) {
        const [, open, high, low, close, volume] = candle.map(Number) as [
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        expect(low).toBeLessThanOrEqual(Math.min(open, close));
        expect(volume).toBeGreaterThanOrEqual(0);
      }
    });
    row('fetchTicker', async () => {
      const ticker = await client.fetchTicker(symbol);
      expect(ticker.symbol).toBe(symbol);
      expect(
        Math.abs(Number(ticker.last) / Number((await client.fetchOHLCV(symbol, '1m')).at(-1)![4]) - 1),
      ).toBeLessThan(0.02);
    });
    row('fetchOrderBook', async () => {
      const book = await client.fetchOrderBook(symbol, 20);
      expect(Number(book.bids[0]![0])).toBeLessThan(Number(book.asks[0]![0]));
      expect(book.bids.length).toBeGreaterThanOrEqual(5);
      expect(book.asks.length).toBeGreaterThanOrEqual(5);
      const prices = book.bids.map((level) => Number(level[0]));
      expect(prices).toEqual([...prices].sort((a, b) => b - a));
    });
    row('fetchBalance', async () => {
      const balance = await client.fetchBalance();
      expect(Number(balance[quote]!.total)).toBeCloseTo(START_USDT, 6);
      expect(Number(balance[quote]!.free)).toBeCloseTo(START_USDT, 6);
    });
    row('setLeverage', async () => {
      await client.setLeverage(5, symbol);
      await market_('buy', amount);
      const [position] = await client.fetchPositions([symbol]);
      expect(Number(position!.leverage ?? 1 / Number(position!.initialMarginPercentage))).toBeCloseTo(5, 6);
      await flat();
    });
    row('createOrder market', async () => {
      const before = await client.fetchBalance();
      const order = await market_('buy', amount);
      expect(order).toMatchObject({ status: 'closed', side: 'buy' });
      expectBought(Number(order.filled));
      if (future) expect(await held()).toBeCloseTo(amount, 8);
      else
        expect(Number((await client.fetchBalance()).BTC!.total)).toBeGreaterThan(Number(before.BTC!.total));
      await flat();
    });
    row('createOrder limit', async () => {
      const order = await limit('buy', 0.9);
      const asked = await client.fetchOrder(idOf(order), symbol);
      expect(asked).toMatchObject({ id: order.id, status: 'open', side: 'buy' });
      if (traits.untyped !== true) expect(asked.type).toBe('limit');
      expect(Number(asked.amount)).toBeCloseTo(amount, 8);
      await client.cancelOrder(idOf(order), symbol);
    });
    row('createOrder IOC', async () => {
      // One that finds nobody ends at once, or is refused.
      const missed = await limit('buy', 0.9, { timeInForce: 'IOC' }).catch(
        (error: unknown) => error as Error,
      );
      if (missed instanceof Error) expect(missed).toBeInstanceOf(ccxt.ExchangeError);
      else expect(Number((await settled(idOf(missed))).filled)).toBe(0);
      const taken = await settled(idOf(await limit('buy', 1.02, { timeInForce: 'IOC' })));
      expect(Number(taken.filled)).toBeCloseTo(amount, 8);
      await flat();
    });
    row('createOrder FOK', async () => {
      const whole = await settled(idOf(await limit('buy', 1.02, { timeInForce: 'FOK' })));
      expect(Number(whole.filled)).toBeCloseTo(amount, 8);
      await flat();
    });
    row('createOrder post-only', async () => {
      const order = await limit('buy', 0.9, { postOnly: true });
      expect((await client.fetchOrder(idOf(order), symbol)).status).toBe('open');
      await client.cancelOrder(idOf(order), symbol);
      // One that would take is refused at once by some, and taken and cancelled by others; it never fills.
      const crossing = await limit('buy', 1.02, { postOnly: true }).catch((error: unknown) => error as Error);
      if (crossing instanceof Error) expect(crossing).toBeInstanceOf(ccxt.ExchangeError);
      else expect(Number((await settled(idOf(crossing))).filled)).toBe(0);
    });
    row('createOrder reduce-only', async () => {
      await market_('buy', amount);
      const half = await client
        .createOrder(symbol, 'market', 'sell', amount * 3, await last(), { reduceOnly: true })
        .catch((error: unknown) => error as Error);
      // Some cut it down to the position, some refuse it; none turns the position round.
      if (!(half instanceof Error)) await settled(idOf(half));
      expect(await held()).toBeGreaterThanOrEqual(0);
      await flat();
    });
    const conditional = async (params: Params, at?: number): Promise<Order> => {
      await market_('buy', amount);
      const price = traits.marketPrice === 'all' ? at : undefined;
      return client.createOrder(symbol, 'market', 'sell', amount, price, { ...reduce, ...params });
    };
    row('createOrder stop', async () => {
      const price = tick((await last()) * 0.97);
      const stop = await conditional((traits.stop ?? ((stopLossPrice) => ({ stopLossPrice })))(price), price);
      expect(await openIds(trigger)).toContain(stop.id);
      const before = Number((await client.fetchBalance()).BTC?.total ?? 0);
      const move = traits.triggerBy === 'mark' ? markAt : tradeAt;
      move(world.cores[market], 'BTC', 'sell', String(tick(price * 0.999)));
      await vi.waitFor(
        async () => {
          if (future) expect(await held()).toBe(0);
          else expect(Number((await client.fetchBalance()).BTC!.total)).toBeLessThan(before);
          expect(await openIds(trigger)).not.toContain(stop.id);
        },
        { timeout: 10_000, interval: 100 },
      );
    });
    row('createOrder take-profit', async () => {
      const price = tick((await last()) * 1.1);
      const order = await conditional(
        (traits.takeProfit ?? ((takeProfitPrice) => ({ takeProfitPrice })))(price),
        price,
      );
      expect(await openIds(trigger)).toContain(order.id);
      await client.cancelOrder(idOf(order), symbol, trigger);
      expect(await openIds(trigger)).not.toContain(order.id);
      await flat();
    });
    row('createOrder trailing', async () => {
      const lists = traits.trailingTrigger ?? trigger;
      const order = await conditional((traits.trailing ?? (() => ({ trailingPercent: 2 })))(await last()));
      expect(await openIds(lists)).toContain(order.id);
      await client.cancelOrder(idOf(order), symbol, lists);
      expect(await openIds(lists)).not.toContain(order.id);
      await flat();
    });
    row('fetchOrder by client id', async () => {
      const clientOrderId = fresh();
      const order = await limit('buy', 0.9, { clientOrderId });
      const asked = await client.fetchOrder(
        '',
        symbol,
        (traits.named ?? ((id) => ({ clientOrderId: id })))(clientOrderId),
      );
      expect(asked).toMatchObject({ id: order.id, status: 'open', clientOrderId });
      await client.cancelOrder(idOf(order), symbol);
    });
    row('fetchOpenOrders', async () => {
      const orders = [await limit('buy', 0.9), await limit('buy', 0.91)];
      expect([...(await openIds())].sort()).toEqual(orders.map((order) => order.id).sort());
      for (const order of orders) await client.cancelOrder(idOf(order), symbol);
      expect(await openIds()).toEqual([]);
    });
    row('cancelOrder', async () => {
      const order = await limit('buy', 0.9);
      await client.cancelOrder(idOf(order), symbol);
      expect((await settled(idOf(order))).status).toBe('canceled');
      expect(await refusal(client.cancelOrder(idOf(order), symbol))).toBeInstanceOf(ccxt.ExchangeError);
    });
    row('fetchMyTrades', async () => {
      const order = await market_('buy', amount);
      const fills = (await client.fetchMyTrades(symbol)).filter((fill) => fill.order === order.id);
      expectBought(fills.reduce((sum, fill) => sum + Number(fill.amount), 0));
      for (const fill of fills) {
        expect(fill.side).toBe('buy');
        expect(fill.id).toBeTruthy();
        expect(Number(fill.fee?.cost)).toBeGreaterThan(0);
        expect(fill.fee?.currency).toBeTruthy();
      }
      await flat();
    });
    row('fetchPositions', async () => {
      await market_('sell', amount);
      const [position] = await client.fetchPositions([symbol]);
      expect(position).toMatchObject({ symbol, side: 'short' });
      expect(Number(position!.contracts)).toBeCloseTo(amount, 8);
      expect(Number(position!.entryPrice)).toBeGreaterThan(0);
      await flat();
    });
    row('watchTrades', async () => {
      const trades = await client.watchTrades(symbol);
      expect(trades[0]).toMatchObject({ symbol });
      expect(Number(trades[0]!.price)).toBeGreaterThan(0);
    });
    row('watchTicker', async () => {
      const ticker = await client.watchTicker(symbol);
      expect(ticker.symbol).toBe(symbol);
      expect(Math.abs(Number(ticker.last) / (await last()) - 1)).toBeLessThan(0.02);
    });
    row('watchOHLCV', async () => {
      const candles = await client.watchOHLCV(symbol, '1m');
      expect(Math.abs(Number(candles.at(-1)![4]) / (await last()) - 1)).toBeLessThan(0.02);
    });
    row('watchOrderBook', async () => {
      let pushes = 0;
      // Best prices equal to the book behind it at the same moment, more than once: a book that only starts right would drift.
      await eventually(
        () => client.watchOrderBook(symbol, undefined, traits.book),
        (book) => {
          const inner = world.cores[market].symbols.find((one) => one.base === 'BTC')!.symbol;
          const truth = world.cores[market].matching.book(inner, 1);
          expect(Number(book.bids[0]?.[0] ?? 0)).toBeLessThan(
            Number(book.asks[0]?.[0] ?? Number.POSITIVE_INFINITY),
          );
          const same =
            Number(book.bids[0]?.[0]) === Number(truth.bids[0]?.[0]) &&
            Number(book.asks[0]?.[0]) === Number(truth.asks[0]?.[0]);
          return ++pushes > 4 && same;
        },
      );
    });
    /** Starts a watcher, lets something happen until it says what is looked for. */
    const watched = async <T>(
      watch: () => Promise<T>,
      happen: () => Promise<unknown>,
      found: (value: T) => boolean,
    ): Promise<void> => {
      await traits.ready?.(client);
      let seen = false;
      const watching = eventually(watch, (value) => {
        seen ||= found(value);
        return seen;
      });
      // A stream that is not up yet would miss a single event; the next one is not missed.
      for (let round = 0; round < 20 && !seen; round++) {
        await happen();
        await Promise.race([watching, new Promise((done) => setTimeout(done, 300))]);
      }
      await watching;
    };
    const buyAndSell = async (): Promise<void> => {
      await market_('buy', amount);
      await market_('sell', amount, reduce);
    };
    row('watchOrders', () => {
      const ids = new Set<string>();
      return watched(
        () => client.watchOrders(symbol),
        async () => {
          const clientOrderId = fresh();
          ids.add(clientOrderId);
          const order = await limit('buy', 0.9, { clientOrderId });
          await client.cancelOrder(idOf(order), symbol);
        },
        (orders) =>
          orders.some((order) => order.status === 'canceled' && ids.has(String(order.clientOrderId))),
      );
    });
    row('watchMyTrades', () =>
      watched(
        () => client.watchMyTrades(symbol),
        buyAndSell,
        (fills) =>
          fills.some((fill) => fill.symbol === symbol && Number(fill.amount) > 0 && Boolean(fill.order)),
      ),
    );
    row('watchBalance', () =>
      watched(
        () => client.watchBalance(),
        buyAndSell,
        (balance) => Number(balance[quote]?.total ?? 0) > 0 || Number(balance[quote]?.free ?? 0) > 0,
      ),
    );
    row('watchPositions', () =>
      watched(
        () => client.watchPositions([symbol]),
        buyAndSell,
        (positions) => positions.some((one) => one.symbol === symbol && Number(one.contracts) > 0),
      ),
    );
    row('refuses a bad signature', async () => {
      const forged = world.connect(market, traits.forged ?? { secret: 'another-secret-entirely' });
      expect(await refusal(forged.fetchBalance())).toBeInstanceOf(ccxt.ExchangeError);
    });
    row('refuses a stale timestamp', async () => {
      const stale = world.connect(market, traits.stale ?? { options: { timeDifference: 60_000 } });
      const error = await refusal(stale.fetchBalance());
      expect(error).toBeInstanceOf(ccxt.BaseError);
    });
    row('refuses too small an order', async () => {
      const price = tick((await last()) * 0.9);
      const call = client.createOrder(symbol, 'limit', 'buy', traits.tooSmall ?? amount / 1000, price);
      expect(await refusal(call)).toBeInstanceOf(ccxt.ExchangeError);
    });
    row('refuses an unknown symbol', async () => {
      const market = client.market(symbol);
      const made = `NOSUCH/${quote}${future ? `:${quote}` : ''}`;
      const id = String(market.id).replace(/BTC/, 'NOSUCH');
      (client.markets as Record<string, unknown>)[made] = {
        ...market,
        id,
        symbol: made,
        base: 'NOSUCH',
        baseId: 'NOSUCH',
      };
      expect(await refusal(client.fetchOrderBook(made))).toBeInstanceOf(ccxt.ExchangeError);
    });
    row('refuses an order beyond the balance', async () => {
      const call = client.createOrder(symbol, 'limit', 'buy', amount * 100_000, tick((await last()) * 0.99));
      const error = await refusal(call);
      expect(error).toBeInstanceOf(ccxt.ExchangeError);
      expect(error).not.toBeInstanceOf(ccxt.NetworkError);
    });
    row('refuses too many requests', async () => {
      const tight = await openWorld(name, { weightPerMinute: traits.weightPerMinute ?? 60 });
      try {
        const hasty = tight.connect(market, { enableRateLimit: false });
        await hasty.loadMarkets();
        let error: Error | null = null;
        for (let at = 0; at < 200 && error === null; at++)
          error = await hasty.fetchOrderBook(symbol).then(
            () => null,
            (reason: Error) => reason,
          );
        expect(error).toBeInstanceOf(ccxt.NetworkError);
        expect(error instanceof ccxt.DDoSProtection || error instanceof ccxt.RateLimitExceeded).toBe(true);
      } finally {
        await tight.close();
      }
    });
  });
}
