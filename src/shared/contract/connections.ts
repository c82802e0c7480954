import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { LinkStatus, VenueClock } from '../domain/connection';
import type { Recording } from '../domain/recording';
import type { FeedItem } from './feed';

export const connections = {
  /** Row id: link key. Sent on state changes at once, figures once a second. */
  stream: oc.output(eventIterator(type<FeedItem<LinkStatus>>())),
  /** The clock of each exchange, after each measurement. */
  clocks: oc.output(eventIterator(type<readonly VenueClock[]>())),
  /** Tries again now, also after a refusal. */
  reconnect: oc.input(z.object({ key: z.string().max(100) })).output(type<null>()),
  /** Whether the frames of all sockets are being recorded; sent on change, its figures once a second. */
  recording: oc.output(eventIterator(type<Recording>())),
  /** Starts or stops the recording of raw frames into a file in the profile; `scrub` takes account data out. */
  record: oc.input(z.object({ on: z.boolean(), scrub: z.boolean() })).output(type<Recording>()),
};
