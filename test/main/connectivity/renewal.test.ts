import { describe, expect, it } from 'vitest';
import type { LinkProtocol } from '#main/connectivity/index';
import type { ServerSocket } from '#main/seams/index';
import { createWorld } from './world';

const ignore = (): void => {};
const HOUR = 3_600_000;

/** A feed whose messages are numbers, and whose connections the exchange ends at 24 h. */
async function createFeed(more: Partial<LinkProtocol> = {}) {
  const world = await createWorld();
  const got: string[] = [];
  const link = world.pool.link(
    world.protocol('feed', {
      renewAfterMs: 23 * HOUR,
      mark: (_, message) => Number(message),
      ...more,
    }),
  );
  link.want('a', (message) => got.push(String(message)));
  const states: string[] = [];
  link.onChange(({ state }) => states.push(state));
  await world.seams.advance(100);
  return { ...world, link, got, states };
}
const sendAll = (sockets: readonly ServerSocket[], text: string): void => {
  for (const socket of sockets) socket.send(text);
};

describe('a planned renewal', () => {
  it('M-269 has the new connection up, subscribed and heard before the old one goes', async () => {
    const { seams, link, log, sockets, states, server, got } = await createFeed();
    sockets[0]!.send('a=1');
    await seams.advance(23 * HOUR);
    expect(seams.network.openSockets(server.port)).toBe(2);
    expect(log).toEqual(['0 sub a', '1 sub a']);
    sendAll(sockets, 'a=2');
    await seams.advance(100);
    expect(log).toEqual(['0 sub a', '1 sub a', '0 closed 1000']);
    sockets[1]!.send('a=3');
    await seams.advance(100);
    expect(got).toEqual(['1', '2', '3']);
    expect(states.filter((state) => state !== 'live')).toEqual(['connecting']);
    expect(link.status()).toMatchObject({
      state: 'live',
      reconnected: 1,
      reconnectsFailed: 0,
      problem: null,
    });
  });
  it('lets the old connection go after 10 s when a quiet topic has nothing to say on the new one', async () => {
    const { seams, server } = await createFeed();
    await seams.advance(23 * HOUR + 9_000);
    expect(seams.network.openSockets(server.port)).toBe(2);
    await seams.advance(2_000);
    expect(seams.network.openSockets(server.port)).toBe(1);
  });
  it('M-269 raises no alarm when the exchange ends a connection of that age while the next one is made', async () => {
    const { seams, link, sockets, hook, states, got } = await createFeed({ mark: () => null });
    hook.accepted = (socket, index) => {
      if (index === 1) sockets[0]!.close(1000);
      else socket.send('a=late');
    };
    await seams.advance(23 * HOUR + 1_000);
    expect(states).not.toContain('waiting');
    expect(link.status().state).toBe('live');
    sockets[1]!.send('a=2');
    await seams.advance(100);
    expect(got).toEqual(['2']);
  });
  it('M-269 marks an end as planned at the age where the exchange ends connections, and no earlier one', async () => {
    let isDown = false;
    const world = await createWorld();
    const { seams, pool, server, protocol, sockets } = world;
    const link = pool.link(
      protocol('feed', {
        renewAfterMs: HOUR,
        url: () => {
          if (isDown) throw new Error('no listen key');
          return `ws://127.0.0.1:${server.port}`;
        },
      }),
    );
    link.want('a', ignore);
    await seams.advance(HOUR / 2);
    sockets[0]!.close(1001);
    await seams.advance(10);
    expect(link.status()).toMatchObject({ state: 'waiting', planned: false });
    await seams.advance(10_000);
    isDown = true;
    await seams.advance(HOUR + 5_000);
    expect(link.status()).toMatchObject({ state: 'live', reconnectsFailed: 1 });
    sockets[1]!.close(1001);
    await seams.advance(10);
    expect(link.status()).toMatchObject({ state: 'waiting', planned: true });
    isDown = false;
    await seams.advance(10_000);
    expect(link.status()).toMatchObject({ state: 'live', planned: false });
  });
  it('keeps the old connection when the new one cannot be had, and tries again a minute later', async () => {
    let calls = 0;
    const world = await createWorld();
    const { seams, pool, server, protocol } = world;
    const link = pool.link(
      protocol('feed', {
        renewAfterMs: HOUR,
        url: () => {
          if (++calls === 2) throw new Error('no listen key');
          return `ws://127.0.0.1:${server.port}/${calls}`;
        },
      }),
    );
    link.want('a', ignore);
    await seams.advance(HOUR + 1_000);
    expect(link.status()).toMatchObject({
      state: 'live',
      reconnectsFailed: 1,
      problem: 'the planned renewal did not work: no listen key',
    });
    expect(seams.network.openSockets(server.port)).toBe(1);
    await seams.advance(60_000);
    expect([calls, seams.network.openSockets(server.port)]).toEqual([3, 2]);
    await seams.advance(11_000);
    expect(seams.network.openSockets(server.port)).toBe(1);
    expect(link.status()).toMatchObject({ state: 'live', reconnected: 1 });
  });
  it('begins at once when the exchange says that it will close, and lets the old connection go', async () => {
    const { seams, link, log, sockets } = await createFeed({
      receive: (data, deliver, io) => {
        if (data === 'upgrade') io.leaving();
        else if (data !== 'ok') deliver('a', String(data));
      },
      mark: () => null,
    });
    sockets[0]!.send('upgrade');
    await seams.advance(100);
    expect(log).toEqual(['0 sub a', '1 sub a']);
    sockets[1]!.send('x');
    await seams.advance(100);
    expect(log).toEqual(['0 sub a', '1 sub a', '0 closed 1000']);
    expect(link.status()).toMatchObject({ state: 'live', reconnected: 1, planned: false });
  });
  it('tells whoever fills gaps that it was planned', async () => {
    const { seams, link, server } = await createFeed();
    const told: (number | boolean)[][] = [];
    link.onLive((connects, planned) => told.push([connects, planned]));
    await seams.advance(23 * HOUR + 20_000);
    seams.network.breakSockets(server.port);
    await seams.advance(6_000);
    expect(told).toEqual([
      [2, true],
      [3, false],
    ]);
  });
  it('can be asked for, and is not begun twice', async () => {
    const { seams, link, sockets, server } = await createFeed();
    link.renew();
    link.renew();
    await seams.advance(2_000);
    link.renew();
    await seams.advance(2_000);
    expect(sockets).toHaveLength(2);
    sendAll(sockets, 'a=1');
    await seams.advance(100);
    expect(seams.network.openSockets(server.port)).toBe(1);
  });
  it('leaves with both connections when the last user goes in the middle', async () => {
    const world = await createWorld();
    const { seams, pool, protocol, server } = world;
    const link = pool.link(protocol('feed', { renewAfterMs: HOUR }));
    const undo = link.want('a', ignore);
    await seams.advance(HOUR + 1_000);
    expect(seams.network.openSockets(server.port)).toBe(2);
    undo();
    await seams.advance(2_000);
    expect(seams.network.openSockets(server.port)).toBe(0);
    expect(link.status().state).toBe('idle');
    await seams.advance(HOUR);
    expect(seams.network.openSockets(server.port)).toBe(0);
  });
  it('subscribes what is wanted in the middle on both connections', async () => {
    const { seams, link, log, sockets, got } = await createFeed();
    await seams.advance(23 * HOUR + 1_000);
    link.want('b', (message) => got.push(`b${message}`));
    await seams.advance(100);
    expect(log.slice(2)).toEqual(['0 sub b', '1 sub b']);
    sendAll(sockets, 'b=7');
    await seams.advance(1_000);
    expect(got).toEqual(['b7']);
  });
});
