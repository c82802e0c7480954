import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { PlaceFault } from './fake-venue';
import { BTC, signal, symbolOf, wave } from './samples';
import { expectSound } from './soundness';
import { createWorld } from './world';

const ETH = symbolOf('ETH');

type Deed =
  | { readonly kind: 'price'; readonly cents: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'stream'; readonly up: boolean }
  | { readonly kind: 'questions'; readonly fail: boolean }
  | { readonly kind: 'cancel-stop' }
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
});

describe('many faults at once', () => {
  it('end with nothing lost, nothing doubled and every position under its stop', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async ({ deeds, faults, pieces, repeats, early, anonymous }) => {
        const world = await createWorld();
        Object.assign(world.venue, { pieces, repeats, fillsBeforeAck: early, anonymousFills: anonymous });
        world.venue.onPlace = (_request, n) => faults[n - 1] ?? 'ok';
        await world.price(BTC, '100');
        await world.price(ETH, '100');
        world.runner.post(
          wave([signal(1, BTC), signal(2, ETH, { action: 'sell' })], { priceSeenAt: world.time.now() }),
        );
        for (const [each, ms] of deeds) {
          await world.time.pass(ms);
          if (each.kind === 'price')
            for (const symbol of [BTC, ETH]) await world.price(symbol, (each.cents / 100).toFixed(2));
          if (each.kind === 'close')
            world.runner.post({ type: 'close-position', positionId: 's1' as never, reason: 'manual' });
          if (each.kind === 'restart') await world.restart();
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
        await world.time.pass(400_000);
        expectSound(world);
      }),
      { numRuns: 250 },
    );
  });
});
