import type { Seams, Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import { createHandover, type Handover } from './handover';
import type { Limits } from './limits';
import { createLine, type Line, type LineEnding, type LineEvents } from './line';
import type { Frame, LinkProtocol } from './types';

/** News of the connection in use; that of its successor while there is one is kept inside. */
type Passed = Pick<
  LineEvents,
  'slow' | 'frame' | 'badFrame' | 'confirmed' | 'refused' | 'roundTrip' | 'authenticating'
>;
export interface LinesEvents extends Passed {
  dialling(host: string): void;
  ready(planned: boolean): void;
  held(base: string): void;
  message(topic: string, message: unknown, seenAt: UnixMs): void;
  /** Something came that proves the connection. */
  proven(): void;
  /** Silent topics of now and whether pings are late; neither: all is well. */
  health(silent: readonly string[], isQuiet: boolean): void;
  /** A renewal begins. */
  renewing(base: string): void;
  renewalFailed(ending: LineEnding): void;
  /** The connection in use is gone and its successor not ready yet. */
  waitingForSuccessor(): void;
  ended(base: string, ending: LineEnding): void;
}
export interface LinesParts {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'network'>;
  readonly limits: Limits;
  /** What the protocol is now. */
  readonly protocol: () => LinkProtocol;
  readonly wanted: () => readonly string[];
  readonly isRefused: (topic: string) => boolean;
  readonly hasSpoken: (topic: string) => boolean;
  /** The wait until a renewal may dial. */
  readonly renewalWaitMs: () => number;
}

/** After a renewal that failed. The old connection still works, and has some time left. */
const RENEW_AGAIN_MS = 60_000;

/** The connection in use, and for moments its successor: one dies, they overlap, one stream comes of both. */
export function createLines(parts: LinesParts, events: LinesEvents) {
  const { seams, limits } = parts;
  const { clock, timers } = seams;
  let current: Line | null = null;
  /** The connection that is to take over from `current`. */
  let successor: Line | null = null;
  let handover: { readonly by: Line; readonly streams: Handover } | null = null;
  let lines = 0;
  let lastLeft: Promise<void> = Promise.resolve();
  let silent: readonly string[] = [];
  let isQuiet = false;
  let cancelRenewal: Undo = () => {};

  const isUp = (): boolean => current?.isReady() === true;
  const deliver = (line: Line, topic: string, message: unknown): void => {
    const seenAt = clock.now();
    events.proven();
    if (handover === null) {
      events.message(topic, message, seenAt);
      return;
    }
    const side = line === handover.by ? 'new' : 'old';
    handover.streams.take(side, topic, message, seenAt);
    if (side === 'new' && successor !== null && parts.wanted().every(handover.streams.hasHeard)) takeOver();
  };
  const setHealth = (nowSilent: readonly string[], nowQuiet: boolean): void => {
    silent = nowSilent;
    isQuiet = nowQuiet;
    events.health(silent, isQuiet);
  };
  /** What its news mean depends on the role a connection has at that moment. */
  const open = (base: string): Line => {
    const isMain = (): boolean => line === current;
    const line: Line = createLine(
      {
        protocol: parts.protocol(),
        base,
        number: ++lines,
        seams,
        limits,
        isRefused: parts.isRefused,
        hasSpoken: parts.hasSpoken,
      },
      {
        ...events,
        authenticating: () => isMain() && events.authenticating(),
        ready: () => (isMain() ? ready(line) : readyBeside(line)),
        held: () => events.held(base),
        message: (topic, message) => deliver(line, topic, message),
        silent: (topics) => isMain() && setHealth(topics, isQuiet),
        quiet: (quiet) => isMain() && setHealth(silent, quiet),
        leaving: () => isMain() && renew(),
        ended: (ending) => (isMain() ? ended(line, ending) : endedBeside(line, ending)),
      },
    );
    return line;
  };

  const ready = (line: Line): void => {
    silent = [];
    isQuiet = false;
    line.want(parts.wanted());
    events.ready(false);
  };
  const ended = (line: Line, ending: LineEnding): void => {
    current = null;
    if (successor !== null) {
      succeed(successor);
      return;
    }
    dropHandover();
    events.ended(line.base, ending);
  };

  const renew = (): void => {
    cancelRenewal();
    if (!isUp() || successor !== null) return;
    cancelRenewal = timers.after(parts.renewalWaitMs(), () => {
      if (current === null || successor !== null) return;
      events.renewing(current.base);
      successor = open(current.base);
    });
  };
  const readyBeside = (line: Line): void => {
    const streams = createHandover({
      timers,
      holdMs: limits.holdMs,
      mark: (topic, message) => parts.protocol().mark?.(topic, message) ?? null,
      deliver: events.message,
    });
    handover = { by: line, streams };
    line.want(parts.wanted());
    events.ready(true);
    cancelRenewal = timers.after(limits.overlapMs, () => successor === line && takeOver());
  };
  const endedBeside = (line: Line, ending: LineEnding): void => {
    if (line !== successor) return;
    successor = null;
    dropHandover();
    cancelRenewal();
    cancelRenewal = timers.after(RENEW_AGAIN_MS, renew);
    events.renewalFailed(ending);
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
    if (!line.isReady()) {
      events.waitingForSuccessor();
      return;
    }
    const done = handover;
    done?.streams.oldGone();
    // What the old connection was ahead by still comes from this one.
    cancelRenewal = timers.after(limits.overlapMs, () => {
      if (handover === done) handover = null;
    });
    setHealth([], false);
  };
  const dropHandover = (): void => {
    handover?.streams.newGone();
    handover = null;
  };

  return {
    start(base: string): void {
      current = open(base);
    },
    /** Makes the next connection beside this one, which goes when the next is heard. */
    renew,
    isUp,
    base: (): string | null => current?.base ?? null,
    roundTripMs: (): number | null => current?.roundTripMs() ?? null,
    send: (frame: Frame): boolean => isUp() && current?.send(frame) === true,
    /** Subscribes what is wanted now, on every connection that is ready. */
    resubscribe(): void {
      for (const line of [current, successor]) if (line?.isReady() === true) line.want(parts.wanted());
    },
    askAgain(topics: readonly string[]): void {
      for (const line of [current, successor]) if (line?.isReady() === true) line.askAgain(topics);
    },
    /** Leaves every connection; resolves when all are gone. */
    leave(): Promise<void> {
      cancelRenewal();
      dropHandover();
      const leaving = [current, successor].flatMap((line) => (line === null ? [] : [line.leave()]));
      if (leaving.length > 0) lastLeft = Promise.all([lastLeft, ...leaving]).then(() => {});
      current = null;
      successor = null;
      return lastLeft;
    },
  };
}
