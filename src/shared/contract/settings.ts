import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import { Settings } from '../domain/settings';

export const settings = {
  stream: oc.output(eventIterator(type<Settings>())),
  /** Whole settings; nothing is changed when one field is wrong. */
  save: oc.input(z.object({ settings: Settings })).output(type<Settings>()),
};
