import type { ClientOrderId, VenueOrderId } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';

const MOST = 10_000;

/**
 * Which trigger order stands for which of our ids. MEXC's trigger orders carry no id of the client, so it is known from
 * the answer to the placement, or learnt again by what the order says (`place.ts` writes nothing twice alike while one
 * stands: side, amount and trigger price name it).
 */
export class PlanNames {
  readonly #byPlan = new Map<string, ClientOrderId>();
  readonly #byClient = new Map<ClientOrderId, VenueOrderId>();
  readonly #standing = new Map<Symbol, Set<VenueOrderId>>();
  readonly #placing = new Map<Symbol, number>();

  set(symbol: Symbol, planId: VenueOrderId, clientOrderId: ClientOrderId): void {
    this.#byPlan.set(`${symbol}|${planId}`, clientOrderId);
    this.#byClient.set(clientOrderId, planId);
    const standing = this.#standing.get(symbol) ?? new Set();
    this.#standing.set(symbol, standing);
    standing.add(planId);
    if (this.#byPlan.size > MOST) this.#byPlan.delete(this.#byPlan.keys().next().value!);
    if (this.#byClient.size > MOST) this.#byClient.delete(this.#byClient.keys().next().value!);
  }
  clientOf(symbol: Symbol, planId: VenueOrderId): ClientOrderId | undefined {
    return this.#byPlan.get(`${symbol}|${planId}`);
  }
  planOf(clientOrderId: ClientOrderId): VenueOrderId | undefined {
    return this.#byClient.get(clientOrderId);
  }
  /** It was cancelled, has expired, or its ordinary order is named. */
  ended(symbol: Symbol, planId: VenueOrderId): void {
    this.#standing.get(symbol)?.delete(planId);
  }
  /** A trigger order is on its way; its id is not known before the answer. Returns its end. */
  place(symbol: Symbol): () => void {
    this.#placing.set(symbol, (this.#placing.get(symbol) ?? 0) + 1);
    return () => this.#placing.set(symbol, (this.#placing.get(symbol) ?? 1) - 1);
  }
  /** True while a trigger order that nobody named may be the one whose answer is not here yet. */
  isPlacing(symbol: Symbol): boolean {
    return (this.#placing.get(symbol) ?? 0) > 0;
  }
  /** True while an ordinary order that nobody named may come of one of ours. */
  mayFire(symbol: Symbol): boolean {
    return (this.#standing.get(symbol)?.size ?? 0) > 0 || this.isPlacing(symbol);
  }
}
