import type { Seams, ServerSocket } from '#main/seams/seams';

/** What a connection does with frames; heartbeat and limits are the same for all. */
export interface Session {
  message(text: string): void;
  close(): void;
}

export type Peer = Pick<ServerSocket, 'send' | 'remoteAddress'>;

export interface SessionRules {
  /** Protocol pings of the server, and how long one may stay without an answer; null sends none. */
  readonly heartbeat: { readonly everyMs: number; readonly graceMs: number } | null;
  /** More frames than this in a second close the connection. */
  readonly messagesPerSecond: number;
}

/** A reader this far behind is dropped; its backlog would only grow. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;
export const POLICY_VIOLATION = 1008;

/** Carries one accepted connection: its heartbeat, its pace and its backlog; `open` says what it does. */
export function carrySocket(
  socket: ServerSocket,
  seams: Pick<Seams, 'clock' | 'timers'>,
  rules: SessionRules,
  open: (peer: Peer) => Session,
): void {
  const session = open({
    remoteAddress: socket.remoteAddress,
    send(data) {
      if (socket.bufferedBytes > MAX_BACKLOG_BYTES) socket.terminate();
      else socket.send(data);
    },
  });
  // Counted from the first ping without an answer, so that a computer that slept is asked again.
  let unanswered: number | null = null;
  const { heartbeat, messagesPerSecond } = rules;
  const stopPing =
    heartbeat === null
      ? () => {}
      : seams.timers.every(heartbeat.everyMs, () => {
          const now = seams.clock.monotonic();
          if (unanswered !== null && now - unanswered > heartbeat.graceMs) socket.terminate();
          else {
            unanswered ??= now;
            socket.ping();
          }
        });

  let windowStart = seams.clock.monotonic();
  let inWindow = 0;
  socket.listen({
    message(data) {
      const now = seams.clock.monotonic();
      if (now - windowStart >= 1000) {
        windowStart = now;
        inWindow = 0;
      }
      inWindow += 1;
      if (inWindow > messagesPerSecond) return socket.close(POLICY_VIOLATION);
      session.message(typeof data === 'string' ? data : new TextDecoder().decode(data));
    },
    pong() {
      unanswered = null;
    },
    close() {
      stopPing();
      session.close();
    },
  });
}
