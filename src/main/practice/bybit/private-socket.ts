import type { ServerSocket } from '#main/seams/seams';
import type { PracticeKey } from '../types';
import { checkSocket } from './auth';
import { ackOf, type Control, readControl } from './control';
import type { Side } from './routes';
import type { SocketSide } from './sockets';

/** Topics of an account, each also for one market alone ("order.linear"). */
const TOPICS = /^(order|execution|position|wallet)(\.(spot|linear))?$/;

/** One account connection: signed in, then topics. It carries the markets of its path. */
export function openPrivateSocket(options: {
  readonly socket: Pick<ServerSocket, 'send'>;
  readonly sides: readonly SocketSide[];
  readonly keys: readonly PracticeKey[];
  readonly connectionId: string;
  now(): number;
}) {
  const { socket, sides, keys, connectionId, now } = options;
  const topics = new Set<string>();
  let signedIn = false;
  let undos: (() => void)[] = [];

  const hear = (side: Side & SocketSide, event: Readonly<Record<string, unknown>>): void => {
    const topic = String(event.topic);
    const narrow = `${topic}.${side.market.category}`;
    if (topics.has(topic)) socket.send(JSON.stringify(event));
    else if (topics.has(narrow)) socket.send(JSON.stringify({ ...event, topic: narrow }));
  };
  const problemOf = (args: readonly string[]): string | null => {
    for (const topic of args) {
      if (!signedIn) return `error:topic:${topic.slice(0, 40)} order needs auth first`;
      if (!TOPICS.test(topic)) return `error:handler not found,topic:${topic.slice(0, 60)}`;
      if (topics.has(topic)) return `error:already subscribed,topic:${topic}`;
    }
    // All markets at once and one of them may not stand in one request.
    const kinds = new Set(args.filter((topic) => topic !== 'wallet').map((topic) => topic.includes('.')));
    return kinds.size > 1
      ? 'error:all-in-one topic and categorised topic cannot be subscribed together'
      : null;
  };
  const signIn = (args: readonly unknown[]): string | null => {
    if (signedIn) return 'error:repeat auth';
    const checked = checkSocket(keys, args, now());
    if (typeof checked === 'string') return checked;
    signedIn = true;
    undos = sides.map((side) => side.listeners.add(checked.account, (event) => hear(side, event)));
    return null;
  };
  const run = (control: Control): void => {
    const { op, args, id } = control;
    const ack = (problem: string | null): void =>
      socket.send(JSON.stringify(ackOf(control, problem === null, problem ?? '', connectionId)));
    switch (op) {
      case 'ping':
        socket.send(
          JSON.stringify({
            ...(id === undefined ? {} : { req_id: id }),
            op: 'pong',
            args: [String(now())],
            conn_id: connectionId,
          }),
        );
        return;
      case 'auth':
        ack(signIn(args));
        return;
      case 'subscribe': {
        const problem = problemOf(args);
        if (problem === null) for (const topic of args) topics.add(topic);
        ack(problem);
        return;
      }
      case 'unsubscribe':
        for (const topic of args) topics.delete(topic);
        ack(null);
        return;
      default:
        ack('error:invalid op');
        return;
    }
  };

  return {
    message(text: string): void {
      const control = readControl(text);
      if (control !== null) run(control);
      else
        socket.send(
          JSON.stringify({ success: false, ret_msg: 'error:request format', conn_id: connectionId, op: '' }),
        );
    },
    close(): void {
      for (const undo of undos) undo();
      undos = [];
    },
  };
}
