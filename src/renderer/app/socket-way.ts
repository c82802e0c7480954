import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { Connection, Way } from './client';

const BACK_OFF_MS = [250, 500, 1000, 2000, 4000, 8000];
const READY_WITHIN_MS = 5000;

/** The way in a browser: the token of the address becomes a session, the session lets a socket in. */
export function connectSocket(token: string, onChange: (way: Way) => void): Connection {
  let session: string | null = null;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  const dropped = (why: string) => {
    if (closed) return;
    const nextTryInMs = BACK_OFF_MS[Math.min(failures++, BACK_OFF_MS.length - 1)] as number;
    onChange({ kind: 'dropped', why, nextTryInMs });
    clearTimeout(timer);
    timer = setTimeout(attempt, nextTryInMs);
  };
  const attempt = async () => {
    clearTimeout(timer);
    try {
      session ??= await openSession(token);
      if (closed) return;
      if (session === null) return onChange({ kind: 'no-key' });
      history.replaceState(null, '', location.pathname + location.search);
      socket = await openSocket(session);
      if (closed) return socket.close();
      socket.addEventListener('close', () => dropped('the connection was closed'), { once: true });
      failures = 0;
      onChange({ kind: 'live', client: createORPCClient(new RPCLink({ websocket: socket })) });
    } catch (error) {
      if (error instanceof Refused) session = null;
      dropped(error instanceof Error ? error.message : String(error));
    }
  };
  void attempt();
  return {
    retry: () => {
      if (socket?.readyState !== WebSocket.OPEN) void attempt();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

/** The engine answered and said no; asking again with the same session is no use. */
class Refused extends Error {}

/** A session for the token, or null when the engine does not accept the token (used up, or another start). */
async function openSession(token: string): Promise<string | null> {
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    cache: 'no-store',
  });
  if (answer.status === 401 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`the engine answered ${answer.status}`);
  const body: unknown = await answer.json();
  const session = typeof body === 'object' && body !== null && 'session' in body ? body.session : undefined;
  if (typeof session !== 'string') throw new Error('the engine answered without a session');
  return session;
}

/** An authenticated socket, ready to be taken over by oRPC. @throws Refused, or Error when it does not open. */
function openSocket(session: string): Promise<WebSocket> {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/rpc`);
  return new Promise((resolve, reject) => {
    let opened = false;
    const fail = (error: Error) => {
      clearTimeout(limit);
      socket.close();
      reject(error);
    };
    const limit = setTimeout(() => fail(new Error('the engine did not answer in 5 s')), READY_WITHIN_MS);
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(JSON.stringify({ session }));
    });
    socket.addEventListener('close', () =>
      fail(
        opened ? new Refused('the engine refused this window') : new Error('the engine cannot be reached'),
      ),
    );
    socket.addEventListener(
      'message',
      (event) => {
        clearTimeout(limit);
        if (typeof event.data === 'string' && event.data.includes('"ready"')) resolve(socket);
        else fail(new Refused('the engine refused this window'));
      },
      { once: true },
    );
  });
}
