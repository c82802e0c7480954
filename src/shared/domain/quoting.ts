import { z } from 'zod';
import { type ClientOrderId, Decimal, type OrderSide, type UnixMs } from './basics';
import { VenueKey } from './exchange';
import { Symbol } from './instrument';
import type { OrderStatus } from './order';

const bps = (least: number) => z.number().min(least).max(1_000);

/** One line of the passive quoting strategy: where and how it quotes. bps are hundredths of a percent. */
export const QuoteLine = z.object({
  id: z.string().regex(/^[a-z0-9]{1,12}$/, 'must be 1 to 12 small letters or digits'),
  /** Spot only: a perpetual's position needs one owner who guards its stop. */
  venue: VenueKey.refine((key) => key.endsWith('_spot'), 'must be a spot market'),
  symbol: Symbol,
  /** A quote older than this is replaced, s. */
  timeoutS: z.number().int().min(1).max(86_400),
  /** A quote is replaced when the middle has moved this far from where it was made. */
  driftBps: bps(0.1),
  /** Base units of each quote. */
  amount: Decimal,
  /** Each quote's amount lies this far around it at most, percent. */
  randomPercent: z.number().min(0).max(90),
  /** Distance of each quote from the middle. */
  spreadBps: bps(0),
  sides: z.enum(['both', 'bid', 'offer']),
});
export type QuoteLine = z.infer<typeof QuoteLine>;

export const QuoteLines = z
  .array(QuoteLine)
  .min(1)
  .max(20)
  .refine((lines) => new Set(lines.map(({ id }) => id)).size === lines.length, 'each id may stand only once');
export const QuotingPreset = z.object({ name: z.string().min(1).max(40), lines: QuoteLines });
export type QuotingPreset = z.infer<typeof QuotingPreset>;

/** What stands in the book for a line, or is on its way there or away. */
export interface QuoteView {
  readonly clientOrderId: ClientOrderId;
  readonly side: OrderSide;
  readonly price: Decimal | null;
  readonly amount: Decimal | null;
  readonly filled: Decimal;
  readonly status: OrderStatus;
  readonly placedAt: UnixMs;
  /** It is to go: a cancel is on its way. */
  readonly leaving: boolean;
}
export interface QuotingStatus {
  readonly running: boolean;
  readonly lines: readonly {
    readonly line: QuoteLine;
    readonly quotes: readonly QuoteView[];
    /** Why it does not quote now; null while it does. */
    readonly note: string | null;
  }[];
  /** Why it stopped last, in words; null before that. */
  readonly stopped: string | null;
}
