import type { Timers, Undo } from '#main/seams/seams';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderNames } from '../core/order-names';
import type { AccountEvent, VenueOrder } from '../venue';
import type { PlanNames } from './plan-names';

export interface NamelessParts {
  readonly timers: Pick<Timers, 'after'>;
  readonly names: OrderNames;
  readonly plans: PlanNames;
  /** Asks MEXC which orders came of our trigger orders. @throws VenueError */
  nameChildren(symbol: Symbol): Promise<void>;
  /** The stream as it comes. */
  subscribe(listener: (event: AccountEvent) => void): Undo;
}

/** The trigger order's own news usually tells the name within moments; after this MEXC is asked. */
const ASK_AFTER_MS = 1_000;

/**
 * Holds news of orders that nobody named while one of our stops may have fired: MEXC gives the order a stop becomes an
 * id of its own and none of ours, and a fill told without its name would not reach its position. Nothing is held for
 * long or lost: once asked, the news goes on, named or not.
 */
export function createNamedStream(parts: NamelessParts) {
  const listeners = new Set<{ tell: (event: AccountEvent) => void }>();
  let stop: Undo = () => {};
  const held = new Map<Symbol, { events: AccountEvent[]; undo: Undo }>();

  const nameOf = ({ symbol, venueOrderId }: VenueOrder) =>
    parts.names.get(symbol, venueOrderId) ?? parts.plans.clientOf(symbol, venueOrderId) ?? null;
  const named = (event: AccountEvent): AccountEvent => {
    if (event.type === 'fill') {
      const { fill } = event;
      const clientOrderId = fill.clientOrderId ?? parts.names.get(fill.symbol, fill.venueOrderId) ?? null;
      return { ...event, fill: { ...fill, clientOrderId } };
    }
    if (event.type !== 'order') return event;
    const { order } = event;
    const clientOrderId = order.clientOrderId ?? nameOf(order);
    return { ...event, order: { ...order, clientOrderId } };
  };
  const release = (symbol: Symbol): void => {
    const entry = held.get(symbol);
    if (entry === undefined) return;
    held.delete(symbol);
    entry.undo();
    for (const event of entry.events) tell(named(event));
  };
  const hold = (symbol: Symbol, event: AccountEvent): void => {
    const known = held.get(symbol);
    if (known !== undefined) {
      known.events.push(event);
      return;
    }
    const undo = parts.timers.after(ASK_AFTER_MS, () => {
      const done = (): void => release(symbol);
      // A failed question lets the news go on without a name; the next gap fill brings the name.
      parts.nameChildren(symbol).then(done, done);
    });
    held.set(symbol, { events: [event], undo });
  };

  const tell = (event: AccountEvent): void => {
    for (const listener of [...listeners]) listener.tell(event);
  };
  /** One that is still without a name, while an answer or a trigger may bring it. */
  const mustWait = (event: AccountEvent): boolean => {
    const of = subjectOf(event);
    if (of === null || !of.nameless) return false;
    return of.conditional ? parts.plans.isPlacing(of.symbol) : parts.plans.mayFire(of.symbol);
  };
  const take = (event: AccountEvent): void => {
    const after = named(event);
    const symbol = subjectOf(after)?.symbol;
    if (symbol !== undefined && (held.has(symbol) || mustWait(after))) hold(symbol, after);
    else tell(after);
  };

  return {
    subscribe(listener: (event: AccountEvent) => void): Undo {
      const entry = { tell: listener };
      listeners.add(entry);
      if (listeners.size === 1) stop = parts.subscribe(take);
      return () => {
        if (!listeners.has(entry)) return;
        if (listeners.size === 1) {
          for (const symbol of [...held.keys()]) release(symbol);
          stop();
        }
        listeners.delete(entry);
      };
    },
    /** A trigger order was named or refused: whatever waited for that may go on. */
    learnt(): void {
      for (const [symbol, { events }] of [...held])
        if (!events.some((event) => mustWait(named(event)))) release(symbol);
    },
  };
}

/** Which order an event is about; null where it is about none. */
function subjectOf(event: AccountEvent): { symbol: Symbol; nameless: boolean; conditional: boolean } | null {
  if (event.type === 'fill')
    return { symbol: event.fill.symbol, nameless: event.fill.clientOrderId === null, conditional: false };
  if (event.type !== 'order') return null;
  const { symbol, clientOrderId, triggerPrice } = event.order;
  return { symbol, nameless: clientOrderId === null, conditional: triggerPrice !== null };
}
