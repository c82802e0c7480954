import type { Decimal, OrderSide, UnixMs } from '#shared/domain/basics';
import { isZero, neg, ZERO } from '#shared/domain/decimal';
import { venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import { accountFacts, type FrameFact, type Where } from '../core/frame-facts';
import type { AccountEvent, VenueOrder } from '../venue';
import { makerOf } from './decode-account';
import { decodePlanRow, isYes, toClientId, toSide, toStatus, toVenueId } from './order-rows';

/** Private frames of a unified account (v3), which recordings may hold; Wavedesk trades classic accounts. */
export interface UtaContext {
  readonly where: Where;
  now(): UnixMs;
  /** Null for a name without a unified form. */
  instrument(wireSymbol: string, category: string): Instrument | null;
}

/** Null for a topic nobody here knows. @throws ProtocolError */
export function utaFacts(frame: Fields, context: UtaContext): readonly FrameFact[] | null {
  const { topic } = fieldsOf(frame.arg, 'arg');
  // `fast-fill` is one object in its documentation.
  const data = Array.isArray(frame.data) ? listOf(frame.data, 'data') : [frame.data];
  const rows = data.map((row) => fieldsOf(row, 'row'));
  switch (topic) {
    case 'order':
      return rows.flatMap((row) => told(row, context, (instrument) => orderEvent(row, instrument, context)));
    case 'fill':
    case 'fast-fill':
      return rows.flatMap((row) => told(row, context, (instrument) => fillEvent(row, instrument, context)));
    case 'strategy-order':
      return rows.flatMap((row) =>
        told(row, context, (instrument) => strategyEvent(row, instrument, context)),
      );
    case 'account':
      return rows.flatMap((row) =>
        listOf(row.coin ?? [], 'coin').map((coin) => balanceFact(coin, frame, context)),
      );
    case 'position':
      return rows.map((row) => positionFact(row, context));
    default:
      return null;
  }
}

/** Products are written in small letters and in capitals. */
const categoryOf = (row: Fields): string => String(row.category ?? 'usdt-futures').toLowerCase();

function told(
  row: Fields,
  context: UtaContext,
  read: (instrument: Instrument) => AccountEvent,
): readonly FrameFact[] {
  const wire = textOf(row, 'symbol').toUpperCase();
  const instrument = context.instrument(wire, categoryOf(row));
  if (instrument === null) throw bad(`no unified name for ${wire}`, row);
  return accountFacts({ ...context.where, market: instrument.market }, read(instrument));
}

// {"category":"spot","symbol":"ETHUSDT","orderId":"…","clientOid":"wd-17","qty":"0.5","side":"sell","reduceOnly":"no",
//  "cumExecQty":"0","avgPrice":"0","orderStatus":"new","updatedTime":"1795187001990",…}; side is the trade direction
function orderEvent(row: Fields, instrument: Instrument, context: UtaContext): AccountEvent {
  const filled = optionalDecimal(row, 'cumExecQty') ?? ZERO;
  const order: VenueOrder = {
    venueOrderId: toVenueId(row),
    clientOrderId: toClientId(row.clientOid),
    symbol: instrument.symbol,
    status: toStatus(row.orderStatus),
    filled,
    averagePrice: isZero(filled) ? null : positiveOrNull(row, 'avgPrice'),
    side: toSide(row.side),
    amount: positiveOrNull(row, 'qty'),
    triggerPrice: null,
    reduceOnly: isYes(row.reduceOnly),
    updatedAt: timeOf(row, 'updatedTime'),
  };
  return { type: 'order', order, note: null, seenAt: context.now() };
}

// {"category":"usdt-futures","symbol":"BTCUSDT","orderId":"…","clientOid":"wd-18","execId":"…","side":"sell",
//  "execPrice":"68010.1","execQty":"0.02","tradeScope":"maker","feeDetail":[{"feeCoin":"USDT","fee":"0.27204"}],
//  "execTime":"1795187003000",…}; a fee that was paid has no minus here
function fillEvent(row: Fields, instrument: Instrument, context: UtaContext): AccountEvent {
  const fill: Fill = {
    venue: venueKey('bitget', instrument.market),
    symbol: instrument.symbol,
    tradeId: idOf(row, 'execId'),
    venueOrderId: toVenueId(row),
    clientOrderId: toClientId(row.clientOid),
    side: toSide(row.side),
    price: decimalOf(row, 'execPrice'),
    amount: decimalOf(row, 'execQty'),
    ...(positiveOrNull(row, 'execValue') === null ? {} : { cost: decimalOf(row, 'execValue') }),
    fee: utaFee(row.feeDetail),
    maker: makerOf(row.tradeScope),
    venueTime: timeOf(row, 'execTime'),
    seenAt: context.now(),
  };
  return { type: 'fill', fill };
}

function utaFee(detail: unknown): Fill['fee'] {
  const [first] = Array.isArray(detail) ? (detail as readonly unknown[]) : [];
  if (first === undefined) return null;
  const fee = fieldsOf(first, 'feeDetail');
  const cost = optionalDecimal(fee, 'fee');
  return cost === null ? null : { cost, currency: textOf(fee, 'feeCoin') };
}

function strategyEvent(row: Fields, instrument: Instrument, context: UtaContext): AccountEvent {
  const trigger =
    positiveOrNull(row, 'triggerPrice') ??
    positiveOrNull(row, 'stopLoss') ??
    positiveOrNull(row, 'takeProfit');
  const plain = { ...row, size: row.qty, uTime: row.updatedTime, triggerPrice: trigger };
  const { order } = decodePlanRow(plain, instrument.symbol);
  return { type: 'order', order, note: null, seenAt: context.now() };
}

// {"coin":"USDT","balance":"11502.56","available":"10940.45","locked":"0","equity":"11502.56",…}
function balanceFact(value: unknown, frame: Fields, { where }: UtaContext): FrameFact {
  const row = fieldsOf(value, 'coin');
  return {
    type: 'balance',
    ...where,
    asset: textOf(row, 'coin'),
    free: optionalDecimal(row, 'available'),
    locked: optionalDecimal(row, 'locked'),
    timestamp: timeOf(frame, 'ts'),
  };
}

// {"symbol":"BTCUSDT","size":"0","posSide":"long","avgPrice":"0","liqPrice":"","positionStatus":"ended","updatedTime":"…"}
function positionFact(row: Fields, { where, instrument }: UtaContext): FrameFact {
  const size = decimalOf(row, 'size');
  return {
    type: 'position',
    ...where,
    symbol: instrument(textOf(row, 'symbol').toUpperCase(), categoryOf(row))?.symbol ?? null,
    timestamp: timeOf(row, 'updatedTime'),
    amount: signed(size, row.posSide),
    entry_price: positiveOrNull(row, 'avgPrice'),
    liquidation_price: positiveOrNull(row, 'liqPrice'),
  };
}

/** @throws ProtocolError without a direction */
export function signed(size: Decimal, side: unknown): Decimal {
  const direction: OrderSide | null = side === 'long' ? 'buy' : side === 'short' ? 'sell' : null;
  if (direction === null && !isZero(size)) throw bad('a position without a side', side);
  return direction === 'sell' && !isZero(size) ? neg(size) : size;
}
