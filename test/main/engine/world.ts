import {
  createEngine,
  createRunner,
  type Engine,
  type EngineStart,
  type Runner,
  toEngineEvents,
} from '#main/engine/index';
import { type Decimal, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRecord } from '#shared/domain/journal';
import { createFakeVenue, type FakeVenue } from './fake-venue';
import { emptyStart, FUTURE, imagesOf, startFrom, T0 } from './samples';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time: timers run in order, promises settle in between. */
export function createTime() {
  let now = T0;
  let order = 0;
  const timers = new Set<Timer>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    after(ms: number, run: () => void) {
      const timer: Timer = { at: now + ms, order: order++, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    settle,
    /** Lets time pass; everything due on the way happens at its own time. */
    async pass(ms: number, until: () => boolean = () => false): Promise<void> {
      const end = now + ms;
      await settle();
      while (!until()) {
        let next: Timer | null = null;
        for (const timer of timers)
          if (next === null || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
            next = timer;
        if (next === null || next.at > end) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
        await settle();
      }
      if (!until()) now = end;
    },
  };
}

export interface World {
  readonly time: ReturnType<typeof createTime>;
  readonly venue: FakeVenue;
  readonly records: JournalRecord[];
  readonly batches: JournalRecord[][];
  readonly errors: string[];
  readonly watched: Map<string, boolean>;
  engine: Engine;
  runner: Runner;
  /** Throws from `record` when set. */
  diskFails: boolean;
  /** Called after each batch is on disk and before anything is sent. */
  onBatch: (index: number) => void;
  price(symbol: Symbol, price: string): Promise<void>;
  restart(records?: readonly JournalRecord[], over?: Partial<EngineStart>): Promise<void>;
  images(): ReturnType<typeof imagesOf>;
  events(type: string): readonly Extract<JournalRecord, { kind: 'event' }>[];
  position(id: string): ReturnType<typeof imagesOf>['positions'] extends Map<string, infer P> ? P : never;
}

/** An engine with its runner, a journal in memory and one fake venue, started, linked and reconciled. */
export async function createWorld(start: Partial<EngineStart> = {}, speed = 1): Promise<World> {
  const time = createTime();
  const venue = createFakeVenue(FUTURE, time);
  const moment = () => ({ wall: unixMs(time.now()), market: unixMs(T0 + (time.now() - T0) * speed) });
  const world = {
    time,
    venue,
    records: [] as JournalRecord[],
    batches: [] as JournalRecord[][],
    errors: [] as string[],
    watched: new Map<string, boolean>(),
    diskFails: false,
    onBatch: (_index: number) => {},
  } as World;

  function boot(from: EngineStart): void {
    let dead = false;
    const engine = createEngine(from);
    const runner = createRunner({
      engine,
      record(records) {
        if (dead) return;
        if (world.diskFails) throw new Error('disk full');
        world.batches.push([...records]);
        world.records.push(...records);
        world.onBatch(world.batches.length - 1);
      },
      now: moment,
      wake: {
        wall: (ms, run) => time.after(ms, () => !dead && run()),
        market: (ms, run) => time.after(ms / speed, () => !dead && run()),
      },
      venues: new Map<VenueKey, FakeVenue['port']>([[FUTURE, venue.port]]),
      watch: (key, symbol, on) => void world.watched.set(`${key}|${symbol}`, on),
      onError: (text) => void world.errors.push(text),
    });
    const undo = venue.subscribe((fact) => {
      if (dead || venue.dead) return;
      for (const event of toEngineEvents(FUTURE, fact, {})) runner.post(event);
    });
    world.engine = engine;
    world.runner = runner;
    kill = () => {
      dead = true;
      undo();
      void runner.stop();
    };
  }
  let kill = () => {};

  world.price = async (symbol, price) => {
    venue.setPrice(symbol, price as Decimal);
    world.runner.post({ type: 'price', venue: FUTURE, symbol, price: price as Decimal });
    await time.settle();
  };
  world.restart = async (records = world.records, over = {}) => {
    kill();
    venue.dead = false;
    boot(startFrom(records, over));
    await begin();
  };
  world.images = () => imagesOf(world.records);
  world.events = (type) =>
    world.records.filter(
      (record): record is Extract<JournalRecord, { kind: 'event' }> =>
        record.kind === 'event' && record.type === type,
    );
  world.position = (id) => world.images().positions.get(id)!;

  async function begin(): Promise<void> {
    world.runner.post({ type: 'recover' });
    world.runner.post({ type: 'link', venue: FUTURE, up: true });
    await time.pass(100);
  }
  boot(emptyStart(start));
  await begin();
  return world;
}
