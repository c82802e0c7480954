import type { Listeners } from '../wire-kit/listeners';
import type { Peer, Session } from '../wire-kit/socket-session';
import type { StreamHub, Subscriber } from '../wire-kit/stream-hub';
import { checkChannel } from './auth';
import type { PrivateEvent } from './private-stream';
import { keyOf, type PublicStream, readStreams, SubscribeError } from './stream-name';
import { createSource, frames } from './stream-sources';
import { seconds } from './times';
import { WireError } from './wire-error';
import type { GateMarket } from './wire-market';

export interface SocketParts {
  readonly socket: Peer;
  readonly market: GateMarket;
  readonly hub: StreamHub;
  readonly listeners: Listeners;
  /** Tells connections apart, for what each gets by itself. */
  readonly number: number;
}

interface Request {
  readonly time: unknown;
  readonly id: unknown;
  readonly channel: string;
  readonly event: string;
  readonly payload: readonly string[];
  readonly auth: unknown;
}

const PRIVATE: Readonly<Record<'spot' | 'future', ReadonlySet<string>>> = {
  spot: new Set(['orders', 'usertrades', 'balances', 'priceorders']),
  future: new Set(['orders', 'usertrades', 'balances', 'positions', 'autoorders']),
};
const ALL = '!all';

/** One connection: public channels, and private ones, each with a signature of its own. */
export function openSocket({ socket, market, hub, listeners, number }: SocketParts): Session {
  const section = market.kind === 'spot' ? 'spot' : 'futures';
  const asleep = market.wake();
  const subscriber: Subscriber = { deliver: (_stream, json) => socket.send(json) };
  const open = new Set<string>();
  /** Symbols by private channel; "!all" is every one. */
  const wanted = new Map<string, Set<string>>();
  let account: { readonly name: string; readonly stop: () => void } | null = null;

  const send = (frame: unknown): void => socket.send(JSON.stringify(frame));
  const now = () => market.core.clock.now();
  const head = ({ id, channel, event, payload }: Request) => ({
    time: seconds(now()),
    time_ms: now(),
    ...(id === undefined ? {} : { id }),
    conn_id: number.toString(16).padStart(16, '0'),
    channel,
    event,
    ...(payload.length === 0 ? {} : { payload }),
  });

  const streamOf = (stream: PublicStream) => ({
    // A book begins with a snapshot, which each connection gets for itself.
    name: stream.kind === 'obu' ? `${stream.name} ${number}` : keyOf(stream),
    everyMs: stream.everyMs,
    open: () => createSource(market, stream),
  });
  const subscribePublic = (streams: readonly PublicStream[]): void => {
    for (const stream of streams.map(streamOf)) {
      if (stream.name.startsWith('ob.') && open.has(stream.name))
        throw new SubscribeError(2, `Alert sub ${stream.name.split(' ')[0]}`);
      open.add(stream.name);
      hub.subscribe(stream, subscriber);
    }
  };
  const unsubscribePublic = (streams: readonly PublicStream[]): void => {
    for (const { name } of streams.map(streamOf)) if (open.delete(name)) hub.unsubscribe(name, subscriber);
  };

  const hear = (raw: Readonly<Record<string, unknown>>): void => {
    const { channel, wire, result } = raw as unknown as PrivateEvent;
    const symbols = wanted.get(channel);
    if (symbols === undefined) return;
    if (wire === null || symbols.has(ALL) || symbols.has(wire)) send(frames(market, channel)(result));
  };
  const subscribePrivate = (name: string, request: Request): void => {
    const key = checkKey(market, request);
    const symbols = symbolsOf(market, name, request, key.account);
    if (account !== null && account.name !== key.account)
      throw new SubscribeError(2, 'another key is signed in on this connection');
    const known = wanted.get(name) ?? new Set();
    for (const symbol of symbols) known.add(symbol);
    wanted.set(name, known);
    account ??= { name: key.account, stop: listeners.add(key.account, hear) };
  };

  const run = (request: Request): void => {
    const [where, name = ''] = request.channel.split('.');
    if (where !== section) throw new SubscribeError(2, `unknown channel ${request.channel.slice(0, 40)}`);
    const isPrivate = PRIVATE[market.kind].has(name);
    if (request.event === 'subscribe') {
      if (isPrivate) {
        subscribePrivate(name, request);
        return;
      }
      const streams = readStreams(market, name, request.payload);
      if (streams === null) throw new SubscribeError(2, `unknown channel ${request.channel.slice(0, 40)}`);
      subscribePublic(streams);
      return;
    }
    if (request.event !== 'unsubscribe') throw new SubscribeError(1, 'unknown event');
    if (isPrivate) wanted.delete(name);
    else unsubscribePublic(readStreams(market, name, request.payload) ?? []);
  };

  return {
    message(text) {
      let request: Request;
      try {
        request = readRequest(text);
      } catch (error) {
        const message = error instanceof SubscribeError ? error.message : 'invalid structure';
        send({ time: seconds(now()), time_ms: now(), error: { code: 1, message }, result: null });
        return;
      }
      if (request.channel === `${section}.ping`)
        return send({
          time: seconds(now()),
          time_ms: now(),
          channel: `${section}.pong`,
          event: '',
          result: null,
        });
      if (request.event === 'api') return send(apiRefusal(request, now()));
      try {
        run(request);
        send({ ...head(request), result: { status: 'success' } });
      } catch (error) {
        if (!(error instanceof SubscribeError)) throw error;
        const { code, message } = error;
        const result = code === 4 ? null : { status: 'fail' };
        send({ ...head(request), error: { code, message }, result });
      }
    },
    close() {
      for (const name of open) hub.unsubscribe(name, subscriber);
      account?.stop();
      asleep();
    },
  };
}

function readRequest(text: string): Request {
  const parsed: unknown = JSON.parse(text);
  const fields = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const { time, id, channel, event, payload, auth } = fields;
  if (typeof channel !== 'string') throw new SubscribeError(1, 'missing channel');
  const list = Array.isArray(payload) ? payload.map(String) : [];
  return { time, id, channel, event: typeof event === 'string' ? event : '', payload: list, auth };
}

/** The message of a failed sign-in is itself a JSON text, ended by a new line. */
function checkKey(market: GateMarket, request: Request) {
  try {
    return checkChannel(market.keys, request, market.seams.clock.now());
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new SubscribeError(4, `${JSON.stringify(error.body())}\n`);
  }
}

/** Futures put the number of the user in front; balances name no symbols. */
function symbolsOf(
  market: GateMarket,
  name: string,
  { payload }: Request,
  account: string,
): readonly string[] {
  const list = market.kind === 'spot' ? payload : payload.slice(1);
  if (market.kind === 'future' && payload[0] !== String(market.userOf(account)))
    throw new SubscribeError(2, `invalid user ${String(payload[0]).slice(0, 20)}`);
  if (name === 'balances') return [ALL];
  if (list.length === 0) throw new SubscribeError(2, 'empty payload');
  for (const symbol of list)
    if (symbol !== ALL && market.byWire(symbol) === undefined)
      throw new SubscribeError(2, `unknown contract ${symbol.slice(0, 40)}`);
  return list;
}

/** Trading over the socket is not part of the practice exchange; REST is. */
const apiRefusal = (request: Request, now: number) => ({
  request_id: request.id,
  header: { response_time: String(now), status: '400', channel: request.channel, event: 'api' },
  data: {
    errs: { label: 'UNSUPPORTED', message: 'The practice exchange takes orders over REST alone' },
  },
});
