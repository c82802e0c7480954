import { type HandshakeIo, type LinkProtocol, type Pool, Refused } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import { accountMark } from '../core/account-marks';
import { type AccountNews, createAccountStream as createStream } from '../core/account-stream';
import { readAnswer, VenueRefusal } from '../core/answer';
import { NoCredentials } from '../core/credentials';
import { type Fields, fieldsOf, parseJson, textOf } from '../core/fields';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { type AccountContext, accountDecoder } from './decode-account';
import { type Endpoints, hostsOf } from './endpoints';
import type { Rest } from './rest';
import { RENEW_AFTER_MS } from './subscribe';

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
const REPLY_WITHIN_MS = 10_000;

/** The one private socket of an account, on futures with its listen key. */
export const createAccountStream = (parts: AccountStreamParts) =>
  createStream({
    seams: parts.seams,
    pool: parts.pool,
    protocol: (ended) => accountProtocol(parts, ended),
    topics: [TOPIC],
    balances: parts.balances,
    positions: parts.positions,
    ...(parts.market === 'future' ? { whileOpen: (restart) => keepListenKey(parts, restart) } : {}),
  });

/** Extends the listen key every 30 minutes. One that cannot be extended goes silent without a close, so the socket is made anew with another. */
function keepListenKey({ rest, seams }: AccountStreamParts, restart: () => void): Undo {
  let undo: Undo = () => {};
  const extend = async (): Promise<number> => {
    try {
      await rest.ask({ family: 'fapiPrivate', method: 'PUT', path: 'listenKey' });
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

function accountProtocol(parts: AccountStreamParts, ended: () => void): LinkProtocol {
  const { market, rest, endpoints } = parts;
  const decode = accountDecoder[market];
  const protocol: LinkProtocol = {
    key: `${venueKey('binance', market)} private`,
    hosts: market === 'spot' ? hostsOf(endpoints.spotWsApi) : [endpoints.futureStream],
    url: async (host) => {
      await parts.ready();
      return market === 'spot' ? host : futureUrl(rest, host);
    },
    heartbeat: { pingEveryMs: 30_000, pongWithinMs: 10_000 },
    renewAfterMs: RENEW_AFTER_MS,
    mark: (_, message) => accountMark(message as AccountNews),
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
async function futureUrl(rest: Rest, host: string): Promise<string> {
  try {
    const data = await rest.ask({ family: 'fapiPrivate', method: 'POST', path: 'listenKey' });
    const listenKey = readAnswer(data, 'POST listenKey', (fields) => textOf(fields, 'listenKey'));
    return `${host}/private/ws?listenKey=${encodeURIComponent(listenKey)}`;
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
