import type { ListenKeys } from '../wire-kit/listen-keys';
import type { Listeners } from '../wire-kit/listeners';
import type { Peer, Session } from '../wire-kit/socket-session';
import type { StreamHub, Subscriber } from '../wire-kit/stream-hub';
import { encodeFrame } from './proto';
import { readSpotChannel } from './spot-channels';
import type { WireMarket } from './wire-market';

export const MOST_STREAMS = 30;
const PRIVATE = /^spot@private\.(orders|deals|account)\.v3\.api\.pb$/;

export interface SpotSocketParts {
  readonly market: WireMarket;
  readonly hub: StreamHub<Uint8Array>;
  readonly listeners: Listeners;
  readonly listenKeys: ListenKeys;
}

/**
 * One spot connection: answers are text, data is protobuf. With a listen key the private channels may be asked for; a
 * wrong key is told in plain words.
 */
export function openSpotSocket(
  parts: SpotSocketParts,
  peer: Peer,
  listenKey: string | null,
  hangUp: () => void,
): Session {
  const { market, hub, listeners, listenKeys } = parts;
  const subscribed = new Set<string>();
  const undos: (() => void)[] = [market.wake()];
  const subscriber: Subscriber<Uint8Array> = { deliver: (_stream, frame) => peer.send(frame) };
  const account = listenKey === null ? undefined : listenKeys.accountOf(listenKey);
  if (listenKey !== null && account === undefined) {
    peer.send('Invalid listen key');
    hangUp();
  }
  if (account !== undefined)
    undos.push(
      listeners.add(account, (event) => {
        // A key whose hour is over falls silent.
        if (listenKeys.accountOf(listenKey) !== account || !subscribed.has(String(event.channel))) return;
        peer.send(encodeFrame(event));
      }),
    );

  const add = (channel: string): string | null => {
    if (subscribed.has(channel)) return null;
    if (subscribed.size >= MOST_STREAMS) return 'Too many subscriptions';
    if (PRIVATE.test(channel)) {
      if (account === undefined) return 'Not login';
      subscribed.add(channel);
      return null;
    }
    const stream = readSpotChannel(market, channel);
    if (stream === null) return 'Blocked!';
    subscribed.add(channel);
    hub.subscribe(stream, subscriber);
    return null;
  };
  const remove = (channel: string): void => {
    if (subscribed.delete(channel)) hub.unsubscribe(channel, subscriber);
  };
  const answer = (id: unknown, msg: string): void => peer.send(JSON.stringify({ id, code: 0, msg }));

  return {
    message(text) {
      const { method, params, id = 0 } = readControl(text);
      const channels = Array.isArray(params) ? params.map(String) : [];
      if (method === 'PING') return answer(id, 'PONG');
      if (method === 'SUBSCRIPTION') {
        const refused = new Map<string, string[]>();
        const taken = channels.filter((channel) => {
          const why = add(channel);
          if (why !== null) refused.set(why, [...(refused.get(why) ?? []), channel]);
          return why === null;
        });
        if (taken.length > 0) answer(id, taken.join(','));
        // Refusals carry code 0 as well, and a colon of full width.
        for (const [why, names] of refused)
          answer(id, `Not Subscribed successfully! [${names.join(',')}].  Reason： ${why}`);
        return;
      }
      if (method === 'UNSUBSCRIPTION') {
        for (const channel of channels) remove(channel);
        return answer(id, channels.join(','));
      }
      answer(id, 'msg format invalid');
    },
    close() {
      for (const channel of [...subscribed]) remove(channel);
      for (const undo of undos) undo();
    },
  };
}

/** Method names are taken in either case. */
export function readControl(text: string): {
  method: string;
  params?: unknown;
  param?: unknown;
  id?: unknown;
} {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return { method: '' };
    const control = parsed as Record<string, unknown>;
    const method = String(control.method ?? '');
    return { ...control, method: method.includes('.') ? method : method.toUpperCase() };
  } catch {
    return { method: '' };
  }
}
