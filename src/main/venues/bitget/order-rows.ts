import { ClientOrderId, type Decimal, type OrderSide, VenueOrderId } from '#shared/domain/basics';
import { div, isZero, ZERO } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { OrderStatus } from '#shared/domain/order';
import { bad, type Fields, idOf, optionalDecimal, positiveOrNull, timeOf } from '../core/fields';
import type { VenueOrder } from '../venue';

const PLAIN_STATUS: Readonly<Record<string, OrderStatus>> = {
  live: 'open',
  new: 'open',
  init: 'open',
  partially_filled: 'partially_filled',
  partially_fill: 'partially_filled',
  partial_fill: 'partially_filled',
  filled: 'filled',
  full_fill: 'filled',
  // The documentation's table has one l, its practice two.
  cancelled: 'cancelled',
  canceled: 'cancelled',
  rejected: 'rejected',
};

/** @throws ProtocolError on a word Bitget has not documented */
export function toStatus(word: unknown): OrderStatus {
  const status = typeof word === 'string' ? PLAIN_STATUS[word] : undefined;
  if (status === undefined) throw bad('unknown order status', word);
  return status;
}

/** @throws ProtocolError */
export function toSide(word: unknown): OrderSide {
  const low = typeof word === 'string' ? word.toLowerCase() : word;
  if (low === 'buy' || low === 'sell') return low;
  throw bad('unknown order side', word);
}

/**
 * The trade direction of an order. In hedge mode the exchange tells the direction of the position instead: closing a
 * long is `side: buy, tradeSide: close`.
 */
export function orderSideOf(row: Fields): OrderSide {
  const side = toSide(row.side);
  const closesHedge = row.posMode === 'hedge_mode' && String(row.tradeSide).toLowerCase().includes('close');
  if (!closesHedge) return side;
  return side === 'buy' ? 'sell' : 'buy';
}

/**
 * Our client id; null for ids that do not fit our alphabet, and for those the exchange makes up where none was
 * given: digits alone.
 */
export function toClientId(text: unknown): ClientOrderId | null {
  if (typeof text !== 'string' || /^\d+$/.test(text)) return null;
  const parsed = ClientOrderId.safeParse(text);
  return parsed.success ? parsed.data : null;
}

export const toVenueId = (fields: Fields, name = 'orderId'): VenueOrderId =>
  VenueOrderId.parse(idOf(fields, name));

export const isYes = (value: unknown): boolean => typeof value === 'string' && value.toLowerCase() === 'yes';

/**
 * A plain order of REST: `status` in lists, `state` in futures' detail.
 * futures {"symbol":"BTCUSDT","size":"0.002","orderId":"1111488897767604224","clientOid":"wd-1","baseVolume":"0",
 *  "price":"25000","priceAvg":"","status":"live","side":"buy","posMode":"one_way_mode","tradeSide":"buy_single",
 *  "reduceOnly":"NO","orderType":"limit","orderSource":"normal","cTime":"1700725524378","uTime":"1700725524378"}
 * spot, open {"symbol":"BTCUSDT","orderId":"…","clientOid":"…","priceAvg":"25000","basePrice":"0","size":"0.0002",
 *  "baseVolume":"0","quoteVolume":"0","orderType":"limit","side":"buy","status":"live","cTime":"…","uTime":"…"}
 */
export function decodeOrderRow(row: Fields, symbol: Symbol, market: MarketKind): VenueOrder {
  const filled = optionalDecimal(row, 'baseVolume') ?? ZERO;
  return {
    venueOrderId: toVenueId(row),
    clientOrderId: toClientId(row.clientOid),
    symbol,
    status: toStatus(row.status ?? row.state),
    filled,
    averagePrice: averageOf(row, filled),
    side: orderSideOf(row),
    amount: amountOf(row, market, 'size'),
    triggerPrice: null,
    reduceOnly: isYes(row.reduceOnly),
    updatedAt: timeOf(
      row,
      row.uTime === undefined || row.uTime === null || row.uTime === '' ? 'cTime' : 'uTime',
    ),
  };
}

/** A spot market buy is sized in quote: its amount in base is not known. */
export const amountOf = (row: Fields, market: MarketKind, name: string): Decimal | null =>
  market === 'spot' && row.orderType === 'market' && row.side === 'buy' ? null : positiveOrNull(row, name);

/** Rows with a `basePrice` keep the average there and the order's own price in `priceAvg`. */
function averageOf(row: Fields, filled: Decimal): Decimal | null {
  if (isZero(filled)) return null;
  const said = positiveOrNull(row, row.basePrice === undefined ? 'priceAvg' : 'basePrice');
  if (said !== null) return said;
  const quote = positiveOrNull(row, 'quoteVolume');
  return quote === null ? null : div(quote, filled);
}

/** What a trigger order is before its trigger; `childId` once it became a plain order. */
export interface PlanRow {
  readonly order: VenueOrder;
  readonly childId: string | null;
  /** It fired: the plain order it became decides. */
  readonly triggered: boolean;
}

const PLAN_STATUS: Readonly<Record<string, OrderStatus>> = {
  live: 'open',
  not_trigger: 'open',
  executing: 'open',
  executed: 'open',
  triggered: 'open',
  fail_execute: 'rejected',
  fail_trigger: 'rejected',
  cancelled: 'cancelled',
  canceled: 'cancelled',
};
const AFTER_TRIGGER: ReadonlySet<unknown> = new Set(['executing', 'executed', 'triggered']);

/** @throws ProtocolError on a word Bitget has not documented */
export function toPlanStatus(word: unknown): { status: OrderStatus; triggered: boolean } {
  const status = typeof word === 'string' ? PLAN_STATUS[word] : undefined;
  if (status === undefined) throw bad('unknown trigger order status', word);
  return { status, triggered: AFTER_TRIGGER.has(word) };
}

/** Families that can only close a position; the short words are those of the stream. */
const CLOSING: ReadonlySet<unknown> = new Set([
  ...['profit_plan', 'loss_plan', 'moving_plan', 'pos_profit', 'pos_loss'],
  ...['tp', 'sl', 'ptp', 'psl', 'mtpsl'],
]);

/**
 * A trigger order, of REST (`planStatus`, on spot `status`) or the stream (`status`).
 * {"planType":"loss_plan","symbol":"BTCUSDT","size":"0.001","orderId":"1111491399869075457","clientOid":"wd-2",
 *  "triggerPrice":"24000","triggerType":"fill_price","planStatus":"live","side":"sell","posMode":"one_way_mode",
 *  "executeOrderId":"","orderType":"market","cTime":"1700726120917","uTime":"1700726120917"}
 */
export function decodePlanRow(row: Fields, symbol: Symbol): PlanRow {
  const { status, triggered } = toPlanStatus(row.planStatus ?? row.status);
  const child = row.executeOrderId;
  return {
    triggered,
    childId: child === undefined || child === null || child === '' ? null : idOf(row, 'executeOrderId'),
    order: {
      venueOrderId: toVenueId(row),
      clientOrderId: toClientId(row.clientOid),
      symbol,
      status,
      filled: ZERO,
      averagePrice: null,
      side: orderSideOf(row),
      amount: positiveOrNull(row, 'size'),
      triggerPrice: positiveOrNull(row, 'triggerPrice'),
      reduceOnly: CLOSING.has(row.planType) || isYes(row.reduceOnly),
      updatedAt: timeOf(
        row,
        row.uTime === undefined || row.uTime === null || row.uTime === '' ? 'cTime' : 'uTime',
      ),
    },
  };
}
