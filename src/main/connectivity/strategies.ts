import type { Clock, Timers, Undo } from '#main/seams/seams';
import { connectionState, type LinkStatus } from '#shared/domain/connection';
import type { VenueKey } from '#shared/domain/exchange';
import { connectionKey, type MarketHints, privateLink } from './connection-key';
import { messageOf } from './problem-text';
import { type ConnectionReport, reportOf } from './strategy-report';
import type { Pool } from './types';

/** A strategy's way to one account. It opens streams; sockets stay with the pool. */
export interface Connector extends MarketHints {
  /** Wants the account's stream, and public ones of these symbols where it has any; returns its undo. Counted by the pool. @throws Error in words */
  open(symbols: readonly string[]): Undo;
}
export interface StartTerms {
  /** A strategy that trades inside this computer needs no private stream. */
  readonly paper?: boolean;
  /** It starts although no stream is there; it has been told so. */
  readonly allowWithoutStream?: boolean;
}
/** How a strategy begins. Failed keys go on trying by themselves, unless they were refused. */
export interface StrategyStart {
  readonly started: boolean;
  readonly connected: readonly VenueKey[];
  readonly failed: readonly { readonly key: string; readonly why: string }[];
  /** For people; null when everything is connected. */
  readonly warning: string | null;
}
export interface Strategy {
  readonly id: string;
  readonly connectors: readonly Connector[];
  readonly symbols: readonly string[];
  readonly terms?: StartTerms;
  /** Runs until the signal aborts, or until it ends or throws by itself. */
  run(signal: AbortSignal, start: StrategyStart): Promise<void>;
}
export interface RunningStrategy {
  stop(): void;
  /** Resolves when it is over and unsubscribed; null when it ended by itself or was stopped, else why it broke. */
  readonly over: Promise<Error | null>;
}
export interface StrategiesParts {
  /** Asked at the first subscription, so that the pool starts when it is needed. */
  readonly pool: () => Pool;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Hears each warning of a strategy that began with connections missing. */
  warn(strategyId: string, warning: string): void;
}

/** A private connection that is not up by then counts as failed; it goes on trying. */
const CONNECTED_WITHIN_MS = 30_000;

interface Subscription {
  readonly keys: readonly VenueKey[];
  end(): void;
}

/** Who trades where: strategies name accounts and symbols, and connections come and go with them. */
export function createStrategies({ pool, clock, timers, warn }: StrategiesParts) {
  const subscriptions = new Map<string, Subscription>();

  const statusOf = (key: string): LinkStatus | undefined =>
    pool()
      .statuses()
      .find((status) => status.key === privateLink(key));
  /** Resolves with null when the private connection is up, else with why it is not. */
  const whenConnected = (key: string, ended: AbortSignal): Promise<string | null> =>
    new Promise((resolve) => {
      const undos: Undo[] = [];
      const done = (why: string | null): void => {
        for (const undo of undos.splice(0)) undo();
        resolve(why);
      };
      const look = (status: LinkStatus | undefined): boolean => {
        const state = status === undefined ? 'disconnected' : connectionState(status);
        if (state === 'connected') done(null);
        else if (state === 'error') done(status?.problem ?? 'refused');
        else return false;
        return true;
      };
      if (look(statusOf(key))) return;
      undos.push(
        pool().onChange((status) => void (status.key === privateLink(key) && look(status))),
        timers.after(CONNECTED_WITHIN_MS, () =>
          done(statusOf(key)?.problem ?? `not connected within ${CONNECTED_WITHIN_MS / 1000} s`),
        ),
      );
      ended.addEventListener('abort', () => done('the strategy was stopped'));
    });

  const unsubscribe = (id: string): void => {
    const subscription = subscriptions.get(id);
    subscriptions.delete(id);
    subscription?.end();
  };

  /** Opens or shares the connections of a strategy, starting the pool if need be; another call replaces the first. */
  const subscribe = async (
    id: string,
    connectors: readonly Connector[],
    symbols: readonly string[],
    terms: StartTerms = {},
  ): Promise<StrategyStart> => {
    const before = subscriptions.get(id);
    const undos: Undo[] = [];
    const keys: VenueKey[] = [];
    const failed: { key: string; why: string }[] = [];
    for (const connector of connectors) {
      try {
        const key = connectionKey(connector);
        undos.push(connector.open(symbols));
        if (!keys.includes(key)) keys.push(key);
      } catch (error) {
        failed.push({ key: nameOf(connector), why: messageOf(error) });
      }
    }
    const ended = new AbortController();
    const end = (): void => {
      ended.abort();
      for (const undo of undos.splice(0)) undo();
    };
    const mine: Subscription = { keys, end };
    subscriptions.set(id, mine);
    // The new one holds what both want, so that nothing closes in between.
    before?.end();

    const answers = await Promise.all(keys.map((key) => whenConnected(key, ended.signal)));
    const connected = keys.filter((_, at) => answers[at] === null);
    answers.forEach((why, at) => {
      if (why !== null) failed.push({ key: keys[at]!, why });
    });
    const isWanted = subscriptions.get(id) === mine;
    const started =
      isWanted && (connected.length > 0 || terms.paper === true || terms.allowWithoutStream === true);
    const warning = warningOf(connected, failed, started);
    if (isWanted && !started) unsubscribe(id);
    if (isWanted && warning !== null) warn(id, warning);
    return { started, connected, failed, warning };
  };

  return {
    subscribe,
    /** Closes each connection that nobody else uses. Does nothing for a strategy that is not there. */
    unsubscribe,
    /** Subscribes, runs and, however the run ends, unsubscribes. */
    run(strategy: Strategy): RunningStrategy {
      const stopped = new AbortController();
      const begin = async (): Promise<Error | null> => {
        try {
          const { id, connectors, symbols, terms } = strategy;
          const start = await subscribe(id, connectors, symbols, terms);
          if (!start.started)
            return stopped.signal.aborted ? null : new Error(start.warning ?? 'not started');
          await strategy.run(stopped.signal, start);
          return null;
        } catch (error) {
          return error instanceof Error ? error : new Error(String(error));
        } finally {
          unsubscribe(strategy.id);
        }
      };
      const over = begin();
      return {
        over,
        stop: () => {
          stopped.abort();
          unsubscribe(strategy.id);
        },
      };
    },
    isConnected(key: string): boolean {
      const status = statusOf(key);
      return status !== undefined && connectionState(status) === 'connected';
    },
    status(): ConnectionReport {
      const using = [...subscriptions].map(([id, { keys }]) => ({ id, keys }));
      const used = new Set(using.flatMap(({ keys }) => keys));
      return reportOf([...used], using, statusOf, clock.now());
    },
    close(): void {
      for (const id of [...subscriptions.keys()]) unsubscribe(id);
    },
  };
}
export type Strategies = ReturnType<typeof createStrategies>;

const nameOf = (connector: Connector): string => {
  try {
    return connectionKey(connector);
  } catch {
    return connector.exchange;
  }
};

function warningOf(
  connected: readonly string[],
  failed: StrategyStart['failed'],
  started: boolean,
): string | null {
  if (failed.length === 0 && (started || connected.length > 0)) return null;
  const list = failed.map(({ key, why }) => `${key} (${why})`).join(', ');
  if (!started) return `Not started: no account is connected${list === '' ? '' : `: ${list}`}.`;
  return `Started without ${list}.`;
}
