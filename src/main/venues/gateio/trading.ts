import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { isZero } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import { bad, decimalOf, type Fields, fieldsOf, listOf, textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type OrderLookup, type Trading, VenueError, type VenueOrder } from '../venue';
import { isAbsence } from './answer';
import { EXPIRY_MS, type Params } from './auth';
import { toText } from './client-ids';
import { rememberTrigger } from './decode-account';
import type { Listings } from './listings';
import {
  decodeFutureOrder,
  decodeFutureTrigger,
  decodeSpotOrder,
  decodeSpotTrigger,
  type TriggerRow,
  triggerName,
} from './order-rows';
import { isConditional, placeCall, toCancelOutcome, toPlaceOutcome, wantsAsk } from './place';
import type { Rest, RestCall } from './rest';
import type { GateInstrument } from './symbols';

export interface TradingParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly names: OrderNames;
  readonly listings: Listings;
}

/** Orders of one account. Placing and cancelling send one order request each and never repeat it. */
export function createTrading(parts: TradingParts): Trading {
  const { market, rest, names, listings } = parts;
  /** Ids of this session's orders. Gate knows an order by our id only while it is open. */
  const placed = new Map<ClientOrderId, string>();
  const book = createOrderBook(parts, placed);

  const trading: Trading = {
    requestExpiryMs: EXPIRY_MS,
    async place(request) {
      const known = await instrumentFor(listings, request.symbol);
      if ('problem' in known) return { kind: 'not-sent', message: known.problem };
      const ask = wantsAsk(request, known) ? await bestAsk(rest, known) : null;
      const call = placeCall(request, known, ask);
      if (typeof call === 'string') return { kind: 'not-sent', message: call };
      const outcome = toPlaceOutcome(await rest.send(call), request, known);
      if (outcome.kind !== 'accepted') return outcome;
      const { venueOrderId } = outcome;
      placed.set(request.clientOrderId, venueOrderId);
      if (placed.size > MOST_PLACED) placed.delete(placed.keys().next().value!);
      const name = isConditional(request) ? triggerName(venueOrderId) : venueOrderId;
      names.set(request.symbol, name, request.clientOrderId);
      return outcome;
    },
    async cancel(request) {
      const known = await instrumentFor(listings, request.symbol);
      if ('problem' in known) return { kind: 'unknown', message: known.problem };
      if (!isConditional(request))
        return toCancelOutcome(await rest.send(cancelOrder(known, toText(request.clientOrderId) ?? '')));
      try {
        const id = placed.get(request.clientOrderId) ?? (await book.openTrigger(request, known))?.id;
        if (id === undefined) return { kind: 'not-open', message: 'Gate has no such trigger order waiting' };
        return toCancelOutcome(await rest.send(cancelTrigger(known, id)));
      } catch (error) {
        return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
      }
    },
    async find(request) {
      await listings.ready();
      return book.find(request, listings.ofSymbol(request.symbol));
    },
    async openOrders(symbol) {
      await listings.ready();
      return book.open(symbol === undefined ? null : listings.ofSymbol(symbol));
    },
  };
  if (market === 'spot') return trading;
  return {
    ...trading,
    setLeverage: (symbol, leverage) => setLeverage(parts, symbol, leverage),
    leverage: async (symbol) => (await askLeverage(parts, symbol)).leverage,
  };
}

const MOST_PLACED = 10_000;
/** Gate's largest page of orders. */
const PAGE = 100;
/** So many ended orders of one symbol are looked through for one that is no longer open. */
const MOST_PAGES = 10;

async function instrumentFor(
  listings: Listings,
  symbol: Symbol,
): Promise<GateInstrument | { readonly problem: string }> {
  try {
    await listings.ready();
    return listings.ofSymbol(symbol);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Null when Gate did not tell it: then nothing is sent. */
async function bestAsk(rest: Rest, { wireSymbol }: GateInstrument): Promise<Decimal | null> {
  try {
    const data = await rest.ask({
      access: 'public',
      section: 'spot',
      method: 'GET',
      path: 'tickers',
      params: { currency_pair: wireSymbol },
    });
    const row = readList(data, 'GET tickers', (fields) => fields).find(
      (one) => one.currency_pair === wireSymbol,
    );
    const ask = row === undefined ? null : decimalOf(row, 'lowest_ask');
    return ask === null || isZero(ask) ? null : ask;
  } catch {
    return null;
  }
}

const section = ({ market }: Pick<GateInstrument, 'market'>) => (market === 'spot' ? 'spot' : 'futures');
const pathOf = ({ market }: Pick<GateInstrument, 'market'>, path: string): string =>
  market === 'spot' ? path : `usdt/${path}`;
const named = ({ market, wireSymbol }: GateInstrument): Params =>
  market === 'spot' ? { currency_pair: wireSymbol, account: 'spot' } : { contract: wireSymbol };

const cancelOrder = (of: GateInstrument, id: string): RestCall => ({
  access: 'private',
  section: section(of),
  method: 'DELETE',
  path: pathOf(of, `orders/${id}`),
  params: named(of),
});
const cancelTrigger = (of: GateInstrument, id: string): RestCall => ({
  access: 'private',
  section: section(of),
  method: 'DELETE',
  path: pathOf(of, `price_orders/${id}`),
});

const ABSENT: OrderLookup = { kind: 'absent' };

/** Questions about orders of both families. */
function createOrderBook(parts: TradingParts, placed: ReadonlyMap<ClientOrderId, string>) {
  const { market, rest, names, listings } = parts;
  const readOrder = market === 'spot' ? decodeSpotOrder : decodeFutureOrder;
  const readTrigger = market === 'spot' ? decodeSpotTrigger : decodeFutureTrigger;
  const wireOf = (row: Fields): string => textOf(row, market === 'spot' ? 'currency_pair' : 'contract');
  const wireOfTrigger = (row: Fields): string =>
    market === 'spot' ? textOf(row, 'market') : textOf(fieldsOf(row.initial, 'initial'), 'contract');

  const ask = (path: string, params: Params = {}): Promise<unknown> =>
    rest.ask({
      access: 'private',
      section: section({ market }),
      method: 'GET',
      path: pathOf({ market }, path),
      params,
    });
  /** Null when the venue says it has no such order. @throws VenueError */
  const one = async (path: string, params: Params): Promise<Fields | null> => {
    try {
      return readAnswer(await ask(path, params), `GET ${path}`, (fields) => fields);
    } catch (error) {
      if (isAbsence(error)) return null;
      throw error;
    }
  };
  const order = (row: Fields, of: GateInstrument): VenueOrder =>
    readAnswer(row, 'GET orders', (fields) => {
      if (wireOf(fields) !== of.wireSymbol)
        throw bad(`an order of another symbol than ${of.wireSymbol}`, row);
      return readOrder(fields, of, names);
    });
  const trigger = (row: Fields, of: GateInstrument): TriggerRow =>
    readAnswer(row, 'GET price_orders', (fields) => {
      if (wireOfTrigger(fields) !== of.wireSymbol)
        throw bad(`a trigger order of another symbol than ${of.wireSymbol}`, row);
      const read = readTrigger(fields, of, names);
      rememberTrigger(names, read);
      return read;
    });

  /** Newest first; stops at the first row that is looked for. */
  async function search<T>(path: string, params: Params, read: (row: Fields) => T | null): Promise<T | null> {
    for (let at = 0; at < MOST_PAGES; at++) {
      const paging = market === 'spot' && path === 'orders' ? { page: at + 1 } : { offset: at * PAGE };
      const rows = readList(
        await ask(path, { ...params, ...paging, limit: PAGE }),
        `GET ${path}`,
        (row) => row,
      );
      for (const row of rows) {
        const found = read(row);
        if (found !== null) return found;
      }
      if (rows.length < PAGE) return null;
    }
    return null;
  }

  async function findPlain(request: OrderRequest, of: GateInstrument): Promise<VenueOrder | null> {
    const text = toText(request.clientOrderId);
    if (text === null) return null;
    const id = isConditional(request) ? undefined : placed.get(request.clientOrderId);
    if (id !== undefined) {
      const row = await one(`orders/${id}`, named(of));
      if (row !== null) return order(row, of);
    }
    const open = await one(`orders/${text}`, named(of));
    if (open !== null) {
      if (open.text !== text) throw new VenueError('bad-answer', 'the answer is about another order');
      return order(open, of);
    }
    const params = { ...named(of), status: 'finished' };
    const ended = await search('orders', params, (row) => (row.text === text ? row : null));
    return ended === null ? null : order(ended, of);
  }

  async function searchTrigger(
    request: OrderRequest,
    of: GateInstrument,
    status: 'open' | 'finished',
  ): Promise<TriggerRow | null> {
    const params =
      market === 'spot' ? { market: of.wireSymbol, status } : { contract: of.wireSymbol, status };
    return search('price_orders', params, (row) => {
      const read = trigger(row, of);
      return read.order.clientOrderId === request.clientOrderId ? read : null;
    });
  }

  async function findTrigger(request: OrderRequest, of: GateInstrument): Promise<TriggerRow | null> {
    const id = isConditional(request) ? placed.get(request.clientOrderId) : undefined;
    if (id !== undefined) {
      const row = await one(`price_orders/${id}`, {});
      if (row !== null) return trigger(row, of);
    }
    return (await searchTrigger(request, of, 'open')) ?? (await searchTrigger(request, of, 'finished'));
  }

  return {
    openTrigger: (request: OrderRequest, of: GateInstrument) => searchTrigger(request, of, 'open'),
    /**
     * A stop waits in a family of its own until its trigger, then an ordinary order takes over. Both are asked; the
     * ordinary one, when it is there, knows best. @throws VenueError
     */
    async find(request: OrderRequest, of: GateInstrument): Promise<OrderLookup> {
      const [plain, waiting] = await Promise.all([findPlain(request, of), findTrigger(request, of)]);
      const { clientOrderId } = request;
      if (plain !== null) {
        names.set(of.symbol, plain.venueOrderId, clientOrderId);
        return { kind: 'found', order: { ...plain, clientOrderId } };
      }
      if (waiting === null) return ABSENT;
      const { childId } = waiting;
      if (childId === null) return { kind: 'found', order: { ...waiting.order, clientOrderId } };
      const row = await one(`orders/${childId}`, named(of));
      if (row === null)
        throw new VenueError('bad-answer', 'the stop has triggered, but the order it became is not visible');
      names.set(of.symbol, childId, clientOrderId);
      return { kind: 'found', order: { ...order(row, of), clientOrderId } };
    },
    /** Null: of all symbols. @throws VenueError */
    async open(of: GateInstrument | null): Promise<readonly VenueOrder[]> {
      const plain = market === 'spot' ? openSpot() : pages('orders', of);
      const [orders, triggers] = await Promise.all([plain, pages('price_orders', of)]);
      const found: VenueOrder[] = [];
      for (const row of orders) {
        const its = listings.find(wireOf(row));
        if (its === undefined || (of !== null && its !== of)) continue;
        const read = order(row, its);
        if (read.clientOrderId !== null) names.set(read.symbol, read.venueOrderId, read.clientOrderId);
        found.push(read);
      }
      for (const row of triggers) {
        const its = listings.find(wireOfTrigger(row));
        if (its !== undefined && (of === null || its === of)) found.push(trigger(row, its).order);
      }
      return found;
    },
  };

  /** All pages of what is open; one unreadable row spoils the answer. */
  async function pages(path: 'orders' | 'price_orders', of: GateInstrument | null): Promise<Fields[]> {
    const name = market === 'spot' ? 'market' : 'contract';
    const only: Params = of === null ? {} : { [name]: of.wireSymbol };
    const rows: Fields[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const data = await ask(path, { ...only, status: 'open', limit: PAGE, offset });
      const page = readList(data, `GET ${path}`, (row) => row);
      rows.push(...page);
      if (page.length < PAGE) return rows;
    }
  }
  /** Spot groups by pair, each with a page of its own: [{"currency_pair":"ETH_USDT","total":1,"orders":[…]}] */
  async function openSpot(): Promise<Fields[]> {
    const rows: Fields[] = [];
    for (let page = 1; ; page++) {
      const data = await ask('open_orders', { account: 'spot', limit: PAGE, page });
      const groups = readList(data, 'GET open_orders', (row) => listOf(row.orders, 'orders'));
      for (const group of groups) for (const row of group) rows.push(fieldsOf(row, 'order'));
      if (!groups.some((group) => group.length >= PAGE)) return rows;
    }
  }
}

interface Leverage {
  readonly cross: boolean;
  readonly leverage: number;
}

/** Leverage 0 means cross margin, whose limit then stands beside it. @throws VenueError */
async function askLeverage({ rest, listings }: TradingParts, symbol: Symbol): Promise<Leverage> {
  await listings.ready();
  const { wireSymbol } = listings.ofSymbol(symbol);
  const path = `usdt/positions/${wireSymbol}`;
  const data = await rest.ask({ access: 'private', section: 'futures', method: 'GET', path });
  return readAnswer({ data }, 'GET positions', (fields) => {
    if (Array.isArray(fields.data))
      throw new VenueError('refused', 'the account is in hedge mode; switch it to one-way mode on Gate');
    const row = fieldsOf(fields.data, 'position');
    const cross = isZero(decimalOf(row, 'leverage'));
    const leverage = Number(decimalOf(row, cross ? 'cross_leverage_limit' : 'leverage'));
    if (!(leverage >= 1)) throw bad(`no leverage of ${wireSymbol}`, row);
    return { cross, leverage };
  });
}

/** trap: `leverage` alone would move a cross position to isolated margin. The margin mode stays what it is. */
async function setLeverage(parts: TradingParts, symbol: Symbol, leverage: number): Promise<void> {
  const { cross } = await askLeverage(parts, symbol);
  const { wireSymbol } = parts.listings.ofSymbol(symbol);
  const call: RestCall = {
    access: 'private',
    section: 'futures',
    method: 'POST',
    path: `usdt/positions/${wireSymbol}/leverage`,
    params: cross
      ? { leverage: '0', cross_leverage_limit: String(leverage) }
      : { leverage: String(leverage) },
  };
  const answer = await parts.rest.send(call);
  if (answer.kind !== 'ok') throw parts.rest.toError(answer, call);
}
