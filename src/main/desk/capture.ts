import type { UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRecord, JournalRow } from '#shared/domain/journal';
import { createSyncLog, createTradeSync, type SyncReason } from '../capture/index';
import { checkPositions, differenceText, type Engine, type EngineEvent } from '../engine/index';
import type { Seams } from '../seams/index';
import type { Store } from '../store/index';
import type { Venue } from '../venues/index';
import { deskEvent } from './events';

/** What was traded this long ago is still asked about: exchanges have been seen to add fills for weeks. */
const TRADED_LATELY_MS = 30 * 86_400_000;
const DAY_MS = 86_400_000;
const MARKS = 'trade-sync';

/** Ties trade sync to the store and the engine, and writes down what becomes of every fill. */
export function createCapture({
  seams,
  folder,
  store,
  engine,
  venues,
  marketNow,
  post,
  flush,
  record,
  warn,
}: {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'disk'>;
  readonly folder: string;
  readonly store: Store;
  readonly engine: Engine;
  readonly venues: ReadonlyMap<VenueKey, Venue>;
  readonly marketNow: () => UnixMs;
  readonly post: (event: EngineEvent) => void;
  readonly flush: () => void;
  readonly record: (records: readonly JournalRecord[]) => void;
  readonly warn: (text: string) => void;
}) {
  const log = createSyncLog({ seams, folder });
  const sync = createTradeSync({
    timers: seams.timers,
    marketNow,
    venues,
    wanted: (venue) => wantedAt(store, venue, marketNow()),
    marks: {
      get: () => JSON.parse(store.getMeta(MARKS) ?? '{}') as Record<string, number>,
      set: (marks) => store.setMeta(MARKS, JSON.stringify(marks)),
    },
    offer: (fill) => post({ type: 'fill', fill: { ...fill, source: 'sync' } }),
    settle: flush,
    tally: () => engine.captured().sync,
    log,
    warn,
  });

  const undo = store.onCommit((rows) => {
    for (const line of positionLines(rows)) log.write('position_update', line);
  });
  // Fills of the private stream come one by one: said together, as often as anything new came.
  let told = engine.captured().stream;
  const undoStream = seams.timers.every(1_000, () => {
    const now = engine.captured().stream;
    const [count, duplicates] = [now.applied - told.applied, now.repeated - told.repeated];
    if (count + duplicates > 0) log.write('storage', { source: 'stream', count, duplicates });
    told = now;
  });

  return {
    /** The account's stream (re)started: the first time of a run is its start. */
    resumed: (() => {
      const seen = new Set<VenueKey>();
      return (venue: VenueKey): void => {
        const why: SyncReason = seen.has(venue) ? 'reconnection' : 'start';
        seen.add(venue);
        void sync.sync(venue, why);
      };
    })(),
    syncAll: sync.syncAll,
    /** Compares stored positions with what their stored fills add up to, and says what differs. */
    check(): number {
      const differences = checkPositions(store.positions({ open: true }), (positionId) =>
        store.fills({ positionId }),
      );
      for (const difference of differences)
        record([
          deskEvent('position_check_failed', 'error', `Check: ${differenceText(difference)}.`, {
            positionId: difference.positionId,
          }),
        ]);
      return differences.length;
    },
    close(): void {
      sync.close();
      undo();
      undoStream();
      log.close();
    },
  };
}

/** Symbols with an open position, a living order, or a fill of the last thirty days. */
function wantedAt(
  store: Store,
  venue: VenueKey,
  now: UnixMs,
): readonly { readonly symbol: Symbol; readonly from: UnixMs }[] {
  const from = new Map<Symbol, UnixMs>();
  const want = (symbol: Symbol, since: UnixMs): void => {
    const known = from.get(symbol);
    if (known === undefined || since < known) from.set(symbol, since);
  };
  for (const { symbol, at } of store.tradedSince(venue, (now - TRADED_LATELY_MS) as UnixMs)) want(symbol, at);
  for (const position of store.positions({ open: true }))
    if (position.venue === venue) want(position.symbol, position.openedAt);
  for (const order of store.orders({ open: true }))
    if (order.request.venue === venue) want(order.request.symbol, (now - DAY_MS) as UnixMs);
  return [...from].map(([symbol, since]) => ({ symbol, from: since }));
}

const positionLines = (rows: readonly JournalRow[]) =>
  rows.some(({ record }) => record.kind === 'fill_applied')
    ? rows.flatMap(({ record }) =>
        record.kind === 'position_changed'
          ? [
              {
                positionId: record.position.id,
                venue: record.position.venue,
                symbol: record.position.symbol,
                amount: record.position.amount,
                entryPrice: record.position.entryPrice,
                realised: record.position.realised,
              },
            ]
          : [],
      )
    : [];
