import type { Seams, Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import type { LinkState, LinkStatus } from '#shared/domain/connection';
import { createHandover, type Handover } from './handover';
import { createHosts } from './hosts';
import { backoff, type Limits } from './limits';
import { createLine, type Line, type LineEnding } from './line';
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
/** After a renewal that failed. The old connection still works, and has some time left. */
const RENEW_AGAIN_MS = 60_000;

/** One key's socket over all its lives: who wants what, when to connect, when to give up, what to show. */
export function createLink({ protocol: first, seams, limits, stagger, listenerFailed }: LinkOptions): Link {
  let protocol = first;
  const { clock, timers } = seams;
  const { key } = protocol;
  const changeListeners = new Set<{ hear(status: LinkStatus): void }>();
  const liveListeners = new Set<{ hear(connects: number, planned: boolean): void }>();
  const meter = createMeter(clock);
  let hosts = createHosts(clock, limits.breaker, protocol.hosts);

  let state: LinkState = 'idle';
  let since = clock.now();
  let problem: string | null = null;
  let planned = false;
  let badFrames = 0;
  let failures = 0;
  let lines = 0;
  let reconnects = 0;
  let reconnected = 0;
  let reconnectsFailed = 0;
  let connects = 0;
  /** Of the first attempt after nobody wanted anything: it re-connects nothing. */
  let isFirst = true;
  let host: string | null = null;
  let nextAttemptAt: UnixMs | null = null;
  let current: Line | null = null;
  /** The connection that is to take over from `current`. */
  let successor: Line | null = null;
  let handover: { readonly by: Line; readonly streams: Handover } | null = null;
  let lastLeft: Promise<void> = Promise.resolve();
  let isQuiet = false;
  let isSilent = false;
  let syncAsked = false;
  let newsAsked = false;
  let cancelWait: Undo = () => {};
  let cancelRenewal: Undo = () => {};

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
    problem = `a listener of ${topic} failed: ${messageOf(error)}`;
    listenerFailed(key, error);
    tellSoon();
  });
  const status = (): LinkStatus => ({
    key,
    state,
    since,
    host,
    circuit: hosts.circuit(current?.base ?? hosts.choose().host),
    users: topics.users(),
    streams: topics.streams(),
    ...meter.read(),
    reconnects,
    reconnected,
    reconnectsFailed,
    badFrames,
    nextAttemptAt: state === 'waiting' ? nextAttemptAt : null,
    roundTripMs: current?.roundTripMs() ?? null,
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
  const enter = (next: LinkState): void => {
    if (state === next) return;
    state = next;
    since = clock.now();
    tell();
  };
  const isUp = (): boolean => current?.isReady() === true;
  const enterUp = (): void => enter(isQuiet || isSilent ? 'stale' : 'live');

  const deliver = (line: Line, topic: string, message: unknown): void => {
    const seenAt = clock.now();
    if (handover === null) {
      topics.deliver(topic, message, seenAt);
      return;
    }
    const side = line === handover.by ? 'new' : 'old';
    handover.streams.take(side, topic, message, seenAt);
    if (side === 'new' && successor !== null && topics.names().every(handover.streams.hasHeard)) takeOver();
  };
  /** A connection with its news bound to this link. What it means depends on the role it has at that moment. */
  const open = (base: string): Line => {
    const isMain = (): boolean => line === current;
    const line: Line = createLine(
      { protocol, base, number: ++lines, seams, limits, isRefused: topics.isRefused },
      {
        dialling: (at) => {
          host = at;
        },
        slow: (why) => {
          problem = why;
          tellSoon();
        },
        authenticating: () => isMain() && enter('authenticating'),
        ready: () => (isMain() ? ready(line) : readyBeside(line)),
        held: () => {
          failures = 0;
          hosts.held(base);
          tellSoon();
        },
        frame: (data) => meter.count(data, clock.now()),
        message: (topic, message) => {
          // Only this proves that the line works: a server may well accept, greet and hang up for ever.
          failures = 0;
          deliver(line, topic, message);
        },
        badFrame: (error, data) => {
          badFrames++;
          problem = `unreadable frame (${messageOf(error)}): ${excerpt(data)}`;
          tellSoon();
        },
        confirmed: (topic) => {
          if (topics.refuse(topic, null)) tellSoon();
        },
        refused: (topic, why) => {
          if (!topics.refuse(topic, why)) return;
          problem = `${topic} was refused: ${messageOf(why)}`;
          tellSoon();
        },
        silent: (silent) => {
          if (!isMain()) return;
          topics.silence(new Set(silent));
          isSilent = silent.length > 0;
          if (isSilent) problem = `no data of ${silent.join(', ')}: asked for again`;
          enterUp();
        },
        quiet: (quiet) => {
          if (!isMain()) return;
          isQuiet = quiet;
          enterUp();
        },
        roundTrip: meter.roundTrip,
        leaving: () => isMain() && renew(),
        ended: (ending) => (isMain() ? ended(line, ending) : endedBeside(line, ending)),
      },
    );
    return line;
  };

  const begin = (): void => {
    meter.begin();
    connects++;
  };
  const ready = (line: Line): void => {
    begin();
    if (!isFirst) reconnected++;
    isFirst = false;
    isQuiet = false;
    isSilent = false;
    planned = false;
    topics.silence(new Set());
    enter('live');
    line.want(topics.names());
    guarded(liveListeners, (listener) => listener.hear(connects, false));
  };
  const ended = (
    line: Line,
    { problem: why, refused, oversize, wasReady, held, planned: wasPlanned }: LineEnding,
  ): void => {
    problem = why;
    planned = wasPlanned;
    current = null;
    if (oversize) badFrames++;
    if (!wasReady && !isFirst) reconnectsFailed++;
    isFirst = false;
    if (!held && !wasPlanned) hosts.failed(line.base, !wasReady);
    if (successor !== null) {
      succeed(successor);
      return;
    }
    dropHandover();
    if (refused) {
      enter('refused');
      return;
    }
    const { waitMs } = hosts.choose();
    const delayMs = stagger.wait(host ?? key, Math.max(waitMs, backoff(limits.backoffMs, failures++)));
    nextAttemptAt = unixMs(Math.round(clock.now() + delayMs));
    cancelWait = timers.after(delayMs, connect);
    enter('waiting');
  };
  const connect = (): void => {
    cancelWait();
    if (!isFirst) reconnects++;
    enter('connecting');
    const { host: base } = hosts.choose();
    hosts.tried(base);
    current = open(base);
  };
  /** For somebody who does not wait: the first user, or a person. */
  const connectNow = (): void => {
    if (host !== null) stagger.note(host);
    failures = 0;
    hosts.reset();
    connect();
  };

  /** The next connection is made beside this one, which goes when the next is heard. */
  const renew = (): void => {
    cancelRenewal();
    if (current === null || !isUp() || successor !== null) return;
    const delayMs = stagger.wait(host ?? key, 0);
    cancelRenewal = timers.after(delayMs, () => {
      if (current === null || successor !== null) return;
      reconnects++;
      hosts.tried(current.base);
      successor = open(current.base);
    });
  };
  const readyBeside = (line: Line): void => {
    begin();
    reconnected++;
    const streams = createHandover({
      timers,
      holdMs: limits.holdMs,
      mark: (topic, message) => protocol.mark?.(topic, message) ?? null,
      deliver: topics.deliver,
    });
    handover = { by: line, streams };
    line.want(topics.names());
    guarded(liveListeners, (listener) => listener.hear(connects, true));
    cancelRenewal = timers.after(limits.overlapMs, () => successor === line && takeOver());
    tellSoon();
  };
  const endedBeside = (line: Line, { problem: why, wasReady, oversize }: LineEnding): void => {
    if (line !== successor) return;
    successor = null;
    dropHandover();
    if (oversize) badFrames++;
    if (!wasReady) reconnectsFailed++;
    problem = `the planned renewal did not work: ${why}`;
    cancelRenewal();
    cancelRenewal = timers.after(RENEW_AGAIN_MS, renew);
    tellSoon();
  };
  /** The successor is heard: the old connection may go. */
  const takeOver = (): void => {
    const old = current;
    if (successor === null) return;
    succeed(successor);
    if (old !== null) lastLeft = Promise.all([lastLeft, old.leave()]).then(() => {});
  };
  /** The old connection is gone, or about to go. */
  const succeed = (line: Line): void => {
    cancelRenewal();
    current = line;
    successor = null;
    isQuiet = false;
    isSilent = false;
    if (!line.isReady()) {
      enter('connecting');
      return;
    }
    const done = handover;
    done?.streams.oldGone();
    // What the old connection was ahead by still comes from this one.
    cancelRenewal = timers.after(limits.overlapMs, () => {
      if (handover === done) handover = null;
    });
    enter('live');
    tellSoon();
  };
  const dropHandover = (): void => {
    handover?.streams.newGone();
    handover = null;
  };

  const disconnect = (): Promise<void> => {
    cancelWait();
    cancelRenewal();
    dropHandover();
    const leaving = [current, successor].flatMap((line) => (line === null ? [] : [line.leave()]));
    if (leaving.length > 0) lastLeft = Promise.all([lastLeft, ...leaving]).then(() => {});
    current = null;
    successor = null;
    return lastLeft;
  };
  const rest = (): void => {
    void disconnect();
    failures = 0;
    isFirst = true;
    enter('idle');
  };
  const sync = (): void => {
    syncAsked = false;
    if (state === 'closed' || state === 'refused') return;
    if (topics.users() === 0) rest();
    else if (state === 'idle') connectNow();
    else {
      if (isUp()) current?.want(topics.names());
      if (successor?.isReady() === true) successor.want(topics.names());
    }
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
    send: (frame) => isUp() && current?.send(frame) === true,
    resubscribe: (topic) => {
      for (const line of [current, successor]) if (line?.isReady() === true) line.askAgain([topic]);
    },
    restart: () => {
      if (state === 'closed') return;
      void disconnect();
      if (topics.users() > 0) connectNow();
      else rest();
    },
    renew,
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
