import type { ServerSocket } from '#main/seams/seams';
import type { StreamHub, Subscriber } from '../wire-kit/stream-hub';
import { readStreamName, type StreamPath } from './stream-name';
import { createSource } from './stream-sources';
import type { WireMarket } from './wire-market';

const MAX_STREAMS = 1_024;

/** A refusal of a control message. ccxt waits for ever on the bare form, so it is sent wrapped. */
class ControlError extends Error {
  constructor(
    readonly code: 0 | 1 | 2 | 3,
    message: string,
  ) {
    super(message);
  }
}

interface Control {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

function readControl(text: string): Control {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ControlError(3, `Invalid JSON: ${error instanceof Error ? error.message.slice(0, 80) : ''}`);
  }
  const request = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  const { method, params, id } = request;
  if (typeof method !== 'string') throw new ControlError(2, 'Invalid request: missing field `method`');
  if (params !== undefined && !Array.isArray(params))
    throw new ControlError(2, 'Invalid request: params must be an array');
  return { id: id ?? null, method, params: params ?? [] };
}

function idOf(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? ((parsed as { id?: unknown }).id ?? null) : null;
  } catch {
    return null;
  }
}

/**
 * One public connection. `names` are the streams of the url (malformed ones are skipped: ccxt puts a number there).
 * On futures a stream is taken on any path and delivered only on its own, as on the real hosts.
 */
export function openPublicSocket(options: {
  readonly socket: Pick<ServerSocket, 'send'>;
  readonly market: WireMarket;
  readonly hub: StreamHub;
  readonly path: StreamPath;
  readonly combined: boolean;
  readonly names: readonly string[];
}) {
  const { socket, market, hub, path } = options;
  const subscribed = new Set<string>();
  let combined = options.combined;
  const subscriber: Subscriber = {
    deliver: (stream, json) =>
      socket.send(combined ? `{"stream":${JSON.stringify(stream)},"data":${json}}` : json),
  };

  const subscribe = (names: readonly unknown[]): void => {
    const streams = names.map((name) => {
      const read = typeof name === 'string' ? readStreamName(market, name) : null;
      if (read === null) throw new ControlError(2, 'Invalid request: invalid stream');
      return read;
    });
    const fresh = streams.filter((stream) => !subscribed.has(stream.name));
    if (subscribed.size + fresh.length > MAX_STREAMS)
      throw new ControlError(2, `Invalid request: too many streams, at most ${MAX_STREAMS}`);
    for (const stream of fresh) {
      subscribed.add(stream.name);
      if (stream.path === path)
        hub.subscribe({ ...stream, open: () => createSource(market, stream) }, subscriber);
    }
  };
  const unsubscribe = (names: readonly unknown[]): void => {
    for (const name of names) {
      if (typeof name !== 'string') throw new ControlError(2, 'Invalid request: invalid stream');
      if (subscribed.delete(name)) hub.unsubscribe(name, subscriber);
    }
  };
  const property = (params: readonly unknown[]): void => {
    const [name, value] = params;
    if (name !== 'combined') throw new ControlError(0, 'Unknown property');
    if (typeof value !== 'boolean') throw new ControlError(1, 'Invalid value type: expected Boolean');
    combined = value;
  };

  const run = ({ method, params }: Control): unknown => {
    switch (method) {
      case 'SUBSCRIBE':
        subscribe(params);
        return null;
      case 'UNSUBSCRIBE':
        unsubscribe(params);
        return null;
      case 'LIST_SUBSCRIPTIONS':
        return [...subscribed];
      case 'SET_PROPERTY':
        property(params);
        return null;
      case 'GET_PROPERTY':
        if (params[0] !== 'combined') throw new ControlError(0, 'Unknown property');
        return combined;
      default:
        throw new ControlError(2, `Invalid request: unknown variant \`${method.slice(0, 40)}\``);
    }
  };

  for (const name of options.names) {
    const stream = readStreamName(market, name);
    if (stream !== null) subscribe([stream.name]);
  }

  return {
    message(text: string): void {
      try {
        const control = readControl(text);
        const result = run(control);
        socket.send(JSON.stringify({ result, id: control.id }));
      } catch (error) {
        if (!(error instanceof ControlError)) throw error;
        socket.send(JSON.stringify({ error: { code: error.code, msg: error.message }, id: idOf(text) }));
      }
    },
    close(): void {
      for (const name of subscribed) hub.unsubscribe(name, subscriber);
      subscribed.clear();
    },
  };
}
