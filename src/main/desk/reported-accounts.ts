import type { Mode, VenueKey } from '#shared/domain/exchange';
import type { JournalRow } from '#shared/domain/journal';
import type { Store } from '../store/index';

/** On which accounts the cleaning of left-over orders has had its first run, which only reports. Survives restarts. */
export interface ReportedAccounts {
  known(venues: Iterable<VenueKey>): ReadonlySet<VenueKey>;
  /** Keeps what the engine said in these rows. */
  note(rows: readonly JournalRow[]): void;
  /** Another key may open another account: there nothing was reported yet. */
  forget(venue: VenueKey): void;
}

export function createReportedAccounts(
  store: Pick<Store, 'getMeta' | 'setMeta'>,
  mode: Mode,
): ReportedAccounts {
  const nameOf = (venue: string): string => `zombies-reported|${mode}|${venue}`;
  return {
    known: (venues) => new Set([...venues].filter((venue) => store.getMeta(nameOf(venue)) === 'yes')),
    note(rows) {
      for (const { record } of rows)
        if (record.kind === 'event' && record.type === 'zombie_first_run_over')
          store.setMeta(nameOf(String(record.data.venue)), 'yes');
    },
    forget: (venue) => store.setMeta(nameOf(venue), 'no'),
  };
}
