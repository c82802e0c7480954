import { oc, type } from '@orpc/contract';
import { z } from 'zod';
import { UnixMs } from '../domain/basics';
import type { JournalRow } from '../domain/journal';
import type { Fill, Order } from '../domain/order';

const Query = z.object({
  text: z.string().max(100).optional(),
  from: UnixMs.optional(),
  to: UnixMs.optional(),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(500),
});
export interface HistoryPage<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

/** Read from the local store alone: works with no network at all. */
export const history = {
  fills: oc.input(Query).output(type<HistoryPage<Fill>>()),
  orders: oc.input(Query).output(type<HistoryPage<Order>>()),
  events: oc
    .input(
      Query.extend({
        type: z.string().max(60).optional(),
        severity: z.enum(['debug', 'info', 'warning', 'error', 'critical']).optional(),
        symbol: z.string().max(60).optional(),
        exchange: z.string().max(40).optional(),
      }),
    )
    .output(type<HistoryPage<JournalRow>>()),
  /** RFC 4180 text with a header line; cells that a spreadsheet would run are quoted harmless. */
  exportCsv: oc
    .input(z.object({ what: z.enum(['fills', 'orders', 'events']), text: z.string().max(100).optional() }))
    .output(type<{ readonly fileName: string; readonly csv: string; readonly rows: number }>()),
};
