import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { Candle } from '#shared/domain/market';
import { BTC, candle, createWorld, MINUTE, VENUE } from './world';

const HOUR = 60 * MINUTE;
/** A full hour, in market time. */
const TEN = 492_371 * HOUR;
type Make = (minute: number) => Partial<Candle>;

/** An exchange that knows the minutes up to `lastMinute` after TEN, and the hours they make up. */
function createExchange(lastMinute: number, make: Make = () => ({}), firstMinute = -240) {
  const minutes = Array.from({ length: lastMinute - firstMinute + 1 }, (_, at) =>
    candle(TEN / MINUTE + firstMinute + at, firstMinute + at < lastMinute, make(firstMinute + at)),
  );
  const hours = new Map<number, Candle>();
  for (const one of minutes) {
    const openTime = Math.floor(one.openTime / HOUR) * HOUR;
    const volume = (hours.get(openTime)?.volume ?? 0) + one.volume;
    hours.set(openTime, { ...one, openTime: unixMs(openTime), volume });
  }
  const world = createWorld();
  world.attach();
  world.venue.answer(async (_symbol, timeframe, { since, limit }) => {
    const all = timeframe === '1h' ? [...hours.values()] : minutes;
    return since === undefined
      ? all.slice(-limit)
      : all.filter((one) => one.openTime >= since).slice(0, limit);
  });
  return {
    world,
    factsAt: (signalAt?: UnixMs) => world.result(world.market.factsFor(VENUE, BTC, 10, signalAt)),
  };
}
const at = (minute: number, second = 0): UnixMs => unixMs(TEN + minute * MINUTE + second * 1_000);

describe('the volume of a signal', () => {
  const thousandAMinute: Make = () => ({ volume: 500, close: 2 });

  it('M-073 is that of the whole hour which holds its candle, however young the running hour is', async () => {
    // 10:06, the wave of the candle that opened at 9:45: the running hour counts seven minutes, its own sixty.
    const { factsAt } = createExchange(6, thousandAMinute);
    expect((await factsAt(at(-15))).hourVolumeUsd).toBe('60000');
    expect((await factsAt()).hourVolumeUsd).toBe('7000');
  });
  it('M-073 is that of the running hour when this one holds the candle', async () => {
    const { factsAt } = createExchange(20, thousandAMinute);
    expect((await factsAt(at(0))).hourVolumeUsd).toBe('21000');
  });
  it('M-073 begins and ends with the hour, to the millisecond', async () => {
    const { factsAt } = createExchange(20, (minute) => ({ volume: minute < 0 ? 1 : 2, close: 1 }));
    expect((await factsAt(unixMs(TEN - 1))).hourVolumeUsd).toBe('60');
    expect((await factsAt(unixMs(TEN))).hourVolumeUsd).toBe('42');
  });
  it('M-075 is unknown, not that of another hour, when the exchange has no candle of it', async () => {
    const { factsAt } = createExchange(20, thousandAMinute, 0);
    expect((await factsAt(at(-15))).hourVolumeUsd).toBeNull();
    expect((await factsAt(at(90))).hourVolumeUsd).toBeNull();
  });
});

describe('the five-minute change of a signal', () => {
  it('M-074 ends at the signal, not now', async () => {
    // 100 until 9:55, 103 at 10:00, and 120 by 10:20.
    const price: Make = (minute) => ({ close: minute >= 0 ? 120 : minute >= -5 ? 103 : 100 });
    const { factsAt } = createExchange(20, price);
    expect((await factsAt(at(0))).fiveMinuteChangePercent).toBeCloseTo(3, 9);
    expect((await factsAt(at(1))).fiveMinuteChangePercent).toBeCloseTo((17 / 103) * 100, 9);
  });
  it('M-074 is close against close five minutes earlier, whatever came in the minute of the signal or after', () => {
    const prices = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 40, maxLength: 40 });
    return fc.assert(
      fc.asyncProperty(
        prices,
        prices,
        fc.integer({ min: 6, max: 39 }),
        fc.nat(59),
        async (before, after, minute, second) => {
          const closes = before.map((price, index) => (index < minute ? price : after[index]!));
          const { factsAt } = createExchange(39, (index) => ({ close: closes[index]! }), 0);
          const [from, to] = [before[minute - 6]!, before[minute - 1]!];
          expect((await factsAt(at(minute, second))).fiveMinuteChangePercent).toBeCloseTo(
            ((to - from) / from) * 100,
            9,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
  it('M-075 is unknown when a minute it needs is missing', async () => {
    const { factsAt } = createExchange(20, () => ({}), -5);
    expect((await factsAt(at(0))).fiveMinuteChangePercent).toBeNull();
    expect((await factsAt(at(1))).fiveMinuteChangePercent).toBe(0);
  });
});

describe('the price beside them', () => {
  const rising: Make = (minute) => ({ close: 1_000 + minute });

  it('is the newest one, not that of the signal', async () => {
    expect((await createExchange(20, rising).factsAt(at(0))).price).toBe('1020');
  });
  it('is the newest one also when the minutes since the signal do not fit into one answer', async () => {
    const { factsAt, world } = createExchange(92, rising);
    expect(await factsAt(at(0))).toMatchObject({ price: '1092', fiveMinuteChangePercent: (5 / 994) * 100 });
    expect(world.venue.asked.filter((question) => question.includes(' 1m '))).toHaveLength(2);
  });
  it('costs no question of its own while they fit', async () => {
    const { factsAt, world } = createExchange(91, rising);
    expect((await factsAt(at(0))).price).toBe('1091');
    expect(world.venue.asked.filter((question) => question.includes(' 1m '))).toHaveLength(1);
  });
});

describe('asking for several signals', () => {
  it('shares an answer between signals of one candle, never between two candles', async () => {
    const { factsAt, world } = createExchange(20, (minute) => ({ close: minute >= -5 ? 103 : 100 }));
    await Promise.all([factsAt(at(0)), factsAt(at(0))]);
    expect(world.venue.asked).toHaveLength(2);
    expect((await factsAt(at(15))).fiveMinuteChangePercent).toBe(0);
    expect(world.venue.asked).toHaveLength(4);
  });
  it('asks anew after three seconds', async () => {
    const { factsAt, world } = createExchange(20);
    await factsAt(at(0));
    await world.seams.advance(3_000);
    await factsAt(at(0));
    expect(world.venue.asked).toHaveLength(4);
  });
});
