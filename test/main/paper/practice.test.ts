import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, type Pool } from '#main/connectivity/index';
import { createPaperVenue } from '#main/paper/index';
import { createPracticeExchange, type PracticeExchange } from '#main/practice/index';
import { createRealSeams, pause, type Seams } from '#main/seams/index';
import { type AccountEvent, createVenue, type Venue } from '#main/venues/index';
import type { Decimal } from '#shared/domain/basics';
import { div, gte, minusPercent, mul, toStep } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import { order } from './world';

const real = createRealSeams();
const sent: string[] = [];
/** Writes down all that leaves this computer's wire. */
const seams: Seams = {
  ...real,
  network: {
    ...real.network,
    fetch: (url, init) => {
      sent.push(`${init?.method ?? 'GET'} ${url}`);
      return real.network.fetch(url, init);
    },
    connect: (url, handlers, options) => {
      sent.push(`SOCKET ${url}`);
      return real.network.connect(url, handlers, options);
    },
  },
};
let practice: PracticeExchange;
let pool: Pool;
let venue: Venue;
let instrument: Instrument;
const news: AccountEvent[] = [];

beforeAll(async () => {
  practice = await createPracticeExchange({
    seams: real,
    seed: 7,
    speed: 20,
    stateFile: null,
    port: 0,
    onNotice: () => {},
  });
  pool = createPool({ seams });
  // No credentials: this venue has neither trading nor account, and paper is handed its public halves.
  const exchange = createVenue({
    seams,
    pool,
    key: 'binance_future',
    mode: 'practice',
    endpoints: practice.venues.binance!.endpoints,
  });
  expect(exchange.trading).toBeUndefined();
  venue = createPaperVenue({
    exchange: 'binance',
    data: exchange.data,
    reference: exchange.reference,
    now: () => seams.clock.now(),
    marketNow: () => practice.clock.now(),
    timers: seams.timers,
    saved: null,
    save: () => {},
  });
  venue.account!.subscribe((event) => news.push(event));
  const instruments = await venue.reference.instruments();
  instrument = instruments.find(({ base, quote }) => base === 'BTC' && quote === 'USDT')!;
});
afterAll(async () => {
  await venue.close();
  await pool.close();
  await practice.close();
});

describe('paper on the public streams of an exchange, over the real wire', () => {
  it('buys, protects and closes within the spread of the market, and sends nothing but public questions', async () => {
    const { symbol, stepSize, tickSize } = instrument;
    const candles = await venue.data.candles(symbol, '1m', { limit: 2 });
    const price = String(candles.at(-1)!.close) as Decimal;
    const amount = toStep(div('2000' as Decimal, price), stepSize, 'down');
    const entry = order({ symbol, amount });
    expect(await venue.trading!.place(entry)).toMatchObject({ kind: 'accepted', status: 'filled' });
    const [fill] = await venue.account!.fillsSince(symbol, 0 as never);
    expect(Math.abs(Number(fill!.price) / Number(price) - 1)).toBeLessThan(0.02);
    expect(gte(mul(fill!.price, '0.00051' as Decimal), div(fill!.fee!.cost, fill!.amount))).toBe(true);

    const trigger = toStep(minusPercent(fill!.price, '20' as Decimal), tickSize, 'down');
    const stop = order({
      symbol,
      amount,
      side: 'sell',
      type: 'stop-market',
      triggerPrice: trigger,
      reduceOnly: true,
    });
    expect(await venue.trading!.place(stop)).toMatchObject({ kind: 'accepted', status: 'open' });
    expect(await venue.trading!.openOrders(symbol)).toHaveLength(1);
    await pause(seams.timers, 300);
    expect(await venue.trading!.cancel(stop)).toEqual({ kind: 'cancelled' });
    const exit = order({ symbol, amount, side: 'sell', reduceOnly: true });
    expect(await venue.trading!.place(exit)).toMatchObject({ kind: 'accepted', status: 'filled' });
    expect(await venue.account!.positions!()).toEqual([]);
    expect(news.filter(({ type }) => type === 'fill').length).toBeGreaterThanOrEqual(2);

    expect(sent.length).toBeGreaterThan(2);
    for (const line of sent) expect(line).toMatch(/^(GET|SOCKET) /);
    expect(sent.join('\n')).not.toMatch(/signature|listenKey|apiKey|\/private/);
  });
});
