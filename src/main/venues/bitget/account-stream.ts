import { type HandshakeIo, type LinkProtocol, type Pool, Refused } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import { createAccountStream as createStream } from '../core/account-stream';
import { NoCredentials } from '../core/credentials';
import { fieldsOf, parseJson } from '../core/fields';
import type { Balance, VenuePosition } from '../venue';
import { type AccountContext, decodeAccount } from './decode-account';
import { type Endpoints, privateUrl } from './endpoints';
import { HEARTBEAT, RENEW_AFTER_MS } from './heartbeat';
import type { Rest } from './rest';
import { PRODUCT } from './symbols';

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

/** The one private socket of an account. */
export const createAccountStream = (parts: AccountStreamParts) =>
  createStream({
    seams: parts.seams,
    pool: parts.pool,
    protocol: (ended) => accountProtocol(parts, ended),
    topics: [TOPIC],
    balances: parts.balances,
    positions: parts.positions,
  });

function accountProtocol(parts: AccountStreamParts, ended: () => void): LinkProtocol {
  const { market, endpoints } = parts;
  return {
    key: `${venueKey('bitget', market)} private`,
    url: async () => {
      await parts.ready();
      return privateUrl(endpoints);
    },
    heartbeat: HEARTBEAT,
    renewAfterMs: RENEW_AFTER_MS,
    handshake: (io) => signIn(parts, io),
    subscribe: () => [],
    unsubscribe: () => [],
    receive(frame, deliver) {
      const news = decodeAccount(frame, parts.context);
      if (news.kind === 'control') return;
      if (news.kind === 'stream-ended') ended();
      else deliver(TOPIC, news);
    },
  };
}

/** Everything an account tells; `default` means all symbols. Balances go by coin. */
export function channelsOf(market: MarketKind): readonly Readonly<Record<string, string>>[] {
  const instType = PRODUCT[market];
  const names = ['orders', 'fill', 'orders-algo', ...(market === 'future' ? ['positions'] : [])];
  return [
    ...names.map((channel) => ({ instType, channel, instId: 'default' })),
    { instType, channel: 'account', coin: 'default' },
  ];
}

/** Signs in, then waits until every channel is confirmed. @throws Refused on a wrong key or a missing permission */
async function signIn(parts: AccountStreamParts, io: HandshakeIo): Promise<void> {
  const login = await parts.rest.signer.login().catch((error: unknown) => {
    throw error instanceof NoCredentials ? new Refused(error.message) : error;
  });
  io.send(login);
  await reply(parts, io, 'login', 1);
  const args = channelsOf(parts.market);
  io.send(JSON.stringify({ op: 'subscribe', args }));
  await reply(parts, io, 'subscribe', args.length);
}

/** Codes that another attempt with the same key cannot cure. */
const HOPELESS: ReadonlySet<string> = new Set(['30005', '30011', '30012', '30015']);
const CLOCK: ReadonlySet<string> = new Set(['30013', '30014']);

async function reply(
  parts: AccountStreamParts,
  io: HandshakeIo,
  event: string,
  count: number,
): Promise<void> {
  for (let seen = 0; seen < count; ) {
    const text = await io.next(REPLY_WITHIN_MS);
    if (text === 'pong') continue;
    const frame = fieldsOf(parseJson(text), 'reply');
    if (frame.event === event && isFine(frame.code)) seen++;
    else if (frame.event === 'error' || frame.event === event)
      throw await failure(parts, frame.code, frame.msg);
    else io.later(text);
  }
}

/** A login may say 0 as text or number; a confirmation of a channel has no code. */
const isFine = (code: unknown): boolean => code === undefined || code === null || Number(code) === 0;

async function failure({ rest }: AccountStreamParts, code: unknown, message: unknown): Promise<Error> {
  const said = String(code);
  const problem = `the exchange refused the account stream: ${String(message)} (${said})`;
  if (CLOCK.has(said)) await rest.readClock();
  return HOPELESS.has(said) ? new Refused(problem) : new Error(problem);
}
