import {
  type HandshakeIo,
  type LinkProtocol,
  type LinkUse,
  type Pool,
  Refused,
} from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import { type AccountEvent, type Balance, VenueError, type VenuePosition } from '../venue';
import { BinanceRefusal, readAnswer } from './answer';
import { NoCredentials } from './auth';
import { type AccountContext, type AccountNews, accountDecoder } from './decode-account';
import type { Endpoints } from './endpoints';
import { type Fields, fieldsOf, parseJson, textOf } from './fields';
import type { Rest } from './rest';

export interface AccountStreamParts {
  readonly market: MarketKind;
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
  readonly context: AccountContext;
  /** Resolves when the symbols of the market are known. @throws VenueError */
  ready(): Promise<unknown>;
  balances(): Promise<readonly Balance[]>;
  /** Null on spot. */
  readonly positions: (() => Promise<readonly VenuePosition[]>) | null;
}

const TOPIC = 'account';
const LISTEN_KEY_PERIOD_MS = 30 * 60_000;
const LISTEN_KEY_RETRY_MS = 60_000;
/** A stream that ends again and again is not dialled more often than this: Binance bans for that. */
const RESTART_GAP_MS = 5_000;
const REPLY_WITHIN_MS = 10_000;
/** One fill brings several frames; the account is read once for all of them, at most once a second. */
const REFRESH_AFTER_MS = 250;
const REFRESH_RETRY_MS = 2_000;
const REFRESH_RETRY_MOST_MS = 60_000;

/** The one private socket of an account, its listen key, and whole pictures of balances and positions. */
export function createAccountStream(parts: AccountStreamParts) {
  const { timers, clock } = parts.seams;
  const listeners = new Set<{ tell: (event: AccountEvent) => void }>();
  let stop: Undo = () => {};
  let undoRefresh: Undo | null = null;
  let linkMade: LinkUse | null = null;

  const tell = (event: AccountEvent): void => {
    for (const listener of [...listeners]) listener.tell(event);
  };
  let retryMs = REFRESH_RETRY_MS;
  let refreshing = false;
  let againAfterwards = false;
  /** One question at a time: two answers could arrive in the wrong order. */
  const refreshAfter = (delayMs: number): void => {
    if (refreshing) againAfterwards = true;
    else undoRefresh ??= timers.after(delayMs, () => void runRefresh());
  };
  const runRefresh = async (): Promise<void> => {
    undoRefresh = null;
    refreshing = true;
    let nextMs: number | null = null;
    try {
      await refresh();
      retryMs = REFRESH_RETRY_MS;
      if (againAfterwards) nextMs = REFRESH_AFTER_MS;
    } catch {
      // Still stale: asked again, ever more slowly, until the venue answers or nobody listens.
      nextMs = retryMs;
      retryMs = Math.min(retryMs * 2, REFRESH_RETRY_MOST_MS);
    }
    refreshing = false;
    againAfterwards = false;
    if (nextMs !== null && listeners.size > 0) refreshAfter(nextMs);
  };
  const refresh = async (): Promise<void> => {
    const [balances, positions] = await Promise.all([parts.balances(), parts.positions?.() ?? null]);
    const seenAt = clock.now();
    tell({ type: 'balances', balances, seenAt });
    if (positions !== null) tell({ type: 'positions', positions, seenAt });
  };
  const take = (news: AccountNews): void => {
    if (news.kind === 'events') for (const event of news.events) tell(event);
    if (news.kind === 'stale-account') refreshAfter(REFRESH_AFTER_MS);
  };

  let undoRestart: Undo | null = null;
  let restartedAt = Number.NEGATIVE_INFINITY;
  const restartSoon = (): void => {
    const waitMs = Math.max(0, restartedAt + RESTART_GAP_MS - clock.monotonic());
    undoRestart ??= timers.after(waitMs, () => {
      undoRestart = null;
      restartedAt = clock.monotonic();
      link().restart();
    });
  };
  const link = (): LinkUse => {
    linkMade ??= parts.pool.link(accountProtocol(parts, restartSoon));
    return linkMade;
  };

  let undoKey: Undo = () => {};
  const keepKeyAfter = (delayMs: number): void => {
    undoKey();
    if (listeners.size === 0) return;
    undoKey = timers.after(delayMs, () => {
      keepKey().then(keepKeyAfter, () => keepKeyAfter(LISTEN_KEY_RETRY_MS));
    });
  };
  /** A key that cannot be extended goes silent without a close, so the socket is made anew with another. */
  const keepKey = async (): Promise<number> => {
    try {
      await parts.rest.ask({ family: 'fapiPrivate', method: 'PUT', path: 'listenKey' });
    } catch (error) {
      if (!(error instanceof BinanceRefusal) || error.code !== 'refused') throw error;
      restartSoon();
    }
    return LISTEN_KEY_PERIOD_MS;
  };

  const start = (): void => {
    const undoLive = link().onLive(() => tell({ type: 'resumed', seenAt: clock.now() }));
    const undoWant = link().want(TOPIC, (message) => take(message as AccountNews));
    // Whoever comes anew after a refusal may have brought another key.
    if (link().status().state === 'refused') link().restart();
    if (parts.market === 'future') keepKeyAfter(LISTEN_KEY_PERIOD_MS);
    stop = () => {
      undoWant();
      undoLive();
      undoKey();
      undoRestart?.();
      undoRefresh?.();
      undoRestart = null;
      undoRefresh = null;
    };
  };

  return {
    /** Starts with the first listener, ends with the last one. */
    subscribe(listener: (event: AccountEvent) => void): Undo {
      const entry = { tell: listener };
      listeners.add(entry);
      if (listeners.size === 1) start();
      return () => {
        if (listeners.delete(entry) && listeners.size === 0) stop();
      };
    },
    close(): void {
      if (listeners.size > 0) stop();
      listeners.clear();
    },
  };
}

function accountProtocol(parts: AccountStreamParts, ended: () => void): LinkProtocol {
  const { market, rest, endpoints } = parts;
  const decode = accountDecoder[market];
  const protocol: LinkProtocol = {
    key: `${venueKey('binance', market)} private`,
    url: async () => {
      await parts.ready();
      return market === 'spot' ? endpoints.spotWsApi : futureUrl(rest, endpoints);
    },
    heartbeat: { pingEveryMs: 30_000, pongWithinMs: 10_000 },
    subscribe: () => [],
    unsubscribe: () => [],
    receive(frame, deliver) {
      const news = decode(frame, parts.context);
      if (news.kind === 'control') return;
      if (news.kind === 'stream-ended') ended();
      else deliver(TOPIC, news);
    },
  };
  return market === 'spot' ? { ...protocol, handshake: (io) => subscribeSpot(rest, io) } : protocol;
}

/** A new or the still valid listen key, valid for 60 minutes. @throws VenueError, Refused on a wrong key */
async function futureUrl(rest: Rest, endpoints: Endpoints): Promise<string> {
  try {
    const data = await rest.ask({ family: 'fapiPrivate', method: 'POST', path: 'listenKey' });
    const listenKey = readAnswer(data, 'POST listenKey', (fields) => textOf(fields, 'listenKey'));
    return `${endpoints.futureStream}/private/ws?listenKey=${encodeURIComponent(listenKey)}`;
  } catch (error) {
    if (error instanceof VenueError && error.code === 'auth') throw new Refused(error.message);
    throw error;
  }
}

let lastRequest = 0;

/** userDataStream.subscribe.signature, the only way to a spot account since 2026-02-20. @throws Refused on a wrong key */
async function subscribeSpot(rest: Rest, io: HandshakeIo): Promise<void> {
  const id = `wavedesk-${++lastRequest}`;
  const params = await rest.signer.wsApi({}).catch((error: unknown) => {
    throw error instanceof NoCredentials ? new Refused(error.message) : error;
  });
  io.send(JSON.stringify({ id, method: 'userDataStream.subscribe.signature', params }));
  let reply: Fields;
  do {
    reply = fieldsOf(parseJson(await io.next(REPLY_WITHIN_MS)), 'reply');
  } while (reply.id !== id);
  if (reply.status === 200) return;
  const { code, msg } = fieldsOf(reply.error ?? {}, 'error');
  const problem = `the exchange refused the account stream: ${String(msg)} (${String(code)})`;
  const hopeless = code === -2014 || code === -2015 || code === -1022;
  if (code === -1021) await rest.readClock();
  throw hopeless ? new Refused(problem) : new Error(problem);
}
