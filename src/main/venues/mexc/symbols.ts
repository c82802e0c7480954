import type { Decimal } from '#shared/domain/basics';
import { fromText, gt, isPositive, mul } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import {
  decimalOf,
  type Fields,
  fieldsOf,
  integerOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
} from '../core/fields';

/** MEXC's spelling of a unified symbol: BTC/USDT is BTCUSDT, BTC/USDT:USDT is BTC_USDT. */
export const toWireSymbol = (symbol: Symbol): string =>
  symbol.includes(':') ? symbol.split(':')[0]!.replace('/', '_') : symbol.replace('/', '');

/** Quote assets of the linear perpetuals we trade; the others settle in a coin. */
const LINEAR: ReadonlySet<string> = new Set(['USDT', 'USDC']);

/**
 * Tradable instruments out of exchangeInfo or contract/detail. Left out: contracts that settle in a coin or on a date,
 * and names outside A-Z and 0-9, which have no unified symbol here.
 * @throws ProtocolError when the answer has no list
 */
export function decodeInstruments(data: unknown, market: MarketKind): Instrument[] {
  const rows =
    market === 'spot'
      ? listOf(fieldsOf(data, 'exchangeInfo').symbols, 'symbols')
      : listOf(Array.isArray(data) ? data : [data], 'contracts');
  const decode = market === 'spot' ? decodeSpot : decodeContract;
  const instruments: Instrument[] = [];
  for (const row of rows) {
    const instrument = decode(fieldsOf(row, 'symbol'));
    if (instrument !== null) instruments.push(instrument);
  }
  return instruments;
}

const stepOf = (digits: number): Decimal => fromText(digits === 0 ? '1' : `0.${'0'.repeat(digits - 1)}1`);

// {"symbol":"ETHUSDT","status":"1","baseAsset":"ETH","baseAssetPrecision":5,"quoteAsset":"USDT","quoteAssetPrecision":2,
//  "isSpotTradingAllowed":true,"baseSizePrecision":"0.0001","quoteAmountPrecision":"1","maxQuoteAmount":"2000000",…}
function decodeSpot(row: Fields): Instrument | null {
  const base = textOf(row, 'baseAsset');
  const quote = textOf(row, 'quoteAsset');
  const symbol = Symbol.safeParse(`${base}/${quote}`);
  const wireSymbol = textOf(row, 'symbol');
  if (!symbol.success || toWireSymbol(symbol.data) !== wireSymbol) return null;
  const stepSize = stepOf(integerOf(row, 'baseAssetPrecision'));
  // The names lie: baseSizePrecision is the smallest amount, quoteAmountPrecision the smallest value.
  const least = positiveOrNull(row, 'baseSizePrecision');
  const value = positiveOrNull(row, 'quoteAmountPrecision');
  const marketValue = positiveOrNull(row, 'quoteAmountPrecisionMarket');
  return {
    exchange: 'mexc',
    market: 'spot',
    symbol: symbol.data,
    wireSymbol,
    base,
    quote,
    active:
      String(row.status) === '1' &&
      row.isSpotTradingAllowed === true &&
      (row.tradeSideType === undefined || String(row.tradeSideType) === '1'),
    tickSize: stepOf(integerOf(row, 'quoteAssetPrecision')),
    stepSize,
    minAmount: least !== null && gt(least, stepSize) ? least : stepSize,
    maxAmount: null,
    minNotional: value !== null && marketValue !== null && gt(marketValue, value) ? marketValue : value,
    maxNotional: positiveOrNull(row, 'maxQuoteAmount'),
  };
}

// {"symbol":"BTC_USDT","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT","contractSize":0.0001,"priceUnit":0.1,
//  "volUnit":1,"minVol":1,"maxVol":1000000,"state":0,"apiAllowed":true,"futureType":1,…}
function decodeContract(row: Fields): Instrument | null {
  const base = textOf(row, 'baseCoin');
  const quote = textOf(row, 'quoteCoin');
  if (row.settleCoin !== quote || !LINEAR.has(quote) || row.futureType === 2) return null;
  const symbol = Symbol.safeParse(`${base}/${quote}:${quote}`);
  const wireSymbol = textOf(row, 'symbol');
  const contractSize = decimalOf(row, 'contractSize');
  if (!symbol.success || toWireSymbol(symbol.data) !== wireSymbol || !isPositive(contractSize)) return null;
  const inBase = (contracts: Decimal): Decimal => mul(contracts, contractSize);
  const most = optionalDecimal(row, 'maxVol');
  return {
    exchange: 'mexc',
    market: 'future',
    symbol: symbol.data,
    wireSymbol,
    base,
    quote,
    active: integerOf(row, 'state') === 0 && row.apiAllowed !== false,
    tickSize: decimalOf(row, 'priceUnit'),
    stepSize: inBase(decimalOf(row, 'volUnit')),
    minAmount: inBase(decimalOf(row, 'minVol')),
    maxAmount: most === null ? null : inBase(most),
    minNotional: null,
    contractSize,
  };
}
