import type { Decimal } from '#shared/domain/basics';
import { fromText, isPositive, mul, ONE } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import { decimalOf, type Fields, fieldsOf, integerOf, listOf, positiveOrNull, textOf } from '../core/fields';

/** Base units of one contract stand beside the instrument; on spot it is 1. */
export interface GateInstrument extends Instrument {
  readonly contractSize: Decimal;
}

/** As the rest of the app knows it: spot counts in base units itself. */
export function toInstrument({ contractSize, ...instrument }: GateInstrument): Instrument {
  return instrument.market === 'spot' ? instrument : { ...instrument, contractSize };
}

/** Gate's spelling of a unified symbol: BTC/USDT and BTC/USDT:USDT are both BTC_USDT. */
export const toWireSymbol = (symbol: Symbol): string => symbol.split(':')[0]!.replace('/', '_');

/**
 * Tradable instruments out of /spot/currency_pairs or /futures/usdt/contracts. Left out: names outside A-Z and 0-9,
 * and contracts without a size in base units.
 * @throws ProtocolError when the answer is no list
 */
export function decodeInstruments(data: unknown, market: MarketKind): GateInstrument[] {
  const instruments: GateInstrument[] = [];
  for (const row of listOf(data, 'instruments')) {
    const fields = fieldsOf(row, 'instrument');
    const one = market === 'spot' ? decodePair(fields) : decodeContract(fields);
    if (one !== null) instruments.push(one);
  }
  return instruments;
}

// {"id":"ETH_USDT","base":"ETH","quote":"USDT","fee":"0.2","min_base_amount":"0.001","min_quote_amount":"3",
//  "max_quote_amount":"5000000","amount_precision":4,"precision":2,"trade_status":"tradable"}
function decodePair(row: Fields): GateInstrument | null {
  const names = namesOf(textOf(row, 'id'), '');
  if (names === null) return null;
  const stepSize = stepOf(integerOf(row, 'amount_precision'));
  return {
    exchange: 'gateio',
    market: 'spot',
    ...names,
    active: row.trade_status === 'tradable',
    tickSize: stepOf(integerOf(row, 'precision')),
    stepSize,
    minAmount: positiveOrNull(row, 'min_base_amount') ?? stepSize,
    maxAmount: positiveOrNull(row, 'max_base_amount'),
    minNotional: positiveOrNull(row, 'min_quote_amount'),
    maxNotional: positiveOrNull(row, 'max_quote_amount'),
    contractSize: ONE,
  };
}

// {"name":"BTC_USDT","type":"direct","quanto_multiplier":"0.0001","order_price_round":"0.1","order_size_min":1,
//  "order_size_max":1000000,"risk_limit_max":"1000000","in_delisting":false,"status":"trading","enable_decimal":false}
function decodeContract(row: Fields): GateInstrument | null {
  const names = namesOf(textOf(row, 'name'), ':USDT');
  const contractSize = positiveOrNull(row, 'quanto_multiplier');
  if (names === null || names.quote !== 'USDT' || contractSize === null) return null;
  const least = decimalOf(row, 'order_size_min');
  const most = positiveOrNull(row, 'order_size_max');
  const mostAtMarket = positiveOrNull(row, 'market_order_size_max') ?? most;
  return {
    exchange: 'gateio',
    market: 'future',
    ...names,
    active: row.in_delisting !== true && (row.status === undefined || row.status === 'trading'),
    tickSize: decimalOf(row, 'order_price_round'),
    // Where fractions of a contract are allowed, the smallest size is the step.
    stepSize: mul(contractSize, row.enable_decimal === true && isPositive(least) ? least : ONE),
    minAmount: mul(contractSize, isPositive(least) ? least : ONE),
    maxAmount: most === null ? null : mul(most, contractSize),
    maxMarketAmount: mostAtMarket === null ? null : mul(mostAtMarket, contractSize),
    minNotional: null,
    maxNotional: positiveOrNull(row, 'risk_limit_max'),
    contractSize,
  };
}

function namesOf(wireSymbol: string, settle: string) {
  const [base = '', quote = '', more] = wireSymbol.split('_');
  const symbol = Symbol.safeParse(`${base}/${quote}${settle}`);
  return symbol.success && more === undefined ? { symbol: symbol.data, wireSymbol, base, quote } : null;
}

/** 10^-places. */
const stepOf = (places: number): Decimal =>
  places <= 0 ? ONE : fromText(`0.${'0'.repeat(Math.min(places, 30) - 1)}1`);
