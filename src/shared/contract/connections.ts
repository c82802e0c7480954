import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { LinkStatus, VenueClock } from '../domain/connection';
import type { FeedItem } from './feed';

export const connections = {
  /** Row id: link key. Sent on state changes at once, figures once a second. */
  stream: oc.output(eventIterator(type<FeedItem<LinkStatus>>())),
  /** The clock of each exchange, after each measurement. */
  clocks: oc.output(eventIterator(type<readonly VenueClock[]>())),
  /** Tries again now, also after a refusal. */
  reconnect: oc.input(z.object({ key: z.string().max(100) })).output(type<null>()),
};
