import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock, Random } from '../seams/index';

const WRONG_TRIES = 5;
const PAUSE_MS = 30_000;

/** Who may speak to the headless desk: the holder of the printed token, from the printed address, and nobody else. */
export interface Access {
  /** Printed once, in the fragment of the address, which no server or log ever sees. */
  readonly token: string;
  /** Null when the request comes to the right address from the right page; else the status and words to refuse it with. */
  refuses(
    request: IncomingMessage,
    needsOrigin: boolean,
  ): { readonly status: number; readonly words: string } | null;
  /** A session secret for a right token, held in the page's memory only; null for a wrong one or during a pause. */
  openSession(token: string): string | null;
  isSession(session: unknown): boolean;
}

export function createAccess(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly port: () => number;
}): Access {
  const fresh = () => Buffer.from(options.random.bytes(32)).toString('base64url');
  const token = fresh();
  const sessions = new Set<string>();
  let wrong = 0;
  let pausedUntil = 0;

  const hosts = () => [`127.0.0.1:${options.port()}`, `localhost:${options.port()}`];
  return {
    token,
    refuses(request, needsOrigin) {
      const { host, origin } = request.headers;
      // A fixed list, because a rebinding page is consistent in everything but the name it uses.
      if (!host || !hosts().includes(host)) return { status: 421, words: 'Wrong host name.' };
      if (needsOrigin && !origin) return { status: 403, words: 'Origin is missing.' };
      if (origin !== undefined && origin !== `http://${host}`) return { status: 403, words: 'Wrong origin.' };
      const site = request.headers['sec-fetch-site'];
      if (site !== undefined && site !== 'same-origin' && !(site === 'none' && !needsOrigin)) {
        return { status: 403, words: 'Cross-site request.' };
      }
      return null;
    },
    openSession(candidate) {
      const now = options.clock.monotonic();
      if (now < pausedUntil) return null;
      if (!sameText(candidate, token)) {
        if (++wrong % WRONG_TRIES === 0) pausedUntil = now + PAUSE_MS;
        return null;
      }
      wrong = 0;
      const session = fresh();
      sessions.add(session);
      return session;
    },
    isSession: (session) => typeof session === 'string' && sessions.has(session),
  };
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
