import type { Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import type { CredentialSource } from '../core/credentials';
import { withEmptied } from '../core/emptied';
import { OrderNames } from '../core/order-names';
import { createReady, SymbolTable } from '../core/symbol-table';
import type { Venue } from '../venue';
import { type AccountParts, balances, fillsSince, positions } from './account';
import { createAccountStream } from './account-stream';
import type { Endpoints } from './endpoints';
import { createMarketData } from './market-data';
import { Rest } from './rest';
import { withMaxNotional } from './symbol-config';
import { decodeInstruments } from './symbols';
import { createTrading } from './trading';

export interface BinanceOptions {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly market: MarketKind;
  readonly endpoints: Endpoints;
  /** Left out: the venue has market data only. */
  readonly credentials?: CredentialSource;
}

/** Binance spot or USD-M. Nothing is sent before the first question or subscription. */
export function createBinance(options: BinanceOptions): Venue {
  const { seams, pool, market, endpoints, credentials } = options;
  const rest = new Rest(seams, market, endpoints, credentials ?? (() => null));
  const table = new SymbolTable();
  const names = new OrderNames();

  const instruments = async (): Promise<readonly Instrument[]> => {
    const data = await rest.ask({ family: 'public', method: 'GET', path: 'exchangeInfo' });
    const list = readAnswer(data, 'GET exchangeInfo', (fields) => decodeInstruments(fields, market));
    table.fill(list);
    return list;
  };
  const ready = createReady(() => table.filled, instruments);
  const symbolOf = async (wire: string): Promise<Symbol | null> => {
    await ready();
    return table.instrument(wire)?.symbol ?? null;
  };

  const venue: Venue = {
    key: venueKey('binance', market),
    exchange: 'binance',
    market,
    reference: { instruments, serverTime: () => rest.serverTime(), measureClock: () => rest.measureClock() },
    data: createMarketData({ market, seams, pool, rest, endpoints }),
    close: async () => {},
  };
  if (credentials === undefined) return venue;

  const accountParts: AccountParts = { market, rest, names, symbolOf, now: () => seams.clock.now() };
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
    context: { names, now: () => seams.clock.now(), known: (wire) => table.known(wire) },
  });
  return {
    ...venue,
    trading: createTrading({ market, rest, names, symbolOf }),
    ...(market === 'spot'
      ? {}
      : { reference: { ...venue.reference, instruments: () => withMaxNotional(rest, instruments()) } }),
    account: {
      subscribe: stream.subscribe,
      fillsSince: (symbol, since) => fillsSince(accountParts, symbol, since),
      balances: readBalances,
      ...(readPositions === null ? {} : { positions: readPositions }),
    },
    close: async () => stream.close(),
  };
}
