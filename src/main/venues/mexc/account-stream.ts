import { type HandshakeIo, type LinkProtocol, type Pool, Refused } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import { createAccountStream as createStream, type AccountNews as News } from '../core/account-stream';
import { readAnswer, VenueRefusal } from '../core/answer';
import { NoCredentials } from '../core/credentials';
import { fieldsOf, parseJson, textOf } from '../core/fields';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { type AccountContext, decodeFutureAccount, decodeSpotAccount } from './decode-account';
import type { Endpoints } from './endpoints';
import { futureHeartbeat, RENEW_AFTER_MS, spotHeartbeat } from './heartbeat';
import type { Rest } from './rest';
import { controlFrames } from './subscribe';

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

/** Futures push everything after a login; spot wants its three channels. All news go to whoever wants the first topic. */
const TOPICS: Record<MarketKind, readonly string[]> = {
  spot: ['orders', 'deals', 'account'].map((name) => `spot@private.${name}.v3.api.pb`),
  future: ['account'],
};
const LISTEN_KEY_PERIOD_MS = 30 * 60_000;
const LISTEN_KEY_RETRY_MS = 60_000;
const REPLY_WITHIN_MS = 10_000;

/** The one private socket of an account, on spot with its listen key. */
export function createAccountStream(parts: AccountStreamParts) {
  // One key a venue: what the running socket was opened with is what must be kept alive.
  const listenKey = { value: null as string | null };
  return createStream({
    seams: parts.seams,
    pool: parts.pool,
    protocol: (ended) =>
      parts.market === 'spot' ? spotProtocol(parts, listenKey, ended) : futureProtocol(parts),
    topics: TOPICS[parts.market],
    balances: parts.balances,
    positions: parts.positions,
    ...(parts.market === 'spot' ? { whileOpen: (restart) => keepListenKey(parts, listenKey, restart) } : {}),
  });
}

/** Extends the listen key every 30 of its 60 minutes. One that cannot be extended is replaced, with its socket. */
function keepListenKey(
  { rest, seams }: AccountStreamParts,
  listenKey: { readonly value: string | null },
  restart: () => void,
): Undo {
  let undo: Undo = () => {};
  const extend = async (): Promise<number> => {
    if (listenKey.value === null) return LISTEN_KEY_RETRY_MS;
    try {
      const params = { listenKey: listenKey.value };
      await rest.ask({ family: 'spot', method: 'PUT', path: 'userDataStream', params });
    } catch (error) {
      if (!(error instanceof VenueRefusal) || error.code !== 'refused') return LISTEN_KEY_RETRY_MS;
      restart();
    }
    return LISTEN_KEY_PERIOD_MS;
  };
  let over = false;
  const after = (delayMs: number): void => {
    if (!over) undo = seams.timers.after(delayMs, () => void extend().then(after));
  };
  after(LISTEN_KEY_PERIOD_MS);
  return () => {
    over = true;
    undo();
  };
}

function spotProtocol(
  parts: AccountStreamParts,
  listenKey: { value: string | null },
  ended: () => void,
): LinkProtocol {
  const { rest, endpoints, context } = parts;
  return {
    key: `${venueKey('mexc', 'spot')} private`,
    url: async () => {
      await parts.ready();
      listenKey.value = await askListenKey(rest);
      return `${endpoints.spotStream}?listenKey=${encodeURIComponent(listenKey.value)}`;
    },
    heartbeat: spotHeartbeat,
    renewAfterMs: RENEW_AFTER_MS,
    subscribe: (topics) => controlFrames('spot', true, topics),
    unsubscribe: (topics) => controlFrames('spot', false, topics),
    mark: markOf,
    receive(frame, deliver, io) {
      const news = decodeSpotAccount(frame, context);
      if (news.kind === 'confirmed') for (const topic of news.topics) io.confirmed(topic);
      if (news.kind === 'refused') for (const topic of news.topics) io.refused(topic, news.why);
      if (news.kind === 'stream-ended') ended();
      if (news.kind === 'events' || news.kind === 'stale-account') deliver(TOPICS.spot[0]!, news);
    },
  };
}

/** A fill that both connections bring while one takes over from the other is told once. */
function markOf(_topic: string, message: unknown): string | null {
  const news = message as News;
  const [event] = news.kind === 'events' ? news.events : [];
  return event?.type === 'fill' ? event.fill.tradeId : null;
}

/** Valid for 60 minutes. @throws VenueError, Refused on a wrong key */
async function askListenKey(rest: Rest): Promise<string> {
  try {
    const data = await rest.ask({ family: 'spot', method: 'POST', path: 'userDataStream' });
    return readAnswer(data, 'POST userDataStream', (fields) => textOf(fields, 'listenKey'));
  } catch (error) {
    if (error instanceof VenueError && error.code === 'auth') throw new Refused(error.message);
    throw error;
  }
}

function futureProtocol(parts: AccountStreamParts): LinkProtocol {
  const { endpoints, context } = parts;
  return {
    key: `${venueKey('mexc', 'future')} private`,
    url: async () => {
      await parts.ready();
      return endpoints.futureStream;
    },
    heartbeat: futureHeartbeat,
    handshake: (io) => login(parts.rest, io),
    subscribe: () => [],
    unsubscribe: () => [],
    mark: markOf,
    receive(frame, deliver) {
      const news = decodeFutureAccount(frame, context);
      if (news.kind === 'events' || news.kind === 'stale-account') deliver(TOPICS.future[0]!, news);
    },
  };
}

/** {"channel":"rs.login","data":"success"} or {"channel":"rs.error","data":"…"}. @throws Refused on a wrong key */
async function login(rest: Rest, io: HandshakeIo): Promise<void> {
  const frame = await rest.signer.login().catch((error: unknown) => {
    throw error instanceof NoCredentials ? new Refused(error.message) : error;
  });
  io.send(frame);
  for (;;) {
    const data = await io.next(REPLY_WITHIN_MS);
    const reply = typeof data === 'string' ? fieldsOf(parseJson(data), 'reply') : {};
    if (reply.channel === 'rs.login' && reply.data === 'success') return;
    if (reply.channel === 'rs.login' || reply.channel === 'rs.error')
      throw await refusal(rest, String(reply.data));
    io.later(data);
  }
}

/** A clock that is off is put right and tried again; anything else is the key. */
async function refusal(rest: Rest, why: string): Promise<Error> {
  const problem = `the exchange refused the account stream: ${why.slice(0, 200)}`;
  if (!/time|expire/i.test(why)) return new Refused(problem);
  await rest.readClock();
  return new Error(problem);
}
