import type { Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import type { MarketKind, Mode, VenueKey } from '#shared/domain/exchange';
import type { CredentialSource } from './binance/auth';
import { type Endpoints, endpointsFor } from './binance/endpoints';
import { createBinance } from './binance/venue';
import type { Venue } from './venue';

export { type CredentialSource, type Credentials, prepareSigning } from './binance/auth';
export { type Endpoints, loopbackEndpoints } from './binance/endpoints';
export * from './venue';

export interface VenueOptions {
  readonly seams: Seams;
  /** One venue per key and pool: its sockets are named after the key. */
  readonly pool: Pool;
  readonly key: VenueKey;
  /** Chooses the hosts. Practice has none of its own, so it must bring all endpoints. */
  readonly mode?: Mode;
  readonly endpoints?: Partial<Endpoints>;
  /** Reads the key anew for each signature; left out, the venue can neither trade nor see an account. */
  readonly credentials?: CredentialSource;
}

/** Venues that have an adapter. */
export const VENUE_KEYS: readonly VenueKey[] = ['binance_spot', 'binance_future'];

/**
 * A venue, quiet until it is used.
 * @throws RangeError for an exchange without an adapter, or practice without all its endpoints
 */
export function createVenue(options: VenueOptions): Venue {
  const { seams, pool, key, credentials } = options;
  if (!VENUE_KEYS.includes(key)) throw new RangeError(`no adapter for ${key} yet`);
  const market = key.split('_')[1] as MarketKind;
  const endpoints = chooseEndpoints(options);
  return createBinance({
    seams,
    pool,
    market,
    endpoints,
    ...(credentials === undefined ? {} : { credentials }),
  });
}

const ALL: readonly (keyof Endpoints)[] = [
  'spotRest',
  'futureRest',
  'spotStream',
  'spotWsApi',
  'futureStream',
];

function chooseEndpoints({ mode = 'live', endpoints = {} }: VenueOptions): Endpoints {
  if (mode !== 'practice') return { ...endpointsFor(mode), ...endpoints };
  // A forgotten one must not fall back to the real exchange.
  for (const name of ALL)
    if (endpoints[name] === undefined) throw new RangeError(`practice needs the endpoint ${name}`);
  return endpoints as Endpoints;
}
