import type { ServerSocket } from '#main/seams/seams';
import { carrySocket, type Peer, POLICY_VIOLATION, type Session } from '../wire-kit/socket-session';
import type { StreamHub, Subscriber } from '../wire-kit/stream-hub';
import { everyFill } from './account-info';
import { tradeImage } from './public-info';
import { HttpRefusal } from './refusal';
import type { Answers } from './rest';
import { readSubscription, type Subscription } from './subscriptions';
import type { WireState } from './wire-state';

type Json = Readonly<Record<string, unknown>>;

const MAX_SUBSCRIPTIONS = 1_000;
const MAX_USERS = 10;
const MAX_CONNECTIONS = 10;
/** 2,000 a minute, and no more than that in one second. */
const MESSAGES_PER_SECOND = 2_000;
const SILENT_MS = 60_000;
const FILLS_AT_START = 100;
const TRADES_AT_START = 10;

export interface SocketParts {
  readonly state: WireState;
  readonly hub: StreamHub;
  readonly answers: Answers;
}

/** Serves the one websocket path of the exchange. */
export function createSockets(parts: SocketParts) {
  const { seams } = parts.state;
  let connections = 0;
  return {
    accepts: (url: string): boolean => (url.split('?')[0] ?? '') === '/ws',
    serve(socket: ServerSocket): void {
      if (connections >= MAX_CONNECTIONS) {
        socket.close(POLICY_VIOLATION);
        return;
      }
      connections += 1;
      let sentAt = seams.clock.monotonic();
      const undo = seams.timers.every(SILENT_MS / 4, () => {
        if (seams.clock.monotonic() - sentAt > SILENT_MS) socket.close(1000);
      });
      const rules = { heartbeat: null, messagesPerSecond: MESSAGES_PER_SECOND };
      carrySocket(socket, seams, rules, (peer) => {
        const session = openSession(parts, {
          ...peer,
          send(data) {
            sentAt = seams.clock.monotonic();
            peer.send(data);
          },
        });
        return {
          message: session.message,
          close() {
            undo();
            connections -= 1;
            session.close();
          },
        };
      });
    },
  };
}

/** A refusal of one frame, told in words on the channel "error". */
class FrameRefusal extends Error {}

function openSession({ state, hub, answers }: SocketParts, peer: Peer): Session {
  const open = new Map<string, { readonly subscription: Subscription; readonly close: () => void }>();
  const send = (channel: string, data: unknown): void => peer.send(JSON.stringify({ channel, data }));
  const subscriber: Subscriber = { deliver: (_stream, json) => peer.send(json) };
  const sleep = [state.future.view.wake(), state.spot.view.wake()];
  peer.send('Websocket connection established.');

  const read = (value: unknown): { key: string; subscription: Subscription } => {
    const subscription = readSubscription(state, value);
    if (subscription === null)
      throw new FrameRefusal(`Invalid subscription ${JSON.stringify(value).slice(0, 200)}`);
    return { key: JSON.stringify(subscription.normal), subscription };
  };
  const usersWith = (user: string | null): number =>
    new Set([...[...open.values()].map((one) => one.subscription.user), user].filter((one) => one !== null))
      .size;

  const start = (subscription: Subscription): (() => void) => {
    const { stream, user, type } = subscription;
    if (stream !== null) {
      hub.subscribe(stream, subscriber);
      return () => hub.unsubscribe(stream.name, subscriber);
    }
    const account = state.accountOf(user);
    // Any address may be listened to; one without an account here stays silent.
    if (account === undefined) return () => {};
    return state.listeners.add(account, (event) => {
      if (event.type === type) peer.send(JSON.stringify(event.message));
    });
  };
  const subscribe = (value: unknown): void => {
    const { key, subscription } = read(value);
    if (open.has(key)) throw new FrameRefusal(`Already subscribed: ${JSON.stringify(value)}`);
    if (open.size >= MAX_SUBSCRIPTIONS)
      throw new FrameRefusal('Cannot subscribe to more than 1000 channels.');
    if (usersWith(subscription.user) > MAX_USERS)
      throw new FrameRefusal('Cannot track more than 10 total users.');
    send('subscriptionResponse', { method: 'subscribe', subscription: subscription.normal });
    greet(subscription);
    open.set(key, { subscription, close: start(subscription) });
  };
  /** What comes at once: history on two streams, the present state on the others. */
  const greet = ({ type, user, normal, stream }: Subscription): void => {
    if (type === 'userFills') {
      const fills = everyFill(state, state.accountOf(user)).slice(-FILLS_AT_START);
      send('userFills', { isSnapshot: true, user, fills });
      return;
    }
    if (type === 'trades') {
      const { side, listed } = state.find(normal.coin)!;
      const trades = side.view.core.trades(listed.symbol.symbol, TRADES_AT_START);
      if (trades.length > 0)
        send(
          'trades',
          trades.map((trade) => tradeImage(listed, trade)),
        );
      return;
    }
    if (stream === null) return;
    const source = stream.open();
    for (const message of source.take()) peer.send(JSON.stringify(message));
    source.close();
  };
  const unsubscribe = (value: unknown): void => {
    const { key, subscription } = read(value);
    const entry = open.get(key);
    if (entry === undefined) throw new FrameRefusal(`Already unsubscribed: ${JSON.stringify(value)}`);
    entry.close();
    open.delete(key);
    send('subscriptionResponse', { method: 'unsubscribe', subscription: subscription.normal });
  };

  const post = (frame: Json): void => {
    const { id, request } = frame;
    const { type, payload } = (typeof request === 'object' && request !== null ? request : {}) as Json;
    if (typeof payload !== 'object' || payload === null || (type !== 'info' && type !== 'action'))
      throw new FrameRefusal(
        `Error parsing JSON into valid websocket request: ${JSON.stringify(frame).slice(0, 200)}`,
      );
    const body = payload as Json;
    let response: unknown;
    try {
      response =
        type === 'info'
          ? { type, payload: { type: body.type, data: answers.info(peer.remoteAddress, body) } }
          : { type, payload: answers.exchange(peer.remoteAddress, body) };
    } catch (error) {
      if (!(error instanceof HttpRefusal)) throw error;
      const words = error.status === 429 ? '429 Too Many Requests' : `${error.status} ${error.body}`;
      response = { type: 'error', payload: words };
    }
    send('post', { id, response });
  };

  const run = (text: string): void => {
    const frame = parse(text);
    const { method, subscription } = frame;
    if (method === 'ping') peer.send('{"channel":"pong"}');
    else if (method === 'subscribe') subscribe(subscription);
    else if (method === 'unsubscribe') unsubscribe(subscription);
    else if (method === 'post') post(frame);
    else throw new FrameRefusal(`Error parsing JSON into valid websocket request: ${text.slice(0, 200)}`);
  };

  return {
    message(text) {
      try {
        run(text);
      } catch (error) {
        if (error instanceof FrameRefusal) send('error', error.message);
        else {
          state.bug(error);
          send('error', 'Internal error');
        }
      }
    },
    close() {
      for (const { close } of open.values()) close();
      open.clear();
      for (const undo of sleep) undo();
    },
  };
}

/** @throws FrameRefusal */
function parse(text: string): Json {
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame === 'object' && frame !== null) return frame as Json;
  } catch {
    // Said below, with an excerpt.
  }
  throw new FrameRefusal(`Error parsing JSON into valid websocket request: ${text.slice(0, 200)}`);
}
