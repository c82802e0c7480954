import { eventIterator, oc, type } from '@orpc/contract';
import type { UnixMs } from '../domain/basics';
import type { EffectiveParams } from '../domain/params';
import type { FeedItem } from './feed';

/** What the next wave of an exchange would run on if it brought nothing new, and since when. */
export interface ParamsRow {
  readonly effective: EffectiveParams;
  /** Market time of the wave that last changed a value; null when none has. */
  readonly waveTime: UnixMs | null;
  /** Wall time of that change. */
  readonly updatedAt: UnixMs | null;
  readonly signalId: number | null;
}

export const params = {
  /** One row per exchange. Row id: exchange name. */
  stream: oc.output(eventIterator(type<FeedItem<ParamsRow>>())),
};
