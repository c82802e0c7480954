import { type ClientOrderId, type Decimal, type OrderSide, VenueOrderId } from '#shared/domain/basics';
import { abs, isNegative, isZero, mul, sub, ZERO } from '#shared/domain/decimal';
import type { OrderStatus } from '#shared/domain/order';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
} from '../core/fields';
import type { OrderNames } from '../core/order-names';
import type { VenueOrder } from '../venue';
import { fromText, triggerOf } from './client-ids';
import { sideOf } from './decode';
import type { GateInstrument } from './symbols';
import { timeOf } from './times';

/** Ids pass 2^53; where Gate also writes one as text, the text is right. */
export const idText = (row: Fields, name: string): string =>
  typeof row[`${name}_string`] === 'string' && row[`${name}_string`] !== ''
    ? idOf(row, `${name}_string`)
    : idOf(row, name);

export const toVenueId = (row: Fields, name: string): VenueOrderId => VenueOrderId.parse(idText(row, name));

/** Under this name the table of names keeps a trigger order: its ids are counted apart from those of orders. */
export const triggerName = (id: string): string => `ao-${id}`;

/** Our id of an ordinary order: by its text, by the trigger it came from, or remembered. */
export function clientIdOf(
  names: OrderNames,
  { symbol }: Pick<GateInstrument, 'symbol'>,
  orderId: string,
  text: unknown,
): ClientOrderId | null {
  const own = fromText(text);
  if (own !== null) return own;
  const trigger = triggerOf(text);
  const inherited = trigger === null ? undefined : names.get(symbol, triggerName(trigger));
  return inherited ?? names.get(symbol, orderId) ?? null;
}

/** How an order can end that nobody cancelled: it could not rest or fill as it was asked to. */
const EXPIRED: ReadonlySet<unknown> = new Set(['ioc', 'fok', 'poc', 'depth_not_enough']);

/**
 * Spot says how an order stands by `event` on the stream (put, update, finish) and by `status` over REST (open, closed,
 * cancelled); futures by `status` (open, finished). `finish_as` says how it ended. @throws ProtocolError
 */
function statusOf(row: Fields, filled: Decimal, left: Decimal): OrderStatus {
  const { event, status } = row;
  const live = event === 'put' || event === 'update' || (event === undefined && status === 'open');
  if (live && row.finish_as !== 'filled') return isZero(filled) ? 'open' : 'partially_filled';
  const over =
    live || event === 'finish' || status === 'closed' || status === 'cancelled' || status === 'finished';
  if (!over) throw bad('unknown order status', row);
  // What is left of a market buy on spot counts quote, and need not be zero.
  if (row.finish_as === 'filled' || status === 'closed' || isZero(left)) return 'filled';
  return EXPIRED.has(row.finish_as) ? 'expired' : 'cancelled';
}

/** Why an order ended, in Gate's word; null for the usual ends. */
export const endOf = (row: Fields): string | null =>
  typeof row.finish_as === 'string' && !USUAL.has(row.finish_as) ? row.finish_as.slice(0, 60) : null;
const USUAL: ReadonlySet<string> = new Set([
  '',
  '-',
  'open',
  'filled',
  'cancelled',
  '_new',
  '_update',
  'unknown',
]);

/**
 * A spot order, of the stream or of REST.
 * {"id":"1036717689726","text":"t-wd-7","currency_pair":"ETH_USDT","type":"limit","side":"sell","amount":"1","price":"2500.1",
 *  "left":"0.75","filled_amount":"0.25","filled_total":"625.025","avg_deal_price":"2500.1","event":"update","finish_as":"open"}
 */
export function decodeSpotOrder(row: Fields, instrument: GateInstrument, names: OrderNames): VenueOrder {
  const venueOrderId = toVenueId(row, 'id');
  const side = sideOf(row.side);
  const byValue = row.type === 'market' && side === 'buy';
  const amount = decimalOf(row, 'amount');
  const left = decimalOf(row, 'left');
  // A docs sample carries a filled amount on an order that never filled; only a market buy has no better source.
  const filled = byValue ? (optionalDecimal(row, 'filled_amount') ?? ZERO) : sub(amount, left);
  return {
    venueOrderId,
    clientOrderId: clientIdOf(names, instrument, venueOrderId, row.text),
    symbol: instrument.symbol,
    status: statusOf(row, filled, left),
    filled,
    averagePrice: isZero(filled) ? null : positiveOrNull(row, 'avg_deal_price'),
    side,
    amount: byValue ? null : amount,
    triggerPrice: null,
    reduceOnly: false,
    updatedAt: timeOf(row, 'update_time_ms', 'update_time', 'create_time_ms', 'create_time'),
  };
}

/**
 * A futures order, of the stream or of REST; sizes are contracts, negative sells.
 * {"id":4872461,"contract":"BTC_USDT","create_time_ms":…,"size":10,"left":6,"price":50000,"fill_price":50000,"status":"open",
 *  "finish_as":"","tif":"gtc","text":"t-wd-9","is_close":false,"is_reduce_only":false}
 */
export function decodeFutureOrder(row: Fields, instrument: GateInstrument, names: OrderNames): VenueOrder {
  const venueOrderId = toVenueId(row, 'id');
  const size = decimalOf(row, 'size');
  const left = abs(decimalOf(row, 'left'));
  const filled = mul(sub(abs(size), left), instrument.contractSize);
  return {
    venueOrderId,
    clientOrderId: clientIdOf(names, instrument, venueOrderId, row.text),
    symbol: instrument.symbol,
    status: statusOf({ ...row, event: undefined }, filled, left),
    filled,
    averagePrice: isZero(filled) ? null : positiveOrNull(row, 'fill_price'),
    side: signOf(size),
    amount: isZero(size) ? null : mul(abs(size), instrument.contractSize),
    triggerPrice: null,
    reduceOnly: row.is_reduce_only === true || row.is_close === true || row.reduce_only === true,
    updatedAt: timeOf(row, 'finish_time_ms', 'finish_time', 'update_time', 'create_time_ms', 'create_time'),
  };
}
const signOf = (size: Decimal): OrderSide => (isNegative(size) ? 'sell' : 'buy');

/** What a conditional order is before its trigger; `childId` once it became an ordinary order. */
export interface TriggerRow {
  readonly id: string;
  readonly order: VenueOrder;
  readonly childId: string | null;
}

const TRIGGER_ENDS: Readonly<Record<string, OrderStatus>> = {
  cancelled: 'cancelled',
  canceled: 'cancelled',
  failed: 'rejected',
  expired: 'expired',
};

function triggerStatus(row: Fields, childId: string | null): OrderStatus {
  // The ordinary order decides from the trigger on.
  if (row.status === 'open' || row.status === 'inactive' || childId !== null) return 'open';
  const how = row.status === 'finished' ? row.finish_as : row.status;
  const status = typeof how === 'string' ? TRIGGER_ENDS[how] : undefined;
  if (status === undefined) throw bad('unknown status of a trigger order', row);
  return status;
}

function childOf(row: Fields, name: string): string | null {
  const text = row[`${name}_string`] ?? row[name];
  if (text === undefined || text === null || text === '' || text === 0 || text === '0') return null;
  return idText(row, name);
}

/**
 * A futures trigger order, of the stream or of REST.
 * {"id":9256,"initial":{"contract":"BTC_USDT","size":-1,"price":"0","tif":"ioc","text":"t-wd-3","is_reduce_only":true},
 *  "trigger":{"price":"48000","rule":2},"trade_id":0,"status":"open","finish_as":"","create_time":1545141817}
 */
export function decodeFutureTrigger(row: Fields, instrument: GateInstrument, names: OrderNames): TriggerRow {
  const id = idText(row, 'id');
  const initial = fieldsOf(row.initial, 'initial');
  const size = decimalOf(initial, 'size');
  const childId = childOf(row, 'trade_id');
  const kind = String(row.order_type ?? '');
  const closes = isZero(size);
  return {
    id,
    childId,
    order: {
      venueOrderId: VenueOrderId.parse(id),
      clientOrderId: fromText(initial.text) ?? names.get(instrument.symbol, triggerName(id)) ?? null,
      symbol: instrument.symbol,
      status: triggerStatus(row, childId),
      filled: ZERO,
      averagePrice: null,
      // One that closes whatever is there has no size; its kind names the side it closes.
      side: closes ? (kind.includes('short') ? 'buy' : 'sell') : signOf(size),
      amount: closes ? null : mul(abs(size), instrument.contractSize),
      triggerPrice: positiveOrNull(fieldsOf(row.trigger, 'trigger'), 'price'),
      reduceOnly: closes || initial.is_reduce_only === true || initial.is_close === true,
      updatedAt: timeOf(row, 'finish_time', 'create_time'),
    },
  };
}

/**
 * A spot trigger order of REST; what it becomes is named by `fired_order_id`.
 * {"id":5,"market":"ETH_USDT","trigger":{"price":"2400","rule":"<="},"put":{"type":"limit","side":"sell","price":"2390",
 *  "amount":"1","text":"t-wd-3"},"ctime":1782000000,"ftime":0,"fired_order_id":0,"status":"open"}
 */
export function decodeSpotTrigger(row: Fields, instrument: GateInstrument, names: OrderNames): TriggerRow {
  const id = idText(row, 'id');
  const put = fieldsOf(row.put, 'put');
  const trigger = fieldsOf(row.trigger, 'trigger');
  const childId = childOf(row, 'fired_order_id');
  return {
    id,
    childId,
    order: {
      ...spotTriggerOrder(id, put, instrument),
      clientOrderId:
        fromText(put.text) ?? fromText(trigger.text) ?? names.get(instrument.symbol, triggerName(id)) ?? null,
      status: triggerStatus(row, childId),
      triggerPrice: positiveOrNull(trigger, 'price'),
      updatedAt: timeOf(row, 'ftime', 'ctime'),
    },
  };
}

const spotTriggerOrder = (id: string, put: Fields, instrument: GateInstrument) => ({
  venueOrderId: VenueOrderId.parse(id),
  symbol: instrument.symbol,
  filled: ZERO,
  averagePrice: null,
  side: sideOf(put.side),
  amount: put.type === 'market' && put.side === 'buy' ? null : positiveOrNull(put, 'amount'),
  reduceOnly: false,
});

/**
 * The same from the stream, which says neither status nor text: a fired order names its child, an ended one a time.
 * {"market":"ETH_USDT","id":5,"trigger_price":"2400","trigger_rule":"<=","price":"2390","amount":"1","side":"sell",
 *  "order_type":"limit","fired_order_id":0,"reason":"","ctime":"1782000000123","ftime":"-62135596800000"}
 */
export function decodeSpotTriggerNews(
  row: Fields,
  instrument: GateInstrument,
  names: OrderNames,
): TriggerRow {
  const id = idText(row, 'id');
  const childId = childOf(row, 'fired_order_id');
  const ended = Number(row.ftime) > 0;
  const put = { type: textOf(row, 'order_type'), side: row.side, amount: row.amount };
  return {
    id,
    childId,
    order: {
      ...spotTriggerOrder(id, put, instrument),
      clientOrderId: fromText(row.text) ?? names.get(instrument.symbol, triggerName(id)) ?? null,
      status: ended && childId === null ? 'cancelled' : 'open',
      triggerPrice: positiveOrNull(row, 'trigger_price'),
      updatedAt: timeOf(row, 'ftime', 'ctime'),
    },
  };
}
