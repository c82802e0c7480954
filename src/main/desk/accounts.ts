import type { Decimal } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Balances } from '../api/index';
import type { EngineEvent } from '../engine/index';
import type { AccountEvent, Balance, Venue } from '../venues/index';

/** What the private streams say, handed to the engine as its events; balances kept for the screen. */
export function createAccounts(options: { readonly venues: ReadonlyMap<VenueKey, Venue>; readonly post: (event: EngineEvent) => void }) {
  const { venues, post } = options;
  const balances = new Map<VenueKey, Record<string, { free: Decimal; locked: Decimal }>>();
  const undo = new Map<VenueKey, () => void>();

  const keep = (venue: VenueKey, changed: readonly Balance[]): void => {
    const known = { ...balances.get(venue) };
    for (const { asset, free, locked } of changed) known[asset] = { free, locked };
    balances.set(venue, known);
    post({ type: 'balances', venue, free: Object.fromEntries(Object.entries(known).map(([asset, { free }]) => [asset, free])) });
  };

  const hear = (venue: VenueKey, event: AccountEvent): void => {
    switch (event.type) {
      case 'fill':
        return post({ type: 'fill', fill: event.fill });
      case 'order': {
        const { clientOrderId, venueOrderId, status, filled } = event.order;
        if (clientOrderId === null) return;
        return post({ type: 'order', clientOrderId, evidence: { kind: 'seen', venueOrderId, status, filled } });
      }
      case 'balances':
        return keep(venue, event.balances);
      case 'positions':
        // A change notice, not the whole list: the reconciler asks for the whole before it believes an absence.
        return;
      case 'resumed':
        return post({ type: 'link', venue, up: true });
    }
  };

  const open = (key: VenueKey): void => {
    const account = venues.get(key)?.account;
    if (account) undo.set(key, account.subscribe((event) => hear(key, event)));
  };
  const close = (key: VenueKey): void => {
    undo.get(key)?.();
    undo.delete(key);
  };

  return {
    open: () => venues.forEach((_, key) => open(key)),
    close: () => venues.forEach((_, key) => close(key)),
    /** The key of a venue changed: the private stream starts again with it. */
    restart(key: VenueKey) {
      close(key);
      open(key);
    },
    balances: (): Balances => balances,
    keep,
  };
}
