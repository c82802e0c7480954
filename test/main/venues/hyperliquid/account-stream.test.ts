import { describe, expect, it } from 'vitest';
import { toCloid } from '#main/venues/hyperliquid/client-ids';
import { type AccountEvent, accountOf, VENUE_MODULES, VenueError } from '#main/venues/index';
import { PUBLIC_ONLY } from '#shared/domain/exchange';
import { ADDRESS, createWorld, START, STATE } from './world';

const fill = (tid: number) => ({
  coin: 'BTC',
  px: '68010.0',
  sz: '0.01',
  side: 'B',
  time: START + tid,
  startPosition: '0.0',
  oid: 7,
  crossed: true,
  fee: '0.3',
  tid,
  feeToken: 'USDC',
  cloid: toCloid('w7k2p-s34h1-e1'),
});
const fills = (rows: unknown[], more: object = {}) => ({
  channel: 'userFills',
  data: { user: ADDRESS, ...more, fills: rows },
});

async function listening(options?: Parameters<typeof createWorld>[1]) {
  const world = await createWorld('hyperliquid_future', options);
  const told: AccountEvent[] = [];
  const undo = world.venue.account!.subscribe((event) => told.push(event));
  const resumed = () => told.filter(({ type }) => type === 'resumed').length;
  return { world, told, undo, resumed };
}
const ids = (told: readonly AccountEvent[]) =>
  told.flatMap((event) => (event.type === 'fill' ? [event.fill.tradeId.split('-')[0]] : []));

describe('the private stream of Hyperliquid', () => {
  it('M-278 listens by the account’s address; nothing is signed', async () => {
    const { world, resumed } = await listening({ apiKey: ADDRESS.replace('e5ca', 'E5CA') });
    await world.seams.runUntil(() => resumed() === 1, 10_000);
    const asked = world.frames.map(({ frame }) => frame.subscription);
    expect(asked).toEqual([
      { type: 'userFills', user: ADDRESS, aggregateByTime: false },
      { type: 'orderUpdates', user: ADDRESS },
      { type: 'clearinghouseState', user: ADDRESS },
      { type: 'spotState', user: ADDRESS },
    ]);
    expect(world.asked.filter(({ path }) => path === '/exchange')).toEqual([]);
  });

  it('counts as connected only when every stream is confirmed, and tells the state that came meanwhile', async () => {
    const { world, told, resumed } = await listening();
    await world.seams.runUntil(() => resumed() === 1, 10_000);
    await world.seams.advance(10);
    expect(told.map(({ type }) => type)).toEqual(['resumed', 'balances', 'positions']);
  });

  it('M-268 loses and doubles nothing over a reconnect: old fills are asked for, not told again', async () => {
    const { world, told, resumed } = await listening();
    await world.seams.runUntil(() => resumed() === 1, 10_000);
    world.send(0, fills([fill(1), fill(2)]));
    await world.seams.advance(10);
    world.sockets[0]!.terminate();
    await world.seams.runUntil(() => resumed() === 2, 60_000);
    world.send(1, fills([fill(1), fill(2), fill(3)], { isSnapshot: true }));
    world.send(1, fills([fill(4)]));
    await world.seams.advance(10);
    expect(ids(told)).toEqual(['1', '2', '4']);
    // Whoever heard "resumed" asks for what happened meanwhile, and gets the third as well.
    world.script(({ type }) => (type === 'userFillsByTime' ? { body: [1, 2, 3, 4].map(fill) } : undefined));
    const asked = await world.result(
      world.venue.account!.fillsSince('BTC/USDC:USDC' as never, START as never),
    );
    const known = told.flatMap((event) => (event.type === 'fill' ? [event.fill.tradeId] : []));
    expect(
      asked.filter(({ tradeId }) => !known.includes(tradeId)).map(({ tradeId }) => tradeId.split('-')[0]),
    ).toEqual(['3']);
  });

  it('shares one socket and closes it with the last listener', async () => {
    const { world, undo, resumed } = await listening();
    const second = world.venue.account!.subscribe(() => {});
    await world.seams.runUntil(() => resumed() === 1, 10_000);
    expect(world.sockets).toHaveLength(1);
    undo();
    await world.seams.advance(100);
    expect(world.pool.statuses()[0]!.state).toBe('live');
    second();
    await world.seams.advance(100);
    expect(world.pool.statuses()[0]!.state).toBe('idle');
  });

  it('M-280 stops trying with what is no address, and says why', async () => {
    const { world } = await listening({ apiKey: 'my-api-key' });
    await world.seams.advance(1_000);
    const [status] = world.pool.statuses();
    expect(status).toMatchObject({ state: 'refused' });
    expect(status!.problem).toContain('0x and 40 hex digits');
    expect(world.sockets).toEqual([]);
  });

  it('does not take the address of a signing wallet for an empty account', async () => {
    const world = await createWorld();
    world.script(({ type }) =>
      type === 'userRole' ? { body: { role: 'agent', data: { user: ADDRESS } } } : undefined,
    );
    world.venue.account!.subscribe(() => {});
    await world.seams.advance(1_000);
    expect(world.pool.statuses()[0]).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('store the address of the account') as unknown,
    });
    expect(world.sockets).toEqual([]);
  });

  it('tries again when the exchange refuses a stream, and tells its words', async () => {
    const world = await createWorld();
    world.script(({ type }) => (type === 'userAbstraction' ? { status: 500, text: 'null' } : undefined));
    world.venue.account!.subscribe(() => {});
    await world.seams.advance(3_000);
    expect(world.pool.statuses()[0]).toMatchObject({
      state: expect.stringMatching(/waiting|connecting/) as unknown,
    });
  });

  it('reads the dollars of a unified account from its one pot', async () => {
    const world = await createWorld();
    world.script(({ type }) => (type === 'userAbstraction' ? { text: '"unifiedAccount"' } : undefined));
    const told: AccountEvent[] = [];
    world.venue.account!.subscribe((event) => told.push(event));
    await world.seams.runUntil(() => told.some(({ type }) => type === 'positions'), 10_000);
    expect(told.some(({ type }) => type === 'balances')).toBe(false);
    const spotState = { balances: [{ coin: 'USDC', token: 0, total: '5.0', hold: '1.0' }] };
    world.send(0, { channel: 'spotState', data: { user: ADDRESS, spotState } });
    world.send(0, { channel: 'clearinghouseState', data: { clearinghouseState: STATE } });
    await world.seams.advance(10);
    expect(told.filter(({ type }) => type === 'balances')).toMatchObject([
      { balances: [{ asset: 'USDC', free: '4', locked: '1' }] },
    ]);
  });
});

describe('spot, which is market data only', () => {
  it('M-272 has no private stream: asking for it is a typed refusal, and nothing is dialled', async () => {
    const world = await createWorld('hyperliquid_spot');
    expect(world.venue.account).toBeUndefined();
    expect(world.venue.trading).toBeUndefined();
    let refusal: unknown;
    try {
      accountOf(world.venue);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(VenueError);
    expect(refusal).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('no private stream') as unknown,
    });
    await world.seams.advance(60_000);
    expect([world.asked, world.sockets, world.pool.statuses()]).toEqual([[], [], []]);
  });

  it('is what the key form leaves out', () => {
    const without = Object.values(VENUE_MODULES).flatMap(({ exchange, withoutAccount = {} }) =>
      Object.keys(withoutAccount).map((market) => `${exchange}_${market}`),
    );
    expect([...PUBLIC_ONLY]).toEqual(without);
  });

  it('is another thing than a venue without a key, or one with both', async () => {
    const locked = await createWorld('hyperliquid_future', { withKey: false });
    expect(() => accountOf(locked.venue)).toThrow(expect.objectContaining({ code: 'auth' }) as Error);
    const open = await createWorld();
    expect(accountOf(open.venue)).toBe(open.venue.account);
  });
});
