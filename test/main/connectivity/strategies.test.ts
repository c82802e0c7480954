import { describe, expect, it } from 'vitest';
import {
  type Connector,
  connectionKey,
  createPool,
  createStrategies,
  type LinkProtocol,
  openPool,
  type Pool,
  privateLink,
  type StrategyStart,
} from '#main/connectivity/index';
import { createWorld } from './world';

/** The pool, strategies over it, and connectors whose accounts answer "welcome" unless told otherwise. */
async function createDeskWorld() {
  const world = await createWorld();
  const { seams, server, protocol } = world;
  const warnings: string[] = [];
  let pools = 0;
  let pool: Pool | null = null;
  const thePool = (): Pool => {
    if (pool === null) {
      pools++;
      pool = createPool({ seams });
    }
    return pool;
  };
  const strategies = createStrategies({
    pool: thePool,
    clock: seams.clock,
    timers: seams.timers,
    warn: (id, warning) => warnings.push(`${id}: ${warning}`),
  });
  world.hook.accepted = (socket) => socket.send('welcome');
  const signIn: Partial<LinkProtocol> = {
    handshake: async (io) => {
      const answer = String(await io.next(5_000));
      if (answer.startsWith('no')) throw Object.assign(new Error(answer.slice(3)), { name: 'Refused' });
    },
  };
  /** A mock of an exchange's connector: it knows an address and a topic, and nothing of sockets. */
  const connector = (exchange: string, marketType = 'spot', more: Partial<LinkProtocol> = {}): Connector => ({
    exchange,
    marketType,
    open: () => {
      const key = privateLink(connectionKey({ exchange, marketType }));
      return thePool()
        .link(protocol(key, { ...signIn, ...more }))
        .want('account', () => {});
    },
  });
  const openSockets = (): number => seams.network.openSockets(server.port);
  const statusOf = (key: string) => strategies.status().connections[key];
  return { ...world, strategies, connector, warnings, openSockets, statusOf, pools: () => pools };
}

describe('one strategy', () => {
  it('M-303 M-257 gets its connections, and the pool with them', async () => {
    const { seams, strategies, connector, openSockets, pools, statusOf } = await createDeskWorld();
    expect(pools()).toBe(0);
    const start = strategies.subscribe(
      'grid',
      [connector('binance'), connector('bybit', 'future')],
      ['BTC/USDT'],
    );
    await seams.advance(100);
    expect(await start).toEqual({
      started: true,
      connected: ['binance_spot', 'bybit_future'],
      failed: [],
      warning: null,
    });
    expect([openSockets(), pools()]).toEqual([2, 1]);
    expect(statusOf('bybit_future')).toMatchObject({ status: 'connected', subscribers: ['grid'] });
  });
  it('M-256 trades a perpetual over the connection of futures', async () => {
    const { seams, strategies, connector, openSockets } = await createDeskWorld();
    const both = [connector('binance', 'future'), connector('binance', 'perpetual')];
    const start = strategies.subscribe('basis', both, ['BTC/USDT:USDT']);
    await seams.advance(100);
    expect((await start).connected).toEqual(['binance_future']);
    expect(openSockets()).toBe(1);
  });
  it('M-264 is connected only when its account has been confirmed, and failed after 30 s without', async () => {
    const { seams, strategies, connector, hook, statusOf } = await createDeskWorld();
    hook.accepted = () => {};
    const never = { handshake: () => new Promise<void>(() => {}) };
    const pending = strategies.subscribe('grid', [connector('binance', 'spot', never)], []);
    await seams.advance(29_000);
    expect(strategies.isConnected('binance_spot')).toBe(false);
    expect(statusOf('binance_spot')).toMatchObject({ status: 'connecting', uptime: null });
    await seams.advance(1_100);
    expect(await pending).toMatchObject({
      started: false,
      failed: [{ key: 'binance_spot', why: 'not connected within 30 s' }],
    });
  });
});

describe('strategies that share', () => {
  it('M-303 M-258 get one connection for one key, also when they come at the same moment', async () => {
    const { seams, strategies, connector, openSockets, statusOf } = await createDeskWorld();
    void strategies.subscribe('one', [connector('binance')], []);
    void strategies.subscribe('two', [connector('binance')], []);
    await seams.advance(100);
    expect(openSockets()).toBe(1);
    expect(statusOf('binance_spot')).toMatchObject({ subscribers: ['one', 'two'], subscriber_count: 2 });
  });
  it('M-260 follow the sharing example step by step', async () => {
    const { seams, strategies, connector, openSockets } = await createDeskWorld();
    const keys = () => Object.keys(strategies.status().connections).toSorted();
    void strategies.subscribe('strategy 1', [connector('binance'), connector('bybit', 'future')], []);
    await seams.advance(100);
    expect([openSockets(), keys()]).toEqual([2, ['binance_spot', 'bybit_future']]);
    void strategies.subscribe('strategy 2', [connector('bybit', 'perp'), connector('gateio')], []);
    await seams.advance(100);
    expect([openSockets(), keys()]).toEqual([3, ['binance_spot', 'bybit_future', 'gateio_spot']]);
    strategies.unsubscribe('strategy 1');
    await seams.advance(2_000);
    expect([openSockets(), keys()]).toEqual([2, ['bybit_future', 'gateio_spot']]);
    strategies.unsubscribe('strategy 2');
    await seams.advance(2_000);
    expect([openSockets(), keys()]).toEqual([0, []]);
  });
});

describe('leaving', () => {
  it('M-303 M-259 closes what nobody else uses within 2 s, also when the exchange does not say goodbye, and twice is once', async () => {
    const { seams, strategies, connector, openSockets, server } = await createDeskWorld();
    void strategies.subscribe('one', [connector('binance')], []);
    void strategies.subscribe('two', [connector('binance')], []);
    await seams.advance(100);
    strategies.unsubscribe('one');
    strategies.unsubscribe('one');
    strategies.unsubscribe('nobody');
    await seams.advance(5_000);
    expect(openSockets()).toBe(1);
    seams.network.weather(server.port, 'silent');
    strategies.unsubscribe('two');
    await seams.advance(2_000);
    seams.network.weather(server.port, 'fine');
    await seams.advance(10);
    expect(openSockets()).toBe(0);
  });
  it('M-303 M-261 happens when a strategy ends, is stopped, or breaks', async () => {
    const { seams, strategies, connector, openSockets } = await createDeskWorld();
    const starts: StrategyStart[] = [];
    const begin = (id: string, run: (signal: AbortSignal) => Promise<void>) =>
      strategies.run({
        id,
        connectors: [connector('binance')],
        symbols: [],
        run: (signal, start) => {
          starts.push(start);
          return run(signal);
        },
      });
    const ended = begin('ends', async () => {});
    await seams.advance(100);
    expect(await ended.over).toBeNull();
    await seams.advance(100);
    expect(openSockets()).toBe(0);

    const broken = begin('breaks', async () => {
      throw new Error('division by zero');
    });
    await seams.advance(100);
    expect((await broken.over)?.message).toBe('division by zero');
    await seams.advance(100);
    expect(openSockets()).toBe(0);

    const stopped = begin(
      'stops',
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
    await seams.advance(100);
    expect(openSockets()).toBe(1);
    stopped.stop();
    expect(await stopped.over).toBeNull();
    await seams.advance(100);
    expect(openSockets()).toBe(0);
    expect(starts.map(({ connected }) => connected)).toEqual(Array(3).fill(['binance_spot']));
    // All that a strategy was handed: words and lists, nothing that could send or close.
    expect(Object.keys(starts[0]!)).toEqual(['started', 'connected', 'failed', 'warning']);
  });
  it('M-261 happens also when it is stopped before it was connected', async () => {
    const { seams, strategies, connector, openSockets, hook } = await createDeskWorld();
    hook.accepted = () => {};
    let ran = false;
    const running = strategies.run({
      id: 'early',
      connectors: [connector('binance')],
      symbols: [],
      run: async () => {
        ran = true;
      },
    });
    await seams.advance(100);
    running.stop();
    await seams.advance(100);
    expect(await running.over).toBeNull();
    expect([ran, openSockets()]).toEqual([false, 0]);
  });
});

describe('connections that fail', () => {
  const refusing = {
    url: () => Promise.reject(Object.assign(new Error('Invalid API-key'), { name: 'Refused' })),
  };

  it('M-262 in part let the strategy start with a warning that names them', async () => {
    const { seams, strategies, connector, warnings } = await createDeskWorld();
    const start = strategies.subscribe(
      'grid',
      [connector('binance'), connector('bybit', 'spot', refusing)],
      [],
    );
    await seams.advance(100);
    expect(await start).toEqual({
      started: true,
      connected: ['binance_spot'],
      failed: [{ key: 'bybit_spot', why: 'Invalid API-key' }],
      warning: 'Started without bybit_spot (Invalid API-key).',
    });
    expect(warnings).toEqual(['grid: Started without bybit_spot (Invalid API-key).']);
  });
  it('M-262 altogether let it start only on paper, or where that was allowed', async () => {
    const { seams, strategies, connector, warnings, openSockets } = await createDeskWorld();
    const begin = async (id: string, terms = {}) => {
      const start = strategies.subscribe(id, [connector('bybit', 'spot', refusing)], [], terms);
      await seams.advance(100);
      return (await start).started;
    };
    expect(await begin('live')).toBe(false);
    expect(await begin('paper', { paper: true })).toBe(true);
    expect(await begin('allowed', { allowWithoutStream: true })).toBe(true);
    expect(warnings[0]).toBe('live: Not started: no account is connected: bybit_spot (Invalid API-key).');
    expect(Object.keys(strategies.status().strategies)).toEqual(['paper', 'allowed']);
    expect(openSockets()).toBe(0);
  });
  it('names an exchange that nobody knows among them', async () => {
    const { seams, strategies, connector } = await createDeskWorld();
    const start = strategies.subscribe(
      'grid',
      [connector('binance'), { exchange: 'mtgox', open: () => () => {} }],
      [],
    );
    await seams.advance(100);
    expect((await start).failed).toEqual([{ key: 'mtgox', why: 'no exchange is called "mtgox"' }]);
  });
});

describe('the status report', () => {
  it('M-263 counts connections and strategies and tells each with its state, users, age and error', async () => {
    const { seams, strategies, connector, sockets } = await createDeskWorld();
    void strategies.subscribe('one', [connector('binance')], []);
    void strategies.subscribe('two', [connector('binance'), connector('gateio', 'perp')], []);
    await seams.advance(10_000);
    sockets[0]!.send('account=1');
    await seams.advance(10_000);
    expect(strategies.status()).toEqual({
      total_connections: 2,
      total_strategies: 2,
      connections: {
        binance_spot: {
          exchange: 'binance',
          market_type: 'spot',
          status: 'connected',
          subscribers: ['one', 'two'],
          subscriber_count: 2,
          uptime: expect.closeTo(20, 0),
          last_message: seams.clock.now() - 9_999,
          error: null,
        },
        gateio_future: {
          exchange: 'gateio',
          market_type: 'future',
          status: 'connected',
          subscribers: ['two'],
          subscriber_count: 1,
          uptime: expect.closeTo(20, 0),
          last_message: expect.any(Number),
          error: null,
        },
      },
      strategies: {
        one: { connections: ['binance_spot'], connection_count: 1 },
        two: { connections: ['binance_spot', 'gateio_future'], connection_count: 2 },
      },
    });
  });
  it('M-264 knows the states disconnected, connecting, connected, reconnecting and error', async () => {
    const { seams, strategies, connector, statusOf, hook, server } = await createDeskWorld();
    hook.accepted = (socket, index) => socket.send(index < 2 ? 'welcome' : 'no wrong key');
    seams.network.latency(1_000);
    void strategies.subscribe('one', [connector('binance')], []);
    const seen: (string | undefined)[] = [];
    const note = (): void => void seen.push(statusOf('binance_spot')?.status);
    note();
    await seams.advance(1_500);
    note();
    await seams.advance(5_000);
    note();
    seams.network.breakSockets(server.port);
    await seams.advance(10);
    note();
    await seams.advance(5_500);
    note();
    await seams.advance(10_000);
    note();
    seams.network.breakSockets(server.port);
    await seams.advance(20_000);
    note();
    expect(seen).toEqual([
      'disconnected',
      'connecting',
      'connected',
      'reconnecting',
      'reconnecting',
      'connected',
      'error',
    ]);
    expect(statusOf('binance_spot')).toMatchObject({ error: 'wrong key', uptime: null });
  });
});

describe('the pool of a process', () => {
  it('M-303 M-265 is one, however often it is opened or closed', async () => {
    const { seams, protocol, server } = await createWorld();
    const pool = openPool({ seams });
    expect(openPool({ seams })).toBe(pool);
    pool.link(protocol()).want('a', () => {});
    await seams.advance(100);
    const closed = pool.close();
    void pool.close();
    await seams.advance(100);
    await closed;
    expect(seams.network.openSockets(server.port)).toBe(0);
    const next = openPool({ seams });
    expect(next).not.toBe(pool);
    void pool.close();
    expect(openPool({ seams })).toBe(next);
  });
});
