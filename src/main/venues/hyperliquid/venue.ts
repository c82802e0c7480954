import type { UnixMs } from '#shared/domain/basics';
import { venueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import { withEmptied } from '../core/emptied';
import { OrderNames } from '../core/order-names';
import { createReady } from '../core/symbol-table';
import type { VenueParts } from '../module';
import type { Venue } from '../venue';
import { type AccountParts, askCollateral, balances, fillsSince, positions } from './account';
import { createAccountStream } from './account-stream';
import type { Endpoints } from './endpoints';
import { Listings } from './listings';
import { createMarketData } from './market-data';
import { ask, Rest } from './rest';
import { decodePerpetuals, decodeSpotPairs } from './symbols';
import { createTrading } from './trading';

/** Hyperliquid perpetuals, or its spot market without an account. Nothing is sent before the first question or subscription. */
export function createHyperliquid({
  seams,
  pool,
  market,
  endpoints,
  credentials,
}: VenueParts<Endpoints>): Venue {
  const rest = new Rest(seams, endpoints, credentials ?? (() => null));
  const listings = new Listings();

  const instruments = async (): Promise<readonly Instrument[]> => {
    const [type, decode] =
      market === 'spot'
        ? (['spotMetaAndAssetCtxs', decodeSpotPairs] as const)
        : (['metaAndAssetCtxs', decodePerpetuals] as const);
    const data = await rest.ask(ask(type));
    const list = readAnswer({ data }, `info ${type}`, (fields) => decode(fields.data));
    listings.fill(list);
    return list.map(({ instrument }) => instrument);
  };
  const ready = createReady(() => listings.filled, instruments);

  const venue: Venue = {
    key: venueKey('hyperliquid', market),
    exchange: 'hyperliquid',
    market,
    reference: { instruments, serverTime: () => rest.serverTime(), measureClock: () => rest.measureClock() },
    data: createMarketData({ market, seams, pool, rest, endpoints, listings, ready }),
    close: async () => {},
  };
  // Spot has no private stream here (M-272): a key changes nothing.
  if (credentials === undefined || market === 'spot') return venue;

  const names = new OrderNames();
  const accountParts: AccountParts = { rest, names, listings, ready, now: () => seams.clock.now() };
  const readBalances = withEmptied(async () => balances(rest, await askCollateral(rest)));
  const readPositions = () => positions(accountParts);
  const fills = (symbol: Symbol, since: UnixMs) => fillsSince(accountParts, symbol, since);
  const stream = createAccountStream({
    seams,
    pool,
    rest,
    endpoints,
    names,
    listings,
    ready,
    balances: readBalances,
    positions: readPositions,
  });
  return {
    ...venue,
    trading: createTrading({ rest, names, listings, ready, fillsSince: fills }),
    account: {
      subscribe: stream.subscribe,
      fillsSince: fills,
      balances: readBalances,
      positions: readPositions,
    },
    close: async () => stream.close(),
  };
}
