import type { Network, Server, ServerOptions, Timers } from './seams';
import { answer, createRequest } from './simulated-http';
import { createLink, type Link } from './simulated-link';

/** What a path through the simulated network does to what is sent on it. */
export type Weather =
  | 'fine'
  /** Connections break at once and new ones are refused. */
  | 'cut'
  /** Nothing arrives and nobody is told. Frames wait for better weather; requests of HTTP are lost. */
  | 'silent'
  /** Requests arrive, their answers do not: `fetch` fails after the server has acted. Sockets as in 'fine'. */
  | 'replies-lost';

export interface SimulatedNetwork extends Network {
  /** One-way delay of everything sent from now on; frames of one socket never overtake each other. */
  latency(ms: number | (() => number)): void;
  /** The weather on the way to one port, until changed. */
  weather(port: number, weather: Weather): void;
  /** Breaks the sockets that are open now; new ones connect normally. */
  breakSockets(port: number): void;
  openSockets(port: number): number;
}

interface Listening {
  readonly options: ServerOptions;
  readonly links: Set<Link>;
}

const failed = (text: string): TypeError => new TypeError('fetch failed', { cause: new Error(text) });

/** Where `serve`, `connect` and `fetch` meet without any wire. Ports are told apart, hosts are not. */
export function createSimulatedNetwork(timers: Timers): SimulatedNetwork {
  const servers = new Map<number, Listening>();
  const skies = new Map<number, Weather>();
  let delay = (): number => 1;
  let nextPort = 40_000;

  const over = (port: number): Weather => skies.get(port) ?? 'fine';
  const portOf = (url: URL): number =>
    Number(url.port) || (url.protocol === 'https:' || url.protocol === 'wss:' ? 443 : 80);

  const connect: Network['connect'] = (address, handlers, options) => {
    const url = URL.parse(address);
    if (url === null) {
      timers.soon(() => handlers.close(1006, `Invalid URL: ${address}`));
      return { send: () => {}, ping: () => {}, close: () => {}, terminate: () => {}, bufferedBytes: 0 };
    }
    const port = portOf(url);
    return createLink({
      url,
      handlers,
      options,
      timers,
      delay: () => delay(),
      isSilent: () => over(port) === 'silent',
      reach: () => (over(port) === 'cut' ? null : (servers.get(port) ?? null)),
    });
  };

  const fetch: Network['fetch'] = (address, init = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(address);
      const port = portOf(url);
      const signal = init.signal ?? null;
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      timers.after(delay(), () => {
        if (over(port) === 'silent') return;
        const server = servers.get(port);
        if (over(port) === 'cut' || server === undefined)
          return reject(failed(`connect ECONNREFUSED ${url.host}`));
        void answer(createRequest(url, init), server.options.request).then((response) =>
          timers.after(delay(), () => {
            const sky = over(port);
            if (sky === 'cut' || sky === 'replies-lost') reject(failed('other side closed'));
            else if (sky !== 'silent') resolve(response);
          }),
        );
      });
    });

  const serve = async (options: ServerOptions): Promise<Server> => {
    let port = options.port;
    if (port === 0) {
      while (servers.has(nextPort)) nextPort++;
      port = nextPort++;
    }
    if (servers.has(port))
      throw new Error(
        `port ${port} is already in use; choose another with --port, or --port 0 for a free one`,
      );
    const listening: Listening = { options, links: new Set() };
    servers.set(port, listening);
    return {
      port,
      close: async () => {
        if (servers.get(port) === listening) servers.delete(port);
        for (const link of listening.links) link.closeFromServer(1001);
      },
    };
  };

  const breakSockets = (port: number): void => {
    for (const link of [...(servers.get(port)?.links ?? [])]) link.sever();
  };
  return {
    connect,
    fetch,
    serve,
    breakSockets,
    latency: (ms) => {
      delay = typeof ms === 'number' ? () => ms : ms;
    },
    weather: (port, weather) => {
      skies.set(port, weather);
      if (weather === 'cut') breakSockets(port);
      if (weather !== 'silent') for (const link of [...(servers.get(port)?.links ?? [])]) link.thaw();
    },
    openSockets: (port) => servers.get(port)?.links.size ?? 0,
  };
}
