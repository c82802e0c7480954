import type { Decimal } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Balances } from '../api/index';
import { type Connector, privateLink, type Strategies } from '../connectivity/index';
import { type EngineEvent, toEngineEvents } from '../engine/index';
import { accountOf, type Balance, type Venue } from '../venues/index';

/** The wave engine, as the pool knows it. */
const ENGINE = 'waves';

/**
 * Ties each private stream to the engine, and keeps what it says of balances for the screen. An account without a key
 * is left alone: knocking at it would only bring refusals.
 */
export function createAccounts(options: {
  readonly venues: ReadonlyMap<VenueKey, Venue>;
  readonly strategies: Pick<Strategies, 'subscribe' | 'unsubscribe'>;
  readonly hasKey: (venue: VenueKey) => Promise<boolean>;
  readonly reconnect: (link: string) => void;
  readonly post: (event: EngineEvent) => void;
  readonly warn: (error: unknown) => void;
  /** The private stream of an account (re)started. */
  readonly resumed?: (venue: VenueKey) => void;
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

  /** @throws VenueError where the exchange has no private side on this market */
  const open = (key: VenueKey): void => {
    const venue = venues.get(key);
    if (venue === undefined || undo.has(key)) return;
    const account = accountOf(venue);
    const stop = account.subscribe((event) => {
      if (event.type === 'balances') keep(key, event.balances);
      // Streams tell changes only: the whole is asked for each time one (re)starts. A failed question changes nothing.
      if (event.type === 'resumed') void account.balances().then((whole) => keep(key, whole), options.warn);
      for (const fact of toEngineEvents(key, event, free(key))) post(fact);
      if (event.type === 'resumed') options.resumed?.(key);
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

  const connector = (key: VenueKey): Connector => {
    const [exchange = '', marketType = ''] = key.split('_');
    const begin = () => {
      open(key);
      return () => close(key);
    };
    return { exchange, marketType, open: begin };
  };

  return {
    /** Resolves when every account with a key has been asked to speak: all at once, or equity would be told in parts. */
    async open() {
      const keys = [...venues.keys()];
      const keyed = await Promise.all(keys.map(hasKey));
      if (closed) return;
      const wanted = keys.filter((key, at) => keyed[at] && venues.get(key)?.account !== undefined);
      // A paper account is in this process: there is nothing to connect to.
      const paper = wanted.filter((key) => key.endsWith('_paper'));
      for (const key of paper) open(key);
      const connectors = wanted.filter((key) => !paper.includes(key)).map(connector);
      // The engine starts in any case: it lets no entry pass on an account that is not connected.
      void options.strategies.subscribe(ENGINE, connectors, [], { allowWithoutStream: true });
    },
    close() {
      closed = true;
      options.strategies.unsubscribe(ENGINE);
      for (const key of venues.keys()) close(key);
    },
    /** The key of a venue changed: the private stream starts again with it, or ends without one. */
    async restart(key: VenueKey) {
      const keyed = await hasKey(key);
      if (closed) return;
      close(key);
      // What another key's account held is not what this one holds.
      balances.delete(key);
      try {
        if (keyed) open(key);
      } catch (error) {
        options.warn(error);
      }
      // One that was connected with another key must not go on with it, nor a refusal outlive its key.
      options.reconnect(privateLink(key));
    },
    /** Accounts with a key. */
    keyed: (): readonly VenueKey[] => [...undo.keys()],
    balances: (): Balances => balances,
  };
}
