import type { Decimal } from '#shared/domain/basics';
import { fromText, isZero } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import {
  type Fields,
  fieldsOf,
  integerOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
} from '../core/fields';

/** Bitget's spelling of a unified symbol: BTC/USDT and BTC/USDT:USDT are both BTCUSDT; the product tells them apart. */
export const toWireSymbol = (symbol: Symbol): string => symbol.split(':')[0]!.replace('/', '');

/** Of the futures, only the USDT-margined ones are traded here. */
export const PRODUCT: Readonly<Record<MarketKind, 'SPOT' | 'USDT-FUTURES'>> = {
  spot: 'SPOT',
  future: 'USDT-FUTURES',
};
export const MARGIN_COIN = 'USDT';

/**
 * Tradable instruments out of GET v3/market/instruments. Left out: delivery contracts, and names outside A-Z and
 * 0-9, which have no unified symbol here.
 * @throws ProtocolError when the answer has no list of symbols
 */
export function decodeInstruments(data: unknown, market: MarketKind): Instrument[] {
  const instruments: Instrument[] = [];
  for (const row of listOf(data, 'instruments')) {
    const instrument = decodeInstrument(fieldsOf(row, 'instrument'), market);
    if (instrument !== null) instruments.push(instrument);
  }
  return instruments;
}

// {"symbol":"BTCUSDT","category":"USDT-FUTURES","baseCoin":"BTC","quoteCoin":"USDT","type":"perpetual","status":"online",
//  "minOrderQty":"0.0001","maxOrderQty":"1200","maxMarketOrderQty":"220","pricePrecision":"1","quantityPrecision":"4",
//  "priceMultiplier":"0.1","quantityMultiplier":"0.0001","minOrderAmount":"5"}; spot has no type and no multipliers
function decodeInstrument(row: Fields, market: MarketKind): Instrument | null {
  const base = textOf(row, 'baseCoin');
  const quote = textOf(row, 'quoteCoin');
  const wireSymbol = textOf(row, 'symbol');
  const symbol = Symbol.safeParse(`${base}/${quote}${market === 'spot' ? '' : `:${MARGIN_COIN}`}`);
  if (row.category !== PRODUCT[market] || !symbol.success || toWireSymbol(symbol.data) !== wireSymbol)
    return null;
  if (market === 'future' && row.type !== 'perpetual') return null;
  const stepSize = stepOf(row, 'quantityMultiplier', 'quantityPrecision');
  const least = optionalDecimal(row, 'minOrderQty');
  return {
    exchange: 'bitget',
    market,
    symbol: symbol.data,
    wireSymbol,
    base,
    quote,
    active: row.status === 'online',
    tickSize: stepOf(row, 'priceMultiplier', 'pricePrecision'),
    stepSize,
    // A minimum of zero still means one step.
    minAmount: least === null || isZero(least) ? stepSize : least,
    maxAmount: positiveOrNull(row, 'maxOrderQty'),
    maxMarketAmount: positiveOrNull(row, 'maxMarketOrderQty'),
    minNotional: positiveOrNull(row, 'minOrderAmount'),
    maxNotional: null,
  };
}

/** Futures name the step; spot only how many decimals there are. */
const stepOf = (row: Fields, multiplier: string, precision: string): Decimal =>
  positiveOrNull(row, multiplier) ?? tenthPower(integerOf(row, precision));

const tenthPower = (places: number): Decimal =>
  fromText(places <= 0 ? `1${'0'.repeat(-places)}` : `0.${'0'.repeat(places - 1)}1`);
