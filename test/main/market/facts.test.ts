import { describe, expect, it } from 'vitest';
import type { Symbol } from '#shared/domain/instrument';
import { BTC, candle, createWorld, instrument, START, VENUE } from './world';

const sixMinutes = [100, 101, 102, 103, 104, 105].map((close, at) => candle(at, at < 5, { close }));
const answers = async (_symbol: Symbol, timeframe: string) =>
  timeframe === '1h' ? [candle(0, false, { volume: 1_000, close: 65.5 })] : sixMinutes;

describe('facts about an instrument', () => {
  it('come from stream and questions together', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(answers);
    const asked = world.market.factsFor(VENUE, BTC, 3_000);
    await world.seams.advance(100);
    world.trade('110');
    world.top('109', '111');
    expect(await world.result(asked)).toEqual({
      instrument: instrument(BTC),
      price: '110',
      priceSeenAt: START + 100,
      bid: '109',
      ask: '111',
      openInterestUsd: '1500000',
      hourVolumeUsd: '65500',
      fiveMinuteChangePercent: 5,
    });
  });
  it('wait no longer than asked for a stream that stays silent, and then take the last candle', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(answers);
    const before = world.seams.clock.monotonic();
    const facts = await world.result(world.market.factsFor(VENUE, BTC, 3_000));
    expect(world.seams.clock.monotonic() - before).toBe(3_000);
    expect(facts).toMatchObject({ price: '105', priceSeenAt: START, bid: null, ask: null });
  });
  it('do not wait when bid and ask are fresh', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(answers);
    world.market.watch(VENUE, BTC, true);
    world.top('109', '111');
    const before = world.seams.clock.monotonic();
    const facts = await world.result(world.market.factsFor(VENUE, BTC, 3_000));
    expect(world.seams.clock.monotonic()).toBe(before);
    expect(facts).toMatchObject({ price: '110', bid: '109' });
  });
  it('M-075 are unknown one by one, never zero, when questions fail', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(async () => Promise.reject(new Error('down')));
    const facts = await world.result(world.market.factsFor(VENUE, BTC, 100));
    expect(facts).toMatchObject({
      price: null,
      priceSeenAt: null,
      hourVolumeUsd: null,
      fiveMinuteChangePercent: null,
      openInterestUsd: '1500000',
    });
  });
  it('do not wait for ever for a question without an answer', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(() => new Promise(() => {}));
    const before = world.seams.clock.monotonic();
    expect(await world.result(world.market.factsFor(VENUE, BTC, 100))).toMatchObject({
      price: null,
      openInterestUsd: null,
    });
    expect(world.seams.clock.monotonic() - before).toBeLessThanOrEqual(10_000);
  });
  it('are all unknown without a venue, at once', async () => {
    const world = createWorld();
    const facts = await world.result(world.market.factsFor(VENUE, 'XYZ/USDT:USDT' as Symbol, 3_000));
    expect(new Set(Object.values(facts))).toEqual(new Set([null]));
    expect(world.seams.clock.monotonic()).toBe(0);
  });
  it('have no five-minute change before there are five minutes', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(async () => sixMinutes.slice(1));
    expect((await world.result(world.market.factsFor(VENUE, BTC, 10))).fiveMinuteChangePercent).toBeNull();
  });
  it('of a whole wave are asked for four questions at a time', async () => {
    const world = createWorld();
    world.attach();
    world.venue.answer(async (symbol, timeframe) => {
      await new Promise<void>((resolve) => world.seams.timers.after(50, resolve));
      return answers(symbol, timeframe);
    });
    const wave = Array.from({ length: 20 }, (_, at) =>
      world.market.factsFor(VENUE, `C${at}/USDT:USDT` as Symbol, 10),
    );
    await world.result(Promise.all(wave));
    expect(world.venue.mostAtOnce()).toBeLessThanOrEqual(4);
    expect(world.venue.asked).toHaveLength(40);
  });
  it('keep the instrument watched for a minute, so that an entry finds a fresh price', async () => {
    const world = createWorld();
    world.attach();
    await world.result(world.market.factsFor(VENUE, BTC, 10));
    expect(world.venue.running()).toHaveLength(4);
    await world.seams.advance(60_000);
    expect(world.venue.running()).toEqual([]);
  });
  it('leave nothing running after the market is closed', async () => {
    const world = createWorld();
    world.attach();
    world.market.watch(VENUE, BTC, true);
    world.market.onCandle(VENUE, BTC, '1m', () => {});
    world.market.onBook(VENUE, BTC, () => {});
    await world.result(world.market.factsFor(VENUE, BTC, 10));
    world.market.close();
    expect(world.venue.running()).toEqual([]);
  });
});
