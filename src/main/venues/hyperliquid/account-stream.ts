import { type HandshakeIo, type LinkProtocol, type Pool, Refused } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { venueKey } from '#shared/domain/exchange';
import { createAccountStream as createStream } from '../core/account-stream';
import { NoCredentials } from '../core/credentials';
import type { OrderNames } from '../core/order-names';
import type { Balance, VenuePosition } from '../venue';
import { askCollateral, askIsSigner } from './account';
import { readFrame } from './decode';
import { type AccountContext, decodeAccount } from './decode-account';
import type { Endpoints } from './endpoints';
import type { Listings } from './listings';
import type { Rest } from './rest';
import { HEARTBEAT } from './socket';
import { readAcknowledgement, readSubscription } from './subscription';

export interface AccountStreamParts {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly rest: Rest;
  readonly endpoints: Endpoints;
  readonly names: OrderNames;
  readonly listings: Listings;
  /** Resolves when the listings are filled. @throws VenueError */
  ready(): Promise<unknown>;
  balances(): Promise<readonly Balance[]>;
  positions(): Promise<readonly VenuePosition[]>;
}

const TOPIC = 'account';
const NOT_THE_ACCOUNT =
  'this address belongs to a signing wallet, which has no account of its own; store the address of the account instead';
const REPLY_WITHIN_MS = 10_000;
/** What is listened to by address; `orderUpdates` names no user, so one socket serves one account. */
const SUBSCRIPTIONS = ['userFills', 'orderUpdates', 'clearinghouseState', 'spotState'] as const;

/**
 * The one private socket of an account. The streams know an address, not a key: nothing is signed here. It counts as
 * connected only when every stream is confirmed, so that what is asked for then leaves no gap behind it.
 */
export function createAccountStream(parts: AccountStreamParts) {
  return createStream({
    seams: parts.seams,
    pool: parts.pool,
    protocol: () => accountProtocol(parts),
    topics: [TOPIC],
    balances: parts.balances,
    positions: parts.positions,
  });
}

function accountProtocol(parts: AccountStreamParts): LinkProtocol {
  const { rest, seams, endpoints, names, listings } = parts;
  let collateral: AccountContext['collateral'] = 'perpetuals';
  let checked: string | null = null;
  const context = (): AccountContext => ({
    names,
    collateral,
    now: () => seams.clock.now(),
    instrument: (coin) => listings.ofCoin(coin)?.instrument,
  });
  return {
    key: `${venueKey('hyperliquid', 'future')} private`,
    url: async () => {
      const address = await addressOf(rest);
      if (checked !== address && (await askIsSigner(rest))) throw new Refused(NOT_THE_ACCOUNT);
      checked = address;
      await parts.ready();
      collateral = await askCollateral(rest);
      return endpoints.stream;
    },
    heartbeat: HEARTBEAT,
    handshake: (io) => subscribeAll(rest, io),
    subscribe: () => [],
    unsubscribe: () => [],
    receive(frame, deliver) {
      const news = decodeAccount(frame, context());
      if (news !== null) deliver(TOPIC, news);
    },
  };
}

/** @throws Refused without a key, or with one that is no address: trying again cannot help */
async function addressOf(rest: Rest): Promise<string> {
  try {
    return await rest.signer.address();
  } catch (error) {
    throw new Refused(
      error instanceof NoCredentials || error instanceof Error ? error.message : String(error),
    );
  }
}

/** Subscribes and waits for every confirmation; what comes between them is read afterwards. */
async function subscribeAll(rest: Rest, io: HandshakeIo): Promise<void> {
  const user = await addressOf(rest);
  const open = new Set<string>(SUBSCRIPTIONS);
  for (const type of SUBSCRIPTIONS) {
    const more = type === 'userFills' ? { aggregateByTime: false } : {};
    io.send(JSON.stringify({ method: 'subscribe', subscription: { type, user, ...more } }));
  }
  while (open.size > 0) {
    const data = await io.next(REPLY_WITHIN_MS);
    const frame = readFrame(data);
    if (frame?.channel === 'error')
      throw new Error(`the exchange refused the account stream: ${String(frame.data).slice(0, 200)}`);
    if (frame?.channel === 'subscriptionResponse') {
      const { type } = readSubscription(readAcknowledgement(frame.data)?.subscription);
      if (type !== null) open.delete(type);
    } else if (frame !== null) io.later(data);
  }
}
