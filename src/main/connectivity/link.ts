import type { Seams, Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import type { LinkState, LinkStatus } from '#shared/domain/connection';
import { type Attempt, createAttempt, type Ending } from './attempt';
import { backoff, type Limits } from './limits';
import { createMeter } from './meter';
import { excerpt, messageOf } from './problem-text';
import type { Stagger } from './stagger';
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

const register = <T>(set: Set<(value: T) => void>, listener: (value: T) => void): Undo => {
  const use = (value: T): void => listener(value);
  set.add(use);
  return () => void set.delete(use);
};

/** One key's socket over all its lives: who wants what, when to connect, when to give up, what to show. */
export function createLink({ protocol: first, seams, limits, stagger, listenerFailed }: LinkOptions): Link {
  let protocol = first;
  const { clock, timers } = seams;
  const { key } = protocol;
  const changeListeners = new Set<(status: LinkStatus) => void>();
  const liveListeners = new Set<(connects: number) => void>();
  const meter = createMeter(clock);

  let state: LinkState = 'idle';
  let since = clock.now();
  let problem: string | null = null;
  let badFrames = 0;
  let failures = 0;
  let attempts = 0;
  let connects = 0;
  let host = key;
  let nextAttemptAt: UnixMs | null = null;
  let attempt: Attempt | null = null;
  let lastLeft: Promise<void> = Promise.resolve();
  let subscribed: ReadonlySet<string> = new Set();
  let syncAsked = false;
  let newsAsked = false;
  let cancelWait: Undo = () => {};

  const guarded = <T>(listeners: Iterable<(value: T) => void>, value: T): void => {
    for (const listener of [...listeners]) {
      try {
        listener(value);
      } catch (error) {
        listenerFailed(key, error);
      }
    }
  };
  const topics = createTopics((topic, error) => {
    problem = `a listener of ${topic} failed: ${messageOf(error)}`;
    listenerFailed(key, error);
    tellSoon();
  });
  const status = (): LinkStatus => ({
    key,
    state,
    since,
    users: topics.users(),
    streams: topics.streams(),
    ...meter.read(),
    reconnects: Math.max(0, attempts - 1),
    badFrames,
    nextAttemptAt: state === 'waiting' ? nextAttemptAt : null,
    roundTripMs: attempt?.roundTripMs() ?? null,
    problem,
  });
  const tell = (): void => guarded(changeListeners, status());
  const tellSoon = (): void => {
    if (newsAsked) return;
    newsAsked = true;
    timers.after(NEWS_EVERY_MS, () => {
      newsAsked = false;
      tell();
    });
  };
  const enter = (next: LinkState): void => {
    if (state === next) return;
    state = next;
    since = clock.now();
    tell();
  };
  const isUp = (): boolean => state === 'live' || state === 'stale';

  const receive = (data: string | Uint8Array): void => {
    const seenAt = clock.now();
    meter.count(data, seenAt);
    try {
      protocol.receive(data, (topic, message) => {
        // Only this proves that the line works: a server may well accept, greet and hang up for ever.
        failures = 0;
        topics.deliver(topic, message, seenAt);
      });
    } catch (error) {
      badFrames++;
      problem = `unreadable frame (${messageOf(error)}): ${excerpt(data)}`;
      tellSoon();
    }
  };

  /** Makes the socket's subscriptions what the users want. */
  const subscribeWanted = (): void => {
    const wanted = new Set(topics.names());
    const gone = [...subscribed].filter((topic) => !wanted.has(topic));
    const fresh = [...wanted].filter((topic) => !subscribed.has(topic));
    subscribed = wanted;
    if (gone.length > 0) for (const frame of protocol.unsubscribe(gone)) attempt?.send(frame);
    if (fresh.length > 0) for (const frame of protocol.subscribe(fresh)) attempt?.send(frame);
  };
  const ended = ({ problem: why, refused, oversize }: Ending): void => {
    attempt = null;
    problem = why;
    if (oversize) badFrames++;
    if (refused) {
      enter('refused');
      return;
    }
    const delayMs = stagger(host, backoff(limits.backoffMs, failures++));
    nextAttemptAt = unixMs(Math.round(clock.now() + delayMs));
    cancelWait = timers.after(delayMs, connect);
    enter('waiting');
  };
  const connect = (): void => {
    cancelWait();
    attempts++;
    enter('connecting');
    attempt = createAttempt(protocol, seams, limits, {
      dialling: (at) => {
        host = at;
      },
      authenticating: () => enter('authenticating'),
      ready: () => {
        connects++;
        meter.begin();
        subscribed = new Set();
        enter('live');
        subscribeWanted();
        guarded(liveListeners, connects);
      },
      frame: receive,
      quiet: () => enter('stale'),
      awake: () => enter('live'),
      ended,
    });
  };
  const disconnect = (): Promise<void> => {
    cancelWait();
    if (attempt !== null) lastLeft = Promise.all([lastLeft, attempt.leave()]).then(() => {});
    attempt = null;
    return lastLeft;
  };

  const sync = (): void => {
    syncAsked = false;
    if (state === 'closed' || state === 'refused') return;
    if (topics.users() === 0) {
      void disconnect();
      failures = 0;
      enter('idle');
    } else if (state === 'idle') connect();
    else if (isUp()) subscribeWanted();
  };
  // Many wishes of one turn become one subscription: venues count our frames.
  const syncSoon = (): void => {
    tellSoon();
    if (syncAsked) return;
    syncAsked = true;
    timers.soon(sync);
  };

  return {
    want: (topic, listener) => topics.add(topic, listener, syncSoon),
    onLive: (listener) => register(liveListeners, listener),
    onChange: (listener) => register(changeListeners, listener),
    send: (text) => isUp() && attempt?.send(text) === true,
    restart: () => {
      if (state === 'closed') return;
      void disconnect();
      failures = 0;
      if (topics.users() > 0) connect();
      else enter('idle');
    },
    status,
    offer: (next) => {
      if (next === protocol || topics.users() > 0 || state === 'closed') return;
      protocol = next;
      void disconnect();
      failures = 0;
      enter('idle');
    },
    close: () => {
      const left = disconnect();
      enter('closed');
      return left;
    },
  };
}
