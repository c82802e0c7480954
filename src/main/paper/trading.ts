import type { ClientOrderId, UnixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import type { MatchSymbol } from '../matching/types';
import { type PlaceOutcome, type Trading, VenueError } from '../venues/venue';
import { ACCOUNT, DEFAULT_LEVERAGE, type Floor } from './floor';
import type { History } from './history';
import type { Ledger } from './ledger';
import type { Line } from './line';
import { toMatchOrder, toVenueOrder } from './match-terms';

export interface TradingParts {
  readonly floor: Floor;
  readonly history: History;
  readonly ledger: Ledger;
  readonly marketNow: () => UnixMs;
  /** The instrument's rules, listed with the engine; in words why it cannot be traded. @throws VenueError */
  listed(symbol: Symbol): Promise<MatchSymbol | { readonly code: string; readonly message: string }>;
  line(symbol: Symbol): Line;
  isClosed(): boolean;
}

const NOT_SAVED = 'the paper account could not be written to disk';

/** Orders of the paper account. What the exchange would do over a socket happens here in process. */
export function createPaperTrading(parts: TradingParts): Trading {
  const { floor, history, ledger, marketNow } = parts;
  /** Orders that wait for a price: whoever asks about one waits with it, so that nobody hears "absent" too early. */
  const underWay = new Map<ClientOrderId, Promise<unknown>>();

  const placing = async (request: OrderRequest): Promise<PlaceOutcome> => {
    let spec: Awaited<ReturnType<TradingParts['listed']>>;
    try {
      spec = await parts.listed(request.symbol);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: 'not-sent', message: `the instruments could not be read: ${why}` };
    }
    if ('code' in spec) return { kind: 'rejected', code: spec.code, message: spec.message };
    if (parts.isClosed()) return { kind: 'not-sent', message: 'the paper venue is closed' };
    const line = parts.line(request.symbol);
    line.begin(spec);
    try {
      const priced = await line.priced(request);
      if (parts.isClosed()) return { kind: 'not-sent', message: 'the paper venue is closed' };
      return priced
        ? match(request, line)
        : { kind: 'rejected', code: 'no-liquidity', message: 'no price of it came within 2 seconds' };
    } finally {
      line.done();
    }
  };

  const match = (request: OrderRequest, line: Line): PlaceOutcome => {
    line.refresh();
    const result = floor.matching.place(toMatchOrder(ACCOUNT, request), marketNow());
    if (!result.ok) return { kind: 'rejected', code: result.code, message: result.message };
    if (!line.book(result.events)) return { kind: 'unknown', message: NOT_SAVED };
    const { venueOrderId, status } = history.order(request.clientOrderId) ?? toVenueOrder(result.value);
    return { kind: 'accepted', venueOrderId, status };
  };

  return {
    // In process nothing is under way: a request has arrived or never will.
    requestExpiryMs: 1,

    async place(request) {
      const id = request.clientOrderId;
      // As on a real venue: "rejected" would deny the order that has the id and may be live.
      if (underWay.has(id) || history.order(id) !== undefined)
        return { kind: 'unknown', message: `the paper venue already has the order id ${id}` };
      const work = placing(request);
      underWay.set(id, work);
      try {
        return await work;
      } finally {
        underWay.delete(id);
      }
    },

    async cancel(request) {
      await underWay.get(request.clientOrderId)?.catch(() => {});
      if (!ledger.commit()) return { kind: 'unknown', message: NOT_SAVED };
      const { clientOrderId, symbol } = request;
      const result = floor.matching.cancel(ACCOUNT, symbol, { clientOrderId }, marketNow());
      if (!result.ok) return { kind: 'not-open', message: result.message };
      const saved = ledger.apply(result.events);
      parts.line(symbol).settle();
      return saved ? { kind: 'cancelled' } : { kind: 'unknown', message: NOT_SAVED };
    },

    async find(request) {
      await underWay.get(request.clientOrderId)?.catch(() => {});
      ledger.ensureSaved();
      const order = history.order(request.clientOrderId);
      return order?.symbol === request.symbol ? { kind: 'found', order } : { kind: 'absent' };
    },

    async openOrders(symbol) {
      ledger.ensureSaved();
      return floor.matching.openOrders(ACCOUNT, symbol).map(toVenueOrder);
    },

    async setLeverage(symbol, leverage) {
      const spec = await parts.listed(symbol);
      if ('code' in spec) throw new VenueError('unknown-symbol', spec.message);
      const result = floor.matching.setLeverage(ACCOUNT, symbol, leverage);
      if (!result.ok) throw new VenueError('refused', result.message);
      // Leverage alone is no event of the engine, but must survive.
      ledger.saveSoon();
      ledger.apply(result.events);
      ledger.ensureSaved();
    },

    async leverage(symbol) {
      const spec = await parts.listed(symbol);
      if ('code' in spec) throw new VenueError('unknown-symbol', spec.message);
      ledger.ensureSaved();
      const held = floor.matching.account(ACCOUNT).positions.find((one) => one.symbol === symbol);
      return held?.leverage ?? Math.min(DEFAULT_LEVERAGE, spec.maxLeverage);
    },
  };
}
