import type { Seams } from '#main/seams/seams';
import { type Attempt, createAttempt, type Ending } from './attempt';
import type { Limits } from './limits';
import { createLiveness, type Liveness } from './liveness';
import type { Frame, FrameIo, LinkProtocol } from './types';

export interface LineEnding extends Ending {
  /** It had been ready. */
  readonly wasReady: boolean;
  /** It held long enough to count as working. */
  readonly held: boolean;
  /** The exchange had said so, or its connections end at this age. */
  readonly planned: boolean;
}
export interface LineEvents {
  dialling(host: string): void;
  slow(problem: string): void;
  authenticating(): void;
  ready(): void;
  /** It has been ready for long enough to count as working. */
  held(): void;
  frame(data: Frame): void;
  message(topic: string, message: unknown): void;
  badFrame(error: unknown, data: Frame): void;
  confirmed(topic: string): void;
  refused(topic: string, why: string): void;
  /** Silent topics of now, after a change. */
  silent(topics: readonly string[]): void;
  /** Pings are answered late, or again in time. */
  quiet(isQuiet: boolean): void;
  roundTrip(ms: number): void;
  /** The exchange says that it will close this connection, or it comes to the age at which that happens. */
  leaving(): void;
  ended(ending: LineEnding): void;
}
export interface LineParts {
  readonly protocol: LinkProtocol;
  /** The host in turn. */
  readonly base: string;
  /** Counts the connections of the key, from 1. */
  readonly number: number;
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'network'>;
  readonly limits: Limits;
  readonly isRefused: (topic: string) => boolean;
  /** Whether the topic has brought anything yet, on this connection or an earlier one. */
  readonly hasSpoken: (topic: string) => boolean;
}
export interface Line {
  readonly base: string;
  isReady(): boolean;
  /** Makes the subscriptions of this connection what is wanted. */
  want(topics: readonly string[]): void;
  /** Gives these topics up and asks for them again, as far as they are subscribed on this connection. */
  askAgain(topics: readonly string[]): void;
  send(frame: Frame): boolean;
  roundTripMs(): number | null;
  leave(): Promise<void>;
}

/** One connection with its subscriptions: what is asked for on it, what is promised, how it ends. */
export function createLine(parts: LineParts, events: LineEvents): Line {
  const { protocol, seams, limits } = parts;
  const { clock, timers } = seams;
  const promise = protocol.longestSilenceMs?.bind(protocol);
  let subscribed: ReadonlySet<string> = new Set();
  let readyAt: number | null = null;
  let announced = false;
  let liveness: Liveness | null = null;
  let undoHeld = (): void => {};
  let undoRenew = (): void => {};

  const stop = (): void => {
    undoHeld();
    undoRenew();
    liveness?.stop();
  };
  const sendAll = (frames: readonly Frame[]): void => {
    for (const frame of frames) attempt.send(frame);
  };
  const askAgain = (topics: readonly string[]): void => {
    const known = topics.filter((topic) => subscribed.has(topic) && !parts.isRefused(topic));
    if (known.length === 0) return;
    sendAll(protocol.unsubscribe(known));
    sendAll(protocol.subscribe(known));
  };
  const watchPromises = (): void => {
    if (promise === undefined) return;
    liveness ??= createLiveness({
      clock,
      timers,
      longestSilenceMs: (topic) => {
        // Many exchanges take a subscription of what they do not list and never say a word: no promise is broken.
        const limit = parts.hasSpoken(topic) ? promise(topic) : null;
        return limit === null ? null : Math.max(limit, limits.leastSilenceMs);
      },
      silent: events.silent,
      askAgain,
      hopeless: (topic, silentMs) =>
        attempt.giveUp(`${topic} is silent for ${Math.round(silentMs / 1000)} s, also when asked for again`),
    });
    liveness.watch([...subscribed].filter((topic) => !parts.isRefused(topic)));
  };
  const leaving = (): void => {
    announced = true;
    events.leaving();
  };
  const io: FrameIo = {
    connection: parts.number,
    confirmed: events.confirmed,
    refused: (topic, why) => {
      events.refused(topic, why);
      watchPromises();
    },
    send: (frame) => void attempt.send(frame),
    leaving,
  };
  const deliver = (topic: string, message: unknown): void => {
    liveness?.heard(topic);
    events.message(topic, message);
  };

  const attempt: Attempt = createAttempt(protocol, parts.base, seams, limits, {
    dialling: events.dialling,
    slow: events.slow,
    authenticating: events.authenticating,
    ready: () => {
      readyAt = clock.monotonic();
      undoHeld = timers.after(limits.steadyAfterMs, events.held);
      if (protocol.renewAfterMs !== undefined) undoRenew = timers.after(protocol.renewAfterMs, leaving);
      events.ready();
    },
    frame: (data) => {
      events.frame(data);
      try {
        protocol.receive(data, deliver, io);
      } catch (error) {
        events.badFrame(error, data);
      }
    },
    quiet: () => events.quiet(true),
    awake: () => events.quiet(false),
    roundTrip: events.roundTrip,
    ended: (ending) => {
      stop();
      const ageMs = readyAt === null ? 0 : clock.monotonic() - readyAt;
      events.ended({
        ...ending,
        wasReady: readyAt !== null,
        held: readyAt !== null && ageMs >= limits.steadyAfterMs,
        planned: announced,
      });
    },
  });

  return {
    base: parts.base,
    isReady: () => readyAt !== null,
    want(topics) {
      const wanted = new Set(topics);
      const gone = [...subscribed].filter((topic) => !wanted.has(topic));
      const fresh = [...wanted].filter((topic) => !subscribed.has(topic));
      subscribed = wanted;
      if (gone.length > 0) sendAll(protocol.unsubscribe(gone));
      if (fresh.length > 0) sendAll(protocol.subscribe(fresh));
      watchPromises();
    },
    askAgain,
    send: attempt.send,
    roundTripMs: attempt.roundTripMs,
    leave() {
      stop();
      return attempt.leave();
    },
  };
}
