import type { Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import type { CredentialSource } from '../core/credentials';
import { withEmptied } from '../core/emptied';
import { OrderNames } from '../core/order-names';
import { createReady, SymbolTable } from '../core/symbol-table';
import type { Venue } from '../venue';
import { type AccountParts, balances, fillsSince, positions } from './account';
import { createAccountStream } from './account-stream';
import { CATEGORY, type Endpoints } from './endpoints';
import { createMarketData } from './market-data';
import { Rest } from './rest';
import { decodeInstruments } from './symbols';
import { createTrading } from './trading';

export interface BybitOptions {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly market: MarketKind;
  readonly endpoints: Endpoints;
  /** Left out: the venue has market data only. */
  readonly credentials?: CredentialSource;
}

/** Bybit spot or linear perpetuals. Nothing is sent before the first question or subscription. */
export function createBybit(options: BybitOptions): Venue {
  const { seams, pool, market, endpoints, credentials } = options;
  const rest = new Rest(seams, market, endpoints, credentials ?? (() => null));
  const table = new SymbolTable();
  const names = new OrderNames();
  const now = () => seams.clock.now();

  const instruments = async (): Promise<readonly Instrument[]> => {
    const params = { category: CATEGORY[market], ...(market === 'spot' ? {} : { limit: 1_000 }) };
    const list = await rest.pages({
      access: 'public',
      method: 'GET',
      path: 'market/instruments-info',
      params,
    });
    const known = readAnswer({ list }, 'GET market/instruments-info', (fields) =>
      decodeInstruments(fields, market),
    );
    table.fill(known);
    return known;
  };
  const ready = createReady(() => table.filled, instruments);
  const instrumentOf = async (wire: string): Promise<Instrument | null> => {
    await ready();
    return table.instrument(wire) ?? null;
  };

  const venue: Venue = {
    key: venueKey('bybit', market),
    exchange: 'bybit',
    market,
    reference: { instruments, serverTime: () => rest.serverTime(), measureClock: () => rest.measureClock() },
    data: createMarketData({ market, seams, pool, rest, endpoints }),
    close: async () => {},
  };
  if (credentials === undefined) return venue;

  const accountParts: AccountParts = { market, rest, names, instrumentOf, now };
  const readBalances = withEmptied(() => balances(accountParts));
  const readPositions = market === 'spot' ? null : () => positions(accountParts);
  const stream = createAccountStream({
    market,
    seams,
    pool,
    rest,
    endpoints,
    ready,
    balances: readBalances,
    positions: readPositions,
    context: { market, names, positions: new Map(), now, instrument: (wire) => table.instrument(wire) },
  });
  const symbolOf = async (wire: string) => (await instrumentOf(wire))?.symbol ?? null;
  return {
    ...venue,
    trading: createTrading({ market, rest, timers: seams.timers, names, symbolOf }),
    account: {
      subscribe: stream.subscribe,
      fillsSince: (symbol, since) => fillsSince(accountParts, symbol, since),
      balances: readBalances,
      ...(readPositions === null ? {} : { positions: readPositions }),
    },
    close: async () => stream.close(),
  };
}
