import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '#main/engine/types';
import { drive, fill, opened, STOP } from './drive';
import { BTC, d, FUTURE, signal, startFrom, wave } from './samples';
import { expectSound } from './soundness';
import { createWorld } from './world';

type Run = ReturnType<typeof drive>;
const HOUR = 3_600_000;
const SECOND = 'w7k2p-s1-s2' as typeof STOP;
const price = (value: string): EngineEvent => ({
  type: 'price',
  venue: FUTURE,
  symbol: BTC,
  price: d(value),
});
const shown = (amount: string | null): EngineEvent => ({
  type: 'venue-positions',
  venue: FUTURE,
  positions: amount === null ? [] : [{ symbol: BTC, amount: d(amount) }],
});
const s1 = (run: Run) => run.engine.positions().find((position) => position.id === 's1')!;
const stopPlaces = (run: Run) => run.places().filter(({ type }) => type === 'stop-market');

/** Long at 100, trailing active behind 103, its stop at 102.49 on the exchange. */
function trailing(): Run {
  const run = opened();
  run.tell(price('103'), 31_000);
  run.order(SECOND, { kind: 'accepted', venueOrderId: 'v-2' as never });
  run.tell({ type: 'cancel-reply', clientOrderId: STOP, outcome: 'cancelled', message: null });
  return run;
}
/** The same after a restart; its stop was found standing. */
function restarted(from: Pick<Run, 'records'> = trailing(), ms = 60_000): Run {
  const run = drive(startFrom(from.records));
  run.tell({ type: 'recover' }, ms);
  for (const { request, status, venueOrderId } of run.engine.orders())
    if (status === 'open')
      run.order(request.clientOrderId, {
        kind: 'seen',
        venueOrderId: venueOrderId!,
        status: 'open',
        filled: d('0'),
      });
  return run;
}

describe('trailing after a restart', () => {
  it('M-095 waits, moving nothing, until the exchange has shown the position', () => {
    const run = restarted();
    expect(s1(run).trailing).toMatchObject({ state: 'waiting', peak: '103', updates: 1 });
    run.tell(price('106'), 1_000);
    expect(stopPlaces(run)).toHaveLength(0);
    expect(s1(run)).toMatchObject({ trailing: { state: 'waiting' }, stop: { price: '102.49' } });
  });

  it('M-095 goes on from the stored peak once side and existence are shown, prices in between included', () => {
    const run = restarted();
    run.tell(price('106'), 1_000);
    run.tell(shown('2'));
    expect(s1(run).trailing).toMatchObject({ state: 'active', peak: '103', updates: 1 });
    run.tell(price('105.9'), 1_000);
    expect(stopPlaces(run)).toMatchObject([{ triggerPrice: '105.47' }]);
    expect(run.events('trailing_stop_activated')).toHaveLength(0);
    expect(run.events('trailing_state_recreated')).toHaveLength(0);
  });

  it.each([
    ['on the other side', '-2'],
    ['not at all', null],
  ])('M-095 is thrown away and made anew from the entry when the exchange shows it %s', (_how, amount) => {
    const run = restarted();
    run.tell(shown(amount), 1_000);
    expect(s1(run).trailing).toEqual({
      state: 'inactive',
      activationPrice: '102',
      peak: '100',
      wanted: null,
      lastAcceptedAt: null,
      updates: 0,
    });
    expect(run.events('trailing_state_recreated')).toHaveLength(1);
    run.tell(price('106'), 1_000);
    expect(stopPlaces(run)).toHaveLength(0);
    run.tell(shown('2'), 1_000);
    run.tell(price('104'), 1_000);
    expect(s1(run).trailing?.state).toBe('active');
    expect(run.events('trailing_state_recreated')).toHaveLength(1);
    // The stop on the exchange is never loosened, whatever begins anew.
    for (const { triggerPrice } of stopPlaces(run)) expect(Number(triggerPrice)).toBeGreaterThan(102.49);
  });

  it('M-095 another amount on the right side is no mismatch of the trailing state', () => {
    const run = restarted();
    run.tell(shown('1.5'), 1_000);
    expect(s1(run).trailing).toMatchObject({ state: 'active', peak: '103' });
  });

  it('M-095 that has not begun does not begin unseen either, and begins when it is shown', () => {
    const run = restarted(opened());
    run.tell(price('103'), 1_000);
    expect(s1(run).trailing?.state).toBe('inactive');
    run.tell(shown('2'));
    run.tell(price('102.9'), 1_000);
    expect(s1(run).trailing).toMatchObject({ state: 'active' });
  });

  it('M-095 without a restart nothing is held: the first price beyond activation makes it active', () => {
    const run = opened();
    run.tell(price('102'), 31_000);
    expect(s1(run).trailing?.state).toBe('active');
  });

  it('M-095 that fires while it waits has been triggered', () => {
    const run = restarted();
    run.tell({
      type: 'fill',
      fill: { ...fill('9', SECOND, 'sell', '2', '102.49'), venueOrderId: 'v-2' as never },
    });
    expect(s1(run)).toMatchObject({
      status: 'closed',
      closeReason: 'trailing_stop',
      trailing: { state: 'triggered' },
    });
  });

  it('M-095 survives a second restart while it waits', () => {
    const first = trailing();
    const run = restarted({ records: [...first.records, ...restarted(first).records] });
    expect(s1(run).trailing?.state).toBe('waiting');
    run.tell(shown('2'), 1_000);
    run.tell(price('103.5'), 1_000);
    expect(s1(run).trailing).toMatchObject({ state: 'active', peak: '103.5' });
  });

  it('M-095 M-107 keeps the age rule away while it waits for its check', () => {
    const run = restarted(trailing(), 5 * HOUR);
    run.tell(price('103'), 1_000);
    expect(s1(run)).toMatchObject({ status: 'active', closeReason: null });
  });

  it('M-095 goes on by itself against an exchange that answers', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() }));
    await world.time.pass(31_000);
    await world.price(BTC, '103');
    await world.time.pass(1_000);
    await world.restart();
    expect(world.position('s1').trailing).toMatchObject({ state: 'active', peak: '103' });
    expectSound(world);
  });
});
