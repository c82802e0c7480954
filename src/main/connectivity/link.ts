import type { Seams, Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import type { LinkState, LinkStatus } from '#shared/domain/connection';
import { createHosts } from './hosts';
import { backoff, type Limits } from './limits';
import type { LineEnding } from './line';
import { createLines } from './lines';
import { createMeter } from './meter';
import { excerpt, messageOf } from './problem-text';
import type { Stagger } from './stagger';
import { createTally } from './tally';
import { createTopics } from './topics';
import type { LinkProtocol, LinkUse } from './types';

export interface Link extends LinkUse {
  /** Takes another protocol of the same key, when nobody uses the old one. */
  offer(protocol: LinkProtocol): void;
  /** For good: no socket, no reconnecting, nothing more to anybody. Resolves when the socket is gone. */
  close(): Promise<void>;
}
interface LinkOptions {
  readonly protocol: LinkProtocol;
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'network'>;
  readonly limits: Limits;
  readonly stagger: Stagger;
  /** A listener threw; what it threw. */
  listenerFailed(key: string, error: unknown): void;
}

/** Small news (a count, a bad frame) waits this long, so that a flood of it is told once. */
const NEWS_EVERY_MS = 100;

/** One key over all its connections: who wants what, when to connect, when to give up, what to show. */
export function createLink({ protocol: first, seams, limits, stagger, listenerFailed }: LinkOptions): Link {
  let protocol = first;
  const { clock, timers } = seams;
  const { key } = protocol;
  const changeListeners = new Set<{ hear(status: LinkStatus): void }>();
  const liveListeners = new Set<{ hear(connects: number, planned: boolean): void }>();
  const meter = createMeter(clock);
  const tally = createTally();
  let hosts = createHosts(clock, limits.breaker, protocol.hosts);

  let state: LinkState = 'idle';
  let since = clock.now();
  let connectedAt = since;
  let problem: string | null = null;
  let planned = false;
  let badFrames = 0;
  let failures = 0;
  let connects = 0;
  let host: string | null = null;
  let nextAttemptAt: UnixMs | null = null;
  let syncAsked = false;
  let newsAsked = false;
  let cancelWait: Undo = () => {};

  const guarded = <T>(listeners: Iterable<T>, tellOne: (listener: T) => void): void => {
    for (const listener of [...listeners]) {
      try {
        tellOne(listener);
      } catch (error) {
        listenerFailed(key, error);
      }
    }
  };
  const topics = createTopics((topic, error) => {
    trouble(`a listener of ${topic} failed: ${messageOf(error)}`);
    listenerFailed(key, error);
  });
  const status = (): LinkStatus => ({
    key,
    state,
    since,
    connectedAt: lines.isUp() ? connectedAt : null,
    host,
    circuit: hosts.circuit(lines.base() ?? hosts.choose().host),
    users: topics.users(),
    streams: topics.streams(),
    ...meter.read(),
    ...tally.read(),
    badFrames,
    nextAttemptAt: state === 'waiting' ? nextAttemptAt : null,
    roundTripMs: lines.roundTripMs(),
    planned,
    problem,
  });
  const tell = (): void => {
    const now = status();
    guarded(changeListeners, (listener) => listener.hear(now));
  };
  const tellSoon = (): void => {
    if (newsAsked) return;
    newsAsked = true;
    timers.after(NEWS_EVERY_MS, () => {
      newsAsked = false;
      tell();
    });
  };
  const trouble = (why: string): void => {
    problem = why;
    tellSoon();
  };
  const enter = (next: LinkState): void => {
    if (state === next) return;
    state = next;
    since = clock.now();
    tell();
  };

  const lines = createLines(
    {
      seams,
      limits,
      protocol: () => protocol,
      wanted: topics.names,
      isRefused: topics.isRefused,
      hasSpoken: topics.hasSpoken,
      renewalWaitMs: () => stagger.wait(host ?? key, 0),
    },
    {
      dialling: (at) => {
        host = at;
      },
      slow: trouble,
      authenticating: () => enter('authenticating'),
      ready: (isPlanned) => {
        meter.begin();
        tally.succeeded();
        connects++;
        if (!isPlanned) {
          connectedAt = clock.now();
          planned = false;
          topics.silence(new Set());
        }
        enter('live');
        guarded(liveListeners, (listener) => listener.hear(connects, isPlanned));
        tellSoon();
      },
      held: (base) => {
        failures = 0;
        hosts.held(base);
        tellSoon();
      },
      frame: (data) => meter.count(data, clock.now()),
      roundTrip: meter.roundTrip,
      // Only data proves that the line works: a server may well accept, greet and hang up for ever.
      proven: () => {
        failures = 0;
      },
      message: topics.deliver,
      badFrame: (error, data) => {
        badFrames++;
        trouble(`unreadable frame (${messageOf(error)}): ${excerpt(data)}`);
      },
      confirmed: (topic) => {
        if (topics.refuse(topic, null)) tellSoon();
      },
      refused: (topic, why) => {
        if (topics.refuse(topic, why)) trouble(`${topic} was refused: ${messageOf(why)}`);
      },
      health: (silent, isQuiet) => {
        topics.silence(new Set(silent));
        if (silent.length > 0) problem = `no data of ${silent.join(', ')}: asked for again`;
        enter(silent.length > 0 || isQuiet ? 'stale' : 'live');
      },
      renewing: (base) => {
        tally.began();
        hosts.tried(base);
      },
      renewalFailed: ({ problem: why, wasReady, oversize }) => {
        if (oversize) badFrames++;
        if (!wasReady) tally.failed();
        trouble(`the planned renewal did not work: ${why}`);
      },
      waitingForSuccessor: () => enter('connecting'),
      ended: (base, ending) => ended(base, ending),
    },
  );

  const ended = (base: string, ending: LineEnding): void => {
    problem = ending.problem;
    planned = ending.planned;
    if (ending.oversize) badFrames++;
    if (!ending.wasReady) tally.failed();
    if (!ending.held && !ending.planned) hosts.failed(base, !ending.wasReady);
    if (ending.refused) {
      enter('refused');
      return;
    }
    const waitMs = Math.max(hosts.choose().waitMs, backoff(limits.backoffMs, failures++));
    const delayMs = stagger.wait(host ?? key, waitMs);
    nextAttemptAt = unixMs(Math.round(clock.now() + delayMs));
    cancelWait = timers.after(delayMs, connect);
    enter('waiting');
  };
  const connect = (): void => {
    cancelWait();
    tally.began();
    enter('connecting');
    const { host: base } = hosts.choose();
    hosts.tried(base);
    lines.start(base);
  };
  /** For somebody who does not wait: the first user, or a person. */
  const connectNow = (): void => {
    if (host !== null) stagger.note(host);
    failures = 0;
    hosts.reset();
    connect();
  };
  const disconnect = (): Promise<void> => {
    cancelWait();
    return lines.leave();
  };
  const rest = (): void => {
    void disconnect();
    failures = 0;
    tally.rest();
    enter('idle');
  };
  const sync = (): void => {
    syncAsked = false;
    if (state === 'closed' || state === 'refused') return;
    if (topics.users() === 0) rest();
    else if (state === 'idle') connectNow();
    else lines.resubscribe();
  };
  // Many wishes of one turn become one subscription: venues count our frames.
  const syncSoon = (): void => {
    tellSoon();
    if (syncAsked) return;
    syncAsked = true;
    timers.soon(sync);
  };
  const register = <T>(set: Set<{ hear: T }>, hear: T): Undo => {
    const entry = { hear };
    set.add(entry);
    return () => void set.delete(entry);
  };

  return {
    want: (topic, listener) => topics.add(topic, listener, syncSoon),
    onLive: (listener) => register(liveListeners, listener),
    onChange: (listener) => register(changeListeners, listener),
    send: lines.send,
    resubscribe: (topic) => lines.askAgain([topic]),
    restart: () => {
      if (state === 'closed') return;
      void disconnect();
      if (topics.users() > 0) connectNow();
      else rest();
    },
    renew: lines.renew,
    status,
    offer: (next) => {
      if (next === protocol || topics.users() > 0 || state === 'closed') return;
      protocol = next;
      hosts = createHosts(clock, limits.breaker, protocol.hosts);
      rest();
    },
    close: () => {
      const left = disconnect();
      enter('closed');
      return left;
    },
  };
}
