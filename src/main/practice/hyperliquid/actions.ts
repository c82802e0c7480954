import type { MatchOrderView } from '#main/matching/types';
import { div, isZero } from '#shared/domain/decimal';
import { randomText } from '../wire-kit/random-text';
import { findFace } from './account-info';
import { printed } from './format';
import type { Listed } from './names';
import { cloidOf, faceOf, oidOf, orderIdOf } from './order-image';
import { readOrder } from './order-input';
import { ActionRefusal, OrderRefusal, unreadable } from './refusal';
import type { Side, WireState } from './wire-state';

type Json = Readonly<Record<string, unknown>>;
const objects = (value: unknown): readonly Json[] => {
  if (!Array.isArray(value)) throw unreadable();
  return value.map((row: unknown) => {
    if (typeof row !== 'object' || row === null) throw unreadable();
    return row as Json;
  });
};
const DEFAULT = { type: 'default' };

/** What an account may do. Every action is answered as the exchange words it. */
export function createActions(state: WireState) {
  const market = (asset: unknown): { readonly side: Side; readonly listed: Listed } => {
    const found = state.findAsset(asset);
    if (found === undefined) throw new OrderRefusal(`Invalid asset. asset=${String(asset).slice(0, 20)}`);
    return found;
  };
  /** One order's place in the answer: what became of it, or the error alone. */
  const each = (rows: readonly Json[], run: (row: Json) => unknown): unknown[] =>
    rows.map((row) => {
      try {
        return run(row);
      } catch (error) {
        if (error instanceof OrderRefusal) return { error: error.message };
        throw error;
      }
    });
  const answer = (type: string, statuses: readonly unknown[]) => ({ type, data: { statuses } });

  const placeOne = (account: string, row: Json): unknown => {
    const { side, listed } = market(row.a);
    const fresh = () => `auto-${randomText(state.seams.random, 20)}`;
    const order = readOrder(row, listed, account, fresh);
    if (findTaken(side, account, listed, order.clientOrderId))
      throw new OrderRefusal(`Client order id already exists. asset=${listed.asset}`);
    const placed = side.view.command(listed.symbol, (matching, now) => matching.place(order, now));
    return placedImage(listed, placed);
  };
  const cancelOne = (
    account: string,
    listed: Listed,
    side: Side,
    found: MatchOrderView | undefined,
  ): string => {
    const gone = `Order was never placed, already canceled, or filled. asset=${listed.asset}`;
    if (found === undefined) throw new OrderRefusal(gone);
    side.view.command(listed.symbol, (matching, now) =>
      matching.cancel(account, listed.symbol.symbol, { orderId: found.orderId }, now),
    );
    return 'success';
  };
  /** What is open under a number or client id; a triggered stop is cancelled through the order it became. */
  const openOrder = (account: string, listed: Listed, side: Side, is: (order: MatchOrderView) => boolean) =>
    side.view.core.matching
      .openOrders(account, listed.symbol.symbol)
      .find((order) => is(order) || is(faceOf(side, order)));

  const cancel = (account: string, row: Json): unknown => {
    const { side, listed } = market(row.a);
    const id = orderIdOf(row.o, listed.kind);
    return cancelOne(
      account,
      listed,
      side,
      openOrder(account, listed, side, ({ orderId }) => orderId === id),
    );
  };
  const cancelByCloid = (account: string, row: Json): unknown => {
    const { side, listed } = market(row.asset);
    const cloid = String(row.cloid).toLowerCase();
    return cancelOne(
      account,
      listed,
      side,
      openOrder(account, listed, side, (order) => cloidOf(order) === cloid),
    );
  };
  /** A change is a cancel and a new order with a number of its own. */
  const modify = (account: string, row: Json): unknown => {
    const found = findFace(state, account, row.oid);
    const [order] = objects([row.order]);
    if (found === undefined) throw new OrderRefusal('Cannot modify canceled or filled order');
    const { side, listed, face } = found;
    cancelOne(
      account,
      listed,
      side,
      openOrder(account, listed, side, ({ orderId }) => orderId === face.orderId),
    );
    return placeOne(account, order!);
  };
  const setLeverage = (account: string, action: Json): void => {
    const { side, listed } = market(action.asset);
    const { leverage, isCross } = action;
    if (isCross !== true) throw new ActionRefusal('The practice exchange offers cross margin only.');
    if (typeof leverage !== 'number') throw unreadable();
    side.view.command(listed.symbol, (matching) =>
      matching.setLeverage(account, listed.symbol.symbol, leverage),
    );
  };

  return {
    /** @throws ActionRefusal for an action refused as a whole, HttpRefusal for one that cannot be read */
    run(account: string, action: Json): unknown {
      switch (action.type) {
        case 'order': {
          const orders = objects(action.orders);
          if (orders.length === 0) throw new ActionRefusal('Order batch is empty.');
          if (action.grouping !== 'na')
            throw new ActionRefusal('The practice exchange offers no groups of orders with stops attached.');
          return answer(
            'order',
            each(orders, (row) => placeOne(account, row)),
          );
        }
        case 'cancel':
          return answer(
            'cancel',
            each(objects(action.cancels), (row) => cancel(account, row)),
          );
        case 'cancelByCloid':
          return answer(
            'cancel',
            each(objects(action.cancels), (row) => cancelByCloid(account, row)),
          );
        case 'modify':
          return answer(
            'order',
            each([action], (row) => modify(account, row)),
          );
        case 'batchModify':
          return answer(
            'order',
            each(objects(action.modifies), (row) => modify(account, row)),
          );
        case 'updateLeverage':
          try {
            setLeverage(account, action);
          } catch (error) {
            throw error instanceof OrderRefusal ? new ActionRefusal(error.message) : error;
          }
          return DEFAULT;
        case 'scheduleCancel':
          throw new ActionRefusal(
            'Cannot set scheduled cancel time until enough volume traded. Required: $1000000.',
          );
        case 'setReferrer':
        case 'approveBuilderFee':
          return DEFAULT;
        default:
          throw unreadable();
      }
    },
  };
}
export type Actions = ReturnType<typeof createActions>;

/** A name of an order that is open, or of one that is remembered, is not given twice. */
const findTaken = ({ view }: Side, account: string, listed: Listed, clientOrderId: string): boolean =>
  view.core.matching.order(account, listed.symbol.symbol, { clientOrderId }) !== undefined;

function placedImage(listed: Listed, order: MatchOrderView): unknown {
  const named = { oid: oidOf(order.orderId, listed.kind), ...cloidField(order) };
  if (isZero(order.filled)) {
    if (order.status === 'expired')
      throw new OrderRefusal(
        `Order could not immediately match against any resting orders. asset=${listed.asset}`,
      );
    return { resting: named };
  }
  if (order.status === 'partially-filled') return { resting: named };
  const average = div(order.filledQuote, order.filled);
  return { filled: { totalSz: printed(order.filled), avgPx: printed(average), ...named } };
}

const cloidField = (order: MatchOrderView) => {
  const cloid = cloidOf(order);
  return cloid === null ? {} : { cloid };
};
