import { ClientOrderId, type Decimal, type OrderSide, VenueOrderId } from '#shared/domain/basics';
import { div, isZero } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderStatus } from '#shared/domain/order';
import {
  bad,
  decimalOf,
  type Fields,
  idOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { VenueOrder } from '../venue';

const PLAIN_STATUS: Readonly<Record<string, OrderStatus>> = {
  NEW: 'open',
  PENDING_NEW: 'open',
  PENDING_CANCEL: 'open',
  NEW_INSURANCE: 'open',
  NEW_ADL: 'open',
  PARTIALLY_FILLED: 'partially_filled',
  FILLED: 'filled',
  CANCELED: 'cancelled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
};

/** @throws ProtocolError on a word Binance has not documented */
export function toStatus(word: unknown): OrderStatus {
  const status = typeof word === 'string' ? PLAIN_STATUS[word] : undefined;
  if (status === undefined) throw bad('unknown order status', word);
  return status;
}

/** Our side of BUY and SELL. @throws ProtocolError */
export function toSide(word: unknown): OrderSide {
  if (word === 'BUY') return 'buy';
  if (word === 'SELL') return 'sell';
  throw bad('unknown order side', word);
}

/** Null for ids that are not of our making and do not fit our alphabet. */
export const toClientId = (text: unknown): ClientOrderId | null => {
  const parsed = ClientOrderId.safeParse(text);
  return parsed.success ? parsed.data : null;
};

export const toVenueId = (fields: Fields, name: string): VenueOrderId =>
  VenueOrderId.parse(idOf(fields, name));

/**
 * A row of GET order, openOrders or allOrders, spot and futures alike.
 * {"symbol":"BTCUSDT","orderId":28,"clientOrderId":"wd-1","origQty":"1.0","executedQty":"1.0","status":"FILLED",…}
 */
export function decodeOrderRow(row: Fields, symbol: Symbol): VenueOrder {
  const filled = decimalOf(row, 'executedQty');
  return {
    venueOrderId: toVenueId(row, 'orderId'),
    clientOrderId: toClientId(row.clientOrderId),
    symbol,
    status: toStatus(row.status),
    filled,
    averagePrice: averageOf(row, filled),
    side: toSide(row.side),
    amount: positiveOrNull(row, 'origQty'),
    triggerPrice: positiveOrNull(row, 'stopPrice'),
    reduceOnly: row.reduceOnly === true || row.closePosition === true,
    updatedAt: row.updateTime === undefined ? timeOf(row, 'transactTime') : timeOf(row, 'updateTime'),
  };
}

/** Futures say it; spot only the quote value, and -1 there when it is not known. */
function averageOf(row: Fields, filled: Decimal): Decimal | null {
  if (isZero(filled)) return null;
  const average = positiveOrNull(row, 'avgPrice');
  if (average !== null) return average;
  const quote = optionalDecimal(row, 'cummulativeQuoteQty') ?? optionalDecimal(row, 'cumQuote');
  return quote === null || quote.startsWith('-') || isZero(quote) ? null : div(quote, filled);
}

/** What a conditional futures order is before its trigger; `childId` once it became an ordinary order. */
export interface AlgoRow {
  readonly order: VenueOrder;
  readonly childId: string | null;
  /** FINISHED, TRIGGERED or TRIGGERING: the ordinary order decides. */
  readonly triggered: boolean;
}

const ALGO_STATUS: Readonly<Record<string, OrderStatus>> = {
  NEW: 'open',
  TRIGGERING: 'open',
  TRIGGERED: 'open',
  FINISHED: 'open',
  CANCELED: 'cancelled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
};
const AFTER_TRIGGER: ReadonlySet<unknown> = new Set(['TRIGGERING', 'TRIGGERED', 'FINISHED']);

/** @throws ProtocolError on a word Binance has not documented */
export function toAlgoStatus(word: unknown): { status: OrderStatus; triggered: boolean } {
  const status = typeof word === 'string' ? ALGO_STATUS[word] : undefined;
  if (status === undefined) throw bad('unknown algo order status', word);
  return { status, triggered: AFTER_TRIGGER.has(word) };
}

/**
 * A row of GET algoOrder or openAlgoOrders.
 * {"algoId":2146760,"clientAlgoId":"wd-3","symbol":"BTCUSDT","side":"SELL","quantity":"0.01","algoStatus":"NEW",
 *  "triggerPrice":"60000","reduceOnly":true,"closePosition":false,"updateTime":1772536782000,"actualOrderId":""}
 */
export function decodeAlgoRow(row: Fields, symbol: Symbol): AlgoRow {
  const { status, triggered } = toAlgoStatus(row.algoStatus);
  const child = row.actualOrderId;
  return {
    triggered,
    childId:
      child === undefined || child === null || child === '' || child === 0
        ? null
        : idOf(row, 'actualOrderId'),
    order: {
      venueOrderId: toVenueId(row, 'algoId'),
      clientOrderId: toClientId(row.clientAlgoId),
      symbol,
      status,
      filled: '0' as Decimal,
      averagePrice: null,
      side: toSide(textOf(row, 'side')),
      amount: positiveOrNull(row, 'quantity'),
      triggerPrice: positiveOrNull(row, 'triggerPrice') ?? positiveOrNull(row, 'activatePrice'),
      reduceOnly: row.reduceOnly === true || row.closePosition === true,
      updatedAt: timeOf(row, 'updateTime'),
    },
  };
}
