import { ClientOrderId, type OrderSide, VenueOrderId } from '#shared/domain/basics';
import { div, isPositive, isZero, ZERO } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import type { OrderStatus } from '#shared/domain/order';
import {
  bad,
  decimalOf,
  type Fields,
  idOf,
  integerOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { VenueOrder } from '../venue';
import { toBase } from './contracts';

const SPOT_STATUS: Readonly<Record<string, OrderStatus>> = {
  NEW: 'open',
  PARTIALLY_FILLED: 'partially_filled',
  FILLED: 'filled',
  CANCELED: 'cancelled',
  PARTIALLY_CANCELED: 'cancelled',
  // The stream's numbers for the same.
  1: 'open',
  2: 'filled',
  3: 'partially_filled',
  4: 'cancelled',
  5: 'cancelled',
};

/** @throws ProtocolError on a word MEXC has not documented */
export function toSpotStatus(word: unknown): OrderStatus {
  const status = SPOT_STATUS[String(word)];
  if (status === undefined) throw bad('unknown order status', word);
  return status;
}

/** Our side of BUY and SELL, or of 1 and 2. @throws ProtocolError */
export function toSpotSide(word: unknown): OrderSide {
  if (word === 'BUY' || word === 1) return 'buy';
  if (word === 'SELL' || word === 2) return 'sell';
  throw bad('unknown order side', word);
}

/** 1 opens a long, 2 closes a short, 3 opens a short, 4 closes a long: 1 and 2 buy. @throws ProtocolError */
export function toFutureSide(row: Fields): { readonly side: OrderSide; readonly closes: boolean } {
  const side = integerOf(row, 'side');
  if (side < 1 || side > 4) throw bad('unknown order side', row);
  return { side: side <= 2 ? 'buy' : 'sell', closes: side === 2 || side === 4 };
}

/** Null for ids that MEXC made up itself (`_m_…`), and for those that do not fit our alphabet. */
export const toClientId = (text: unknown): ClientOrderId | null => {
  if (typeof text === 'string' && text.startsWith('_m_')) return null;
  const parsed = ClientOrderId.safeParse(text);
  return parsed.success ? parsed.data : null;
};

/** Futures print 18-digit ids bare or quoted. */
export const toVenueId = (fields: Fields, name: string): VenueOrderId =>
  VenueOrderId.parse(idOf(fields, name));

/** The id of an order that came of another one; null while there is none (0 or ''). */
export function childIdOf(row: Fields): VenueOrderId | null {
  const id = row.orderId;
  return id === undefined || id === null || id === '' || id === 0 || id === '0'
    ? null
    : toVenueId(row, 'orderId');
}

/**
 * A row of spot's order, openOrders or allOrders.
 * {"symbol":"ETHUSDT","orderId":"C02__900002","clientOrderId":"wd-7","price":"2500","origQty":"1","executedQty":"0.25",
 *  "cummulativeQuoteQty":"625.025","status":"PARTIALLY_FILLED","side":"BUY","time":1782000000000,"updateTime":…}
 */
export function decodeSpotRow(row: Fields, instrument: Instrument): VenueOrder {
  const filled = optionalDecimal(row, 'executedQty') ?? ZERO;
  const quote = optionalDecimal(row, 'cummulativeQuoteQty');
  const changed = row.updateTime === undefined || row.updateTime === null ? 'time' : 'updateTime';
  return {
    venueOrderId: VenueOrderId.parse(textOf(row, 'orderId')),
    clientOrderId: toClientId(row.clientOrderId),
    symbol: instrument.symbol,
    status: toSpotStatus(row.status),
    filled,
    averagePrice: isZero(filled) || quote === null || isZero(quote) ? null : div(quote, filled),
    side: toSpotSide(row.side),
    amount: positiveOrNull(row, 'origQty'),
    triggerPrice: positiveOrNull(row, 'stopPrice'),
    reduceOnly: false,
    updatedAt: timeOf(row, changed),
  };
}

/** State of an ordinary futures order; 1 pending, 2 open (also partly filled), 3 filled, 4 cancelled, 5 invalid. */
function futureStatus(row: Fields): OrderStatus {
  switch (integerOf(row, 'state')) {
    case 1:
    case 2:
      return isPositive(optionalDecimal(row, 'dealVol') ?? ZERO) ? 'partially_filled' : 'open';
    case 3:
      return 'filled';
    case 4:
      return 'cancelled';
    case 5:
      return 'rejected';
    default:
      throw bad('unknown order state', row);
  }
}

/**
 * An ordinary futures order, as the stream and every question tell it.
 * {"orderId":"739113577038255616","symbol":"BTC_USDT","price":50000,"vol":4,"side":1,"orderType":1,"dealAvgPrice":50000,
 *  "dealVol":2,"state":2,"externalOid":"wd-9","updateTime":1782000000100,"reduceOnly":false}
 */
export function decodeFutureRow(row: Fields, instrument: Instrument): VenueOrder {
  const { side, closes } = toFutureSide(row);
  const filled = toBase(optionalDecimal(row, 'dealVol') ?? ZERO, instrument);
  const amount = positiveOrNull(row, 'vol');
  return {
    venueOrderId: toVenueId(row, 'orderId'),
    clientOrderId: toClientId(row.externalOid),
    symbol: instrument.symbol,
    status: futureStatus(row),
    filled,
    averagePrice: isZero(filled) ? null : positiveOrNull(row, 'dealAvgPrice'),
    side,
    amount: amount === null ? null : toBase(amount, instrument),
    triggerPrice: null,
    reduceOnly: closes || row.reduceOnly === true,
    updatedAt: changedAt(row),
  };
}

const changedAt = (row: Fields) =>
  timeOf(row, row.updateTime === undefined || row.updateTime === null ? 'createTime' : 'updateTime');

/** A trigger order with the ordinary one it became; `childId` is null until the trigger has fired. */
export interface PlanRow {
  readonly order: VenueOrder;
  readonly childId: VenueOrderId | null;
  /** The ordinary order decides from here on. */
  readonly triggered: boolean;
  /** 1 fires at or above the price, 2 at or below. */
  readonly triggerType: number;
  readonly createdAt: number;
}

const PLAN_STATUS: Readonly<Record<number, OrderStatus>> = {
  1: 'open',
  2: 'cancelled',
  3: 'open',
  // Its 7 days are over, or the order that it became was refused.
  4: 'expired',
  5: 'expired',
};

/**
 * A trigger order of planorder/list or the stream. It carries no id of ours.
 * {"id":"739113577038255700","symbol":"BTC_USDT","side":4,"vol":2,"triggerPrice":48000,"triggerType":2,"state":1,
 *  "orderId":0,"reduceOnly":true,"createTime":1760942212000,"updateTime":1760942212000}
 */
export function decodePlanRow(row: Fields, instrument: Instrument): PlanRow {
  const state = integerOf(row, 'state');
  const status = PLAN_STATUS[state];
  if (status === undefined) throw bad('unknown state of a trigger order', row);
  return {
    order: conditional(row, instrument, status, 'triggerPrice'),
    childId: childIdOf(row),
    triggered: state === 3,
    triggerType: integerOf(row, 'triggerType'),
    createdAt: timeOf(row, 'createTime'),
  };
}

const TRACK_STATUS: readonly OrderStatus[] = ['open', 'open', 'open', 'expired', 'cancelled'];

/** A trailing order of trackorder/list, made on MEXC's own pages; states 0 to 4, `activePrice` until it follows. */
export function decodeTrackRow(row: Fields, instrument: Instrument): VenueOrder {
  const status = TRACK_STATUS[integerOf(row, 'state')];
  if (status === undefined) throw bad('unknown state of a trailing order', row);
  const price = positiveOrNull(row, 'triggerPrice') === null ? 'activePrice' : 'triggerPrice';
  return conditional(row, instrument, status, price);
}

function conditional(
  row: Fields,
  instrument: Instrument,
  status: OrderStatus,
  priceField: string,
): VenueOrder {
  const { side, closes } = toFutureSide(row);
  return {
    venueOrderId: toVenueId(row, 'id'),
    clientOrderId: null,
    symbol: instrument.symbol,
    status,
    filled: ZERO,
    averagePrice: null,
    side,
    amount: toBase(decimalOf(row, 'vol'), instrument),
    triggerPrice: positiveOrNull(row, priceField),
    reduceOnly: closes || row.reduceOnly === true,
    updatedAt: changedAt(row),
  };
}

/**
 * Stop and target on a position, set on MEXC's own pages: one row holds both, and each is told as an order of its own.
 * {"id":987,"symbol":"BTC_USDT","positionType":1,"vol":10,"stopLossPrice":42000,"takeProfitPrice":48000,"state":1,…}
 */
export function decodeStopRow(row: Fields, instrument: Instrument): VenueOrder[] {
  const type = integerOf(row, 'positionType');
  if (type !== 1 && type !== 2) throw bad('unknown position type', row);
  const id = idOf(row, 'id');
  const prices = [
    { price: positiveOrNull(row, 'stopLossPrice'), name: id },
    { price: positiveOrNull(row, 'takeProfitPrice'), name: `${id}-tp` },
  ];
  return prices
    .filter(({ price }) => price !== null)
    .map(({ price, name }) => ({
      venueOrderId: VenueOrderId.parse(name),
      clientOrderId: null,
      symbol: instrument.symbol,
      status: 'open' as const,
      filled: ZERO,
      averagePrice: null,
      side: type === 1 ? ('sell' as const) : ('buy' as const),
      amount: toBase(decimalOf(row, 'vol'), instrument),
      triggerPrice: price,
      reduceOnly: true,
      updatedAt: changedAt(row),
    }));
}
