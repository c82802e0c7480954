import { ClientOrderId, type Decimal, VenueOrderId } from '#shared/domain/basics';
import { div, isZero } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderStatus } from '#shared/domain/order';
import { bad, type Fields, optionalDecimal, positiveOrNull, timeOf } from '../core/fields';
import type { VenueOrder } from '../venue';
import { textIdOf, toSide } from './decode';

const STATUS: Readonly<Record<string, OrderStatus>> = {
  Created: 'open',
  New: 'open',
  // A conditional order before its trigger, and for a moment after it. Its id stays the same for life.
  Untriggered: 'open',
  Triggered: 'open',
  Active: 'open',
  PartiallyFilled: 'partially_filled',
  Filled: 'filled',
  Cancelled: 'cancelled',
  PartiallyFilledCanceled: 'cancelled',
  Deactivated: 'cancelled',
  Rejected: 'rejected',
};

/** @throws ProtocolError on a word Bybit has not documented */
export function toStatus(word: unknown): OrderStatus {
  const status = typeof word === 'string' ? STATUS[word] : undefined;
  if (status === undefined) throw bad('unknown order status', word);
  return status;
}

/** Null for ids that are not of our making and do not fit our alphabet; Bybit writes "" for none. */
export const toClientId = (text: unknown): ClientOrderId | null => {
  const parsed = ClientOrderId.safeParse(text);
  return parsed.success ? parsed.data : null;
};

export const toVenueId = (fields: Fields, name: string): VenueOrderId =>
  VenueOrderId.parse(textIdOf(fields, name));

/**
 * An order as the order topic, order/realtime and order/history show it, on both markets alike.
 * {"symbol":"BTCUSDT","orderId":"9aac161b-…","orderLinkId":"wd-0002","side":"Sell","orderType":"Limit","price":"65100.00",
 *  "qty":"0.5","orderStatus":"PartiallyFilled","cumExecQty":"0.2","cumExecValue":"13020","avgPrice":"65100",
 *  "reduceOnly":false,"triggerPrice":"","updatedTime":"1772536782140","rejectReason":"EC_NoError"}
 */
export function decodeOrderRow(row: Fields, symbol: Symbol, market: MarketKind): VenueOrder {
  const filled = optionalDecimal(row, 'cumExecQty') ?? ('0' as Decimal);
  return {
    venueOrderId: toVenueId(row, 'orderId'),
    clientOrderId: toClientId(row.orderLinkId),
    symbol,
    status: toStatus(row.orderStatus),
    filled,
    averagePrice: averageOf(row, filled),
    side: toSide(row.side),
    amount: isByValue(row, market) ? null : positiveOrNull(row, 'qty'),
    triggerPrice: positiveOrNull(row, 'triggerPrice'),
    reduceOnly: row.reduceOnly === true || row.closeOnTrigger === true,
    updatedAt: timeOf(row, 'updatedTime'),
  };
}

/** The quantity of a spot market buy counts quote units unless it was placed in base. */
const isByValue = (row: Fields, market: MarketKind): boolean =>
  market === 'spot' && row.orderType === 'Market' && row.side === 'Buy' && row.marketUnit !== 'baseCoin';

function averageOf(row: Fields, filled: Decimal): Decimal | null {
  if (isZero(filled)) return null;
  const average = positiveOrNull(row, 'avgPrice');
  if (average !== null) return average;
  const value = positiveOrNull(row, 'cumExecValue');
  return value === null ? null : div(value, filled);
}

/** Why an order ended, in Bybit's word; null when it names nothing unusual. */
export function noteOf(row: Fields): string | null {
  for (const word of [row.rejectReason, row.cancelType])
    if (typeof word === 'string' && word !== '' && !ORDINARY.has(word)) return word.slice(0, 200);
  return null;
}
const ORDINARY: ReadonlySet<string> = new Set(['EC_NoError', 'UNKNOWN', 'CancelByUser']);
