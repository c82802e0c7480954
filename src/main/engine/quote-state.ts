import type { ClientOrderId, Decimal, OrderSide, PositionId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import { isEnded } from '#shared/domain/order-machine';
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
  stopped: string | null;
}
export const freshQuoting = (): Quoting => ({
  running: false,
  lines: new Map(),
  deafSince: new Map(),
  lastMs: 0,
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
/** Ended quotes are kept for late fills, the oldest go. */
export function forgetQuotes(state: EngineState): void {
  if (state.orders.size <= ENDED_KEPT) return;
  const ended = [...state.orders.values()].filter(
    ({ positionId, status }) =>
      isQuote(positionId) &&
      isEnded(status) &&
      !state.chases.has(positionId.slice(QUOTE.length) as ClientOrderId),
  );
  for (const { request, positionId } of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) {
    state.orders.delete(request.clientOrderId);
    state.cancelling.delete(request.clientOrderId);
    state.placed.delete(request.clientOrderId);
    state.legs.delete(positionId);
    state.fills.delete(positionId);
  }
}
