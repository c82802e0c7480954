import { type HandshakeIo, type LinkProtocol, type Pool, Refused } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import { accountMark } from '../core/account-marks';
import { type AccountNews, createAccountStream as createStream } from '../core/account-stream';
import { NoCredentials } from '../core/credentials';
import { bad, type Fields, fieldsOf, parseJson } from '../core/fields';
import type { Balance, VenuePosition } from '../venue';
import { type AccountContext, decodeAccount } from './decode-account';
import type { Endpoints } from './endpoints';
import type { Rest } from './rest';
import { HEARTBEAT } from './subscribe';

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
const REPLY_WITHIN_MS = 10_000;
/** A clock that was further off than this explains a refused signature. */
const CLOCK_OFF_MS = 1_000;

/** What Bybit sends of an account, of all its markets in one. */
const TOPICS: Readonly<Record<MarketKind, readonly string[]>> = {
  spot: ['order', 'execution', 'wallet'],
  future: ['order', 'execution', 'position', 'wallet'],
};

/** The one private socket of an account: signed in, then its topics, which bring no snapshots of their own. */
export const createAccountStream = (parts: AccountStreamParts) =>
  createStream({
    seams: parts.seams,
    pool: parts.pool,
    protocol: () => accountProtocol(parts),
    topics: [TOPIC],
    balances: parts.balances,
    positions: parts.positions,
  });

function accountProtocol(parts: AccountStreamParts): LinkProtocol {
  const { market, endpoints, context } = parts;
  return {
    key: `${venueKey('bybit', market)} private`,
    url: async () => {
      await parts.ready();
      return market === 'spot' ? endpoints.spotPrivate : endpoints.futurePrivate;
    },
    heartbeat: HEARTBEAT,
    handshake: (io) => signIn(parts, io),
    mark: (_, message) => accountMark(message as AccountNews),
    subscribe: () => [],
    unsubscribe: () => [],
    receive(frame, deliver) {
      const news = decodeAccount(frame, context);
      if (news.kind === 'stale-account') deliver(TOPIC, news);
      if (news.kind === 'events') {
        deliver(TOPIC, news);
        if (news.stale) deliver(TOPIC, { kind: 'stale-account' });
        if (news.problem !== null) throw news.problem;
      }
      if (news.kind === 'reply' && !news.reply.success)
        throw bad('the exchange refused a frame', news.reply.message);
    },
  };
}

/** @throws Refused when the key is wrong or may not see the account */
async function signIn(parts: AccountStreamParts, io: HandshakeIo): Promise<void> {
  const { rest, market, context } = parts;
  const frame = await rest.signer.socket('auth').catch((error: unknown) => {
    throw error instanceof NoCredentials ? new Refused(error.message) : error;
  });
  io.send(frame);
  const problem = problemOf(await reply(io, 'auth'));
  if (problem !== null) throw await refusalOf(rest, `the exchange refused the key: ${problem}`);
  // A position may have changed while nobody listened.
  context.positions.clear();
  io.send(JSON.stringify({ req_id: 'topics', op: 'subscribe', args: TOPICS[market] }));
  const unheard = problemOf(await reply(io, 'subscribe'));
  if (unheard !== null) throw new Refused(`the exchange refused the account's topics: ${unheard}`);
}

/**
 * A signature is refused in the same words whether the key is wrong or the clock: Bybit's clock is asked, and only
 * when ours was right the key is given up.
 */
async function refusalOf(rest: Rest, problem: string): Promise<Error> {
  const before = rest.now();
  await rest.readClock();
  const moved = Math.abs(rest.now() - before);
  return moved > CLOCK_OFF_MS
    ? new Error(`${problem}; our clock was ${Math.round(moved / 1000)} s off`)
    : new Refused(problem);
}

/** The reply to one request; what else comes meanwhile is kept for later. */
async function reply(io: HandshakeIo, op: string): Promise<Fields> {
  for (;;) {
    const data = await io.next(REPLY_WITHIN_MS);
    const fields = fieldsOf(parseJson(data), 'reply');
    const request = fields.request;
    const echoed =
      typeof request === 'object' && request !== null ? (request as { op?: unknown }).op : undefined;
    if (fields.op === op || echoed === op) return fields;
    io.later(data);
  }
}

/** Null for a yes. Never told by the words: `success` or `retCode` decide, in whichever shape the reply comes. */
function problemOf(fields: Fields): string | null {
  const code = fields.retCode ?? fields.ret_code;
  const failed = fields.success === false || (typeof code === 'number' && code !== 0);
  if (!failed && (fields.success === true || code === 0)) return null;
  const words = fields.ret_msg ?? fields.retMsg;
  const text = typeof words === 'string' && words !== '' ? words.slice(0, 200) : 'without a reason';
  return typeof code === 'number' ? `${text} (${code})` : text;
}
