import type { ClientOrderId, VenueOrderId } from '#shared/domain/basics';
import type { OrderRequest } from '#shared/domain/order';
import { type CancelOutcome, type PlaceOutcome, type Trading, VenueError, type VenueOrder } from '../venue';
import type { GenericParts } from './data';
import type { CcxtPro, Unified } from './load';
import { toContracts, toOrder } from './map';
import { cancelFailure, placeFailure, toVenueError } from './outcome';

/**
 * Orders through ccxt's unified calls. Market and limit orders only: with some exchanges ccxt lets a conditional order
 * leave as a plain one, which buys at once what was to be a stop.
 */
export function createGenericTrading(parts: GenericParts, has: CcxtPro['has']): Trading {
  const ids = new Map<ClientOrderId, VenueOrderId>();
  const read = (rows: readonly Unified[], symbol?: string): VenueOrder[] =>
    rows.flatMap((row) => {
      if (symbol !== undefined && row.symbol !== symbol) return [];
      const order = toOrder(row, parts.instrument(String(row.symbol)), parts.seams.clock.now());
      if (order === null) return [];
      if (order.clientOrderId !== null) ids.set(order.clientOrderId, order.venueOrderId);
      return [order];
    });

  async function place(request: OrderRequest): Promise<PlaceOutcome> {
    if (
      (request.type !== 'market' && request.type !== 'limit') ||
      request.closePosition ||
      request.amount === null
    )
      return { kind: 'not-sent', message: `no ${request.type} orders are sent through the generic adapter` };
    const notReady = (error: unknown): PlaceOutcome => ({
      kind: 'not-sent',
      message: toVenueError(error).message,
    });
    let exchange: CcxtPro;
    let amount: string | null;
    try {
      exchange = await parts.ready();
      amount = toContracts(request.amount, parts.instrument(request.symbol));
    } catch (error) {
      return notReady(error);
    }
    if (amount === null)
      return { kind: 'not-sent', message: `${request.amount} is no whole number of contracts` };
    try {
      const { clientOrderId, symbol, type, side, price } = request;
      const answer = await exchange.createOrder(symbol, type, side, amount, price ?? undefined, {
        clientOrderId,
        ...(request.timeInForce === null ? {} : timeInForce(request.timeInForce)),
        ...(request.reduceOnly ? { reduceOnly: true } : {}),
      });
      if (typeof answer.id !== 'string' || answer.id === '')
        return { kind: 'unknown', message: 'the answer named no order' };
      const venueOrderId = answer.id as VenueOrderId;
      ids.set(clientOrderId, venueOrderId);
      // What else the answer says of the order differs from exchange to exchange: its stream and its list tell.
      return { kind: 'accepted', venueOrderId, status: 'open' };
    } catch (error) {
      return placeFailure(error);
    }
  }

  async function seek(request: OrderRequest): Promise<VenueOrder | null> {
    const exchange = await parts.ready();
    const { symbol, clientOrderId } = request;
    const mine = (rows: readonly Unified[]) =>
      read(rows, symbol).find(
        (order) => order.clientOrderId === clientOrderId || order.venueOrderId === ids.get(clientOrderId),
      ) ?? null;
    const open = mine(await exchange.fetchOpenOrders(symbol));
    if (open !== null) return open;
    if (has.fetchOrders === true) return mine(await exchange.fetchOrders(symbol, undefined));
    if (has.fetchClosedOrders === true) {
      const closed = mine(await exchange.fetchClosedOrders(symbol, undefined));
      if (closed !== null) return closed;
    }
    // Lists of closed orders leave cancelled ones out: what is in none of them may still have been there.
    throw new VenueError('refused', `${parts.key} cannot tell what became of order ${clientOrderId}`);
  }

  return {
    requestExpiryMs: null,
    place,
    async cancel(request): Promise<CancelOutcome> {
      try {
        const exchange = await parts.ready();
        const known = ids.get(request.clientOrderId) ?? (await seek(request))?.venueOrderId;
        if (known === undefined) return { kind: 'unknown', message: 'the exchange does not list the order' };
        await exchange.cancelOrder(known, request.symbol, {});
        return { kind: 'cancelled' };
      } catch (error) {
        return cancelFailure(error);
      }
    },
    async find(request) {
      try {
        const order = await seek(request);
        return order === null ? { kind: 'absent' } : { kind: 'found', order };
      } catch (error) {
        throw toVenueError(error);
      }
    },
    async openOrders(symbol) {
      try {
        return read(await (await parts.ready()).fetchOpenOrders(symbol), symbol);
      } catch (error) {
        throw toVenueError(error);
      }
    },
  };
}

const timeInForce = (kind: NonNullable<OrderRequest['timeInForce']>): object =>
  kind === 'post-only' ? { postOnly: true } : { timeInForce: kind.toUpperCase() };
