import type { Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { CredentialSource } from '../core/credentials';
import { withEmptied } from '../core/emptied';
import { OrderNames } from '../core/order-names';
import type { Venue } from '../venue';
import { type AccountParts, balances, fillsSince, positions } from './account';
import { createAccountStream } from './account-stream';
import type { Endpoints } from './endpoints';
import { Listings } from './listings';
import { createMarketData } from './market-data';
import { Rest } from './rest';
import { toInstrument } from './symbols';
import { createTrading } from './trading';

export interface GateOptions {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly market: MarketKind;
  readonly endpoints: Endpoints;
  /** Left out: the venue has market data only. */
  readonly credentials?: CredentialSource;
}

/** Gate spot or its perpetuals settled in USDT. Nothing is sent before the first question or subscription. */
export function createGate(options: GateOptions): Venue {
  const { seams, pool, market, endpoints, credentials } = options;
  const rest = new Rest(seams, endpoints, credentials ?? (() => null));
  const listings = new Listings(rest, market);
  const names = new OrderNames();

  const venue: Venue = {
    key: venueKey('gateio', market),
    exchange: 'gateio',
    market,
    reference: {
      instruments: async () => (await listings.load()).map((one) => toInstrument(one)),
      serverTime: () => rest.serverTime(),
      measureClock: () => rest.measureClock(),
    },
    data: createMarketData({ market, seams, pool, rest, endpoints, listings }),
    close: async () => {},
  };
  if (credentials === undefined) return venue;

  const now = () => seams.clock.now();
  const accountParts: AccountParts = { market, rest, names, listings, now };
  const readBalances = withEmptied(() => balances(accountParts));
  const readPositions = market === 'spot' ? null : () => positions(accountParts);
  const stream = createAccountStream({
    market,
    seams,
    pool,
    rest,
    endpoints,
    listings,
    balances: readBalances,
    positions: readPositions,
    context: { market, names, now, known: (wire) => listings.known(wire) },
  });
  return {
    ...venue,
    trading: createTrading({ market, rest, names, listings }),
    account: {
      subscribe: stream.subscribe,
      fillsSince: (symbol, since) => fillsSince(accountParts, symbol, since),
      balances: readBalances,
      ...(readPositions === null ? {} : { positions: readPositions }),
    },
    close: async () => stream.close(),
  };
}
