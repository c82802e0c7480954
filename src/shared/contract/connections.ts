import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { LinkStatus } from '../domain/connection';
import type { FeedItem } from './feed';

export const connections = {
  /** Row id: link key. Sent on state changes at once, figures once a second. */
  stream: oc.output(eventIterator(type<FeedItem<LinkStatus>>())),
  /** Tries again now, also after a refusal. */
  reconnect: oc.input(z.object({ key: z.string().max(100) })).output(type<null>()),
};
