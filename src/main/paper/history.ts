import { z } from 'zod';
import { ClientOrderId, Decimal, OrderSide, UnixMs, VenueOrderId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import { Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import type { MatchEvent } from '../matching/types';
import type { AccountEvent, VenueOrder } from '../venues/venue';
import { toFill, toVenueOrder } from './match-terms';

/** Far beyond what gap filling asks for; a snapshot is written whole at each change, so it must stay small. */
const MOST_ORDERS = 1_000;
const MOST_FILLS = 2_000;

const SavedOrder = z.object({
  venueOrderId: VenueOrderId,
  clientOrderId: ClientOrderId,
  symbol: Symbol,
  status: z.enum(['open', 'partially_filled', 'filled', 'cancelled', 'rejected', 'expired']),
  filled: Decimal,
  averagePrice: Decimal.nullable(),
  side: OrderSide,
  amount: Decimal.nullable(),
  triggerPrice: Decimal.nullable(),
  reduceOnly: z.boolean(),
  updatedAt: UnixMs,
});
const SavedFill = z.object({
  symbol: Symbol,
  tradeId: z.string(),
  venueOrderId: VenueOrderId,
  clientOrderId: ClientOrderId,
  side: OrderSide,
  price: Decimal,
  amount: Decimal,
  fee: z.object({ cost: Decimal, currency: z.string() }),
  maker: z.boolean().nullable(),
  venueTime: UnixMs,
  seenAt: UnixMs,
});
export const SavedHistory = z.object({ orders: z.array(SavedOrder), fills: z.array(SavedFill) });
export type SavedHistory = z.infer<typeof SavedHistory>;

/** What became of each order and every fill, newest image by client id; survives restarts, unlike the engine's. */
export interface History {
  /** Keeps what concerns the account and says it in the words of a private stream. */
  record(events: readonly MatchEvent[], seenAt: UnixMs): readonly AccountEvent[];
  order(clientOrderId: ClientOrderId): VenueOrder | undefined;
  /** Oldest first. */
  fillsSince(symbol: Symbol, since: UnixMs): readonly Fill[];
  save(): { readonly orders: readonly VenueOrder[]; readonly fills: readonly Fill[] };
}

export function createHistory(venue: VenueKey, saved: SavedHistory | null): History {
  const orders = new Map<string, VenueOrder>();
  for (const order of saved?.orders ?? []) orders.set(order.clientOrderId, order);
  const fills: Fill[] = (saved?.fills ?? []).map((fill) => ({ venue, ...fill }));

  const keep = (id: string, order: VenueOrder): void => {
    orders.set(id, order);
    if (orders.size <= MOST_ORDERS) return;
    for (const [oldId, old] of orders) {
      if (!isEnded(old.status)) continue;
      orders.delete(oldId);
      return;
    }
  };

  return {
    record(events, seenAt) {
      const told: AccountEvent[] = [];
      for (const event of events) {
        if (event.type !== 'order' && event.type !== 'fill') continue;
        // The market order that a fired stop became goes on under the same client id and tells the rest.
        if (event.order.status === 'triggered') continue;
        if (event.type === 'fill') {
          const fill = toFill(venue, event.fill, seenAt);
          fills.push(fill);
          if (fills.length > MOST_FILLS) fills.shift();
          told.push({ type: 'fill', fill });
        }
        const order = toVenueOrder(event.order);
        keep(event.order.clientOrderId, order);
        told.push({ type: 'order', order, note: event.order.expireReason, seenAt });
      }
      return told;
    },
    order: (clientOrderId) => orders.get(clientOrderId),
    fillsSince: (symbol, since) => fills.filter((fill) => fill.symbol === symbol && fill.venueTime >= since),
    save: () => ({ orders: [...orders.values()], fills: [...fills] }),
  };
}
