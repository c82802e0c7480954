import type { Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import {
  type ExchangeName,
  isGeneric,
  type MarketKind,
  type Mode,
  type VenueKey,
} from '#shared/domain/exchange';
import { binance } from './binance/index';
import { bitget } from './bitget/index';
import { bybit } from './bybit/index';
import { loadCcxtClass } from './core/ccxt-signer';
import type { CredentialSource } from './core/credentials';
import { gateio } from './gateio/index';
import { hyperliquid } from './hyperliquid/index';
import { mexc } from './mexc/index';
import type { Endpoints, VenueModule } from './module';
import { type Account, type Venue, VenueError } from './venue';

export type { CredentialSource, Credentials } from './core/credentials';
export { type FrameFact, unknownFact } from './core/frame-facts';
export { createGeneric, type GenericOptions } from './generic/index';
export type { Endpoints, FrameReader, VenueModule } from './module';
export * from './venue';

/** Every exchange with an adapter of its own. */
export const VENUE_MODULES: Readonly<Partial<Record<ExchangeName, VenueModule>>> = {
  binance,
  bitget,
  bybit,
  gateio,
  mexc,
  hyperliquid,
};

/** Keys of all venues that have an adapter. */
export const VENUE_KEYS: readonly VenueKey[] = Object.values(VENUE_MODULES).flatMap(({ exchange, markets }) =>
  markets.map((market) => `${exchange}_${market}` as const),
);

/** Keys of the venues that a mode can be had on: not every exchange has a testnet. */
export const venueKeysIn = (mode: Mode): readonly VenueKey[] =>
  VENUE_KEYS.filter(
    (key) => mode !== 'testnet' || VENUE_MODULES[key.split('_')[0] as ExchangeName]?.testnet != null,
  );

export interface VenueOptions {
  readonly seams: Seams;
  /** One venue per key and pool: its sockets are named after the key. */
  readonly pool: Pool;
  readonly key: VenueKey;
  /** Chooses the hosts. Practice has none of its own, so it must bring all endpoints. */
  readonly mode?: Mode;
  readonly endpoints?: Endpoints;
  /** Reads the key anew for each signature; left out, the venue can neither trade nor see an account. */
  readonly credentials?: CredentialSource;
}

/**
 * A venue, quiet until it is used.
 * @throws RangeError for an exchange or market without an adapter, practice without all its endpoints, or a
 * testnet where the exchange has none
 */
export function createVenue(options: VenueOptions): Venue {
  const { seams, pool, key, credentials } = options;
  const [exchange, market] = key.split('_') as [ExchangeName, MarketKind];
  const module = VENUE_MODULES[exchange];
  if (!module?.markets.includes(market)) throw new RangeError(`no adapter for ${key}`);
  return module.create({
    seams,
    pool,
    market,
    endpoints: chooseEndpoints(module, options),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

/**
 * The private side of a venue, for whoever cannot do without one. Nothing is sent, least of all a connection made.
 * @throws VenueError 'unsupported' where the exchange offers none on this market, 'auth' where the venue has no key
 */
export function accountOf(venue: Venue): Account {
  if (venue.account !== undefined) return venue.account;
  const missing = isGeneric(venue.exchange)
    ? undefined
    : VENUE_MODULES[venue.exchange]?.withoutAccount?.[venue.market];
  if (missing !== undefined) throw new VenueError('unsupported', missing);
  throw new VenueError('auth', `no key is stored for ${venue.key}`);
}

/** Loads what signs for an exchange ahead of time, so that its first order does not wait for code. */
export async function prepareSigning(exchange: ExchangeName): Promise<void> {
  const module = VENUE_MODULES[exchange];
  if (module) await loadCcxtClass(module.ccxt);
}

function chooseEndpoints(module: VenueModule, { mode = 'live', endpoints = {} }: VenueOptions): Endpoints {
  if (mode === 'practice') {
    // A forgotten one must not fall back to the real exchange.
    for (const name of Object.keys(module.live))
      if (endpoints[name] === undefined) throw new RangeError(`practice needs the endpoint ${name}`);
    return endpoints;
  }
  if (mode !== 'testnet') return { ...module.live, ...endpoints };
  if (module.testnet === null) throw new RangeError(`${module.exchange} has no testnet`);
  return { ...module.testnet, ...endpoints };
}
