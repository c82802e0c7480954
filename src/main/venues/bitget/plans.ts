import type { UnixMs } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { readAnswer, readList } from '../core/answer';
import { type Fields, fieldsOf, listOf } from '../core/fields';
import { isAbsence } from './answer';
import type { Params } from './auth';
import { askMarketEnd } from './klines';
import { toVenueId } from './order-rows';
import { type Rest, signedGet } from './rest';
import { PRODUCT, toWireSymbol } from './symbols';

/** Words under which futures' trigger orders are listed. */
export const PLAN_TYPES = ['normal_plan', 'track_plan', 'profit_loss'] as const;
export type PlanType = (typeof PLAN_TYPES)[number];

const PAGE = 100;
const DAY_MS = 86_400_000;
/** The spot history wants both ends and answers for this long at most. */
const HISTORY_MS = 89 * DAY_MS;

export interface OrderQuestions {
  readonly rest: Rest;
  readonly market: MarketKind;
}

/** All pages of a list of orders, each page older than the one before. @throws VenueError */
export async function allPages(
  rest: Rest,
  path: string,
  params: Params,
  listIn: string | null,
  mostPages = 20,
): Promise<Fields[]> {
  const rows: Fields[] = [];
  let idLessThan: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const asked = { ...params, limit: String(PAGE), ...(idLessThan === null ? {} : { idLessThan }) };
    const data = await rest.ask(signedGet(path, asked));
    const list = readRows(data, `GET ${path}`, listIn);
    rows.push(...list);
    const last = list.at(-1);
    if (last === undefined || list.length < PAGE) return rows;
    idLessThan = readAnswer(last, `GET ${path}`, (row) => toVenueId(row));
  }
  return rows;
}

/** Rows that stand bare, or under a name, where nothing may be written as null. */
export function readRows(data: unknown, what: string, listIn: string | null): Fields[] {
  const list =
    listIn === null
      ? (data ?? [])
      : readAnswer(data ?? {}, what, (fields) => listOf(fields[listIn] ?? [], listIn));
  return readList(list, what, (row) => row);
}

/** Trigger orders that wait. @throws VenueError */
export async function waitingPlans(
  { rest, market }: OrderQuestions,
  symbol: Symbol | undefined,
  types: readonly PlanType[] = PLAN_TYPES,
  clientOid?: string,
): Promise<Fields[]> {
  const named: Params = symbol === undefined ? {} : { symbol: toWireSymbol(symbol) };
  if (market === 'spot') return allPages(rest, 'v2/spot/trade/current-plan-order', named, 'orderList');
  const one = { ...named, productType: PRODUCT.future, ...(clientOid === undefined ? {} : { clientOid }) };
  const lists = types.map((planType) =>
    allPages(rest, 'v2/mix/order/orders-plan-pending', { ...one, planType }, 'entrustedList'),
  );
  return (await Promise.all(lists)).flat();
}

/** The newest trigger orders that wait no more. @throws VenueError */
export async function pastPlans(
  { rest, market }: OrderQuestions,
  symbol: Symbol,
  types: readonly PlanType[] = PLAN_TYPES,
  clientOid?: string,
): Promise<Fields[]> {
  const named = { symbol: toWireSymbol(symbol) };
  if (market === 'spot') {
    const end = ((await askMarketEnd(rest, market, symbol)) ?? (rest.now() as UnixMs)) + DAY_MS;
    const times = { startTime: String(end - HISTORY_MS), endTime: String(end) };
    return allPages(rest, 'v2/spot/trade/history-plan-order', { ...named, ...times }, 'orderList', 1);
  }
  const one = { ...named, productType: PRODUCT.future, ...(clientOid === undefined ? {} : { clientOid }) };
  const lists = types.map((planType) =>
    allPages(rest, 'v2/mix/order/orders-plan-history', { ...one, planType }, 'entrustedList', 1),
  );
  return (await Promise.all(lists)).flat();
}

/** The plain order a spot trigger order became; null when it became none (yet). @throws VenueError */
export async function spotChildOf(rest: Rest, planOrderId: string): Promise<string | null> {
  const path = 'v2/spot/trade/plan-sub-order';
  const data = await rest.ask(signedGet(path, { planOrderId }));
  const [first] = readRows(data, `GET ${path}`, null);
  return first === undefined ? null : readAnswer(first, `GET ${path}`, (row) => toVenueId(row));
}

/** One plain order by our id or the exchange's; null when the exchange has no such order. @throws VenueError */
export async function askOrder(
  { rest, market }: OrderQuestions,
  symbol: Symbol,
  by: { readonly clientOid: string } | { readonly orderId: string },
): Promise<Fields | null> {
  const spot = market === 'spot';
  const path = spot ? 'v2/spot/trade/orderInfo' : 'v2/mix/order/detail';
  const params = spot ? by : { ...by, symbol: toWireSymbol(symbol), productType: PRODUCT.future };
  try {
    const data = await rest.ask(signedGet(path, params));
    if (!spot) return readAnswer(data, `GET ${path}`, (fields) => fields);
    return readRows(data, `GET ${path}`, null)[0] ?? null;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/**
 * A spot order by our id when it is older than the two hours within which the exchange finds it by that: among the
 * open ones, then in the history. @throws VenueError
 */
export async function searchSpotOrder(rest: Rest, symbol: Symbol, clientOid: string): Promise<Fields | null> {
  const params = { symbol: toWireSymbol(symbol) };
  for (const path of ['v2/spot/trade/unfilled-orders', 'v2/spot/trade/history-orders']) {
    const rows = await allPages(rest, path, params, null, 5);
    const found = rows.find((row) => fieldsOf(row, 'order').clientOid === clientOid);
    if (found !== undefined) return found;
  }
  return null;
}
