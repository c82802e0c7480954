import type { Seams, Socket } from '#main/seams/seams';
import { createHeartbeat, type Heartbeat } from './heartbeat';
import { createInbox } from './inbox';
import type { Limits } from './limits';
import { closeText, messageOf } from './problem-text';
import type { LinkProtocol } from './types';

export interface Ending {
  readonly problem: string;
  /** Trying again cannot help. */
  readonly refused: boolean;
  /** A frame above the limit ended it. */
  readonly oversize: boolean;
}
export interface AttemptEvents {
  dialling(host: string): void;
  authenticating(): void;
  ready(): void;
  frame(data: string | Uint8Array): void;
  quiet(): void;
  awake(): void;
  /** At most once, and never after `leave`. */
  ended(ending: Ending): void;
}
export interface Attempt {
  send(text: string): boolean;
  roundTripMs(): number | null;
  /** Closes cleanly without another event; resolves when the socket is gone. */
  leave(): Promise<void>;
}

/** One socket from its address to its end: address, connection, handshake, heartbeat, frames. Never tries twice. */
export function createAttempt(
  protocol: LinkProtocol,
  seams: Pick<Seams, 'clock' | 'timers' | 'network'>,
  limits: Limits,
  events: AttemptEvents,
): Attempt {
  const { timers, network } = seams;
  const maxFrameBytes = protocol.maxFrameBytes ?? limits.maxFrameBytes;
  const inbox = createInbox(timers);
  let phase: 'starting' | 'ready' | 'over' = 'starting';
  let socket: Socket | null = null;
  let heartbeat: Heartbeat | null = null;
  let gone = (): void => {};
  const whenGone = new Promise<void>((resolve) => {
    gone = resolve;
  });

  const stop = (why: string): void => {
    phase = 'over';
    undoDeadline();
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

  const ready = (): void => {
    if (phase !== 'starting' || socket === null) return;
    phase = 'ready';
    undoDeadline();
    const rhythm = protocol.heartbeat ?? limits.heartbeat;
    heartbeat = createHeartbeat(seams, rhythm, socket, {
      quiet: events.quiet,
      awake: events.awake,
      dead: () => fail(new Error(`no sign of life within ${rhythm.pongWithinMs / 1000} s after a ping`)),
    });
    events.ready();
    for (const frame of inbox.rest()) if (isReady()) events.frame(frame);
  };
  const isReady = (): boolean => phase === 'ready';
  const shakeHands = async (connected: Socket): Promise<void> => {
    if (protocol.handshake === undefined) return;
    events.authenticating();
    await protocol.handshake({ send: (text) => connected.send(text), next: inbox.next });
  };

  const dial = (url: string): void => {
    if (phase === 'over') return;
    events.dialling(URL.parse(url)?.host ?? protocol.key);
    const connected = network.connect(
      url,
      {
        open: () => {
          if (phase === 'over') return;
          // Without a handshake the topics are asked for in this very turn.
          if (protocol.handshake === undefined) ready();
          else shakeHands(connected).then(ready, fail);
        },
        message: (data) => {
          if (phase === 'starting') inbox.put(data);
          if (phase !== 'ready') return;
          heartbeat?.heard();
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
      { maxFrameBytes, handshakeTimeoutMs: limits.readyWithinMs },
    );
    socket = connected;
  };
  Promise.resolve()
    .then(() => protocol.url())
    .then(dial)
    .catch(fail);

  return {
    send: (text) => {
      if (phase !== 'ready' || socket === null) return false;
      socket.send(text);
      return true;
    },
    roundTripMs: () => heartbeat?.roundTripMs() ?? null,
    leave: () => {
      if (phase !== 'over') stop('the link was closed');
      // The network ends a close by itself when the other side does not answer.
      socket?.close(1000);
      return whenGone;
    },
  };
}
