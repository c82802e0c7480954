import { places } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import type { Params } from './params';
import { readSymbols } from './public-rest';
import type { WireMarket } from './wire-market';

/** Far enough for every symbol; PRICE_FILTER wants a bound. */
const MAX_PRICE = '10000000';
const PERPETUAL_DELIVERY = 4_133_404_800_000;
const ONBOARDED = 1_569_398_400_000;

const spotFilters = (symbol: PracticeSymbol) => [
  {
    filterType: 'PRICE_FILTER',
    minPrice: pad(symbol.tickSize, 8),
    maxPrice: pad(MAX_PRICE, 8),
    tickSize: pad(symbol.tickSize, 8),
  },
  {
    filterType: 'LOT_SIZE',
    minQty: pad(symbol.minAmount, 8),
    maxQty: pad(symbol.maxAmount, 8),
    stepSize: pad(symbol.stepSize, 8),
  },
  {
    filterType: 'MARKET_LOT_SIZE',
    minQty: pad('0', 8),
    maxQty: pad(symbol.maxAmount, 8),
    stepSize: pad('0', 8),
  },
  {
    filterType: 'TRAILING_DELTA',
    minTrailingAboveDelta: 10,
    maxTrailingAboveDelta: 2000,
    minTrailingBelowDelta: 10,
    maxTrailingBelowDelta: 2000,
  },
  {
    filterType: 'NOTIONAL',
    minNotional: pad(symbol.minNotional, 8),
    applyMinToMarket: true,
    maxNotional: '9000000.00000000',
    applyMaxToMarket: false,
    avgPriceMins: 5,
  },
  { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
  { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 },
];

const spotSymbol = (symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  status: 'TRADING',
  baseAsset: symbol.base,
  baseAssetPrecision: 8,
  quoteAsset: symbol.quote,
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  baseCommissionPrecision: 8,
  quoteCommissionPrecision: 8,
  // What the matching engine offers; a client that looks here is never surprised by a refusal.
  orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'TAKE_PROFIT'],
  icebergAllowed: false,
  ocoAllowed: false,
  otoAllowed: false,
  quoteOrderQtyMarketAllowed: true,
  allowTrailingStop: true,
  cancelReplaceAllowed: false,
  amendAllowed: false,
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  filters: spotFilters(symbol),
  permissions: [],
  permissionSets: [['SPOT']],
  defaultSelfTradePreventionMode: 'NONE',
  allowedSelfTradePreventionModes: ['NONE'],
});

const futureFilters = (symbol: PracticeSymbol) => [
  { filterType: 'PRICE_FILTER', minPrice: symbol.tickSize, maxPrice: MAX_PRICE, tickSize: symbol.tickSize },
  { filterType: 'LOT_SIZE', minQty: symbol.minAmount, maxQty: symbol.maxAmount, stepSize: symbol.stepSize },
  {
    filterType: 'MARKET_LOT_SIZE',
    minQty: symbol.minAmount,
    maxQty: symbol.maxAmount,
    stepSize: symbol.stepSize,
  },
  { filterType: 'MAX_NUM_ORDERS', limit: 200 },
  { filterType: 'MIN_NOTIONAL', notional: symbol.minNotional },
];

const futureSymbol = (symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  pair: symbol.wireSymbol,
  contractType: 'PERPETUAL',
  deliveryDate: PERPETUAL_DELIVERY,
  onboardDate: ONBOARDED,
  status: 'TRADING',
  maintMarginPercent: '2.5000',
  requiredMarginPercent: '5.0000',
  baseAsset: symbol.base,
  quoteAsset: symbol.quote,
  marginAsset: symbol.quote,
  pricePrecision: places(symbol.tickSize),
  quantityPrecision: places(symbol.stepSize),
  baseAssetPrecision: 8,
  quotePrecision: 8,
  underlyingType: 'COIN',
  underlyingSubType: [],
  triggerProtect: '0.0500',
  liquidationFee: '0.000000',
  marketTakeBound: '0.05',
  maxMoveOrderLimit: 10_000,
  filters: futureFilters(symbol),
  orderTypes: ['LIMIT', 'MARKET', 'STOP_MARKET', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
  timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
});

function rateLimits(market: WireMarket) {
  const { limits } = market;
  const rule = (rateLimitType: string, interval: string, intervalNum: number, limit: number) => ({
    rateLimitType,
    interval,
    intervalNum,
    limit,
  });
  return [
    rule('REQUEST_WEIGHT', 'MINUTE', 1, limits.weightPerMinute),
    rule('ORDERS', 'SECOND', 10, limits.ordersPer10s),
    rule('ORDERS', market.kind === 'spot' ? 'DAY' : 'MINUTE', 1, limits.ordersPerLongWindow),
  ];
}

/** Limits, filters and symbols. Spot can be asked for one or some symbols, futures always tells all. */
export function exchangeInfo(market: WireMarket, params: Params) {
  const head = {
    timezone: 'UTC',
    serverTime: market.seams.clock.now(),
    rateLimits: rateLimits(market),
    exchangeFilters: [],
  };
  if (market.kind === 'spot')
    return { ...head, symbols: readSymbols(market, params).map((symbol) => spotSymbol(symbol)) };
  const assets = [...new Set(market.core.symbols.map((one) => one.quote))].map((asset) => ({
    asset,
    marginAvailable: true,
    autoAssetExchange: '0',
  }));
  return { ...head, futuresType: 'U_MARGINED', assets, symbols: market.core.symbols.map(futureSymbol) };
}
