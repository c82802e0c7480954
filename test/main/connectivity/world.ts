import { createPool, type Limits, type LinkProtocol } from '#main/connectivity/index';
import { createSimulatedSeams, type ServerSocket } from '#main/seams/index';

export const START = Date.UTC(2026, 0, 1);

/** A feed that understands "sub a b" and "unsub a", answers "ok", and sends what a test tells it to. */
export async function createWorld(limits: Partial<Limits> = {}, seed = 1) {
  const seams = createSimulatedSeams(seed, START);
  const sockets: ServerSocket[] = [];
  const opened: number[] = [];
  const subscribed: Set<string>[] = [];
  const log: string[] = [];
  const hook = {
    accepted: (_socket: ServerSocket, _index: number): void => {},
    message: (socket: ServerSocket, _data: unknown): void => socket.send('ok'),
  };
  const server = await seams.network.serve({
    host: '127.0.0.1',
    port: 0,
    maxFrameBytes: 1_000_000,
    request: (_, response) => response.end(),
    socket: (socket) => {
      const index = sockets.push(socket) - 1;
      const topics = new Set<string>();
      subscribed.push(topics);
      opened.push(seams.clock.monotonic());
      socket.listen({
        message: (data) => {
          log.push(`${index} ${data}`);
          const [verb, ...names] = String(data).split(' ');
          for (const name of names) verb === 'sub' ? topics.add(name) : topics.delete(name);
          hook.message(socket, data);
        },
        pong: () => {},
        close: (code) => log.push(`${index} closed ${code}`),
      });
      hook.accepted(socket, index);
    },
  });
  const failures: unknown[] = [];
  const pool = createPool({ seams, limits, listenerFailed: (_, error) => failures.push(error) });
  const protocol = (key = 'feed', more: Partial<LinkProtocol> = {}): LinkProtocol => ({
    key,
    url: () => `ws://127.0.0.1:${server.port}/${key}`,
    subscribe: (topics) => [`sub ${topics.join(' ')}`],
    unsubscribe: (topics) => [`unsub ${topics.join(' ')}`],
    receive: (data, deliver) => {
      if (data === 'ok') return;
      const parts = /^(\w+)=(.*)$/.exec(String(data));
      if (parts === null) throw new Error('not topic=value');
      deliver(parts[1]!, parts[2]);
    },
    ...more,
  });
  return { seams, server, sockets, opened, subscribed, log, hook, pool, protocol, failures };
}
