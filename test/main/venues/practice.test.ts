import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, type Pool } from '#main/connectivity/index';
import { OrderBook } from '#main/market/index';
import { createPracticeExchange, type PracticeExchange, type WireName } from '#main/practice/index';
import { createRealSeams, pause } from '#main/seams/index';
import { type AccountEvent, createVenue, type Venue } from '#main/venues/index';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { eq, minusPercent, mul, sum, toStep } from '#shared/domain/decimal';
import type { ExchangeName, MarketKind, VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { MarketEvent } from '#shared/domain/market';
import type { Fill, OrderRequest } from '#shared/domain/order';

const seams = createRealSeams();
let practice: PracticeExchange;
let pool: Pool;

beforeAll(async () => {
  const options = { seams, seed: 7, speed: 20, stateFile: null, port: 0, onNotice: () => {} };
  practice = await createPracticeExchange(options);
  pool = createPool({ seams });
});
afterAll(async () => {
  await pool.close();
  await practice.close();
});

async function until<T>(
  what: string,
  look: () => T | undefined | null | false,
  withinMs = 10_000,
): Promise<T> {
  const end = seams.clock.monotonic() + withinMs;
  for (;;) {
    const seen = look();
    if (seen) return seen;
    if (seams.clock.monotonic() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(seams.timers, 20);
  }
}

/** Where an exchange differs from the usual. */
interface Difference {
  readonly quote?: string;
  readonly wireSymbol?: string;
  /** The exchange names no largest order and no largest value. */
  readonly boundless?: true;
  /** Channels it does not have. */
  readonly silent?: readonly string[];
  /**
   * 'none': it has no stops here. 'nameless': they carry no id of ours, so that a second one is another order.
   * 'named-late': their stream carries no id of ours; whose they are is known from the reply to the placement on.
   */
  readonly stops?: 'none' | 'nameless' | 'named-late';
  /** It names no largest value of a position. */
  readonly valueless?: true;
}
const VENUES: Readonly<Partial<Record<VenueKey, Difference>>> = {
  binance_spot: {},
  binance_future: {},
  gateio_spot: { wireSymbol: 'BTC_USDT', boundless: true, stops: 'named-late' },
  gateio_future: { wireSymbol: 'BTC_USDT' },
  mexc_spot: { boundless: true, silent: ['ticker'], stops: 'none' },
  mexc_future: { wireSymbol: 'BTC_USDT', boundless: true, stops: 'nameless' },
  bybit_spot: {},
  bybit_future: { valueless: true },
  hyperliquid_future: { quote: 'USDC', wireSymbol: 'BTC', boundless: true },
  bitget_spot: { boundless: true },
  bitget_future: { boundless: true },
};

describe.each(Object.entries(VENUES) as [VenueKey, Difference][])(
  '%s against the practice exchange, over the real wire',
  (key, {
    quote = 'USDT',
    wireSymbol = 'BTCUSDT',
    boundless = false,
    valueless = false,
    silent = [],
    stops,
  }) => {
    const [exchange, market] = key.split('_') as [ExchangeName, MarketKind];
    const future = market === 'future';
    let venue: Venue;
    let instrument: Instrument;
    const news: AccountEvent[] = [];
    let lastPrice: Decimal;
    /** What the buying test bought. */
    let held: Decimal;
    let number = 0;

    const request = (over: Partial<OrderRequest>): OrderRequest => ({
      clientOrderId: `wd-${market}-${++number}` as ClientOrderId,
      venue: key,
      symbol: instrument.symbol,
      side: 'buy',
      type: 'market',
      amount: instrument.minAmount,
      price: null,
      triggerPrice: null,
      timeInForce: null,
      reduceOnly: false,
      closePosition: false,
      ...over,
    });
    const fillsOf = (clientOrderId: string): Fill[] =>
      news.flatMap((event) =>
        event.type === 'fill' && event.fill.clientOrderId === clientOrderId ? [event.fill] : [],
      );
    const below = (percent: string): Decimal =>
      toStep(minusPercent(lastPrice, percent as Decimal), instrument.tickSize, 'down');

    beforeAll(async () => {
      const practised = practice.venues[exchange as WireName]!;
      venue = createVenue({
        seams,
        pool,
        key,
        mode: 'practice',
        endpoints: practised.endpoints,
        credentials: () => practised.key,
      });
      const instruments = await venue.reference.instruments();
      instrument = instruments.find((one) => one.base === 'BTC' && one.quote === quote)!;
      venue.account!.subscribe((event) => news.push(event));
      await until('the account stream', () => news.some((event) => event.type === 'resumed'));
      const candles = await venue.data.candles(instrument.symbol, '1m', { limit: 5 });
      lastPrice = toStep(String(candles.at(-1)!.close) as Decimal, instrument.tickSize, 'down');
    });
    afterAll(() => venue.close());

    it('lists instruments with their steps', () => {
      expect(instrument).toMatchObject({ wireSymbol, active: true });
    });

    if (!boundless)
      it('M-084 learns the largest market order and the largest value', () => {
        expect(Number(instrument.maxMarketAmount)).toBeGreaterThan(Number(instrument.minAmount));
        if (valueless) expect(instrument.maxNotional).toBeNull();
        else expect(Number(instrument.maxNotional)).toBeGreaterThan(Number(instrument.minNotional));
      });

    it('reads candles, the last one open', async () => {
      const candles = await venue.data.candles(instrument.symbol, '1m', { limit: 20 });
      expect(candles).toHaveLength(20);
      expect(candles.slice(0, -1).every(({ closed }) => closed)).toBe(true);
      expect(candles.at(-1)!.closed).toBe(false);
      const times = candles.map(({ openTime }) => openTime);
      expect(new Set(times.slice(1).map((time, at) => time - times[at]!))).toEqual(new Set([60_000]));
    });

    it('delivers every public channel', async () => {
      const seen = new Map<string, MarketEvent>();
      const usual = ['trades', 'top', 'ticker', ...(future ? (['mark'] as const) : [])] as const;
      const kinds = usual.filter((kind) => !silent.includes(kind));
      const { symbol } = instrument;
      const undos = kinds.map((kind) =>
        venue.data.subscribe({ kind, symbol }, (event) => seen.set(event.type, event)),
      );
      undos.push(
        venue.data.subscribe({ kind: 'candles', symbol, timeframe: '1m' }, (event) =>
          seen.set(event.type, event),
        ),
      );
      await until('all channels', () => seen.size === kinds.length + 1 && seen);
      for (const undo of undos) undo();
      expect([...seen.values()].every((event) => event.symbol === symbol && event.venue === key)).toBe(true);
    });

    it('keeps a book that never crosses and goes on without a gap', async () => {
      const book = new OrderBook();
      let deltas = 0;
      let snapshots = 0;
      const crossed: number[] = [];
      const undo = venue.data.subscribe({ kind: 'book', symbol: instrument.symbol }, (event) => {
        if (event.type === 'book-snapshot') {
          snapshots++;
          book.applySnapshot(event);
        }
        if (event.type === 'book-delta') {
          deltas++;
          book.applyDelta(event);
        }
        const { bids, asks } = book.top(1);
        if (Number(bids[0]?.[0] ?? 0) >= Number(asks[0]?.[0] ?? Infinity)) crossed.push(book.last!);
      });
      await until('a dozen deltas', () => deltas >= 12);
      undo();
      expect({ snapshots, crossed }).toEqual({ snapshots: 1, crossed: [] });
    });

    const bought = request.bind(null, {});
    it('buys at market: accepted, told as fills with fees, found, and in the history', async () => {
      const minimum = mul(instrument.minNotional ?? ('10' as Decimal), '8' as Decimal);
      const amount = toStep(
        String(Math.max(Number(instrument.minAmount) * 5, Number(minimum) / Number(lastPrice))) as Decimal,
        instrument.stepSize,
        'up',
      );
      const since = await venue.reference.serverTime();
      held = amount;
      const order = { ...bought(), amount };
      const outcome = await venue.trading!.place(order);
      expect(outcome).toMatchObject({ kind: 'accepted' });
      await until('the whole fill', () => {
        const fills = fillsOf(order.clientOrderId);
        return fills.length > 0 && eq(sum(fills.map((fill) => fill.amount)), amount);
      });
      const told = fillsOf(order.clientOrderId);
      for (const fill of told) expect(fill.fee).not.toBeNull();
      expect(await venue.trading!.find(order)).toMatchObject({
        kind: 'found',
        order: { status: 'filled', filled: amount, clientOrderId: order.clientOrderId },
      });
      const history = await venue.account!.fillsSince(instrument.symbol, since);
      const mine = history.filter((fill) => fill.clientOrderId === order.clientOrderId);
      // Some tell the value of a fill on the stream only.
      const plain = (fill: Fill) => ({ ...fill, cost: undefined, seenAt: 0 });
      expect(mine.map(plain)).toEqual(told.map(plain));
      await until('a whole picture of the balances', () => news.some((event) => event.type === 'balances'));
      if (future) {
        const positions = await venue.account!.positions!();
        const entryPrice = expect.stringMatching(/^[1-9]/) as unknown;
        expect(positions).toMatchObject([{ symbol: instrument.symbol, amount, entryPrice }]);
        const shown = await until('a whole picture of the positions', () => {
          const last = news.findLast((event) => event.type === 'positions');
          return last?.type === 'positions' && last.positions.length > 0 && last;
        });
        expect(shown).toMatchObject({ positions: [{ amount, entryPrice: positions[0]!.entryPrice }] });
      }
    });

    it.skipIf(stops === 'none')(
      'places a stop, sees it in open orders and by name, and cancels it',
      async () => {
        const stop = request({
          side: 'sell',
          type: 'stop-market',
          amount: toStep(mul(held, '0.9' as Decimal), instrument.stepSize, 'down'),
          triggerPrice: below('8'),
          reduceOnly: future,
        });
        const outcome = await venue.trading!.place(stop);
        expect(outcome).toMatchObject({ kind: 'accepted', status: 'open' });
        expect(await venue.trading!.find(stop)).toMatchObject({
          kind: 'found',
          order: { status: 'open', triggerPrice: stop.triggerPrice },
        });
        for (const symbol of [undefined, instrument.symbol]) {
          const open = await venue.trading!.openOrders(symbol);
          const { side, reduceOnly, clientOrderId } = stop;
          expect(open).toContainEqual(
            expect.objectContaining({
              clientOrderId,
              side,
              reduceOnly,
              updatedAt: expect.any(Number) as unknown,
            }),
          );
        }
        await until('news of the stop', () =>
          news.some(
            (event) =>
              event.type === 'order' &&
              (stops === 'named-late'
                ? event.order.triggerPrice === stop.triggerPrice
                : event.order.clientOrderId === stop.clientOrderId) &&
              event.order.status === 'open',
          ),
        );
        if (stops !== 'nameless') expect(await venue.trading!.place(stop)).toMatchObject({ kind: 'unknown' });
        expect(await venue.trading!.cancel(stop)).toEqual({ kind: 'cancelled' });
        expect(await venue.trading!.cancel(stop)).toMatchObject({ kind: 'not-open' });
        expect(await venue.trading!.find(stop)).toMatchObject({ order: { status: 'cancelled' } });
        await until('news of its end', () =>
          news.some(
            (event) =>
              event.type === 'order' &&
              event.order.clientOrderId === stop.clientOrderId &&
              event.order.status === 'cancelled',
          ),
        );
      },
    );

    it.skipIf(stops === 'none')(
      'follows a stop through its trigger to the fill, under one client id',
      async () => {
        const amount = toStep(mul(held, '0.4' as Decimal), instrument.stepSize, 'down');
        const [candle] = await venue.data.candles(instrument.symbol, '1m', { limit: 1 });
        const near = (percent: string): Decimal =>
          toStep(
            minusPercent(String(candle!.close) as Decimal, percent as Decimal),
            instrument.tickSize,
            'down',
          );
        // One on each side of a living market: whichever way it goes, one is touched soon. A market that already
        // moved past one of them refuses it.
        const common = { side: 'sell', amount, reduceOnly: future } as const;
        const around = [
          request({ ...common, type: 'stop-market', triggerPrice: near('0.06') }),
          request({ ...common, type: 'take-profit-market', triggerPrice: near('-0.06') }),
        ];
        const outcomes = [];
        for (const one of around) outcomes.push((await venue.trading!.place(one)).kind);
        expect(outcomes).toContain('accepted');
        const fill = await until(
          'the fill of a stop',
          () => around.flatMap((one) => fillsOf(one.clientOrderId))[0],
          60_000,
        );
        const stop = around.find((one) => one.clientOrderId === fill.clientOrderId)!;
        expect(fill.side).toBe('sell');
        const found = await venue.trading!.find(stop);
        expect(found).toMatchObject({
          kind: 'found',
          order: { status: 'filled', clientOrderId: stop.clientOrderId },
        });
        const again = await venue.account!.fillsSince(instrument.symbol, fill.venueTime);
        expect(again.map(({ tradeId, clientOrderId }) => [tradeId, clientOrderId])).toContainEqual([
          fill.tradeId,
          stop.clientOrderId,
        ]);
        for (const one of around) await venue.trading!.cancel(one);
      },
      90_000,
    );

    it('gets refusals in words and answers absence with absence', async () => {
      const order = request({ amount: '0.00000001' as Decimal });
      // What is no whole number of contracts cannot even be written down.
      const kind = instrument.contractSize === undefined ? 'rejected' : 'not-sent';
      expect(await venue.trading!.place(order)).toMatchObject({ kind });
      const dear = request({ amount: mul(instrument.minAmount, '1000000' as Decimal) });
      expect(await venue.trading!.place(dear)).toMatchObject({ kind: 'rejected' });
      expect(await venue.trading!.find(order)).toEqual({ kind: 'absent' });
      expect(await venue.trading!.cancel(order)).toMatchObject({ kind: 'not-open' });
    });

    if (future)
      it('M-085 knows open interest, sets leverage and reads it back', async () => {
        expect(Number(await venue.data.openInterest!(instrument.symbol))).toBeGreaterThan(0);
        await venue.trading!.setLeverage!(instrument.symbol, 2);
        expect(await venue.trading!.leverage!(instrument.symbol)).toBe(2);
        await venue.trading!.setLeverage!(instrument.symbol, 3);
        expect(await venue.trading!.leverage!(instrument.symbol)).toBe(3);
      });

    it('met no frame that it could not read', () => {
      const bad = pool.statuses().filter((status) => status.key.startsWith(key) && status.badFrames > 0);
      expect(bad.map(({ key: link, problem }) => [link, problem])).toEqual([]);
    });
  },
);
