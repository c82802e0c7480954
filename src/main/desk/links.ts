import type { LinkStatus } from '#shared/domain/connection';
import { VenueKey } from '#shared/domain/exchange';
import type { JournalRecord } from '#shared/domain/journal';
import type { Pool } from '../connectivity/index';
import type { EngineEvent } from '../engine/index';
import { type EventRecord, linkEvent } from './events';

const DOWN: ReadonlySet<LinkStatus['state']> = new Set(['waiting', 'stale', 'refused', 'closed']);

/**
 * Writes each change of a link's state down once, and tells the engine when it has gone deaf for an account; that it
 * hears again the account's own stream says, after it has been asked what happened meanwhile.
 */
export function followLinks(
  pool: Pool,
  to: {
    record(records: readonly JournalRecord[]): void;
    event(event: EventRecord): void;
    post(event: EngineEvent): void;
    log(link: LinkStatus): void;
  },
): void {
  const states = new Map<string, string>();
  pool.onChange((link) => {
    const state = `${link.state} ${link.problem ?? ''}`;
    if (states.get(link.key) === state) return;
    states.set(link.key, state);
    to.log(link);
    const event = linkEvent(link);
    const changed = {
      kind: 'link_changed' as const,
      link: link.key,
      state: link.state,
      problem: link.problem,
    };
    to.record([changed]);
    if (event) to.event(event);
    const venue = VenueKey.safeParse(link.key.replace(/ private$/, ''));
    if (venue.success && DOWN.has(link.state)) to.post({ type: 'link', venue: venue.data, up: false });
  });
}
