import type { ClientOrderId, Decimal, VenueOrderId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Fill, OrderStatus } from '#shared/domain/order';
import type { EngineEvent } from './types';

/** What a venue's private stream tells, as far as the engine needs it. Matches `AccountEvent` of the venue port. */
export type AccountFact =
  | { readonly type: 'fill'; readonly fill: Fill }
  | {
      readonly type: 'order';
      readonly order: {
        readonly clientOrderId: ClientOrderId | null;
        readonly venueOrderId: VenueOrderId;
        readonly status: OrderStatus;
        readonly filled: Decimal;
      };
    }
  | {
      readonly type: 'balances';
      readonly balances: readonly { readonly asset: string; readonly free: Decimal }[];
    }
  | { readonly type: 'positions' }
  | { readonly type: 'resumed' };

/**
 * Engine events for one fact of a private stream. Position messages of streams are changes, not whole lists, so they
 * say nothing here; balance messages carry only some assets, so they are merged into what is known.
 */
export function toEngineEvents(
  venue: VenueKey,
  fact: AccountFact,
  knownFree: Readonly<Record<string, Decimal>>,
): readonly EngineEvent[] {
  switch (fact.type) {
    case 'fill':
      return [{ type: 'fill', fill: { ...fact.fill, source: 'stream' } }];
    case 'order':
      if (fact.order.clientOrderId === null) return [];
      return [
        {
          type: 'order',
          clientOrderId: fact.order.clientOrderId,
          evidence: {
            kind: 'seen',
            venueOrderId: fact.order.venueOrderId,
            status: fact.order.status,
            filled: fact.order.filled,
          },
        },
      ];
    case 'balances':
      return [{ type: 'balances', venue, free: { ...knownFree, ...freeOf(fact.balances) } }];
    case 'positions':
      return [];
    case 'resumed':
      return [{ type: 'link', venue, up: true }];
  }
}

/** Balances as the engine takes them: free amount by asset. */
export const freeOf = (
  balances: readonly { readonly asset: string; readonly free: Decimal }[],
): Record<string, Decimal> => Object.fromEntries(balances.map(({ asset, free }) => [asset, free]));
