import { type HandshakeIo, type LinkProtocol, type Pool, Refused } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import { createAccountStream as createStream } from '../core/account-stream';
import { NoCredentials } from '../core/credentials';
import { fieldsOf, parseJson } from '../core/fields';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { askUserId } from './account';
import { type AccountContext, decodeAccountFrame } from './decode-account';
import { type Endpoints, streamOf } from './endpoints';
import type { Listings } from './listings';
import type { Rest } from './rest';
import { heartbeat, isFarewell, refusalOf } from './socket';

export interface AccountStreamParts {
  readonly market: MarketKind;
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
  readonly listings: Listings;
  readonly context: AccountContext;
  balances(): Promise<readonly Balance[]>;
  /** Null on spot. */
  readonly positions: (() => Promise<readonly VenuePosition[]>) | null;
}

const TOPIC = 'account';
const REPLY_WITHIN_MS = 10_000;

/** The one private socket of an account. */
export const createAccountStream = (parts: AccountStreamParts) =>
  createStream({
    seams: parts.seams,
    pool: parts.pool,
    protocol: () => accountProtocol(parts),
    topics: [TOPIC],
    balances: parts.balances,
    positions: parts.positions,
  });

interface Subscription {
  readonly channel: string;
  readonly payload?: readonly string[];
}

/** Everything an account is told, of all symbols. Futures want the number of the user in front. */
async function subscriptions(market: MarketKind, rest: Rest): Promise<readonly Subscription[]> {
  if (market === 'spot')
    return [
      { channel: 'spot.usertrades', payload: ['!all'] },
      { channel: 'spot.orders', payload: ['!all'] },
      { channel: 'spot.priceorders', payload: ['!all'] },
      { channel: 'spot.balances' },
    ];
  const user = await askUserId(rest);
  return [
    ...['usertrades', 'orders', 'autoorders', 'positions'].map((name) => ({
      channel: `futures.${name}`,
      payload: [user, '!all'],
    })),
    { channel: 'futures.balances', payload: [user] },
  ];
}

function accountProtocol(parts: AccountStreamParts): LinkProtocol {
  const { market, endpoints, listings, rest } = parts;
  return {
    key: `${venueKey('gateio', market)} private`,
    url: async () => {
      await listings.ready();
      return streamOf(endpoints, market);
    },
    heartbeat: heartbeat(market, rest.now),
    handshake: (io) => subscribe(parts, io),
    subscribe: () => [],
    unsubscribe: () => [],
    receive(data, deliver, io) {
      const frame = fieldsOf(parseJson(data), 'frame');
      if (isFarewell(frame)) return io.leaving();
      const news = decodeAccountFrame(frame, parts.context);
      if (news.kind === 'events' || news.kind === 'stale-account') deliver(TOPIC, news);
    },
  };
}

let lastRequest = 0;

/** Each channel is signed for and subscribed by itself; ready when all have said yes. @throws Refused on a wrong key */
async function subscribe({ market, rest }: AccountStreamParts, io: HandshakeIo): Promise<void> {
  const waiting = new Set<string>();
  try {
    for (const { channel, payload } of await subscriptions(market, rest)) {
      const time = Math.floor(rest.now() / 1_000);
      const auth = await rest.signer.channel(channel, 'subscribe', time);
      const id = ++lastRequest;
      waiting.add(String(id));
      io.send(
        JSON.stringify({ time, id, channel, event: 'subscribe', ...(payload ? { payload } : {}), auth }),
      );
    }
  } catch (error) {
    if (error instanceof NoCredentials) throw new Refused(error.message);
    if (error instanceof VenueError && error.code === 'auth') throw new Refused(error.message);
    throw error;
  }
  while (waiting.size > 0) {
    const data = await io.next(REPLY_WITHIN_MS);
    const frame = fieldsOf(parseJson(data), 'frame');
    if (frame.event !== 'subscribe' || !waiting.delete(String(frame.id))) {
      // News of a channel that is through already.
      io.later(data);
      continue;
    }
    const refusal = refusalOf(frame);
    if (refusal !== null) await refuse(rest, `${String(frame.channel)}: ${refusal.message}`, refusal.code);
  }
}

/** Codes 4, 6 and 11: authentication failed. A clock too far off is cured by reading the venue's. */
const AUTH_CODES: ReadonlySet<string> = new Set(['4', '6', '11']);

async function refuse(rest: Rest, message: string, code: string): Promise<never> {
  const problem = `the exchange refused the account stream: ${message} (${code})`;
  if (/expired|timestamp|\btime\b/i.test(message)) {
    await rest.readClock();
    throw new Error(problem);
  }
  throw AUTH_CODES.has(code) ? new Refused(problem) : new Error(problem);
}
