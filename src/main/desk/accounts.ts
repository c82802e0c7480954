import type { Decimal } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Balances } from '../api/index';
import { type EngineEvent, toEngineEvents } from '../engine/index';
import type { Balance, Venue } from '../venues/index';

/** Ties each private stream to the engine, and keeps what it says of balances for the screen. */
export function createAccounts(options: {
  readonly venues: ReadonlyMap<VenueKey, Venue>;
  readonly post: (event: EngineEvent) => void;
  readonly warn: (error: unknown) => void;
}) {
  const { venues, post } = options;
  const balances = new Map<VenueKey, Record<string, { free: Decimal; locked: Decimal }>>();
  const undo = new Map<VenueKey, () => void>();

  const keep = (venue: VenueKey, changed: readonly Balance[]): void => {
    const known = { ...balances.get(venue) };
    for (const { asset, free, locked } of changed) known[asset] = { free, locked };
    balances.set(venue, known);
  };
  const free = (venue: VenueKey): Record<string, Decimal> =>
    Object.fromEntries(
      Object.entries(balances.get(venue) ?? {}).map(([asset, amount]) => [asset, amount.free]),
    );

  const open = (key: VenueKey): void => {
    const account = venues.get(key)?.account;
    if (!account) return;
    const stop = account.subscribe((event) => {
      if (event.type === 'balances') keep(key, event.balances);
      // Streams tell changes only: the whole is asked for each time one (re)starts. A failed question changes nothing.
      if (event.type === 'resumed') void account.balances().then((whole) => keep(key, whole), options.warn);
      for (const fact of toEngineEvents(key, event, free(key))) post(fact);
    });
    undo.set(key, stop);
  };
  const close = (key: VenueKey): void => {
    undo.get(key)?.();
    undo.delete(key);
  };

  return {
    open: () => venues.forEach((_, key) => void open(key)),
    close: () => venues.forEach((_, key) => void close(key)),
    /** The key of a venue changed: the private stream starts again with it. */
    restart(key: VenueKey) {
      close(key);
      open(key);
    },
    balances: (): Balances => balances,
  };
}
