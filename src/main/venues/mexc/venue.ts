import type { Pool } from '#main/connectivity/types';
import type { Seams } from '#main/seams/seams';
import { ZERO } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import type { CredentialSource } from '../core/credentials';
import { OrderNames } from '../core/order-names';
import { createReady, SymbolTable } from '../core/symbol-table';
import type { Balance, Venue } from '../venue';
import { type AccountParts, balances, fillsSince, nameChildren, positions } from './account';
import { createAccountStream } from './account-stream';
import type { Endpoints } from './endpoints';
import { createMarketData } from './market-data';
import { createNamedStream } from './nameless';
import { PlanNames } from './plan-names';
import { Rest } from './rest';
import { decodeInstruments } from './symbols';
import { createTrading } from './trading';

export interface MexcOptions {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly market: MarketKind;
  readonly endpoints: Endpoints;
  /** Left out: the venue has market data only. */
  readonly credentials?: CredentialSource;
}

/** MEXC spot or its USDT perpetuals. Nothing is sent before the first question or subscription. */
export function createMexc(options: MexcOptions): Venue {
  const { seams, pool, market, endpoints, credentials } = options;
  const rest = new Rest(seams, market, endpoints, credentials ?? (() => null));
  const table = new SymbolTable();
  const names = new OrderNames();
  const plans = new PlanNames();

  const instruments = async (): Promise<readonly Instrument[]> => {
    const path = market === 'spot' ? 'exchangeInfo' : 'detail';
    const data = await rest.ask({ family: 'public', method: 'GET', path });
    const list = readAnswer({ data }, `GET ${path}`, (fields) => decodeInstruments(fields.data, market));
    table.fill(list);
    return list;
  };
  const ready = createReady(() => table.filled, instruments);
  const instrumentOf = async (wire: string): Promise<Instrument | null> => {
    await ready();
    return table.instrument(wire) ?? null;
  };

  const venue: Venue = {
    key: venueKey('mexc', market),
    exchange: 'mexc',
    market,
    reference: { instruments, serverTime: () => rest.serverTime(), measureClock: () => rest.measureClock() },
    data: createMarketData({
      market,
      seams,
      pool,
      rest,
      endpoints,
      ready,
      instrument: (wire) => table.instrument(wire),
    }),
    close: async () => {},
  };
  if (credentials === undefined) return venue;

  const accountParts: AccountParts = {
    market,
    rest,
    names,
    plans,
    instrumentOf,
    now: () => seams.clock.now(),
  };
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
    context: {
      names,
      plans,
      now: () => seams.clock.now(),
      known: (wire) => table.known(wire),
      learnt: () => named.learnt(),
    },
  });
  const named = createNamedStream({
    timers: seams.timers,
    names,
    plans,
    nameChildren: (symbol) => nameChildren(accountParts, symbol),
    subscribe: stream.subscribe,
  });
  return {
    ...venue,
    trading: createTrading({ market, rest, names, plans, instrumentOf, learnt: () => named.learnt() }),
    account: {
      subscribe: named.subscribe,
      fillsSince: (symbol, since) => fillsSince(accountParts, symbol, since),
      balances: readBalances,
      ...(readPositions === null ? {} : { positions: readPositions }),
    },
    close: async () => stream.close(),
  };
}

/** What was there before and is left out now is told as zero, so that nobody keeps an old amount. */
function withEmptied(ask: () => Promise<readonly Balance[]>): () => Promise<readonly Balance[]> {
  const known = new Set<string>();
  return async () => {
    const held = await ask();
    const gone = new Set(known);
    for (const { asset } of held) {
      known.add(asset);
      gone.delete(asset);
    }
    return [...held, ...[...gone].map((asset) => ({ asset, free: ZERO, locked: ZERO }))];
  };
}
