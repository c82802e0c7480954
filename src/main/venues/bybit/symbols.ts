import type { MarketKind } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
} from '../core/fields';

/**
 * Bybit's spelling of a unified symbol: BTC/USDT and BTC/USDT:USDT are both BTCUSDT, so a spelling means something
 * only together with its market. A perpetual in USDC is BTCPERP.
 */
export function toWireSymbol(symbol: Symbol): string {
  const [pair, settle] = symbol.split(':') as [string, string | undefined];
  const [base, quote] = pair.split('/') as [string, string];
  return settle === 'USDC' ? `${base}PERP` : `${base}${quote}`;
}

/**
 * Tradable instruments of one page of instruments-info. Left out: dated contracts, and names outside A-Z and 0-9,
 * which have no unified symbol here.
 * @throws ProtocolError when the answer has no list.
 */
export function decodeInstruments(data: unknown, market: MarketKind): Instrument[] {
  const instruments: Instrument[] = [];
  for (const row of listOf(fieldsOf(data, 'instruments-info').list, 'list')) {
    const instrument = decodeInstrument(fieldsOf(row, 'instrument'), market);
    if (instrument !== null) instruments.push(instrument);
  }
  return instruments;
}

// {"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT",
//  "settleCoin":"USDT","priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"qtyStep":"0.001","minOrderQty":"0.001",
//  "maxOrderQty":"1190.000","maxMktOrderQty":"500.000","minNotionalValue":"5"},"fundingInterval":480}
// Spot: {"lotSizeFilter":{"basePrecision":"0.000001","quotePrecision":"0.0000001","minOrderAmt":"5",
//  "maxLimitOrderQty":"83","maxMarketOrderQty":"41"}}; its minOrderQty is deprecated and not read.
function decodeInstrument(row: Fields, market: MarketKind): Instrument | null {
  const base = textOf(row, 'baseCoin');
  const quote = textOf(row, 'quoteCoin');
  const wireSymbol = textOf(row, 'symbol');
  const settle = market === 'spot' ? '' : `:${String(row.settleCoin ?? quote)}`;
  const symbol = Symbol.safeParse(`${base}/${quote}${settle}`);
  const perpetual = market === 'spot' || row.contractType === 'LinearPerpetual';
  if (!perpetual || !symbol.success || toWireSymbol(symbol.data) !== wireSymbol) return null;
  const lot = fieldsOf(row.lotSizeFilter, 'lotSizeFilter');
  return {
    exchange: 'bybit',
    market,
    symbol: symbol.data,
    wireSymbol,
    base,
    quote,
    active: row.status === 'Trading',
    tickSize: decimalOf(fieldsOf(row.priceFilter, 'priceFilter'), 'tickSize'),
    ...(market === 'spot' ? spotLimits(lot) : futureLimits(lot)),
  };
}

const futureLimits = (lot: Fields) => ({
  stepSize: decimalOf(lot, 'qtyStep'),
  minAmount: decimalOf(lot, 'minOrderQty'),
  maxAmount: positiveOrNull(lot, 'maxOrderQty'),
  maxMarketAmount: positiveOrNull(lot, 'maxMktOrderQty'),
  minNotional: optionalDecimal(lot, 'minNotionalValue'),
  maxNotional: null,
});

const spotLimits = (lot: Fields) => ({
  stepSize: decimalOf(lot, 'basePrecision'),
  minAmount: decimalOf(lot, 'basePrecision'),
  maxAmount: positiveOrNull(lot, 'maxLimitOrderQty') ?? positiveOrNull(lot, 'maxOrderQty'),
  maxMarketAmount: positiveOrNull(lot, 'maxMarketOrderQty'),
  minNotional: optionalDecimal(lot, 'minOrderAmt'),
  maxNotional: positiveOrNull(lot, 'maxOrderAmt'),
});

/** The market a private row belongs to; null for inverse contracts and options. @throws ProtocolError */
export function marketOf(row: Fields): MarketKind | null {
  if (row.category === 'linear') return 'future';
  if (row.category === 'spot') return 'spot';
  if (typeof row.category === 'string') return null;
  throw bad('a private row without its category', row);
}
