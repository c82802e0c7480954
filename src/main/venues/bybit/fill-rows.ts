import type { ClientOrderId, Decimal, UnixMs } from '#shared/domain/basics';
import { add, isNegative, isZero } from '#shared/domain/decimal';
import { venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { bad, decimalOf, type Fields, fieldsOf, optionalDecimal, textOf, timeOf } from '../core/fields';
import { textIdOf, toSide } from './decode';
import { toClientId, toVenueId } from './order-rows';

/**
 * Executions that move a position and are no order's fill in the strict sense count too: liquidation, deleveraging,
 * settlement. Left out: Funding, which is a payment, and what concerns other markets (FutureSpread).
 */
const FILLS: ReadonlySet<unknown> = new Set([
  'Trade',
  'AdlTrade',
  'BustTrade',
  'BlockTrade',
  'MovePosition',
  'Settle',
  'Delivery',
]);
export const isFill = (row: Fields): boolean => FILLS.has(row.execType);

/**
 * One execution, from the socket or from execution/list; its execId is its identity, unique over all markets.
 * {"category":"linear","symbol":"BTCUSDT","execFee":"7.161","execId":"0ab1bdf7-…","execPrice":"65100","execQty":"0.2",
 *  "execType":"Trade","orderId":"9aac161b-…","orderLinkId":"wd-0002","side":"Sell","execTime":"1772536782140",
 *  "isMaker":false,"feeCurrency":"USDT","feeRate":"0.00055","extraFees":""}
 * @throws ProtocolError
 */
export function decodeFill(
  row: Fields,
  instrument: Pick<Instrument, 'symbol' | 'base' | 'quote' | 'market'>,
  named: ClientOrderId | null,
  seenAt: UnixMs,
): Fill {
  const amount = decimalOf(row, 'execQty');
  if (isZero(amount) || isNegative(amount)) throw bad('a fill without an amount', row);
  return {
    venue: venueKey('bybit', instrument.market),
    symbol: instrument.symbol,
    tradeId: textIdOf(row, 'execId'),
    venueOrderId: toVenueId(row, 'orderId'),
    clientOrderId: toClientId(row.orderLinkId) ?? named,
    side: toSide(row.side),
    price: decimalOf(row, 'execPrice'),
    amount,
    fee: feeOf(row, instrument),
    maker: typeof row.isMaker === 'boolean' ? row.isMaker : null,
    venueTime: timeOf(row, 'execTime'),
    seenAt,
  };
}

/** A missing fee is unknown, not 0; a negative one was received. */
function feeOf(row: Fields, instrument: Pick<Instrument, 'base' | 'quote' | 'market'>): Fill['fee'] {
  const charged = optionalDecimal(row, 'execFee');
  if (charged === null) return null;
  const named = typeof row.feeCurrency === 'string' && row.feeCurrency !== '' ? row.feeCurrency : null;
  const currency = named ?? guessedCurrency(row, instrument);
  return { cost: extras(row, currency).reduce(add, charged), currency };
}

/**
 * Where an execution does not name the coin of its fee: contracts pay in their settlement coin. Spot takes it from
 * what was received, the other coin when the maker is paid a rebate.
 */
function guessedCurrency(
  row: Fields,
  { base, quote, market }: Pick<Instrument, 'base' | 'quote' | 'market'>,
): string {
  if (market === 'future') return quote;
  const rate = optionalDecimal(row, 'feeRate');
  const isRebate = row.isMaker === true && rate !== null && isNegative(rate);
  return (row.side === 'Buy') === isRebate ? quote : base;
}

/** Taxes of some countries, as far as they were taken in the fee's own coin. */
function extras(row: Fields, currency: string): Decimal[] {
  if (!Array.isArray(row.extraFees)) return [];
  return row.extraFees
    .map((one: unknown) => fieldsOf(one, 'extra fee'))
    .filter((one) => textOf(one, 'feeCoin') === currency)
    .map((one) => decimalOf(one, 'fee'));
}
