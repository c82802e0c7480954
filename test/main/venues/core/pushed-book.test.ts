import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPool, type LinkProtocol } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';
import type { SequenceRule } from '#main/venues/core/book-sync';
import { createPushedBooks, type PushedBook } from '#main/venues/core/pushed-book';
import { unixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { Level, MarketEvent } from '#shared/domain/market';

const START = 1_772_536_800_000;
const BTC = 'BTC/USDT' as Symbol;
const rule: SequenceRule = (applied, { last }) =>
  last <= applied ? 'drop' : last === applied + 1 ? 'apply' : 'gap';

interface Wired {
  readonly u: number;
  readonly full: boolean;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
  /** What the exchange says its book weighs, for the check. */
  readonly sum?: number;
}

/** An exchange with one book, which sends a snapshot to each new subscription; a test breaks what it sends. */
async function createWorld(options: { check?: boolean; mute?: () => boolean } = {}) {
  const seams = createSimulatedSeams(1, START);
  const asks = new Map<string, string>([['101', '1']]);
  const bids = new Map<string, string>([['99', '1']]);
  let u = 100;
  const log: string[] = [];
  const sockets: ServerSocket[] = [];
  const sumOf = (): number => [...bids, ...asks].reduce((sum, [, amount]) => sum + Number(amount), 0);
  const send = (message: Wired): void => sockets.at(-1)?.send(JSON.stringify({ ...message, sum: sumOf() }));
  const server = await seams.network.serve({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes: 1e6,
    request: (_, response) => response.end(),
    socket: (socket) => {
      sockets.push(socket);
      socket.listen({
        message: (data) => {
          log.push(String(data));
          if (!String(data).startsWith('sub') || options.mute?.() === true) return;
          send({ u, full: true, b: [...bids] as unknown as Level[], a: [...asks] as unknown as Level[] });
        },
        pong: () => {},
        close: () => {},
      });
    },
  });
  const pool = createPool({ seams });
  const protocol: LinkProtocol = {
    key: 'books',
    url: () => `ws://127.0.0.1:${server.port}/`,
    subscribe: (topics) => [`sub ${topics.join(' ')}`],
    unsubscribe: (topics) => [`unsub ${topics.join(' ')}`],
    receive: (data, deliver) => {
      const { u: last, full, b, a, sum } = JSON.parse(String(data)) as Wired;
      const venueTime = unixMs(START);
      const message: PushedBook = full
        ? { kind: 'snapshot', snapshot: { last, bids: b, asks: a }, venueTime }
        : { kind: 'delta', delta: { first: last, last, previousLast: null, bids: b, asks: a, venueTime } };
      deliver('book', { ...message, sum });
    },
  };
  const link = pool.link(protocol);
  const books = createPushedBooks<PushedBook & { readonly sum: number }>({
    venue: 'bybit_spot',
    seams,
    sequence: rule,
    ...(options.check === true
      ? {
          startCheck: () => (message, book) =>
            [...book.bids, ...book.asks].reduce((sum, [, amount]) => sum + Number(amount), 0) === message.sum,
        }
      : {}),
  });
  const follow = () => {
    const events: MarketEvent[] = [];
    const undo = books.subscribe(link, 'book', BTC, (event) => events.push(event));
    return { events, undo };
  };
  /** The exchange's book changes; `lost` does not reach us. */
  const change = (side: 'b' | 'a', price: string, amount: string, lost = false): void => {
    const levels = side === 'b' ? bids : asks;
    if (amount === '0') levels.delete(price);
    else levels.set(price, amount);
    u++;
    const rows = [[price, amount]] as unknown as Level[];
    if (!lost) send({ u, full: false, b: side === 'b' ? rows : [], a: side === 'a' ? rows : [] });
  };
  return { seams, server, pool, log, sockets, send, follow, change, bids, asks, u: () => u };
}

const kinds = (events: readonly MarketEvent[]): string[] =>
  events.map((event) =>
    event.type === 'book-snapshot' || event.type === 'book-delta'
      ? `${event.type.slice(5)} ${event.last}`
      : '',
  );
/** The book as a reader has it who only applies what he is told. */
function bookOf(events: readonly MarketEvent[]) {
  const bids = new Map<string, string>();
  const asks = new Map<string, string>();
  for (const event of events) {
    if (event.type !== 'book-snapshot' && event.type !== 'book-delta') continue;
    if (event.type === 'book-snapshot') for (const side of [bids, asks]) side.clear();
    for (const [levels, rows] of [
      [bids, event.bids],
      [asks, event.asks],
    ] as const)
      for (const [price, amount] of rows) amount === '0' ? levels.delete(price) : levels.set(price, amount);
  }
  const sorted = (levels: ReadonlyMap<string, string>) => [...levels].sort();
  return { bids: sorted(bids), asks: sorted(asks) };
}

describe('a book that the exchange pushes', () => {
  it('begins with the snapshot of the stream and goes on with its deltas, without asking for anything', async () => {
    const world = await createWorld();
    const { events } = world.follow();
    await world.seams.advance(100);
    world.change('b', '99.5', '2');
    world.change('a', '101', '0');
    await world.seams.advance(60_000);
    expect(kinds(events)).toEqual(['snapshot 100', 'delta 101', 'delta 102']);
    expect(world.log).toEqual(['sub book']);
  });
  it('is asked for anew after a gap, and says nothing until the new snapshot', async () => {
    const world = await createWorld();
    const { events } = world.follow();
    await world.seams.advance(100);
    world.change('b', '98', '1', true);
    world.change('b', '97', '1');
    world.change('b', '96', '1');
    await world.seams.advance(500);
    expect(kinds(events)).toEqual(['snapshot 100', 'snapshot 103']);
    expect(world.log).toEqual(['sub book', 'unsub book', 'sub book']);
  });
  it('drops what it has already, and replaces itself by a snapshot nobody asked for', async () => {
    const world = await createWorld();
    const { events } = world.follow();
    await world.seams.advance(100);
    world.send({ u: 100, full: false, b: [['99', '7']] as never, a: [] });
    world.send({ u: 1, full: true, b: [['90', '1']] as never, a: [] });
    world.send({ u: 2, full: false, b: [['91', '1']] as never, a: [] });
    await world.seams.advance(100);
    expect(kinds(events)).toEqual(['snapshot 100', 'snapshot 1', 'delta 2']);
    expect(world.log).toHaveLength(1);
  });
  it('is asked for anew when its best bid reaches its best ask', async () => {
    const world = await createWorld();
    const { events } = world.follow();
    await world.seams.advance(100);
    world.send({ u: 101, full: false, b: [['101', '1']] as never, a: [] });
    await world.seams.advance(100);
    expect(kinds(events)).toEqual(['snapshot 100', 'snapshot 100']);
    expect(world.log).toHaveLength(3);
  });
  it("is asked for anew when the exchange's own check fails, and only then", async () => {
    const world = await createWorld({ check: true });
    const { events } = world.follow();
    await world.seams.advance(100);
    world.change('b', '98', '1');
    await world.seams.advance(100);
    expect(world.log).toHaveLength(1);
    world.bids.set('97', '5');
    world.change('b', '96', '1');
    await world.seams.advance(100);
    expect(kinds(events)).toEqual(['snapshot 100', 'delta 101', 'snapshot 102']);
  });
  it('gives one who comes late a snapshot of its own, and asks the exchange for none', async () => {
    const world = await createWorld();
    const first = world.follow();
    await world.seams.advance(100);
    world.change('b', '99.5', '2');
    await world.seams.advance(100);
    const second = world.follow();
    await world.seams.advance(100);
    world.change('a', '102', '3');
    await world.seams.advance(100);
    expect(kinds(first.events)).toEqual(['snapshot 100', 'delta 101', 'delta 102']);
    expect(kinds(second.events)).toEqual(['snapshot 101', 'delta 102']);
    expect(bookOf(second.events)).toEqual(bookOf(first.events));
    expect(world.log).toEqual(['sub book']);
  });
  it('is whole again for one who leaves and comes back within one turn', async () => {
    const world = await createWorld();
    world.follow().undo();
    const again = world.follow();
    await world.seams.advance(100);
    again.undo();
    const { events } = world.follow();
    await world.seams.advance(10_000);
    expect(kinds(events)).toEqual(['snapshot 100']);
  });
  it('is asked for ever more slowly while no snapshot comes', async () => {
    let mute = true;
    const world = await createWorld({ mute: () => mute });
    const { events } = world.follow();
    await world.seams.advance(300_000);
    expect(world.log.length).toBeGreaterThan(5);
    expect(world.log.length).toBeLessThan(17);
    mute = false;
    await world.seams.advance(61_000);
    expect(kinds(events)).toEqual(['snapshot 100']);
  });
  it('begins anew after a reconnect', async () => {
    const world = await createWorld();
    const { events } = world.follow();
    await world.seams.advance(100);
    world.seams.network.breakSockets(world.server.port);
    world.change('b', '98', '1', true);
    await world.seams.advance(10_000);
    world.change('b', '97', '1');
    await world.seams.advance(100);
    expect(kinds(events)).toEqual(['snapshot 100', 'snapshot 101', 'delta 102']);
  });
  it('ends as the exchange has it, whatever was lost, doubled or swapped on the way', async () => {
    const step = fc.record({
      side: fc.constantFrom('b' as const, 'a' as const),
      depth: fc.integer({ min: 1, max: 6 }),
      amount: fc.integer({ min: 0, max: 3 }),
      fault: fc.constantFrom('none', 'none', 'none', 'lost', 'doubled', 'stray'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const world = await createWorld();
        const { events } = world.follow();
        await world.seams.advance(100);
        for (const { side, depth, amount, fault } of steps) {
          const price = String(side === 'b' ? 100 - depth : 100 + depth);
          world.change(side, price, String(amount), fault === 'lost');
          const rows = [[price, String(amount)]] as unknown as Level[];
          if (fault === 'doubled') world.send({ u: world.u(), full: false, b: [], a: rows.slice(1) });
          if (fault === 'stray') world.send({ u: world.u() - 1, full: false, b: rows, a: rows });
          await world.seams.advance(20);
        }
        world.change('b', '99', '1');
        await world.seams.advance(100);
        const { bids, asks } = bookOf(events);
        expect(bids).toEqual([...world.bids].sort());
        expect(asks).toEqual([...world.asks].sort());
      }),
      { numRuns: 40 },
    );
  });
});
