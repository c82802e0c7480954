import type { Pool } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import type { CredentialSource } from '../core/credentials';
import { withEmptied } from '../core/emptied';
import { OrderNames } from '../core/order-names';
import { createReady, SymbolTable } from '../core/symbol-table';
import type { AccountEvent, Venue } from '../venue';
import { type AccountParts, balances, fillsSince, positions } from './account';
import { createAccountStream } from './account-stream';
import type { Endpoints } from './endpoints';
import { createMarketData } from './market-data';
import { createNamer } from './naming';
import { publicGet, Rest } from './rest';
import { decodeInstruments, PRODUCT } from './symbols';
import { createTrading } from './trading';

export interface BitgetOptions {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly market: MarketKind;
  readonly endpoints: Endpoints;
  /** Left out: the venue has market data only. */
  readonly credentials?: CredentialSource;
}

/** Bitget spot or USDT-M futures of a classic account. Nothing is sent before the first question or subscription. */
export function createBitget(options: BitgetOptions): Venue {
  const { seams, pool, market, endpoints, credentials } = options;
  const rest = new Rest(seams, endpoints, credentials ?? (() => null));
  const table = new SymbolTable();
  const names = new OrderNames();

  const instruments = async (): Promise<readonly Instrument[]> => {
    const rows = await rest.ask(publicGet('v3/market/instruments', { category: PRODUCT[market] }));
    const list = readAnswer({ rows }, 'GET instruments', (fields) => decodeInstruments(fields.rows, market));
    table.fill(list);
    return list;
  };
  const ready = createReady(() => table.filled, instruments);
  const instrumentOf = async (wire: string): Promise<Instrument | null> => {
    await ready();
    return table.instrument(wire) ?? null;
  };

  const venue: Venue = {
    key: venueKey('bitget', market),
    exchange: 'bitget',
    market,
    reference: { instruments, serverTime: () => rest.serverTime(), measureClock: () => rest.measureClock() },
    data: createMarketData({ market, seams, pool, rest, endpoints }),
    close: async () => {},
  };
  if (credentials === undefined) return venue;

  const now = () => seams.clock.now();
  const accountParts: AccountParts = { market, rest, names, seams, instrumentOf, now };
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
    context: { market, now, known: (wire) => table.known(wire) },
  });
  const named = withNames(accountParts, stream.subscribe);
  return {
    ...venue,
    trading: createTrading({ market, rest, names, instrumentOf }),
    account: {
      subscribe: named.subscribe,
      fillsSince: (symbol, since) => fillsSince(accountParts, symbol, since),
      balances: readBalances,
      ...(readPositions === null ? {} : { positions: readPositions }),
    },
    close: async () => {
      named.close();
      stream.close();
    },
  };
}

/** One namer for all listeners: what is held for one is held for all, and each fill is told once. */
function withNames(parts: AccountParts, source: (listener: (event: AccountEvent) => void) => Undo) {
  const listeners = new Set<{ readonly tell: (event: AccountEvent) => void }>();
  const namer = createNamer(parts, (event) => {
    for (const listener of [...listeners]) listener.tell(event);
  });
  let stop: Undo = () => {};
  return {
    subscribe(tell: (event: AccountEvent) => void): Undo {
      const entry = { tell };
      listeners.add(entry);
      if (listeners.size === 1) stop = source(namer.take);
      return () => {
        if (listeners.delete(entry) && listeners.size === 0) stop();
      };
    },
    close(): void {
      listeners.clear();
      namer.close();
    },
  };
}
