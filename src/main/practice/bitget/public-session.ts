import type { Peer, Session } from '../wire-kit/socket-session';
import type { StreamHub, Subscriber } from '../wire-kit/stream-hub';
import { bare } from './ids';
import { publicStream } from './public-streams';
import { ackFrame, errorFrame, MOST_CHANNELS, MOST_FRAME_BYTES, readControl } from './session-frames';
import { argText, type Generation, readPublicArg } from './stream-arg';
import type { WireMarket } from './wire-market';

/** One public connection of either generation, for both markets. */
export function openPublicSession(options: {
  readonly peer: Peer;
  /** Tells this connection's streams from those of others. */
  readonly id: number;
  readonly generation: Generation;
  readonly markets: { readonly spot: WireMarket; readonly future: WireMarket };
  readonly hub: StreamHub;
}): Session {
  const { peer, id, generation, markets, hub } = options;
  const running = new Map<string, string>();
  const subscriber: Subscriber = { deliver: (_stream, json) => peer.send(bare(json)) };
  const stop = (name: string): void => {
    const stream = running.get(name);
    if (stream === undefined) return;
    running.delete(name);
    hub.unsubscribe(stream, subscriber);
  };
  const subscribe = (raw: Readonly<Record<string, unknown>>): void => {
    const wanted = readPublicArg(generation, raw, markets);
    if (wanted === null) {
      peer.send(errorFrame(30001, `${argText(raw)} doesn't exist`, raw));
      return;
    }
    if (running.size >= MOST_CHANNELS) {
      peer.send(errorFrame(30007, 'too many channels', raw));
      return;
    }
    peer.send(ackFrame('subscribe', wanted.arg));
    // A second subscription of the same channel begins it anew.
    stop(wanted.name);
    const stream = `${id}|${wanted.name}`;
    running.set(wanted.name, stream);
    hub.subscribe(publicStream(generation, wanted, stream), subscriber);
  };

  return {
    message(text) {
      if (text === 'ping') return peer.send('pong');
      const control = text.length > MOST_FRAME_BYTES ? null : readControl(text);
      if (control === null) return peer.send(errorFrame(30002, 'illegal request'));
      if (control.op === 'subscribe') for (const arg of control.args) subscribe(arg);
      else if (control.op === 'unsubscribe')
        for (const raw of control.args) {
          const wanted = readPublicArg(generation, raw, markets);
          if (wanted !== null) stop(wanted.name);
          peer.send(ackFrame('unsubscribe', wanted?.arg ?? raw));
        }
      else peer.send(errorFrame(30003, 'invalid op'));
    },
    close() {
      for (const name of [...running.keys()]) stop(name);
    },
  };
}
