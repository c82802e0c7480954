import type { Timers } from '#main/seams/seams';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import { readAnswer } from '../core/answer';
import { type Fields, fieldsOf, listOf, textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type CancelOutcome, type OrderLookup, type Trading, VenueError, type VenueOrder } from '../venue';
import { type Params, RECV_WINDOW_MS } from './auth';
import { CATEGORY } from './endpoints';
import { askLeverage, setLeverage } from './leverage';
import { decodeOrderRow } from './order-rows';
import { cancelCalls, placeCall, toCancelOutcome, toPlaceOutcome } from './place';
import type { Rest, RestCall } from './rest';
import { toWireSymbol } from './symbols';

export interface TradingParts {
  readonly market: MarketKind;
  readonly rest: Rest;
  readonly timers: Pick<Timers, 'after'>;
  readonly names: OrderNames;
  /** Unified symbol of a wire one, instruments loaded; null for what we do not trade. @throws VenueError */
  symbolOf(wireSymbol: string): Promise<Symbol | null>;
}

/** Orders of one account. Placing sends one request and never repeats it. */
export function createTrading(parts: TradingParts): Trading {
  const { market, rest, names } = parts;
  const trading: Trading = {
    requestExpiryMs: RECV_WINDOW_MS,

    async place(request) {
      const call = placeCall(request, market);
      if (typeof call === 'string') return { kind: 'not-sent', message: call };
      const outcome = toPlaceOutcome(await rest.send(call), request);
      if (outcome.kind === 'accepted') names.set(request.symbol, outcome.venueOrderId, request.clientOrderId);
      return outcome;
    },
    cancel: (request) => cancel(parts, request),
    find: (request) => find(parts, request),
    openOrders: (symbol) => openOrders(parts, symbol),
  };
  if (market === 'spot') return trading;
  return {
    ...trading,
    setLeverage: (symbol, leverage) => setLeverage(rest, symbol, leverage),
    leverage: (symbol) => askLeverage(rest, symbol),
  };
}

/** Waits before looking whether a cancel that was taken has been carried out. */
const LOOK_AFTER_MS: readonly number[] = [0, 200, 500, 1_000];

/** Bybit answers that it has taken a cancel, not that the order is gone: the order itself is asked what became of it. */
async function cancel(parts: TradingParts, request: OrderRequest): Promise<CancelOutcome> {
  let outcome: ReturnType<typeof toCancelOutcome> = { kind: 'unknown', message: 'nothing was sent' };
  for (const call of cancelCalls(request, parts.market)) {
    outcome = toCancelOutcome(await parts.rest.send(call));
    if (outcome.kind !== 'not-open') break;
  }
  if (outcome.kind !== 'taken') return outcome;
  for (const waitMs of LOOK_AFTER_MS) {
    if (waitMs > 0) await new Promise<void>((resolve) => void parts.timers.after(waitMs, resolve));
    const seen = await find(parts, request).catch(() => null);
    if (seen?.kind !== 'found' || !isEnded(seen.order.status)) continue;
    return seen.order.status === 'filled'
      ? { kind: 'not-open', message: 'the order was filled before it could be cancelled' }
      : { kind: 'cancelled' };
  }
  return {
    kind: 'unknown',
    message: 'the exchange has taken the cancel, but the order is not seen to have ended',
  };
}

/** Where an order may be, in the order to ask: open ones of every family, those that ended lately, all of two years. */
const PLACES: readonly { readonly path: string; readonly params: Params }[] = [
  { path: 'order/realtime', params: { openOnly: 0 } },
  { path: 'order/realtime', params: { openOnly: 1 } },
  { path: 'order/history', params: {} },
];

/** @throws VenueError */
async function find(parts: TradingParts, request: OrderRequest): Promise<OrderLookup> {
  const asked = {
    category: CATEGORY[parts.market],
    symbol: toWireSymbol(request.symbol),
    orderLinkId: request.clientOrderId,
  };
  for (const { path, params } of PLACES) {
    const call: RestCall = { access: 'signed', method: 'GET', path, params: { ...asked, ...params } };
    const row = ownRow(await parts.rest.ask(call), path, asked);
    if (row === undefined) continue;
    const order = readAnswer(row, `GET ${path}`, (fields) =>
      decodeOrderRow(fields, request.symbol, parts.market),
    );
    parts.names.set(request.symbol, order.venueOrderId, request.clientOrderId);
    return { kind: 'found', order };
  }
  return { kind: 'absent' };
}

/** The one row of an answer; undefined for none. Rows about another order than the one asked for prove nothing. */
function ownRow(
  data: unknown,
  path: string,
  asked: { readonly symbol: string; readonly orderLinkId: string },
): Fields | undefined {
  return readAnswer(data, `GET ${path}`, (fields) => {
    const rows = listOf(fields.list, 'list').map((row) => fieldsOf(row, 'order'));
    for (const row of rows)
      if (row.symbol !== asked.symbol || row.orderLinkId !== asked.orderLinkId)
        throw new VenueError('bad-answer', `GET ${path}: the answer is about another order`);
    return rows[0];
  });
}

/** Coins in which linear contracts settle; without a symbol Bybit wants one of them named. */
const SETTLE_COINS = ['USDT', 'USDC'] as const;

/** Waiting orders are among the open ones. @throws VenueError */
async function openOrders(parts: TradingParts, symbol?: Symbol): Promise<readonly VenueOrder[]> {
  const { market, rest, names } = parts;
  const ask = (more: Params): Promise<readonly Fields[]> =>
    rest.pages({
      access: 'signed',
      method: 'GET',
      path: 'order/realtime',
      params: { category: CATEGORY[market], ...more, openOnly: 0, limit: 50 },
    });
  const questions: readonly Params[] =
    symbol !== undefined
      ? [{ symbol: toWireSymbol(symbol) }]
      : market === 'spot'
        ? [{}]
        : SETTLE_COINS.map((settleCoin) => ({ settleCoin }));
  const rows = (await Promise.all(questions.map(ask))).flat();
  const orders: VenueOrder[] = [];
  for (const row of rows) {
    const of = await parts.symbolOf(
      readAnswer(row, 'GET order/realtime', (fields) => textOf(fields, 'symbol')),
    );
    if (of === null) continue;
    const order = readAnswer(row, 'GET order/realtime', (fields) => decodeOrderRow(fields, of, market));
    if (order.clientOrderId !== null) names.set(of, order.venueOrderId, order.clientOrderId);
    orders.push(order);
  }
  return orders;
}
