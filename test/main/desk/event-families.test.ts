import { expect, it } from 'vitest';
import { linkEvent } from '#main/desk/events';
import { createParamsWriter } from '#main/signals/index';
import { unixMs } from '#shared/domain/basics';
import type { LinkState, LinkStatus } from '#shared/domain/connection';
import type { JournalRecord } from '#shared/domain/journal';
import { createWorld as createDeskWorld, LONG_DAY } from '../../simulation/world';
import { drive, opened } from '../engine/drive';
import { BTC, d, FUTURE, params, settings, signal, symbolOf, T0, wave } from '../engine/samples';
import { createWorld } from '../engine/world';

const ETH = symbolOf('ETH');
const QUARTER = 900_000;
const HOUR = 3_600_000;

const typesOf = (records: readonly JournalRecord[]): string[] =>
  records.flatMap((record) => (record.kind === 'event' ? [record.type] : []));

/** What an engine says when much goes well and much goes wrong, on a small exchange. */
async function atTheExchange(): Promise<string[]> {
  const world = await createWorld();
  await world.price(BTC, '100');
  const now = () => world.time.now();
  const tell = (n: number, ...signals: Parameters<typeof wave>[0][number][]) =>
    world.runner.post(wave(signals, { maxTrades: 1, priceSeenAt: now(), waveTime: T0 + n * QUARTER }));
  // A wave with one too many; twice; then one that never came.
  tell(0, signal(1, BTC), signal(2, ETH), signal(-3, ETH));
  tell(0, signal(1, BTC));
  await world.time.pass(31_000);
  world.runner.post({ type: 'wave-started', waveTime: unixMs(T0 + QUARTER) });
  world.runner.post({
    type: 'no-wave',
    waveTime: unixMs(T0 + QUARTER),
    status: 'not_found',
    note: null,
  });
  // The stop trails, and is refused when it moves on.
  await world.price(BTC, '102');
  await world.time.pass(31_000);
  world.venue.onPlace = () => 'reject';
  await world.price(BTC, '104');
  await world.time.pass(1_000);
  // No entry of a whole wave is taken, buffer included.
  const others = ['SOL', 'XRP', 'ADA', 'DOT'].map((base, index) => signal(10 + index, symbolOf(base)));
  for (const { symbol } of others) await world.price(symbol, '100');
  tell(2, ...others);
  await world.time.pass(20_000);
  // An entry, and no stop for it.
  world.venue.onPlace = (request) => (request.type === 'stop-market' ? 'reject' : 'ok');
  await world.price(ETH, '100');
  tell(3, signal(20, ETH));
  await world.time.pass(30_000);
  return typesOf(world.records);
}

/** What rules say: of looks at the exchange, of limits, of filters and of contradictions. */
function byTheRules(): string[] {
  const gone = opened();
  for (const ms of [0, 10_000]) gone.tell({ type: 'venue-positions', venue: FUTURE, positions: [] }, ms);

  const old = opened();
  old.tell({ type: 'price', venue: FUTURE, symbol: BTC, price: d('100.05') }, 4 * HOUR);

  const full = drive({ settings: settings({ maxOpenPositions: 1, maxExposureUsd: d('1') }) });
  full.ready();
  full.tell(wave([signal(1, BTC)]));

  const thin = drive();
  thin.ready();
  thin.tell(wave([signal(1, BTC)], { facts: { openInterestUsd: d('1') } }));

  const stray = drive({ settings: settings({ zombies: { mode: 'dry-run', protectedOrderIds: [] } }) });
  stray.ready();
  for (let n = 0; n < 4; n += 1) {
    stray.tell({ type: 'wake', key: `${n % 2 === 0 ? 'reconcile' : 'look'}|${FUTURE}` }, 10_000);
    stray.tell({ type: 'venue-positions', venue: FUTURE, positions: [] });
    stray.tell({
      type: 'venue-orders',
      venue: FUTURE,
      orders: [
        {
          clientOrderId: 'w7k2p-s7-s1' as never,
          venueOrderId: 'v7' as never,
          symbol: ETH,
          status: 'open',
          filled: d('0'),
          reduceOnly: true,
          triggerPrice: d('90'),
          amount: d('1'),
          side: 'sell',
        },
      ],
    });
  }
  const doubt = drive();
  doubt.ready();
  doubt.tell(wave([signal(1, BTC)]));
  doubt.order('w7k2p-s1-e1' as never, { kind: 'accepted', venueOrderId: 'v1' as never });
  doubt.order('w7k2p-s1-e1' as never, { kind: 'not-sent', message: 'x' });
  return [gone, old, full, thin, stray, doubt].flatMap(({ records }) => typesOf(records));
}

const ofLinks = (): string[] =>
  (['live', 'waiting', 'refused'] as const satisfies readonly LinkState[]).flatMap((state) => {
    const event = linkEvent({ key: 'signals', state, problem: null } as unknown as LinkStatus);
    return event === null ? [] : typesOf([event]);
  });

async function ofParams(): Promise<string[]> {
  const written: JournalRecord[] = [];
  const writer = createParamsWriter({
    timers: { soon: (run) => run() },
    stored: () => null,
    record: (records) => written.push(...records),
    now: () => unixMs(T0),
    log: () => {},
    onError: (error) => {
      throw error;
    },
  });
  const first = signal(1, BTC, { filterParams: { maxTrades: 3 } });
  writer.write({ waveTime: unixMs(T0), effective: params(), first });
  await writer.flush();
  return typesOf(written);
}

async function ofADesk(): Promise<string[]> {
  const world = await createDeskWorld({ seed: 3, pace: LONG_DAY });
  const records: JournalRecord[] = [];
  world.desk.store.onCommit((rows) => void records.push(...rows.map(({ record }) => record)));
  const started = world.desk.store.journal(1, 1_000).map(({ record }) => record);
  await world.close();
  return typesOf([...started, ...records]);
}

it('M-113 has events of every family', { timeout: 60_000 }, async () => {
  const types = new Set([
    ...(await atTheExchange()),
    ...byTheRules(),
    ...ofLinks(),
    ...(await ofParams()),
    ...(await ofADesk()),
  ]);
  const begins = (prefix: string): boolean => [...types].some((type) => type.startsWith(prefix));
  const families = [
    'position_',
    'order_',
    'stop_loss_',
    'trailing_stop_',
    'zombie_',
    'phantom_',
    'missing_position_',
  ];
  expect(families.filter((family) => !begins(family))).toEqual([]);
  const named = [
    'wave_detected',
    'wave_completed',
    'wave_not_found',
    'wave_duplicate_detected',
    'wave_target_reached',
    'wave_buffer_exhausted',
    'signal_executed',
    'signal_execution_failed',
    'signal_filtered',
    'signal_validation_failed',
    'params_updated',
    'aged_position_detected',
    'risk_limits_exceeded',
    'websocket_connected',
    'websocket_disconnected',
    'websocket_error',
    'bot_started',
    'bot_stopped',
  ];
  expect(named.filter((type) => !types.has(type))).toEqual([]);
});
