import { toFixed } from './decimal';
import type { Fill } from './order';

/** No exchange's trade id begins with it. */
const NAMELESS = '~';
/** Two copies of one fill without a trade id may carry times this far apart, ms (domain, trade capture). */
export const ALIKE_WITHIN_MS = 1_000;
const PRICE_PLACES = 8;

/** Stands in place of the trade id that an exchange did not give: what the fill says of itself. */
export const namelessTradeId = ({
  venueOrderId,
  side,
  amount,
  price,
  venueTime,
}: Pick<Fill, 'venueOrderId' | 'side' | 'amount' | 'price' | 'venueTime'>): string =>
  `${NAMELESS}${venueOrderId}|${side}|${amount}|${price}|${venueTime}`;

/** False for a fill that its exchange gave no trade id. */
export const hasTradeId = ({ tradeId }: Pick<Fill, 'tradeId'>): boolean => !tradeId.startsWith(NAMELESS);

/** Equal for fills that differ in nothing but id and time: where, which order, side, amount, price to 8 places. */
export const alikeKey = ({ venue, symbol, venueOrderId, side, amount, price }: Fill): string =>
  `${venue}|${symbol}|${venueOrderId}|${side}|${amount}|${toFixed(price, PRICE_PLACES)}`;

/** Whether two rows may be one fill seen twice. Only asked where one of them has no trade id. */
export const isAlike = (a: Fill, b: Fill): boolean =>
  alikeKey(a) === alikeKey(b) && Math.abs(a.venueTime - b.venueTime) <= ALIKE_WITHIN_MS;
