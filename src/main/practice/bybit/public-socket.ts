import type { ServerSocket } from '#main/seams/seams';
import type { StreamHub, Subscriber } from '../wire-kit/stream-hub';
import { ackOf, type Control, readControl } from './control';
import type { createTopics } from './streams';
import type { WireMarket } from './wire-market';

/** Spot takes at most ten topics in one request. */
const SPOT_ARGS = 10;
/** Characters of all topics of one connection. */
const MOST_CHARACTERS = 21_000;

/** One public connection. A request is taken whole or not at all. */
export function openPublicSocket(options: {
  readonly socket: Pick<ServerSocket, 'send'>;
  readonly market: WireMarket;
  readonly hub: StreamHub;
  readonly topics: ReturnType<typeof createTopics>;
  readonly connectionId: string;
  readonly listeners: Map<string, number>;
}) {
  const { socket, market, hub, topics, connectionId, listeners } = options;
  const subscribed = new Set<string>();
  const subscriber: Subscriber = { deliver: (_name, json) => socket.send(json) };

  const problemOf = (names: readonly string[]): string | null => {
    if (market.kind === 'spot' && names.length > SPOT_ARGS) return `error:args size >${SPOT_ARGS}`;
    for (const name of names) {
      if (topics.find(name) === null) return `error:handler not found,topic:${name.slice(0, 60)}`;
      if (subscribed.has(name)) return `error:already subscribed,topic:${name}`;
    }
    const length = [...subscribed, ...names].reduce((sum, name) => sum + name.length, 0);
    return length > MOST_CHARACTERS ? 'error:args size too long' : null;
  };
  const leave = (name: string): void => {
    if (!subscribed.delete(name)) return;
    hub.unsubscribe(name, subscriber);
    const left = (listeners.get(name) ?? 1) - 1;
    if (left > 0) listeners.set(name, left);
    else {
      listeners.delete(name);
      topics.forget(name);
    }
  };
  const join = (name: string): void => {
    const topic = topics.find(name);
    if (topic === null) return;
    subscribed.add(name);
    listeners.set(name, (listeners.get(name) ?? 0) + 1);
    hub.subscribe(topic, subscriber);
    const first = topic.first();
    if (first !== null) socket.send(JSON.stringify(first));
  };
  const run = (control: Control): void => {
    const { op, args } = control;
    const ack = (success: boolean, text: string): void =>
      socket.send(JSON.stringify(ackOf(control, success, text, connectionId)));
    switch (op) {
      case 'ping':
        // A public pong says "ping" in its op.
        ack(true, 'pong');
        return;
      case 'subscribe': {
        const problem = problemOf(args);
        if (problem !== null) {
          ack(false, problem);
          return;
        }
        ack(true, market.kind === 'spot' ? 'subscribe' : '');
        for (const name of args) join(name);
        return;
      }
      case 'unsubscribe':
        for (const name of args) leave(name);
        ack(true, '');
        return;
      default:
        ack(false, 'error:invalid op');
        return;
    }
  };

  return {
    message(text: string): void {
      const control = readControl(text);
      if (control === null)
        socket.send(
          JSON.stringify({ success: false, ret_msg: 'error:request format', conn_id: connectionId, op: '' }),
        );
      else run(control);
    },
    close(): void {
      for (const name of [...subscribed]) leave(name);
    },
  };
}
