import type { Seams } from '#main/seams/seams';
import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import type { SyncLog } from './sync-log';

export type SyncReason = 'start' | 'reconnection' | 'period';

/** How many fills were applied and how many were known already, of those that came one way. */
export interface Tally {
  readonly applied: number;
  readonly repeated: number;
}

export interface TradeSyncParts {
  readonly timers: Seams['timers'];
  /** The market's clock, as fills carry it. */
  readonly marketNow: () => UnixMs;
  readonly venues: ReadonlyMap<
    VenueKey,
    { readonly account?: { fillsSince(symbol: Symbol, since: UnixMs): Promise<readonly Fill[]> } }
  >;
  /** What is traded there, with where to begin when it was never synced. */
  readonly wanted: (venue: VenueKey) => readonly { readonly symbol: Symbol; readonly from: UnixMs }[];
  /** Up to when each "venue|symbol" is known to be whole; kept over restarts. */
  readonly marks: {
    get(): Readonly<Record<string, number>>;
    set(marks: Readonly<Record<string, number>>): void;
  };
  /** Hands a fill to the engine. */
  readonly offer: (fill: Fill) => void;
  /** Lets the engine take what was offered, so that the tally tells of it. */
  readonly settle: () => void;
  readonly tally: () => Tally;
  readonly log: Pick<SyncLog, 'write'>;
  readonly warn: (text: string) => void;
}

export const SYNC_EVERY_MS = 600_000;
/** Clocks differ, and an exchange may list a fill a little late: asking again from before costs nothing. */
const OVERLAP_MS = 60_000;
/** More rounds than this without coming to an end mean that the exchange repeats itself. */
const MOST_ROUNDS = 100;

/** Asks every account what happened meanwhile, and keeps asking until no new trade appears. */
export function createTradeSync(parts: TradeSyncParts) {
  const { log, venues, timers } = parts;
  const running = new Map<VenueKey, Promise<void>>();
  const again = new Map<VenueKey, SyncReason>();
  let closed = false;

  async function syncSymbol(
    venue: VenueKey,
    symbol: Symbol,
    from: UnixMs,
  ): Promise<Tally & { fetched: number }> {
    const account = venues.get(venue)?.account;
    const key = `${venue}|${symbol}`;
    const mark = parts.marks.get()[key];
    let since = unixMs(Math.max(0, (mark ?? from) - OVERLAP_MS));
    const total = { fetched: 0, applied: 0, repeated: 0 };
    for (let round = 1; account !== undefined && round <= MOST_ROUNDS && !closed; round++) {
      const askedAt = parts.marketNow();
      log.write('fetch_start', { venue, symbol, since, round });
      const fills = await account.fillsSince(symbol, since);
      log.write('fetch_result', { venue, symbol, count: fills.length, round });
      // What came by stream meanwhile is not of this answer.
      parts.settle();
      const before = parts.tally();
      for (const fill of fills) parts.offer(fill);
      parts.settle();
      const after = parts.tally();
      const applied = after.applied - before.applied;
      const repeated = after.repeated - before.repeated;
      log.write('storage', {
        venue,
        symbol,
        source: 'sync',
        count: applied,
        duplicates: repeated,
        waiting: fills.length - applied - repeated,
      });
      total.fetched += fills.length;
      total.applied += applied;
      total.repeated += repeated;
      // Only a whole answer moves the mark, and only to when it was asked for.
      parts.marks.set({ ...parts.marks.get(), [key]: askedAt });
      if (applied === 0) break;
      for (const { venueTime } of fills) if (venueTime > since) since = venueTime;
    }
    return total;
  }

  async function run(venue: VenueKey, why: SyncReason): Promise<void> {
    const total = { fetched: 0, applied: 0, repeated: 0 };
    let failed = 0;
    const wanted = parts.wanted(venue);
    for (const { symbol, from } of wanted) {
      if (closed) return;
      try {
        const one = await syncSymbol(venue, symbol, from);
        total.fetched += one.fetched;
        total.applied += one.applied;
        total.repeated += one.repeated;
      } catch (error) {
        failed += 1;
        const problem = error instanceof Error ? error.message : String(error);
        log.write('fetch_result', { venue, symbol, count: null, problem });
        parts.warn(`trades of ${symbol} at ${venue} could not be asked for: ${problem}`);
      }
    }
    log.write('sync_summary', {
      venue,
      reason: why,
      symbols: wanted.length,
      failed,
      fetched: total.fetched,
      stored: total.applied,
      duplicates: total.repeated,
    });
  }

  /** One sync of an account at a time; one that is wanted meanwhile follows. */
  function sync(venue: VenueKey, why: SyncReason): Promise<void> {
    const underWay = running.get(venue);
    if (underWay !== undefined) {
      again.set(venue, why);
      return underWay;
    }
    const work = (async () => {
      for (let next: SyncReason | undefined = why; next !== undefined && !closed; ) {
        await run(venue, next);
        next = again.get(venue);
        again.delete(venue);
      }
    })().finally(() => running.delete(venue));
    running.set(venue, work);
    return work;
  }
  const syncAll = (why: SyncReason): Promise<void> =>
    Promise.all(
      [...venues].filter(([, venue]) => venue.account !== undefined).map(([key]) => sync(key, why)),
    ).then(() => {});

  const undo = timers.every(SYNC_EVERY_MS, () => void syncAll('period'));
  return {
    sync,
    syncAll,
    close(): void {
      closed = true;
      undo();
    },
  };
}
export type TradeSync = ReturnType<typeof createTradeSync>;
