import type { ServerSocket, Timers, Undo } from '../../seams/seams';

const AUTH_LIMIT_MS = 30_000;
const PING_MS = 30_000;
const PONG_LIMIT_MS = 10_000;
const POLICY_VIOLATION = 1008;

/** What a session asks of its server. */
export interface SessionPort {
  readonly timers: Timers;
  accepts(token: string): boolean;
  signals(): object;
  stats(): object;
  note(what: 'authenticated' | 'signals-sent' | 'query' | 'error'): void;
  closed(): void;
}

export interface Session {
  readonly authenticated: boolean;
  /** Sends the window when the client may have it. */
  push(): void;
  end(): void;
}

/** One client of the practice signal server: authentication first, then signals, stats and pings. */
export function createSession(socket: ServerSocket, port: SessionPort): Session {
  let authenticated = false;
  const undos: Undo[] = [];
  let pongDue: Undo | null = null;
  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  const sendSignals = (): void => {
    send(port.signals());
    port.note('signals-sent');
  };
  const fail = (message: string): void => {
    port.note('error');
    send({ type: 'error', message });
  };
  const authenticate = (token: unknown): void => {
    if (typeof token !== 'string' || !port.accepts(token)) {
      send({ type: 'auth_failed', message: 'Wrong token' });
      socket.close(POLICY_VIOLATION);
      return;
    }
    authenticated = true;
    port.note('authenticated');
    send({ type: 'auth_success', message: 'Welcome', query_interval: 30, signal_window: 32 });
    sendSignals();
  };
  const answer = (frame: Readonly<Record<string, unknown>>): void => {
    if (frame.type === 'auth') {
      if (!authenticated) authenticate(frame.token);
      return;
    }
    if (!authenticated) {
      fail('Not authenticated');
      return;
    }
    if (frame.type === 'get_signals') {
      port.note('query');
      sendSignals();
    } else if (frame.type === 'get_stats') send({ type: 'stats', ...port.stats() });
    else if (frame.type === 'ping') send({ type: 'pong' });
    else fail('Unknown message type');
  };

  socket.listen({
    message(data) {
      const frame = typeof data === 'string' ? readObject(data) : null;
      if (frame) answer(frame);
      else fail('Expected a JSON object with a type');
    },
    pong() {
      pongDue?.();
      pongDue = null;
    },
    close() {
      for (const undo of undos) undo();
      pongDue?.();
      port.closed();
    },
  });
  undos.push(
    port.timers.after(AUTH_LIMIT_MS, () => {
      if (!authenticated) socket.close(POLICY_VIOLATION);
    }),
    port.timers.every(PING_MS, () => {
      socket.ping();
      pongDue ??= port.timers.after(PONG_LIMIT_MS, () => socket.terminate());
    }),
  );
  send({ type: 'auth_required', message: 'Send {"type":"auth","token":"…"} to go on' });

  return {
    get authenticated() {
      return authenticated;
    },
    push() {
      if (authenticated) sendSignals();
    },
    end: () => socket.close(1001),
  };
}

function readObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
