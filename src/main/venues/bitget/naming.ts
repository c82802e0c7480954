import type { Seams, Undo } from '#main/seams/seams';
import type { ClientOrderId, VenueOrderId } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import { readAnswer } from '../core/answer';
import type { Fields } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import type { AccountEvent } from '../venue';
import { decodePlanRow, toClientId } from './order-rows';
import { askOrder, type OrderQuestions, pastPlans, spotChildOf } from './plans';

export interface NamingParts extends OrderQuestions {
  readonly seams: Pick<Seams, 'timers'>;
  readonly names: OrderNames;
}

/** How many of a symbol's newest spot trigger orders are asked what they became. */
const MOST_ASKED = 20;

/**
 * Whose an order is. `unseen`: it came of some trigger order, but of which is not told (yet): the list of fired ones may
 * lag behind the stream.
 */
export type Naming =
  | { readonly kind: 'named'; readonly name: ClientOrderId }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unseen' };

/**
 * Our client id of a plain order, asked for where it is not known: a spot fill does not carry it, and the order that a
 * trigger order became has a number of the exchange's own instead.
 * @throws VenueError
 */
export async function askName(parts: NamingParts, symbol: Symbol, orderId: VenueOrderId): Promise<Naming> {
  const known = parts.names.get(symbol, orderId);
  if (known !== undefined) return { kind: 'named', name: known };
  const row = await askOrder(parts, symbol, { orderId });
  const own = row === null ? null : toClientId(row.clientOid);
  // Said to be neither ours nor what a trigger order became, nothing more is asked.
  if (own === null && row?.orderSource === 'normal') return { kind: 'foreign' };
  const name = own ?? (await nameOfParent(parts, symbol, orderId));
  if (name === null) return { kind: 'unseen' };
  parts.names.set(symbol, orderId, name);
  return { kind: 'named', name };
}

async function nameOfParent(
  parts: NamingParts,
  symbol: Symbol,
  orderId: VenueOrderId,
): Promise<ClientOrderId | null> {
  const plans = (await pastPlans(parts, symbol))
    .map((row) => readPlan(row, symbol))
    .filter((plan) => plan.triggered && plan.order.clientOrderId !== null);
  if (parts.market === 'future')
    return plans.find((plan) => plan.childId === orderId)?.order.clientOrderId ?? null;
  for (const { order } of plans.slice(0, MOST_ASKED))
    if ((await spotChildOf(parts.rest, order.venueOrderId)) === orderId) return order.clientOrderId;
  return null;
}

export const readPlan = (row: Fields, symbol: Symbol) =>
  readAnswer(row, 'trigger order', (fields) => decodePlanRow(fields, symbol));

/** Long enough for the message that brings the name by itself. */
const WAIT_MS = 100;
const AGAIN_MS = 1_000;
const MOST_TRIES = 4;
const MOST_REMEMBERED = 10_000;

/**
 * Passes account news on with our client ids, each fill once. News of an order whose name is not known is held, in
 * order, until the exchange has told it; other orders do not wait.
 */
export function createNamer(parts: NamingParts, tell: (event: AccountEvent) => void) {
  const { names, seams } = parts;
  const held = new Map<string, { events: AccountEvent[]; undo: Undo }>();
  const foreign = new Remembered();
  const fills = new Remembered();

  const flush = (key: string, name: ClientOrderId | null): void => {
    const queue = held.get(key);
    if (queue === undefined) return;
    held.delete(key);
    queue.undo();
    for (const event of queue.events) tell(withName(event, name));
  };
  const lookUp = (key: string, symbol: Symbol, orderId: VenueOrderId, tries: number): void => {
    const queue = held.get(key);
    if (queue === undefined) return;
    const later = (): void => {
      // A fill without a name is better than none; the history tells it again with one.
      if (tries >= MOST_TRIES) flush(key, null);
      else queue.undo = seams.timers.after(AGAIN_MS * tries, () => lookUp(key, symbol, orderId, tries + 1));
    };
    askName(parts, symbol, orderId).then((naming) => {
      if (naming.kind === 'unseen') return later();
      if (naming.kind === 'foreign') foreign.add(key);
      flush(key, naming.kind === 'named' ? naming.name : null);
    }, later);
  };
  const take = (event: AccountEvent): void => {
    if (event.type !== 'fill' && event.type !== 'order') {
      tell(event);
      return;
    }
    const { symbol, venueOrderId, clientOrderId } = event.type === 'fill' ? event.fill : event.order;
    if (event.type === 'fill' && !fills.add(`${symbol}|${event.fill.tradeId}`)) return;
    const key = `${symbol}|${venueOrderId}`;
    if (clientOrderId !== null) {
      names.set(symbol, venueOrderId, clientOrderId);
      flush(key, clientOrderId);
    }
    const name = clientOrderId ?? names.get(symbol, venueOrderId);
    if (name !== undefined || foreign.has(key)) {
      tell(withName(event, name ?? null));
      return;
    }
    const queue = held.get(key);
    if (queue !== undefined) {
      queue.events.push(event);
      return;
    }
    const undo = seams.timers.after(WAIT_MS, () => lookUp(key, symbol, venueOrderId, 1));
    held.set(key, { events: [event], undo });
  };
  return {
    take,
    close(): void {
      for (const { undo } of held.values()) undo();
      held.clear();
    },
  };
}

const withName = (event: AccountEvent, clientOrderId: ClientOrderId | null): AccountEvent => {
  if (event.type === 'fill') return { ...event, fill: { ...event.fill, clientOrderId } };
  return event.type === 'order' ? { ...event, order: { ...event.order, clientOrderId } } : event;
};

/** The newest texts, bounded. */
class Remembered {
  readonly #texts = new Set<string>();
  has(text: string): boolean {
    return this.#texts.has(text);
  }
  /** False when it was there already. */
  add(text: string): boolean {
    if (this.#texts.has(text)) return false;
    this.#texts.add(text);
    if (this.#texts.size > MOST_REMEMBERED) this.#texts.delete(this.#texts.keys().next().value!);
    return true;
  }
}
