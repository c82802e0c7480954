import { type UnixMs, VenueOrderId } from '#shared/domain/basics';
import { venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
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
import { toBase } from './contracts';
import { toClientId, toFutureSide, toSpotSide, toVenueId } from './order-rows';

/** A fee that MEXC does not tell is unknown, not zero. @throws ProtocolError for one without its currency */
function feeOf(row: Fields, cost: string, currency: string): Fill['fee'] {
  const paid = optionalDecimal(row, cost);
  if (paid === null) return null;
  return { cost: paid, currency: textOf(row, currency) };
}

/** The value as MEXC rounds it, where it says it. */
function costOf(row: Fields, name: string): Pick<Fill, 'cost'> {
  const cost = positiveOrNull(row, name);
  return cost === null ? {} : { cost };
}

const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/**
 * A row of myTrades.
 * {"symbol":"ETHUSDT","id":"900001X1","orderId":"C02__900001","price":"2500.10","qty":"0.25","commission":"0.3125",
 *  "commissionAsset":"USDT","time":1782000000120,"isBuyer":false,"isMaker":true,"clientOrderId":"wd-7"}
 */
export function decodeSpotFill(row: Fields, instrument: Instrument, seenAt: UnixMs): Fill {
  if (typeof row.isBuyer !== 'boolean') throw bad('a fill without a side', row);
  return {
    venue: venueKey('mexc', 'spot'),
    symbol: instrument.symbol,
    tradeId: textOf(row, 'id'),
    venueOrderId: VenueOrderId.parse(textOf(row, 'orderId')),
    clientOrderId: toClientId(row.clientOrderId),
    side: row.isBuyer ? 'buy' : 'sell',
    price: decimalOf(row, 'price'),
    amount: decimalOf(row, 'qty'),
    ...costOf(row, 'quoteQty'),
    fee: feeOf(row, 'commission', 'commissionAsset'),
    maker: flag(row.isMaker),
    venueTime: timeOf(row, 'time'),
    seenAt,
  };
}

/**
 * A fill of the spot stream. Protobuf leaves out what is false or empty, so that no isMaker means taker.
 * {"price":"2500.10","quantity":"0.25","amount":"625.025","tradeType":2,"isMaker":true,"tradeId":"900001X1",
 *  "orderId":"C02__900001","feeAmount":"0.3125","feeCurrency":"USDT","time":1782000000120}
 */
export function decodeSpotDeal(row: Fields, instrument: Instrument, seenAt: UnixMs): Fill {
  return {
    venue: venueKey('mexc', 'spot'),
    symbol: instrument.symbol,
    tradeId: textOf(row, 'tradeId'),
    venueOrderId: VenueOrderId.parse(textOf(row, 'orderId')),
    clientOrderId: toClientId(row.clientOrderId),
    side: toSpotSide(row.tradeType),
    price: decimalOf(row, 'price'),
    amount: decimalOf(row, 'quantity'),
    ...costOf(row, 'amount'),
    fee: feeOf(row, 'feeAmount', 'feeCurrency'),
    maker: row.isMaker === true,
    venueTime: timeOf(row, 'time'),
    seenAt,
  };
}

/**
 * A futures fill of the stream or of order_deals. A positive fee was paid, a negative one received. REST says `taker`
 * where the stream says `isTaker`.
 * {"id":"9466823345","symbol":"BTC_USDT","side":1,"vol":2,"price":50000,"feeCurrency":"USDT","fee":0.002,
 *  "timestamp":1782000000098,"isTaker":true,"orderId":"739113577038255616","externalOid":"wd-9"}
 */
export function decodeFutureFill(row: Fields, instrument: Instrument, seenAt: UnixMs): Fill {
  const taker = flag(row.isTaker ?? row.taker);
  return {
    venue: venueKey('mexc', 'future'),
    symbol: instrument.symbol,
    tradeId: idOf(row, 'id'),
    venueOrderId: toVenueId(row, 'orderId'),
    clientOrderId: toClientId(row.externalOid),
    side: toFutureSide(row).side,
    price: decimalOf(row, 'price'),
    amount: toBase(decimalOf(row, 'vol'), instrument),
    fee: feeOf(row, 'fee', 'feeCurrency'),
    maker: taker === null ? null : !taker,
    venueTime: timeOf(row, 'timestamp'),
    seenAt,
  };
}
