import type { Seams, Socket } from '#main/seams/seams';
import { createHeartbeat, type Heartbeat } from './heartbeat';
import { createInbox } from './inbox';
import type { Limits } from './limits';
import { closeText, messageOf } from './problem-text';
import type { Frame, LinkProtocol } from './types';

export interface Ending {
  readonly problem: string;
  /** Trying again cannot help. */
  readonly refused: boolean;
  /** A frame above the limit ended it. */
  readonly oversize: boolean;
}
export interface AttemptEvents {
  dialling(host: string): void;
  /** Nobody has answered for a while; it goes on. */
  slow(problem: string): void;
  authenticating(): void;
  ready(): void;
  frame(data: Frame): void;
  quiet(): void;
  awake(): void;
  roundTrip(ms: number): void;
  /** At most once, and never after `leave`. */
  ended(ending: Ending): void;
}
export interface Attempt {
  send(frame: Frame): boolean;
  roundTripMs(): number | null;
  /** Ends it as failed, for a reason that only the user of the frames can see. */
  giveUp(problem: string): void;
  /** Closes cleanly without another event; resolves when the socket is gone. */
  leave(): Promise<void>;
}

/** One socket from its address to its end: address, connection, handshake, heartbeat, frames. Never tries twice. */
export function createAttempt(
  protocol: LinkProtocol,
  base: string,
  seams: Pick<Seams, 'clock' | 'timers' | 'network'>,
  limits: Limits,
  events: AttemptEvents,
): Attempt {
  const { timers, network } = seams;
  const maxFrameBytes = protocol.maxFrameBytes ?? limits.maxFrameBytes;
  const rhythm = protocol.heartbeat ?? limits.heartbeat;
  const inbox = createInbox(timers);
  const kept: Frame[] = [];
  let phase: 'starting' | 'ready' | 'over' = 'starting';
  let socket: Socket | null = null;
  let heartbeat: Heartbeat | null = null;
  let host = protocol.key;
  let isGone = false;
  let gone = (): void => {};
  const whenGone = new Promise<void>((resolve) => {
    gone = () => {
      isGone = true;
      resolve();
    };
  });

  const stop = (why: string): void => {
    phase = 'over';
    undoDeadline();
    undoSlow();
    heartbeat?.stop();
    inbox.close(why);
    if (socket === null) gone();
  };
  const end = (ending: Ending): void => {
    if (phase === 'over') return;
    stop(ending.problem);
    events.ended(ending);
  };
  const fail = (error: unknown): void => {
    end({
      problem: messageOf(error),
      refused: error instanceof Error && error.name === 'Refused',
      oversize: false,
    });
    socket?.terminate();
  };
  const undoDeadline = timers.after(limits.readyWithinMs, () =>
    fail(new Error(`not ready within ${limits.readyWithinMs / 1000} s`)),
  );
  const undoSlow = timers.after(limits.slowAfterMs, () =>
    events.slow(`no answer from ${host} for ${limits.slowAfterMs / 1000} s`),
  );

  const ready = (): void => {
    if (phase !== 'starting' || socket === null) return;
    const up = socket;
    phase = 'ready';
    undoDeadline();
    heartbeat = createHeartbeat(seams, rhythm, {
      ping: (frame) => (frame === null ? up.ping() : up.send(frame)),
      quiet: events.quiet,
      awake: events.awake,
      roundTrip: events.roundTrip,
      dead: () => fail(new Error(`no sign of life within ${rhythm.pongWithinMs / 1000} s after a ping`)),
    });
    events.ready();
    for (const frame of [...kept, ...inbox.rest()]) if (isReady()) events.frame(frame);
  };
  const isReady = (): boolean => phase === 'ready';
  const shakeHands = async (connected: Socket): Promise<void> => {
    if (protocol.handshake === undefined) return;
    events.authenticating();
    await protocol.handshake({
      send: (frame) => connected.send(frame),
      next: inbox.next,
      later: (frame) => void kept.push(frame),
    });
  };

  const dial = (url: string): void => {
    if (phase === 'over') return;
    host = URL.parse(url)?.host ?? protocol.key;
    events.dialling(host);
    const connected = network.connect(
      url,
      {
        open: () => {
          if (phase === 'over') return;
          undoSlow();
          // Without a handshake the topics are asked for in this very turn.
          if (protocol.handshake === undefined) ready();
          else shakeHands(connected).then(ready, fail);
        },
        message: (data) => {
          if (phase === 'starting') inbox.put(data);
          if (phase !== 'ready' || heartbeat?.takes(data) === true) return;
          events.frame(data);
        },
        pong: () => heartbeat?.pong(),
        close: (code, reason) => {
          gone();
          const oversize = code === 1009;
          const limit = maxFrameBytes.toLocaleString('en-US');
          const problem = oversize ? `a frame above the limit of ${limit} bytes` : closeText(code, reason);
          end({ problem, refused: false, oversize });
        },
      },
      {
        maxFrameBytes,
        handshakeTimeoutMs: limits.readyWithinMs,
        closeTimeoutMs: limits.closeWithinMs,
        compression: protocol.compression ?? true,
      },
    );
    socket = connected;
  };
  Promise.resolve()
    .then(() => protocol.url(base))
    .then(dial)
    .catch(fail);

  return {
    send: (frame) => {
      if (phase !== 'ready' || socket === null) return false;
      socket.send(frame);
      return true;
    },
    roundTripMs: () => heartbeat?.roundTripMs() ?? null,
    giveUp: (problem) => fail(new Error(problem)),
    leave: () => {
      if (phase !== 'over') stop('the link was closed');
      socket?.close(1000);
      // The other side may never say goodbye; nobody waits for it who has left.
      if (!isGone) {
        const undo = timers.after(limits.leaveWithinMs, () => socket?.terminate());
        void whenGone.then(undo);
      }
      return whenGone;
    },
  };
}
