import type { Listeners } from '../wire-kit/listeners';
import type { Peer, Session } from '../wire-kit/socket-session';
import type { StreamHub, Subscriber } from '../wire-kit/stream-hub';
import { checkLogin } from './auth';
import { readFutureTopic } from './future-channels';
import { readControl } from './spot-socket';
import { WireError } from './wire-error';
import type { WireMarket } from './wire-market';

export interface FutureSocketParts {
  readonly market: WireMarket;
  readonly hub: StreamHub;
  readonly listeners: Listeners;
}

interface Filter {
  readonly filter: string;
  /** Contracts; null lets all of them pass. */
  readonly rules: readonly string[] | null;
}

/** One futures connection, public and, after its login, private. Everything is text. */
export function openFutureSocket(parts: FutureSocketParts, peer: Peer): Session {
  const { market, hub, listeners } = parts;
  const names = new Set<string>();
  const undos: (() => void)[] = [market.wake()];
  const subscriber: Subscriber = { deliver: (_stream, json) => peer.send(json) };
  let leave: (() => void) | null = null;
  let filters: readonly Filter[] = [];

  const say = (channel: string, data: unknown): void =>
    peer.send(JSON.stringify({ channel, data, ts: market.seams.clock.now() }));
  const passes = (event: Readonly<Record<string, unknown>>): boolean => {
    if (filters.length === 0) return true;
    const symbol = (event.data as { symbol?: string } | undefined)?.symbol;
    return filters.some(
      ({ filter, rules }) =>
        event.channel === `push.personal.${filter}` &&
        (rules === null || symbol === undefined || rules.includes(symbol)),
    );
  };
  const login = (param: Readonly<Record<string, unknown>>, pushes: boolean): void => {
    const result = checkLogin(market.keys, param, market.seams.clock.now());
    if ('problem' in result) {
      say('rs.error', result.problem);
      return;
    }
    leave?.();
    leave = pushes
      ? listeners.add(result.account, (event) => {
          if (passes(event)) peer.send(JSON.stringify(event));
        })
      : null;
    say('rs.login', 'success');
  };
  const readFilters = (value: unknown): readonly Filter[] =>
    (Array.isArray(value) ? value : []).map((one: { filter?: unknown; rules?: unknown }) => ({
      filter: String(one.filter),
      rules: Array.isArray(one.rules) && one.rules.length > 0 ? one.rules.map(String) : null,
    }));

  return {
    message(text) {
      const control = readControl(text) as { method: string; subscribe?: unknown } & Record<string, unknown>;
      const { method } = control;
      const given = control.param ?? control.params ?? {};
      const param = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
      if (method === 'PING') return say('pong', market.seams.clock.now());
      if (method === 'LOGIN') return login(param, control.subscribe !== false);
      try {
        if (method === 'personal.filter') {
          filters = readFilters(param.filters);
          return say('rs.personal.filter', 'success');
        }
        const [, verb, topic = ''] = /^(sub|unsub)\.(.+)$/.exec(method) ?? [];
        if (verb === undefined) return say('rs.error', 'Unknown method');
        const stream = readFutureTopic(market, topic, param);
        if (verb === 'sub') {
          names.add(stream.name);
          hub.subscribe(stream, subscriber);
        } else if (names.delete(stream.name)) hub.unsubscribe(stream.name, subscriber);
        say(`rs.${method}`, 'success');
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        say('rs.error', error.message);
      }
    },
    close() {
      for (const name of names) hub.unsubscribe(name, subscriber);
      leave?.();
      for (const undo of undos) undo();
    },
  };
}
