import fc from 'fast-check';
import { describe, it } from 'vitest';
import { unixMs } from '#shared/domain/basics';
import { add, isNegative, neg, ONE, ZERO } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { PlaceFault } from './fake-venue';
import { BTC, settings, signal, symbolOf, T0, wave } from './samples';
import { expectSound } from './soundness';
import { createWorld, type World } from './world';

const ETH = symbolOf('ETH');
const SOL = symbolOf('SOL');

type Deed =
  | { readonly kind: 'price'; readonly cents: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'stream'; readonly up: boolean }
  | { readonly kind: 'questions'; readonly fail: boolean }
  | { readonly kind: 'cancel-stop' }
  /** Somebody opens or adds to a position outside, and no fill tells. */
  | { readonly kind: 'outside'; readonly symbol: Symbol }
  | { readonly kind: 'left-over' }
  | { readonly kind: 'answer'; readonly signalId: number; readonly yes: boolean }
  | { readonly kind: 'pause'; readonly on: boolean }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'age' }
  | { readonly kind: 'link' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.integer({ min: 9_300, max: 10_700 }).map((cents): Deed => ({ kind: 'price', cents })),
  },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'close' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'restart' }) },
  { weight: 1, arbitrary: fc.boolean().map((up): Deed => ({ kind: 'stream', up })) },
  { weight: 1, arbitrary: fc.boolean().map((fail): Deed => ({ kind: 'questions', fail })) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'cancel-stop' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'link' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'outside', symbol: SOL }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'left-over' }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 2), fc.boolean())
      .map(([signalId, yes]): Deed => ({ kind: 'answer', signalId, yes })),
  },
  { weight: 1, arbitrary: fc.boolean().map((on): Deed => ({ kind: 'pause', on })) },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ kind: 'flatten' }, { kind: 'age' }) },
);
const fault = fc.constantFrom<PlaceFault>(
  'ok',
  'ok',
  'ok',
  'reject',
  'not-sent',
  'reply-lost',
  'request-lost',
  'late',
);
const schedule = fc.record({
  deeds: fc.array(fc.tuple(deed, fc.integer({ min: 0, max: 20_000 })), { maxLength: 14 }),
  faults: fc.array(fault, { maxLength: 12 }),
  pieces: fc.integer({ min: 1, max: 5 }),
  repeats: fc.integer({ min: 1, max: 3 }),
  early: fc.boolean(),
  anonymous: fc.boolean(),
  mode: fc.constantFrom('auto' as const, 'approve' as const),
});

const CLEANING = { settings: settings({ zombies: { mode: 'on' as const, protectedOrderIds: [] } }) };

/** More on the same side, never less: what is gone without a fill is a phantom, and that is another test. */
function grow(world: World, symbol: Symbol): void {
  const held = world.venue.positions.get(symbol) ?? ZERO;
  world.venue.positions.set(symbol, add(held, isNegative(held) ? neg(ONE) : ONE));
}

describe('many faults at once', () => {
  it('end with nothing lost, nothing doubled and every position under its stop', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ deeds, faults, pieces, repeats, early, anonymous, mode }) => {
        const world = await createWorld(CLEANING);
        Object.assign(world.venue, { pieces, repeats, fillsBeforeAck: early, anonymousFills: anonymous });
        world.venue.onPlace = (_request, n) => faults[n - 1] ?? 'ok';
        await world.price(BTC, '100');
        await world.price(ETH, '100');
        world.runner.post(
          wave([signal(1, BTC), signal(2, ETH, { action: 'sell' })], {
            priceSeenAt: world.time.now(),
            provider: { mode, approveWithinMs: 60_000, maxAgeMs: 3_600_000 },
          }),
        );
        for (const [each, ms] of deeds) {
          await world.time.pass(ms);
          if (each.kind === 'price')
            for (const symbol of [BTC, ETH]) await world.price(symbol, (each.cents / 100).toFixed(2));
          if (each.kind === 'close')
            world.runner.post({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
          if (each.kind === 'restart') await world.restart(world.records, CLEANING);
          if (each.kind === 'outside') grow(world, each.symbol);
          if (each.kind === 'left-over') world.venue.leaveStop('w7k2p-s9-s1', SOL);
          if (each.kind === 'answer')
            world.runner.post({ type: 'approve', signalId: each.signalId, yes: each.yes });
          if (each.kind === 'pause')
            world.runner.post({ type: 'pause-wave', waveTime: unixMs(T0), on: each.on });
          if (each.kind === 'flatten') world.runner.post({ type: 'flatten-wave', waveTime: unixMs(T0) });
          if (each.kind === 'age') await world.time.pass(2 * 3_600_000);
          if (each.kind === 'stream') world.venue.streamUp = each.up;
          if (each.kind === 'questions') world.venue.questionsFail = each.fail;
          if (each.kind === 'link') world.runner.post({ type: 'link', venue: 'binance_future', up: true });
          if (each.kind === 'cancel-stop')
            for (const stop of world.venue.stopsOf(BTC))
              world.venue.cancelOutside(stop.request.clientOrderId);
        }
        world.venue.questionsFail = false;
        world.venue.streamUp = true;
        world.runner.post({ type: 'link', venue: 'binance_future', up: true });
        world.runner.post({ type: 'pause-wave', waveTime: unixMs(T0), on: false });
        await world.time.pass(200_000);
        for (const symbol of [BTC, ETH, SOL]) await world.price(symbol, '100');
        await world.time.pass(400_000);
        expectSound(world);
      }),
      { numRuns: 300 },
    );
  });
});
