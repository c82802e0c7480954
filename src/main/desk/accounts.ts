import type { Decimal } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Balances } from '../api/index';
import { type EngineEvent, toEngineEvents } from '../engine/index';
import type { Balance, Venue } from '../venues/index';

/**
 * Ties each private stream to the engine, and keeps what it says of balances for the screen. An account without a key
 * is left alone: knocking at it would only bring refusals.
 */
export function createAccounts(options: {
  readonly venues: ReadonlyMap<VenueKey, Venue>;
  readonly hasKey: (venue: VenueKey) => Promise<boolean>;
  readonly post: (event: EngineEvent) => void;
  readonly warn: (error: unknown) => void;
}) {
  const { venues, post } = options;
  const balances = new Map<VenueKey, Record<string, { free: Decimal; locked: Decimal }>>();
  const undo = new Map<VenueKey, () => void>();

  let closed = false;

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

  const hasKey = (key: VenueKey): Promise<boolean> =>
    options.hasKey(key).catch((error: unknown) => {
      options.warn(error);
      return false;
    });

  return {
    /** Resolves when every account with a key has been asked to speak: all at once, or equity would be told in parts. */
    async open() {
      const keys = [...venues.keys()];
      const keyed = await Promise.all(keys.map(hasKey));
      if (!closed) for (const [index, key] of keys.entries()) if (keyed[index]) open(key);
    },
    close() {
      closed = true;
      for (const key of venues.keys()) close(key);
    },
    /** The key of a venue changed: the private stream starts again with it, or ends without one. */
    async restart(key: VenueKey) {
      const keyed = await hasKey(key);
      if (closed) return;
      close(key);
      // What another key's account held is not what this one holds.
      balances.delete(key);
      if (keyed) open(key);
    },
    /** Accounts with a key. */
    keyed: (): readonly VenueKey[] => [...undo.keys()],
    balances: (): Balances => balances,
  };
}
