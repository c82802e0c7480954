import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecording } from '#main/capture/index';
import { runRecord } from '#main/cli/record';
import { runReplayFrames } from '#main/cli/replay-frames';
import { VENUE_MODULES } from '#main/venues/index';
import type { ExchangeName, MarketKind } from '#shared/domain/exchange';
import { createWorld, LONG_DAY, type World } from '../../simulation/world';
import { runCommand } from './run-command';

const MINUTE = 60_000;

/** A practice desk that recorded a quarter hour with its waves, asked through the contract as the button does. */
let world: World;
let file: string;
beforeAll(async () => {
  world = await createWorld({ seed: 3, pace: LONG_DAY });
  const client = createRouterClient(world.desk.api.router, { context: { window: 'test' } });
  expect(await client.connections.record({ on: true, scrub: false })).toMatchObject({
    kind: 'recording',
    frames: 0,
  });
  await world.seams.advance(20 * MINUTE);
  const ended = await client.connections.record({ on: false, scrub: false });
  if (ended.kind !== 'idle' || ended.last === null) throw new Error('it did not end');
  expect(ended.last.frames).toBeGreaterThan(100);
  file = `/profile/recordings/${ended.last.fileName}`;
}, 120_000);
afterAll(() => world.close());

const replay = (argv: string[] = []) => runCommand(runReplayFrames, [file, ...argv], { seams: world.seams });

describe('a recording of the desk', () => {
  it('comes back through the adapters with the events that the desk itself had', async () => {
    const { code, out } = await replay();
    expect(code).toBe(0);
    const facts = out.map((line) => JSON.parse(line) as Record<string, unknown>);
    const told = facts
      .filter(({ type }) => type === 'fill')
      .map(({ id, symbol, amount, price, fee }) => ({ id, symbol, amount, price, fee }));
    const stored = world.desk.store
      .journal(1, 100_000)
      .flatMap(({ record }) => (record.kind === 'fill_applied' ? [record.fill] : []))
      .map(({ tradeId: id, symbol, amount, price, fee }) => ({ id, symbol, amount, price, fee }));
    expect(stored.length).toBeGreaterThan(0);
    expect(told).toEqual(expect.arrayContaining(stored));
    for (const type of ['ticker', 'mark_price', 'order', 'auth'])
      expect(facts.some((fact) => fact.type === type)).toBe(true);
  });

  it('gives for each frame what a reader says of it directly, in the same order', async () => {
    const wanted: string[] = [];
    const readers = new Map<string, ReturnType<NonNullable<(typeof VENUE_MODULES)['binance']>['reader']>>();
    let instruments: never[] = [];
    for await (const line of readRecording(world.seams.disk, file)) {
      if (line.kind === 'instruments') instruments = line.instruments as never[];
      if (line.kind !== 'frame' || line.frame.direction === 'out') continue;
      const [exchange, market] = line.frame.link.split(' ')[0]!.split('_') as [ExchangeName, MarketKind];
      const module = VENUE_MODULES[exchange];
      if (!module) continue;
      const { at, frame, link } = line.frame;
      const reader =
        readers.get(link) ??
        module.reader(market, {
          now: () => at,
          instruments: instruments.filter(
            (one: { market: string; exchange: string }) => one.market === market && one.exchange === exchange,
          ),
        });
      readers.set(link, reader);
      for (const fact of reader.read(frame)) wanted.push(JSON.stringify(fact));
    }
    expect((await replay()).out).toEqual(wanted);
  });

  it('can be narrowed to one link', async () => {
    const { out } = await replay(['--link', 'binance_future private']);
    const types = new Set(out.map((line) => JSON.parse(line).type));
    expect(types).toContain('fill');
    expect(types).not.toContain('ticker');
  });

  it('holds no key and no signature, though nobody asked for that', async () => {
    let text = '';
    for await (const line of readRecording(world.seams.disk, file)) text += JSON.stringify(line);
    expect(text).toMatch(/scrubbed/);
    expect(text).not.toMatch(/"(apiKey|signature)\\?":\\?"(?!scrubbed)/);
  });
});

describe('the commands', () => {
  it.each([
    [runReplayFrames, [], /Name one recording/],
    [runReplayFrames, ['a', 'b'], /Name one recording/],
    [runReplayFrames, ['a', '--what'], /--what/],
    [runRecord, [], /--out is missing/],
    [runRecord, ['--out', '/x', '--mode', 'live'], /--mode live: must be practice or paper/],
    [runRecord, ['--out', '/x', '--channels', 'gossip'], /--channels gossip: must be some of trades/],
    [runRecord, ['--out', '/x', '--seconds', '0'], /--seconds 0: must be a number above 0/],
    [runRecord, ['--out', '/x', '--from', '/y'], /--from goes with --scrub/],
  ])('answer %# wrong usage in words with exit code 2', async (command, argv, message) => {
    const { code, err } = await runCommand(command, argv);
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(message);
    expect(err.join('\n')).toMatch(/Usage:/);
  });
  it('say which file there is none of', async () => {
    const { code, err } = await runCommand(runReplayFrames, ['/nowhere.gz']);
    expect(code).toBe(1);
    expect(err[0]).toMatch(/\/nowhere\.gz/);
  });
});
