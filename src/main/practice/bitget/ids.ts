import type { MatchOrderView } from '#main/matching/types';

/** Ids as long as the exchange's own, beyond 2^53: whoever reads them as numbers finds out here, not live. */
const BASE = {
  spot: { order: 1_361_100_000_000_000_000n, trade: 1_361_150_000_000_000_000n },
  future: { order: 1_361_200_000_000_000_000n, trade: 1_361_250_000_000_000_000n },
} as const;
const BOOK_BASE = 1_304_314_000_000_000_000n;
const MADE_BASE = 1_361_900_000_000_000_000n;

type Market = keyof typeof BASE;

export const wireOrderId = (market: Market, id: number): string => String(BASE[market].order + BigInt(id));
export const wireTradeId = (market: Market, id: number): string => String(BASE[market].trade + BigInt(id));

/** One position a symbol, so its place in the list names it. */
export const wirePositionId = (index: number): string => String(1_361_300_000_000_000_000n + BigInt(index));

/** The engine's number behind an order or trade id; NaN for any other text. */
export const innerOrderId = (market: Market, text: string): number => inner(BASE[market].order, text);
export const innerTradeId = (market: Market, text: string): number => inner(BASE[market].trade, text);
const inner = (base: bigint, text: string): number =>
  /^\d{1,25}$/.test(text) ? Number(BigInt(text) - base) : Number.NaN;

/**
 * An update id of a book, marked so that {@link bare} prints it as the exchange does: a number without quotes that no
 * JSON reader keeps whole. 0 stays 0.
 */
export const bookId = (id: number): string => (id === 0 ? '#0' : `#${BOOK_BASE + BigInt(id)}`);
export const bare = (json: string): string => json.replace(/"#(\d+)"/g, '$1');

/** The client id of an order as the exchange shows it: what a trigger order became has a number of the exchange's own. */
export const clientOidOf = (market: Market, order: MatchOrderView, parent: MatchOrderView | null): string =>
  parent === null
    ? order.clientOrderId
    : String(MADE_BASE + BigInt(order.orderId) + (market === 'spot' ? 0n : 1_000_000_000n));
export const madeClientOid = (random: number): string =>
  String(MADE_BASE + 50_000_000_000_000n + BigInt(random));
