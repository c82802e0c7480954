import { describe, expect, it } from 'vitest';
import { createClocks } from '#main/desk/clocks';
import { createSimulatedSeams } from '#main/seams/index';
import type { Venue } from '#main/venues/index';
import type { VenueKey } from '#shared/domain/exchange';

function create(keys: readonly VenueKey[] = ['binance_future']) {
  const seams = createSimulatedSeams(1, 1_000_000);
  const world = { offsetMs: 0, roundTripMs: 40, fails: false, asked: 0 };
  const warnings: string[] = [];
  const reference = {
    measureClock: async () => {
      world.asked++;
      if (world.fails) throw new Error('no answer within 10 s');
      return { offsetMs: world.offsetMs, roundTripMs: world.roundTripMs };
    },
  } as Venue['reference'];
  const clocks = createClocks({
    venues: new Map(keys.map((key) => [key, { reference }])),
    timers: seams.timers,
    now: () => seams.clock.now(),
    warn: (venue, text) => warnings.push(`${venue}: ${text}`),
  });
  return { seams, world, warnings, clocks };
}
const MINUTE = 60_000;

describe('the clocks of the exchanges', () => {
  it('M-281 are measured at the start and every 30 minutes, paper accounts excepted', async () => {
    const { seams, world, clocks } = create(['binance_spot', 'binance_future', 'binance_paper']);
    expect(clocks.all().map(({ venue, offsetMs }) => [venue, offsetMs])).toEqual([
      ['binance_spot', null],
      ['binance_future', null],
    ]);
    await clocks.start();
    expect(world.asked).toBe(2);
    await seams.advance(29 * MINUTE);
    expect(world.asked).toBe(2);
    world.offsetMs = -120;
    await seams.advance(2 * MINUTE);
    expect(world.asked).toBe(4);
    expect(clocks.all()[0]).toEqual({
      venue: 'binance_spot',
      offsetMs: -120,
      roundTripMs: 40,
      measuredAt: 1_000_000 + 30 * MINUTE,
      problem: null,
    });
  });
  it('M-281 warn once when they are more than 10 s off, and as long as that is so', async () => {
    const { seams, world, warnings, clocks } = create();
    world.offsetMs = 10_000;
    await clocks.start();
    expect([warnings, clocks.warnings()]).toEqual([[], []]);
    world.offsetMs = 10_001;
    await seams.advance(61 * MINUTE);
    const text =
      "The clock of this computer is 10 s behind that of binance_future. Orders are signed with the exchange's time; set the computer's clock, or waves and ages are off by as much.";
    expect(warnings).toEqual([`binance_future: ${text}`]);
    expect(clocks.warnings()).toEqual([text]);
    world.offsetMs = 20;
    await seams.advance(30 * MINUTE);
    expect(clocks.warnings()).toEqual([]);
    world.offsetMs = -25_000;
    await seams.advance(30 * MINUTE);
    expect(warnings[1]).toContain('25 s ahead of that of binance_future');
  });
  it('are asked again a minute after a failure, keeping what was known', async () => {
    const { seams, world, clocks } = create();
    world.offsetMs = 300;
    await clocks.start();
    world.fails = true;
    await seams.advance(30 * MINUTE);
    expect(clocks.all()[0]).toMatchObject({ offsetMs: 300, problem: 'no answer within 10 s' });
    world.fails = false;
    world.offsetMs = 400;
    await seams.advance(MINUTE);
    expect(clocks.all()[0]).toMatchObject({ offsetMs: 400, problem: null });
  });
  it('are asked again a minute after an answer that was slow, because it says little', async () => {
    const { seams, world, clocks } = create();
    world.roundTripMs = 501;
    await clocks.start();
    world.roundTripMs = 500;
    await seams.advance(MINUTE);
    expect(world.asked).toBe(2);
    await seams.advance(29 * MINUTE);
    expect(world.asked).toBe(2);
  });
  it('leave nothing running after they are closed', async () => {
    const { seams, world, clocks } = create();
    await clocks.start();
    clocks.close();
    await seams.advance(120 * MINUTE);
    expect(world.asked).toBe(1);
  });
});
