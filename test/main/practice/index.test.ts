import { describe, expect, it } from 'vitest';
import { createPracticeExchange, type PracticeOptions } from '#main/practice/index';
import { createSimulatedSeams, type SimulatedSeams } from '#main/seams/index';

const T0 = Date.UTC(2026, 10, 21, 10, 7);
const STATE = '/profile/practice.json';

async function open(seams: SimulatedSeams, over: Partial<PracticeOptions> = {}) {
  const notices: string[] = [];
  const exchange = await createPracticeExchange({
    seams,
    seed: 1,
    speed: 5,
    stateFile: STATE,
    port: 0,
    onNotice: (text) => notices.push(text),
    ...over,
  });
  const get = async (path: string) =>
    (
      await seams.network.fetch(`${exchange.venues.binance!.endpoints.spotRest}${path}`)
    ).json() as Promise<unknown>;
  /** One reply over the simulated network, which needs time to pass. */
  const ask = async (path: string): Promise<unknown> => {
    let answer: unknown;
    void get(path).then((value) => {
      answer = value;
    });
    await seams.runUntil(() => answer !== undefined, 10_000);
    return answer;
  };
  return { exchange, notices, ask };
}
const start = Date.UTC(2022, 0, 1);
const candles = (minutes: number): string =>
  `timestamp,open,high,low,close,volume\n${Array.from({ length: minutes }, (_, i) => {
    const time = new Date(start + i * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    return `${time},${40_000 + i},${40_010 + i},${39_990 + i},${40_001 + i},12.5`;
  }).join('\n')}\n`;

describe('practice exchange', () => {
  it('serves both markets on one port and signals on another, and goes on after a restart', async () => {
    const seams = createSimulatedSeams(1, T0);
    const first = await open(seams);
    const price = (await first.ask('/api/v3/ticker/price?symbol=BTCUSDT')) as { price: string };
    expect(Number(price.price)).toBeGreaterThan(10_000);
    const open24 = (await first.ask('/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=3')) as unknown[];
    expect(open24).toHaveLength(3);
    await seams.advance(10_000);
    const { venues, signals, clock } = first.exchange;
    await first.exchange.close();
    const stopped = clock.now();
    seams.sleep(86_400_000);
    const second = await open(seams);
    expect(second.notices).toEqual([]);
    for (const [name, { key }] of Object.entries(second.exchange.venues))
      expect(key).toEqual(venues[name as keyof typeof venues]?.key);
    expect(second.exchange.signals.token).toBe(signals.token);
    expect(second.exchange.clock.now()).toBe(stopped);
    await second.exchange.close();
  });

  it('saves market time every few seconds, so that a kill costs no more than those', async () => {
    const seams = createSimulatedSeams(1, T0);
    const first = await open(seams);
    await seams.advance(20_000);
    const killed = first.exchange.clock.now();
    // A kill: nobody closes anything, the ports stay taken, so the second picks others.
    const second = await open(seams);
    const lost = killed - second.exchange.clock.now();
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThanOrEqual(3_000 * 5);
  });

  it('stops quietly at the end of a replay, says so, and answers on', async () => {
    const seams = createSimulatedSeams(1, T0);
    seams.disk.write('/data/btc-perp.csv', candles(40));
    const { exchange, notices, ask } = await open(seams, { replayFile: '/data/btc-perp.csv', speed: 300 });
    expect(exchange.clock.now()).toBe(start + 10 * 60_000);
    expect(exchange.title).toMatch(/40 candles of BTC\/USDT from 2022-01-01/);
    const history = (await ask('/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=5')) as unknown[];
    expect(history).toHaveLength(5);
    await seams.advance(10_000);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/reached the end of its file/);
    expect(exchange.clock.now()).toBe(start + 40 * 60_000);
    const price = (await ask('/fapi/v1/ticker/price?symbol=BTCUSDT')) as { price: string };
    expect(Number(price.price)).toBe(40_040);
    const whole = (await ask('/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=100')) as string[][];
    const closed = whole.slice(0, 40);
    closed.forEach((row, i) => {
      expect(row.slice(1, 5).map(Number)).toEqual([40_000 + i, 40_010 + i, 39_990 + i, 40_001 + i]);
      expect(Number(row[5])).toBeCloseTo(12.5, 6);
    });
    await exchange.close();
  });

  it('replays a pair without a dollar on spot alone', async () => {
    const seams = createSimulatedSeams(1, T0);
    const rows = Array.from({ length: 400 }, (_, i) => [
      start + i * 1_000,
      String(i),
      null,
      i % 2 ? 'buy' : 'sell',
      0.0014 + (i % 7) / 1e6,
      5 + i,
      1,
    ]);
    seams.disk.write('/data/xrpeth.json', JSON.stringify(rows));
    const { exchange, ask } = await open(seams, { replayFile: '/data/xrpeth.json' });
    await seams.advance(2_000);
    const info = async (path: string) => ((await ask(path)) as { symbols: unknown[] }).symbols.length;
    expect(await info('/api/v3/exchangeInfo')).toBe(1);
    expect(await info('/fapi/v1/exchangeInfo')).toBe(0);
    await exchange.close();
  });

  it('refuses a broken replay before anything is opened or written', async () => {
    const seams = createSimulatedSeams(1, T0);
    seams.disk.write('/data/btc.csv', candles(3).replace('40001', 'x'));
    await expect(open(seams, { replayFile: '/data/btc.csv' })).rejects.toThrow(
      /btc\.csv: line 2, column 5 \(close\)/,
    );
    expect(seams.disk.exists(STATE)).toBe(false);
  });
});
