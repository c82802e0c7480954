import type { Decimal, UnixMs } from '#shared/domain/basics';
import { isZero, neg } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
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
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { AccountEvent, VenueOrder } from '../venue';
import {
  amountOf,
  decodePlanRow,
  isYes,
  orderSideOf,
  toClientId,
  toSide,
  toStatus,
  toVenueId,
} from './order-rows';
import { PRODUCT } from './symbols';

/** A private frame as ours. `stale-account`: balances or positions changed, ask for them whole. */
export type AccountNews =
  | { readonly kind: 'events'; readonly events: readonly AccountEvent[] }
  | { readonly kind: 'stale-account' }
  | { readonly kind: 'stream-ended'; readonly why: string }
  | { readonly kind: 'control' };

export interface AccountContext {
  readonly market: MarketKind;
  now(): UnixMs;
  /** @throws ProtocolError for a symbol the venue never listed */
  known(wireSymbol: string): Instrument;
}

const CONTROL: AccountNews = { kind: 'control' };
const STALE: AccountNews = { kind: 'stale-account' };

/** A frame of the classic (v2) private socket. @throws ProtocolError */
export function decodeAccount(data: string | Uint8Array, context: AccountContext): AccountNews {
  const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
  if (text === 'pong') return CONTROL;
  const frame = fieldsOf(parseJson(text), 'frame');
  if (frame.event !== undefined) return control(frame);
  const arg = fieldsOf(frame.arg, 'arg');
  if (arg.instType !== PRODUCT[context.market]) throw bad('frame of another product', frame);
  const rows = (): readonly Fields[] => listOf(frame.data, 'data').map((row) => fieldsOf(row, 'row'));
  switch (arg.channel) {
    case 'orders':
      return { kind: 'events', events: rows().flatMap((row) => decodeOrder(row, context)) };
    case 'fill':
      return {
        kind: 'events',
        events: rows().map((row) => ({ type: 'fill', fill: decodeFill(row, context) })),
      };
    case 'orders-algo':
      return { kind: 'events', events: rows().flatMap((row) => decodePlan(row, context)) };
    case 'account':
    case 'positions':
      return STALE;
    default:
      throw bad('unknown channel', frame);
  }
}

// {"event":"error","code":30004,"msg":"User needs to log in"}: the session is over, whatever the socket says
const SIGNED_OUT: ReadonlySet<string> = new Set(['30004', '30005', '30011', '30012', '30014', '30015']);

function control(frame: Fields): AccountNews {
  if (frame.event === 'error') {
    if (SIGNED_OUT.has(String(frame.code)))
      return { kind: 'stream-ended', why: `the exchange ended the session: ${String(frame.msg)}` };
    throw bad('the exchange refused a frame', frame);
  }
  if (frame.event === 'login' || frame.event === 'subscribe' || frame.event === 'unsubscribe') return CONTROL;
  throw bad('unknown kind of frame', frame);
}

/**
 * An order, with its last fill inside. The fill comes before the order's new state, so that "filled" is never seen
 * ahead of what was filled; the `fill` channel tells the same one again, by the same id.
 * {"instId":"BTCUSDT","orderId":"1361200000000000001","clientOid":"wd-18","size":"0.02","orderType":"market",
 *  "side":"sell","posMode":"one_way_mode","reduceOnly":"yes","baseVolume":"0.02","accBaseVolume":"0.02",
 *  "fillPrice":"68010.1","priceAvg":"68010.1","tradeId":"1361200000000000011","fillTime":"1795187003000",
 *  "fillFee":"-0.81612","fillFeeCoin":"USDT","tradeScope":"T","status":"filled","uTime":"1795187003002",…}
 */
function decodeOrder(row: Fields, context: AccountContext): AccountEvent[] {
  const instrument = context.known(textOf(row, 'instId').toUpperCase());
  const { market } = context;
  const seenAt = context.now();
  const filled = optionalDecimal(row, 'accBaseVolume') ?? ('0' as Decimal);
  const order: VenueOrder = {
    venueOrderId: toVenueId(row),
    clientOrderId: toClientId(row.clientOid),
    symbol: instrument.symbol,
    status: toStatus(row.status),
    filled,
    averagePrice: isZero(filled) ? null : positiveOrNull(row, 'priceAvg'),
    side: orderSideOf(row),
    // `newSize` is the unified size of a spot order, where `size` changes its meaning.
    amount: amountOf(row, market, market === 'spot' && row.newSize !== undefined ? 'newSize' : 'size'),
    triggerPrice: null,
    reduceOnly: isYes(row.reduceOnly),
    updatedAt: timeOf(row, 'uTime'),
  };
  const note =
    typeof row.cancelReason === 'string' && row.cancelReason !== '' ? row.cancelReason.slice(0, 200) : null;
  const told: AccountEvent = { type: 'order', order, note, seenAt };
  const traded = optionalDecimal(row, 'baseVolume');
  if (traded === null || isZero(traded) || row.tradeId === undefined || row.tradeId === '') return [told];
  return [{ type: 'fill', fill: fillOfOrder(row, order, instrument, traded, seenAt) }, told];
}

function fillOfOrder(
  row: Fields,
  order: VenueOrder,
  instrument: Instrument,
  amount: Decimal,
  seenAt: UnixMs,
): Fill {
  return {
    venue: venueKey('bitget', instrument.market),
    symbol: order.symbol,
    tradeId: idOf(row, 'tradeId'),
    venueOrderId: order.venueOrderId,
    clientOrderId: order.clientOrderId,
    side: order.side,
    price: decimalOf(row, 'fillPrice'),
    amount,
    fee: paid(row, 'fillFee', row.fillFeeCoin, 'negative'),
    maker: makerOf(row.tradeScope),
    venueTime: timeOf(row, 'fillTime'),
    seenAt,
  };
}

/**
 * spot {"orderId":"1361100000000000001","tradeId":"1361100000000000011","symbol":"ETHUSDT","orderType":"limit",
 *  "side":"sell","priceAvg":"3400.5","size":"0.20","amount":"680.1","tradeScope":"taker","feeDetail":[{"feeCoin":"USDT",
 *  "deduction":"no","totalDeductionFee":"0","totalFee":"0.6801"}],"cTime":"1795187002000","uTime":"1795187002003"}
 * futures say price and baseVolume, and add clientOid; there `side` is the trade direction in hedge mode too.
 */
function decodeFill(row: Fields, context: AccountContext): Fill {
  const instrument = context.known(textOf(row, 'symbol').toUpperCase());
  const spot = context.market === 'spot';
  return {
    venue: venueKey('bitget', instrument.market),
    symbol: instrument.symbol,
    tradeId: idOf(row, 'tradeId'),
    venueOrderId: toVenueId(row),
    clientOrderId: toClientId(row.clientOid),
    side: toSide(row.side),
    price: decimalOf(row, spot ? 'priceAvg' : 'price'),
    amount: decimalOf(row, spot ? 'size' : 'baseVolume'),
    ...costOf(row, spot),
    fee: feeOf(row.feeDetail, spot ? 'positive' : 'negative'),
    maker: makerOf(row.tradeScope),
    venueTime: timeOf(row, 'cTime'),
    seenAt: context.now(),
  };
}

/** What a fill was worth in quote, where the exchange tells it. */
export function costOf(row: Fields, spot: boolean): { readonly cost?: Decimal } {
  const cost = positiveOrNull(row, spot ? 'amount' : 'quoteVolume');
  return cost === null ? {} : { cost };
}

/** Bitget writes a fee that was paid with a minus, but for the spot `fill` channel, which writes it without. */
type PaidSign = 'negative' | 'positive';

/**
 * The fee of a fill; ours is positive when paid. A list (streams, futures) or one object (spot REST). Paid in the
 * exchange's own coin, the amount stands in `totalDeductionFee`, whose sign is not documented: nobody is paid in it.
 * Null where the exchange does not say.
 */
export function feeOf(detail: unknown, sign: PaidSign): Fill['fee'] {
  const first: unknown = Array.isArray(detail) ? detail[0] : detail;
  if (first === undefined || first === null || first === '') return null;
  const fee = fieldsOf(first, 'feeDetail');
  if (isYes(fee.deduction)) {
    const deducted = positiveOrNull(fee, 'totalDeductionFee');
    if (deducted !== null)
      return { cost: deducted.startsWith('-') ? neg(deducted) : deducted, currency: textOf(fee, 'feeCoin') };
  }
  return paid(fee, 'totalFee', fee.feeCoin, sign);
}

function paid(row: Fields, name: string, coin: unknown, sign: PaidSign): Fill['fee'] {
  const said = optionalDecimal(row, name);
  if (said === null) return null;
  if (typeof coin !== 'string' || coin === '') {
    if (isZero(said)) return null;
    throw bad('a fee without its currency', row);
  }
  return { cost: sign === 'negative' && !isZero(said) ? neg(said) : said, currency: coin };
}

/** "T" and "M" in orders, "taker" and "maker" in fills; one documented sample says "marker". */
export function makerOf(scope: unknown): boolean | null {
  const first = typeof scope === 'string' ? scope[0]?.toLowerCase() : undefined;
  return first === 'm' ? true : first === 't' ? false : null;
}

// {"instId":"BTCUSDT","orderId":"1111491399869075457","clientOid":"wd-2","triggerPrice":"24000","planType":"sl",
//  "size":"0.001","side":"sell","orderType":"market","status":"live","cTime":"…","uTime":"…"}
function decodePlan(row: Fields, context: AccountContext): AccountEvent[] {
  const { symbol } = context.known(textOf(row, 'instId').toUpperCase());
  const { order, triggered } = decodePlanRow(row, symbol);
  // From the trigger on the plain order reports; its news may be here already, so nothing older is said.
  return triggered ? [] : [{ type: 'order', order, note: null, seenAt: context.now() }];
}
