import type { ClientOrderId, VenueOrderId } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';

const MOST_NAMES = 10_000;

/**
 * Which of our client ids stands behind a venue's order id. Binance's fill history does not carry it, and a
 * futures stop changes its venue id when it triggers.
 */
export class OrderNames {
  readonly #names = new Map<string, ClientOrderId>();

  set(symbol: Symbol, orderId: VenueOrderId | string, clientOrderId: ClientOrderId): void {
    const key = `${symbol}|${orderId}`;
    this.#names.delete(key);
    this.#names.set(key, clientOrderId);
    if (this.#names.size > MOST_NAMES) this.#names.delete(this.#names.keys().next().value!);
  }
  get(symbol: Symbol, orderId: VenueOrderId | string): ClientOrderId | undefined {
    return this.#names.get(`${symbol}|${orderId}`);
  }
}
