import type { Decimal } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import {
  decimalOf,
  type Fields,
  fieldsOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
} from '../core/fields';

/** Binance's spelling of a unified symbol: BTC/USDT and BTC/USDT:USDT are both BTCUSDT. */
export const toWireSymbol = (symbol: Symbol): string => symbol.split(':')[0]!.replace('/', '');

/**
 * Tradable instruments out of exchangeInfo. Left out: delivery contracts, and names outside A-Z and 0-9, which
 * have no unified symbol here.
 * @throws ProtocolError when the answer has no list of symbols.
 */
export function decodeInstruments(data: unknown, market: MarketKind): Instrument[] {
  const rows = listOf(fieldsOf(data, 'exchangeInfo').symbols, 'symbols');
  const instruments: Instrument[] = [];
  for (const row of rows) {
    const instrument = decodeInstrument(fieldsOf(row, 'symbol'), market);
    if (instrument !== null) instruments.push(instrument);
  }
  return instruments;
}

function decodeInstrument(row: Fields, market: MarketKind): Instrument | null {
  const base = textOf(row, 'baseAsset');
  const quote = textOf(row, 'quoteAsset');
  const perpetual = market === 'spot' || String(row.contractType).endsWith('PERPETUAL');
  const settle = market === 'spot' ? '' : `:${String(row.marginAsset ?? quote)}`;
  const symbol = Symbol.safeParse(`${base}/${quote}${settle}`);
  const wireSymbol = textOf(row, 'symbol');
  if (!perpetual || !symbol.success || toWireSymbol(symbol.data) !== wireSymbol) return null;
  const price = filterOf(row, 'PRICE_FILTER');
  const lot = filterOf(row, 'LOT_SIZE');
  if (price === null || lot === null) return null;
  return {
    exchange: 'binance',
    market,
    symbol: symbol.data,
    wireSymbol,
    base,
    quote,
    active: row.status === 'TRADING' && row.isSpotTradingAllowed !== false,
    tickSize: decimalOf(price, 'tickSize'),
    stepSize: decimalOf(lot, 'stepSize'),
    minAmount: decimalOf(lot, 'minQty'),
    maxAmount: positiveOrNull(lot, 'maxQty'),
    maxMarketAmount: mostOf(row, 'MARKET_LOT_SIZE', 'maxQty'),
    minNotional: minNotional(row),
    maxNotional: mostOf(row, 'NOTIONAL', 'maxNotional'),
  };
}

/** Spot calls it NOTIONAL or, before, MIN_NOTIONAL with `minNotional`; futures MIN_NOTIONAL with `notional`. */
function minNotional(row: Fields): Decimal | null {
  const filter = filterOf(row, 'NOTIONAL') ?? filterOf(row, 'MIN_NOTIONAL');
  if (filter === null) return null;
  return optionalDecimal(filter, 'minNotional') ?? optionalDecimal(filter, 'notional');
}

/** An upper bound, null where the filter or its field is missing or says 0. */
function mostOf(row: Fields, type: string, name: string): Decimal | null {
  const filter = filterOf(row, type);
  return filter === null ? null : positiveOrNull(filter, name);
}

function filterOf(row: Fields, type: string): Fields | null {
  for (const filter of listOf(row.filters, 'filters')) {
    const fields = fieldsOf(filter, 'filter');
    if (fields.filterType === type) return fields;
  }
  return null;
}
