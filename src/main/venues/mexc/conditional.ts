import type { VenueOrderId } from '#shared/domain/basics';
import { eq } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderRequest } from '#shared/domain/order';
import { type CancelOutcome, VenueError, type VenueOrder } from '../venue';
import { askPages, decodeRows, type ListParts } from './lists';
import { decodePlanRow, decodeStopRow, decodeTrackRow, type PlanRow } from './order-rows';
import { cancelFutureCall, toCancelOutcome, triggerTypeOf } from './place';
import type { PlanNames } from './plan-names';
import { toWireSymbol } from './symbols';

export interface ConditionalParts extends ListParts {
  readonly plans: PlanNames;
}

/** MEXC wants both ends of the time; a trigger order lives 7 days, its history is asked no further back. */
const LOOK_BACK_MS = 14 * 86_400_000;
const PAGE = 100;
const WAITING = '1';
const ALL_STATES = '1,2,3,4,5';

/** Trigger orders, newest first or last as MEXC likes. @throws VenueError */
export async function planRows(
  parts: ConditionalParts,
  states: string,
  symbol?: Symbol,
): Promise<readonly PlanRow[]> {
  const now = Math.round(parts.rest.now());
  const params = {
    ...(symbol === undefined ? {} : { symbol: toWireSymbol(symbol) }),
    states,
    start_time: now - LOOK_BACK_MS,
    end_time: now,
  };
  const rows = await askPages(parts.rest, 'planorder/list/orders', params, PAGE);
  const plans = await decodeRows(parts, 'GET planorder/list', rows, decodePlanRow);
  for (const plan of plans) remember(parts, plan);
  return plans.map((plan) => ({ ...plan, order: named(parts, plan.order) }));
}

function remember({ plans }: ConditionalParts, { order, triggered }: PlanRow): void {
  if (order.status !== 'open' && !triggered) plans.ended(order.symbol, order.venueOrderId);
}
const named = ({ plans }: ConditionalParts, order: VenueOrder): VenueOrder => ({
  ...order,
  clientOrderId: plans.clientOf(order.symbol, order.venueOrderId) ?? null,
});

/**
 * The trigger order behind a request, or null. By MEXC's id where the placement was answered; else by what it says,
 * which is all that MEXC keeps of it: one that stands goes before ended ones, and of those the newest counts.
 * @throws VenueError also when two that stand are alike
 */
export async function findPlan(parts: ConditionalParts, request: OrderRequest): Promise<PlanRow | null> {
  const { plans } = parts;
  const rows = await planRows(parts, ALL_STATES, request.symbol);
  const known = plans.planOf(request.clientOrderId);
  if (known !== undefined) {
    const row = rows.find(({ order }) => order.venueOrderId === known);
    if (row !== undefined) return row;
    throw new VenueError('bad-answer', 'the trigger order was accepted, but MEXC does not list it');
  }
  const alike = rows.filter((row) => row.order.clientOrderId === null && isAlike(row, request));
  const standing = alike.filter(({ order, triggered }) => order.status === 'open' && !triggered);
  if (standing.length > 1)
    throw new VenueError(
      'bad-answer',
      'several trigger orders are alike, and MEXC keeps no id of ours with them',
    );
  const found = standing[0] ?? alike.sort((a, b) => b.createdAt - a.createdAt)[0];
  if (found === undefined) return null;
  plans.set(request.symbol, found.order.venueOrderId, request.clientOrderId);
  return { ...found, order: named(parts, found.order) };
}

const isAlike = ({ order, triggerType }: PlanRow, request: OrderRequest): boolean =>
  order.side === request.side &&
  order.reduceOnly === request.reduceOnly &&
  triggerType === triggerTypeOf(request) &&
  order.amount !== null &&
  request.amount !== null &&
  eq(order.amount, request.amount) &&
  order.triggerPrice !== null &&
  request.triggerPrice !== null &&
  eq(order.triggerPrice, request.triggerPrice);

/** Sends one request. MEXC answers it without a word about the order, so the list is asked what came of it. */
export async function cancelPlan(parts: ConditionalParts, request: OrderRequest): Promise<CancelOutcome> {
  let planId: VenueOrderId | undefined = parts.plans.planOf(request.clientOrderId);
  if (planId === undefined) {
    try {
      planId = (await findPlan(parts, request))?.order.venueOrderId;
    } catch (error) {
      return { kind: 'unknown', message: wordsOf(error) };
    }
    if (planId === undefined) return { kind: 'not-open', message: 'MEXC has no such trigger order' };
  }
  const answer = await parts.rest.send(cancelFutureCall(request, planId));
  const outcome = toCancelOutcome(answer, planId);
  return (
    outcome ??
    (await state(parts, request, planId)) ?? { kind: 'unknown', message: 'MEXC still lists the order' }
  );
}

/** What the list says of a trigger order; null while it waits. */
async function state(
  parts: ConditionalParts,
  request: OrderRequest,
  planId: VenueOrderId,
): Promise<CancelOutcome | null> {
  try {
    const rows = await planRows(parts, ALL_STATES, request.symbol);
    const row = rows.find(({ order }) => order.venueOrderId === planId);
    if (row === undefined) return { kind: 'unknown', message: 'MEXC does not list the trigger order' };
    if (row.triggered) return { kind: 'not-open', message: 'the trigger order has fired' };
    if (row.order.status === 'cancelled') return { kind: 'cancelled' };
    return row.order.status === 'open' ? null : { kind: 'not-open', message: 'the trigger order has ended' };
  } catch (error) {
    return { kind: 'unknown', message: wordsOf(error) };
  }
}

/** What waits for a price in all three families: trigger orders, stops on positions, trailing orders. @throws VenueError */
export async function waitingOrders(
  parts: ConditionalParts,
  symbol?: Symbol,
): Promise<readonly VenueOrder[]> {
  const named = symbol === undefined ? {} : { symbol: toWireSymbol(symbol) };
  const [plans, stops, tracks] = await Promise.all([
    planRows(parts, WAITING, symbol),
    askPages(parts.rest, 'stoporder/list/orders', { ...named, is_finished: 0 }, PAGE),
    parts.rest.ask({
      family: 'contract',
      method: 'GET',
      path: 'trackorder/list/orders',
      params: { ...named, states: '0,1' },
    }),
  ]);
  const trackRows = Array.isArray(tracks) ? (tracks as Record<string, unknown>[]) : [];
  return [
    ...plans.map(({ order }) => order),
    ...(await decodeRows(parts, 'GET stoporder/list', stops, decodeStopRow)).flat(),
    ...(await decodeRows(parts, 'GET trackorder/list', trackRows, decodeTrackRow)),
  ];
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
