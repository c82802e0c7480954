import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { Decision, Wave } from '../domain/decision';
import type { JournalRow } from '../domain/journal';
import type { FeedItem } from './feed';

/** All that is known about one signal: the decision and every journal row of its correlation, oldest first. */
export interface SignalStory {
  readonly decision: Decision;
  readonly rows: readonly JournalRow[];
}

export const signals = {
  /** Newest 20 waves. Row id: wave time as text. */
  waves: oc.output(eventIterator(type<FeedItem<Wave>>())),
  /** Signals of those waves with their fate. Row id: signal id as text. */
  decisions: oc.output(eventIterator(type<FeedItem<Decision>>())),
  story: oc
    .input(z.object({ signalId: z.number().int() }))
    .output(type<SignalStory>())
    .errors({ NOT_FOUND: { message: 'No signal with this id was ever received.' } }),
};
