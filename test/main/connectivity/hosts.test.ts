import { describe, expect, it } from 'vitest';
import { createHosts } from '#main/connectivity/hosts';
import { DEFAULT_LIMITS } from '#main/connectivity/limits';
import { createStagger } from '#main/connectivity/stagger';
import { createSimulatedSeams } from '#main/seams/index';
import { createWorld } from './world';

const ignore = (): void => {};

async function createTwoHosts() {
  const world = await createWorld();
  const { seams } = world;
  const second = await seams.network.serve({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes: 1_000_000,
    request: (_, response) => response.end(),
    socket: (socket) => socket.listen({ message: () => {}, pong: () => {}, close: () => {} }),
  });
  const [one, two] = [`ws://127.0.0.1:${world.server.port}`, `ws://127.0.0.1:${second.port}`];
  const link = world.pool.link(world.protocol('feed', { hosts: [one, two], url: (host) => `${host}/ws` }));
  return { ...world, link, second };
}

describe('alternative hosts', () => {
  it('M-306 are dialled after the host of choice has failed, and kept while they work', async () => {
    const { seams, link, server, second } = await createTwoHosts();
    seams.network.weather(server.port, 'cut');
    link.want('a', ignore);
    await seams.advance(100);
    expect(link.status()).toMatchObject({ state: 'waiting', host: `127.0.0.1:${server.port}` });
    await seams.advance(6_000);
    expect(link.status()).toMatchObject({ state: 'live', host: `127.0.0.1:${second.port}` });
    seams.network.weather(server.port, 'fine');
    await seams.advance(60_000);
    expect(seams.network.openSockets(server.port)).toBe(0);
  });
  it('come back to the host of choice when a person restarts the link', async () => {
    const { seams, link, server } = await createTwoHosts();
    seams.network.weather(server.port, 'cut');
    link.want('a', ignore);
    await seams.advance(6_100);
    seams.network.weather(server.port, 'fine');
    link.restart();
    await seams.advance(100);
    expect(link.status()).toMatchObject({ state: 'live', host: `127.0.0.1:${server.port}` });
  });
});

describe('the circuit of a host', () => {
  const create = (names?: readonly string[]) => {
    const seams = createSimulatedSeams(1, 0);
    const hosts = createHosts(seams.clock, DEFAULT_LIMITS.breaker, names);
    const fail = (host: string, times: number): void => {
      for (let i = 0; i < times; i++) {
        hosts.tried(host);
        hosts.failed(host, false);
      }
    };
    return { seams, hosts, fail };
  };

  it('M-306 opens at the fifth failure in 10 minutes, not at the fourth', async () => {
    const { hosts, fail } = create();
    fail('', 4);
    expect([hosts.circuit(''), hosts.choose().waitMs]).toEqual(['closed', 0]);
    fail('', 1);
    expect([hosts.circuit(''), hosts.choose().waitMs]).toEqual(['open', 60_000]);
  });
  it('M-306 stays closed when five failures take longer than 10 minutes', async () => {
    const { seams, hosts, fail } = create();
    for (let i = 0; i < 20; i++) {
      fail('', 1);
      await seams.advance(151_000);
    }
    expect(hosts.circuit('')).toBe('closed');
  });
  it('M-306 lets one probe through, which opens it again or closes it', async () => {
    const { seams, hosts, fail } = create();
    fail('', 5);
    await seams.advance(60_000);
    expect(hosts.choose().waitMs).toBe(0);
    hosts.tried('');
    expect(hosts.circuit('')).toBe('half-open');
    hosts.failed('', true);
    expect([hosts.circuit(''), hosts.choose().waitMs]).toEqual(['open', 60_000]);
    await seams.advance(60_000);
    hosts.tried('');
    hosts.held('');
    fail('', 4);
    expect([hosts.circuit(''), hosts.choose().waitMs]).toEqual(['closed', 0]);
  });
  it('M-306 sends the link to another host without waiting, while that one is closed', async () => {
    const { seams, hosts, fail } = create(['one', 'two']);
    fail('one', 5);
    expect(hosts.choose()).toEqual({ host: 'two', waitMs: 0 });
    await seams.advance(10_000);
    fail('two', 5);
    expect(hosts.choose()).toEqual({ host: 'one', waitMs: 50_000 });
  });
  it('M-306 shows in the link, which probes a line that dies young once a minute', async () => {
    const { seams, pool, protocol, hook, opened } = await createWorld();
    hook.accepted = (socket) => {
      socket.send('a=1');
      seams.timers.after(100, () => socket.close(1011));
    };
    const link = pool.link(protocol());
    link.want('a', ignore);
    await seams.advance(150_000);
    const waits = opened.slice(1).map((time, i) => Math.round((time - opened[i]!) / 1000));
    expect(waits).toEqual([5, 5, 5, 5, 60, 60]);
    expect(link.status()).toMatchObject({ state: 'waiting', circuit: 'open' });
    hook.accepted = ignore;
    await seams.advance(60_000);
    expect(link.status()).toMatchObject({ state: 'live', circuit: 'half-open' });
    await seams.advance(31_000);
    expect(link.status()).toMatchObject({ state: 'live', circuit: 'closed' });
  });
});

describe('a reconnect storm', () => {
  it('stays at or below half of 300 connections in 5 minutes on one host, whatever is cut', async () => {
    const { seams, pool, protocol, server, opened } = await createWorld();
    for (let i = 0; i < 12; i++) pool.link(protocol(`link ${i}`)).want('a', ignore);
    seams.timers.every(1_000, () => seams.network.breakSockets(server.port));
    await seams.advance(300_000);
    expect(opened.length).toBeGreaterThan(12);
    expect(opened.length).toBeLessThanOrEqual(150);
  });
  it('never gives out more moments in any minute than allowed, and none closer than the gap', () => {
    const seams = createSimulatedSeams(1, 0);
    const stagger = createStagger(seams.clock, 1_000, 10);
    const at = Array.from({ length: 35 }, (_, i) => stagger.wait('h', (i * 7919) % 5_000)).toSorted(
      (a, b) => a - b,
    );
    for (let i = 1; i < at.length; i++) expect(at[i]! - at[i - 1]!).toBeGreaterThanOrEqual(1_000);
    for (let i = 10; i < at.length; i++) expect(at[i]! - at[i - 10]!).toBeGreaterThanOrEqual(60_000);
  });
});
