import type { ClientOrderId, Decimal, OrderSide, PositionId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { QuoteLine } from '#shared/domain/quoting';
import type { EngineState } from './state';

const QUOTE = 'q-';
const ENDED_KEPT = 200;

/** A quote as the strategy follows it. */
export interface Quote {
  readonly id: ClientOrderId;
  readonly side: OrderSide;
  /** The middle it was made from. */
  readonly mid: Decimal;
  readonly placedAt: number;
  leaving: boolean;
}
export interface Line {
  line: QuoteLine;
  quotes: Quote[];
  mid: { readonly price: Decimal; readonly at: number } | null;
  pausedUntil: number;
  note: string | null;
  /** Taken out of the strategy; it stays until its last quote has ended. */
  gone: boolean;
}
export interface Quoting {
  running: boolean;
  readonly lines: Map<string, Line>;
  readonly deafSince: Map<VenueKey, number>;
  lastMs: number;
  /** Quotes that are over, oldest first. */
  readonly ended: ClientOrderId[];
  stopped: string | null;
}
export const freshQuoting = (): Quoting => ({
  running: false,
  lines: new Map(),
  deafSince: new Map(),
  lastMs: 0,
  ended: [],
  stopped: null,
});

/** Quotes stand for no position of the desk; each has a name of its own in its place. */
export const isQuote = (id: PositionId): boolean => id.startsWith(QUOTE);
/** A quote that is to stay in the book. All others are cancelled wherever they are met, after a restart too. */
export const isWantedQuote = ({ quoting }: EngineState, id: PositionId): boolean =>
  [...quoting.lines.values()].some(({ quotes }) =>
    quotes.some((quote) => !quote.leaving && positionIdOf(quote.id) === id),
  );
export const positionIdOf = (id: ClientOrderId): PositionId => `${QUOTE}${id}` as PositionId;
/** Ended quotes are kept for late fills and answers, the oldest go. */
export function forgetQuotes(state: EngineState): void {
  const { ended } = state.quoting;
  while (ended.length > ENDED_KEPT) {
    const id = ended.shift()!;
    const positionId = positionIdOf(id);
    state.orders.delete(id);
    state.chases.delete(id);
    state.cancelling.delete(id);
    state.placed.delete(id);
    state.legs.delete(positionId);
    state.fills.delete(positionId);
  }
}
