import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import { PositionId } from '../domain/basics';
import type { Position } from '../domain/position';
import type { FeedItem } from './feed';

export const positions = {
  /** Open positions and those that ended in the last 24 h (at most 200). Row id: position id. */
  stream: oc.output(eventIterator(type<FeedItem<Position>>())),
  /**
   * Asks for a market exit, reduce-only. `ticket` is made by the click: the same ticket twice is one request.
   * The reply says only that it was taken; what became of it comes with the stream.
   */
  close: oc
    .input(z.object({ positionId: PositionId, ticket: z.string().min(8).max(64) }))
    .output(type<{ readonly taken: true }>())
    .errors({
      NOT_OPEN: { message: 'This position is not open any more.' },
    }),
};
