import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import { QuoteLines, type QuotingStatus } from '../domain/quoting';

export const quoting = {
  /** Sent on change, at most twice a second. */
  status: oc.output(eventIterator(type<QuotingStatus>())),
  /** Starts, or goes on with other lines. Says only that it was taken; what becomes of it comes with the status. */
  run: oc.input(z.object({ lines: QuoteLines })).output(type<null>()),
  stop: oc.output(type<null>()),
};
