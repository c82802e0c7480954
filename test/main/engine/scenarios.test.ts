import { describe, expect, it } from 'vitest';
import type { PositionId } from '#shared/domain/basics';
import { BTC, d, FUTURE, signal, symbolOf, T0, wave } from './samples';
import { createWorld, type World } from './world';

const S1 = 's1' as PositionId;

async function openOne(world: World, options: Parameters<typeof wave>[1] = {}): Promise<void> {
  await world.price(BTC, '100');
  world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now(), ...options }));
}

const stops = (world: World) => world.venue.placeCalls.filter((request) => request.type === 'stop-market');
const entries = (world: World) => world.venue.placeCalls.filter((request) => !request.reduceOnly);
const exits = (world: World) =>
  world.venue.placeCalls.filter((request) => request.reduceOnly && request.type === 'market');

describe('a wave, end to end', () => {
  it('M-096 M-097 opens a signal, protects it on the exchange, trails, and closes by the stop', async () => {
    const world = await createWorld();
    await openOne(world);
    await world.time.pass(1_000);
    const opened = world.position(S1);
    expect(opened).toMatchObject({ status: 'active', amount: '2', entryPrice: '100', nakedSince: null });
    expect(opened.stop).toMatchObject({ price: '96', amount: '2' });
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'executed', reason: null, positionId: S1 });
    expect(world.images().waves.get(T0)).toMatchObject({ status: 'completed' });

    await world.time.pass(31_000);
    await world.price(BTC, '101.9');
    expect(stops(world)).toHaveLength(1);
    await world.price(BTC, '102');
    await world.time.pass(500);
    expect(world.position(S1).stop?.price).toBe('101.49');
    expect(world.position(S1).trailing).toMatchObject({ state: 'active', updates: 1 });
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);

    await world.price(BTC, '101.4');
    await world.time.pass(1_000);
    const closed = world.position(S1);
    expect(closed).toMatchObject({ status: 'closed', closeReason: 'trailing_stop', amount: '0', stop: null });
    expect(closed.trailing?.state).toBe('triggered');
    expect(closed.realised).toBe('2.8');
    expect(world.venue.stopsOf(BTC)).toHaveLength(0);
    expect(world.watched.get(`${FUTURE}|${BTC}`)).toBe(false);
    expect(world.errors).toEqual([]);
  });

  it('M-065 M-066 opens one order at a time, at least a second of market time apart, until the target is reached', async () => {
    const world = await createWorld();
    const bases = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOT', 'LTC'];
    for (const base of bases) await world.price(symbolOf(base), '100');
    const times: number[] = [];
    world.venue.onPlace = (request) => {
      if (!request.reduceOnly) times.push(world.time.now());
      return 'ok';
    };
    world.runner.post(
      wave(
        bases.map((base, index) => signal(index + 1, symbolOf(base))),
        { maxTrades: 2, priceSeenAt: world.time.now() },
      ),
    );
    await world.time.pass(10_000);
    expect(times).toHaveLength(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_000);
    const { decisions, waves } = world.images();
    expect([1, 2, 3, 4, 5, 6, 7].map((id) => decisions.get(id)?.reason ?? decisions.get(id)?.fate)).toEqual([
      'executed',
      'executed',
      'target_reached',
      'target_reached',
      'target_reached',
      'not_selected',
      'not_selected',
    ]);
    expect(waves.get(T0)?.results[FUTURE]).toMatchObject({
      total: 7,
      validated: 7,
      executed: 2,
      failed: 0,
      target: 2,
      targetReached: true,
      bufferUsed: 0,
    });
  });

  it('spaces orders on the market clock, so a fast market waits less', async () => {
    const world = await createWorld({}, 100);
    await world.price(BTC, '100');
    await world.price(symbolOf('ETH'), '100');
    const times: number[] = [];
    world.venue.onPlace = (request) => {
      if (!request.reduceOnly) times.push(world.time.now());
      return 'ok';
    };
    world.runner.post(wave([signal(1, BTC), signal(2, symbolOf('ETH'))], { priceSeenAt: world.time.now() }));
    await world.time.pass(900);
    expect(times).toHaveLength(2);
    expect(times[1]! - times[0]!).toBeLessThan(500);
  });

  it('M-065 M-078 takes a buffered signal when a better one is refused by the exchange', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    await world.price(symbolOf('ETH'), '100');
    world.venue.onPlace = (request) => (request.symbol === BTC ? 'reject' : 'ok');
    world.runner.post(
      wave([signal(1, BTC), signal(2, symbolOf('ETH'))], { maxTrades: 1, priceSeenAt: world.time.now() }),
    );
    await world.time.pass(5_000);
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'failed', reason: 'entry_rejected' });
    expect(world.position(S1)).toMatchObject({ status: 'failed', note: '-1: refused' });
    expect(world.images().decisions.get(2)).toMatchObject({ fate: 'executed' });
    expect(world.images().waves.get(T0)?.results[FUTURE]).toMatchObject({
      executed: 1,
      failed: 1,
      bufferUsed: 1,
    });
  });

  it('M-045 does not process a wave twice', async () => {
    const world = await createWorld();
    await openOne(world);
    await world.time.pass(2_000);
    world.runner.post(wave([signal(2, symbolOf('ETH'))], { priceSeenAt: world.time.now() }));
    await world.time.pass(2_000);
    expect(entries(world)).toHaveLength(1);
    expect(world.events('wave_duplicate_detected')).toHaveLength(1);
  });

  it('closes a short by its stop with the loss that its fills tell', async () => {
    const world = await createWorld();
    await world.price(BTC, '100');
    world.runner.post(wave([signal(1, BTC, { action: 'sell' })], { priceSeenAt: world.time.now() }));
    await world.time.pass(1_000);
    expect(world.position(S1).stop?.price).toBe('104');
    await world.price(BTC, '104.5');
    await world.time.pass(1_000);
    expect(world.position(S1)).toMatchObject({ status: 'closed', closeReason: 'stop_loss', realised: '-9' });
  });
});

describe('lost answers', () => {
  it('adopts an entry whose answer was lost, and never sends a second one', async () => {
    const world = await createWorld();
    world.venue.streamUp = false;
    world.venue.onPlace = (request) => (request.reduceOnly ? 'ok' : 'reply-lost');
    await openOne(world);
    await world.time.pass(20_000);
    expect(entries(world)).toHaveLength(1);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2' });
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
  });

  it('believes that an entry never arrived only after its expiry and the second question', async () => {
    const world = await createWorld();
    world.venue.onPlace = () => 'request-lost';
    await openOne(world);
    await world.time.pass(6_900);
    expect(world.position(S1).status).toBe('pending_entry');
    expect(world.images().orders.get('w7k2p-s1-e1' as never)?.status).toBe('unknown');
    await world.time.pass(10_000);
    expect(world.position(S1)).toMatchObject({ status: 'failed' });
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'failed', reason: 'entry_not_filled' });
    expect(entries(world)).toHaveLength(1);
  });

  it('adopts an entry that reached the exchange late', async () => {
    const world = await createWorld();
    world.venue.streamUp = false;
    world.venue.onPlace = (request) => (request.reduceOnly ? 'ok' : 'late');
    await openOne(world);
    await world.time.pass(20_000);
    expect(entries(world)).toHaveLength(1);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2' });
  });

  it('never ends the doubt about an entry where the venue offers no expiry', async () => {
    const world = await createWorld({ requestExpiryMs: {} });
    world.venue.onPlace = () => 'request-lost';
    await openOne(world);
    await world.time.pass(600_000);
    expect(world.position(S1).status).toBe('pending_entry');
    expect(entries(world)).toHaveLength(1);
    expect(world.events('order_unresolved')).toHaveLength(1);
  });

  it('changes nothing while questions fail', async () => {
    const world = await createWorld();
    world.venue.onPlace = () => 'request-lost';
    await openOne(world);
    await world.time.pass(1_000);
    world.venue.questionsFail = true;
    await world.time.pass(200_000);
    expect(world.position(S1).status).toBe('pending_entry');
    world.venue.questionsFail = false;
    await world.time.pass(200_000);
    expect(world.position(S1).status).toBe('failed');
  });

  it('M-089 looks up an unanswered stop before anything else and uses it when it stands', async () => {
    const world = await createWorld();
    world.venue.streamUp = false;
    world.venue.onPlace = (request) => (request.type === 'stop-market' ? 'reply-lost' : 'ok');
    await openOne(world);
    await world.time.pass(20_000);
    expect(stops(world)).toHaveLength(1);
    expect(world.position(S1)).toMatchObject({ status: 'active' });
  });

  it('places another stop when the first was proven not to exist', async () => {
    const world = await createWorld();
    let first = true;
    world.venue.onPlace = (request) => {
      if (request.type !== 'stop-market' || !first) return 'ok';
      first = false;
      return 'request-lost';
    };
    await openOne(world);
    await world.time.pass(30_000);
    expect(stops(world)).toHaveLength(2);
    expect(world.position(S1)).toMatchObject({ status: 'active' });
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
  });
});

describe('a stop that cannot be placed', () => {
  it('M-080 M-089 M-090 closes at market after three tries with waits of one and two seconds', async () => {
    const world = await createWorld();
    const times: number[] = [];
    world.venue.onPlace = (request) => {
      if (request.type !== 'stop-market') return 'ok';
      times.push(world.time.now());
      return 'reject';
    };
    await openOne(world);
    await world.time.pass(20_000);
    expect(times).toHaveLength(3);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_000);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(2_000);
    expect(exits(world)).toHaveLength(1);
    expect(world.position(S1)).toMatchObject({ status: 'rolled_back', closeReason: 'rollback', amount: '0' });
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'failed', reason: 'stop_not_placed' });
    expect(world.venue.positions.get(BTC)).toBe('0');
    const { note } = world.position(S1);
    expect(note).toMatch(/no stop could be placed/);
    expect(note?.length).toBeLessThanOrEqual(450);
  });

  it('M-090 says loudly when the closing cannot be verified in ten seconds, and goes on until it is', async () => {
    const world = await createWorld();
    let exitsRefused = 0;
    world.venue.onPlace = (request) => {
      if (request.type === 'stop-market') return 'reject';
      if (request.reduceOnly && exitsRefused < 5) {
        exitsRefused += 1;
        return 'reject';
      }
      return 'ok';
    };
    await openOne(world);
    await world.time.pass(60_000, () => exits(world).length > 0);
    await world.time.pass(9_900);
    expect(world.events('exit_not_verified')).toHaveLength(0);
    await world.time.pass(120_000);
    expect(world.events('exit_not_verified')).toMatchObject([{ severity: 'critical' }]);
    expect(exits(world).length).toBe(6);
    expect(world.position(S1)).toMatchObject({ status: 'rolled_back', amount: '0' });
  });

  it('M-100 leaves at once when the price is already beyond the stop, and sends none', async () => {
    const world = await createWorld();
    await openOne(world);
    world.venue.setPrice(BTC, d('100'));
    await world.time.pass(21);
    world.runner.post({ type: 'price', venue: FUTURE, symbol: BTC, price: d('90') });
    await world.time.pass(5_000);
    expect(stops(world)).toHaveLength(0);
    expect(exits(world)).toHaveLength(1);
    expect(world.position(S1)).toMatchObject({ status: 'closed', closeReason: 'stop_loss' });
  });

  it('shouts when a position is naked for 30 seconds', async () => {
    const world = await createWorld({ requestExpiryMs: { binance_future: 60_000 } });
    world.venue.onPlace = (request) => (request.type === 'stop-market' ? 'request-lost' : 'ok');
    await openOne(world);
    await world.time.pass(29_000);
    expect(world.events('position_naked')).toHaveLength(0);
    await world.time.pass(3_000);
    expect(world.events('position_naked')).toHaveLength(1);
    expect(stops(world)).toHaveLength(1);
  });
});

describe('fills in every shape', () => {
  it.each([1, 2, 7])(
    'protects an entry that fills in %i pieces with one stop of the whole size',
    async (pieces) => {
      const world = await createWorld();
      world.venue.pieces = pieces;
      await openOne(world);
      await world.time.pass(3_000);
      expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2' });
      expect(world.position(S1).stop?.amount).toBe('2');
      expect(stops(world)).toHaveLength(1);
    },
  );

  it('protects a half-filled entry after two seconds and follows with a bigger stop', async () => {
    const world = await createWorld();
    world.venue.onPlace = (request) => (request.reduceOnly ? 'ok' : 'half');
    await openOne(world);
    await world.time.pass(1_500);
    expect(stops(world)).toHaveLength(0);
    await world.time.pass(1_500);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '1' });
    expect(world.position(S1).stop?.amount).toBe('1');
    world.venue.fillRest('w7k2p-s1-e1' as never);
    await world.time.pass(1_000);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2', nakedSince: null });
    expect(world.position(S1).stop?.amount).toBe('2');
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
  });

  it('books fills that come before the acknowledgement, even without our id', async () => {
    const world = await createWorld();
    world.venue.fillsBeforeAck = true;
    world.venue.anonymousFills = true;
    await openOne(world);
    await world.time.pass(3_000);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2' });
    expect(world.events('external_position')).toHaveLength(0);
  });

  it('counts a fill that is told fifty times once', async () => {
    const world = await createWorld();
    world.venue.repeats = 50;
    await openOne(world);
    await world.time.pass(3_000);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2' });
    expect(world.records.filter((record) => record.kind === 'fill_applied')).toHaveLength(1);
    expect(world.position(S1).fees).toEqual({ USDT: '0.1' });
  });

  it('fetches fills that never came on the stream', async () => {
    const world = await createWorld();
    world.venue.streamUp = false;
    await openOne(world);
    await world.time.pass(3_000);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2' });
    await world.price(BTC, '95');
    await world.time.pass(125_000);
    expect(world.position(S1)).toMatchObject({ status: 'closed', closeReason: 'stop_loss', amount: '0' });
  });

  it('reopens and protects a position whose entry was thought absent when a late fill proves otherwise', async () => {
    const world = await createWorld();
    world.venue.onPlace = () => 'request-lost';
    await openOne(world);
    await world.time.pass(20_000);
    expect(world.position(S1).status).toBe('failed');
    world.venue.onPlace = () => 'ok';
    world.venue.positions.set(BTC, d('2'));
    world.runner.post({
      type: 'fill',
      fill: {
        venue: FUTURE,
        symbol: BTC,
        tradeId: 'late',
        venueOrderId: 'v9' as never,
        clientOrderId: 'w7k2p-s1-e1' as never,
        side: 'buy',
        price: d('100'),
        amount: d('2'),
        fee: null,
        maker: null,
        venueTime: world.time.now() as never,
        seenAt: world.time.now() as never,
      },
    });
    await world.time.pass(2_000);
    expect(world.position(S1)).toMatchObject({ status: 'active', amount: '2' });
    expect(world.events('late_fill')).toHaveLength(1);
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
  });
});

describe('moving and closing', () => {
  async function trailing(world: World): Promise<void> {
    await openOne(world);
    await world.time.pass(31_000);
  }

  it('M-099 keeps the old stop when a move is refused, says so and waits before the next', async () => {
    const world = await createWorld();
    await trailing(world);
    world.venue.onPlace = () => 'reject';
    await world.price(BTC, '103');
    await world.time.pass(1_000);
    await world.price(BTC, '104');
    await world.time.pass(1_000);
    expect(stops(world)).toHaveLength(2);
    expect(world.events('trailing_stop_refused')).toHaveLength(1);
    expect(world.position(S1).stop?.price).toBe('96');
    expect(world.position(S1).status).toBe('active');
    world.venue.onPlace = () => 'ok';
    await world.time.pass(30_000);
    await world.price(BTC, '104');
    await world.time.pass(1_000);
    expect(world.position(S1).stop?.price).toBe('103.48');
  });

  it('closes once when the old stop fills while the new one is on its way', async () => {
    const world = await createWorld();
    await trailing(world);
    await world.price(BTC, '103');
    world.venue.setPrice(BTC, d('95'));
    await world.time.pass(10_000);
    expect(world.position(S1)).toMatchObject({ status: 'closed', closeReason: 'trailing_stop', amount: '0' });
    expect(world.venue.positions.get(BTC)).toBe('0');
    expect(world.venue.stopsOf(BTC)).toHaveLength(0);
    expect(exits(world)).toHaveLength(0);
  });

  it('closes by command with a reduce-only exit first and cancels the stop when flat', async () => {
    const world = await createWorld();
    await trailing(world);
    world.runner.post({ type: 'close-position', positionId: S1, reason: 'manual' });
    await world.time.pass(2_000);
    expect(world.position(S1)).toMatchObject({ status: 'closed', closeReason: 'manual', amount: '0' });
    expect(exits(world)).toHaveLength(1);
    expect(world.venue.stopsOf(BTC)).toHaveLength(0);
    expect(world.images().orders.get('w7k2p-s1-s1' as never)?.status).toBe('cancelled');
  });

  it('replaces a stop that somebody cancelled', async () => {
    const world = await createWorld();
    await trailing(world);
    world.venue.cancelOutside('w7k2p-s1-s1');
    await world.time.pass(2_000);
    expect(world.position(S1).stop?.price).toBe('96');
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
  });

  it('finds a stop missing although no stream told', async () => {
    const world = await createWorld();
    await trailing(world);
    world.venue.streamUp = false;
    world.venue.cancelOutside('w7k2p-s1-s1');
    await world.time.pass(125_000);
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
    expect(world.position(S1).nakedSince).toBeNull();
  });

  it('believes a position gone only after two looks ten seconds apart', async () => {
    const world = await createWorld();
    await trailing(world);
    world.venue.positions.set(BTC, d('0'));
    world.venue.cancelOutside('w7k2p-s1-s1');
    world.venue.onPlace = () => 'ok';
    world.runner.post({ type: 'venue-positions', venue: FUTURE, positions: [] });
    expect(world.position(S1).status).not.toBe('phantom');
    await world.time.pass(60_000);
    expect(['phantom', 'rolled_back']).toContain(world.position(S1).status);
    expect(world.events('phantom_position_closed')).toHaveLength(1);
  });

  it('does not fall for one empty answer', async () => {
    const world = await createWorld();
    await trailing(world);
    world.runner.post({ type: 'venue-positions', venue: FUTURE, positions: [] });
    world.runner.post({ type: 'venue-orders', venue: FUTURE, orders: [] });
    await world.time.pass(60_000);
    expect(world.position(S1).status).toBe('active');
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
    expect(stops(world)).toHaveLength(1);
  });
});

describe('refusals', () => {
  it('takes no entries with the kill switch on, keeps positions and their stops', async () => {
    const world = await createWorld();
    await openOne(world);
    await world.time.pass(2_000);
    world.runner.post({ type: 'kill', on: true, cause: 'the user pressed it' });
    await world.price(symbolOf('ETH'), '100');
    world.runner.post(
      wave([signal(2, symbolOf('ETH'))], { priceSeenAt: world.time.now(), waveTime: T0 + 900_000 }),
    );
    await world.time.pass(5_000);
    expect(world.images().decisions.get(2)).toMatchObject({ fate: 'refused', reason: 'kill_switch' });
    expect(world.position(S1).status).toBe('active');
    expect(world.venue.stopsOf(BTC)).toHaveLength(1);
    expect(world.images().killed).toBe(true);
  });

  it('refuses entries at a venue that is not connected', async () => {
    const world = await createWorld();
    world.runner.post({ type: 'link', venue: FUTURE, up: false });
    await openOne(world);
    await world.time.pass(1_000);
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'refused', reason: 'venue_not_connected' });
  });

  it('refuses entries until the venue was asked for its truth', async () => {
    const world = await createWorld();
    world.venue.questionsFail = true;
    world.runner.post({ type: 'link', venue: FUTURE, up: false });
    world.runner.post({ type: 'link', venue: FUTURE, up: true });
    await openOne(world);
    await world.time.pass(1_000);
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'refused', reason: 'unreconciled' });
  });

  it('refuses an entry on a price older than the setting', async () => {
    const world = await createWorld();
    world.runner.post(wave([signal(1, BTC)], { priceSeenAt: world.time.now() - 15_001 }));
    await world.time.pass(1_000);
    expect(world.images().decisions.get(1)).toMatchObject({ fate: 'refused', reason: 'stale_price' });
  });

  it('sends nothing when the journal cannot be written, and takes no entries afterwards', async () => {
    const world = await createWorld();
    world.diskFails = true;
    await openOne(world);
    await world.time.pass(5_000);
    expect(world.venue.placeCalls).toHaveLength(0);
    expect(world.errors.some((text) => text.includes('disk full'))).toBe(true);
    world.diskFails = false;
    world.runner.post(
      wave([signal(2, symbolOf('ETH'))], { priceSeenAt: world.time.now(), waveTime: T0 + 900_000 }),
    );
    await world.time.pass(5_000);
    expect(world.venue.placeCalls).toHaveLength(0);
    expect(world.images().decisions.get(2)).toMatchObject({ reason: 'kill_switch' });
    expect(world.position(S1)?.status).toBe('failed');
  });
});
