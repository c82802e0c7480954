import { places } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import type { Call } from './call';
import type { WireMarket } from './wire-market';

const LAUNCHED = '1585526400000';

const spotRow = (symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  baseCoin: symbol.base,
  quoteCoin: symbol.quote,
  innovation: '0',
  status: 'Trading',
  marginTrading: 'none',
  stTag: '0',
  lotSizeFilter: {
    basePrecision: symbol.stepSize,
    quotePrecision: '0.00000001',
    minOrderQty: symbol.minAmount,
    maxOrderQty: symbol.maxAmount,
    minOrderAmt: symbol.minNotional,
    maxOrderAmt: '4000000',
    maxLimitOrderQty: symbol.maxAmount,
    maxMarketOrderQty: symbol.maxAmount,
  },
  priceFilter: { tickSize: symbol.tickSize },
  riskParameters: { priceLimitRatioX: '0.01', priceLimitRatioY: '0.02' },
});

const linearRow = (symbol: PracticeSymbol) => ({
  symbol: symbol.wireSymbol,
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: symbol.base,
  quoteCoin: symbol.quote,
  launchTime: LAUNCHED,
  deliveryTime: '0',
  deliveryFeeRate: '',
  priceScale: String(places(symbol.tickSize)),
  leverageFilter: { minLeverage: '1', maxLeverage: `${symbol.maxLeverage}.00`, leverageStep: '0.01' },
  priceFilter: { minPrice: symbol.tickSize, maxPrice: '10000000', tickSize: symbol.tickSize },
  lotSizeFilter: {
    maxOrderQty: symbol.maxAmount,
    minOrderQty: symbol.minAmount,
    qtyStep: symbol.stepSize,
    postOnlyMaxOrderQty: symbol.maxAmount,
    maxMktOrderQty: symbol.maxAmount,
    minNotionalValue: symbol.minNotional,
  },
  unifiedMarginTrade: true,
  // Minutes here, hours in the ticker.
  fundingInterval: 480,
  settleCoin: symbol.quote,
  copyTrading: 'none',
  upperFundingRate: '0.005',
  lowerFundingRate: '-0.005',
  isPreListing: false,
  preListingInfo: null,
});

/** All instruments of a market; spot is not paged. */
export function instrumentsInfo(market: WireMarket, { params }: Call) {
  const named = params.text('symbol') === undefined ? market.core.symbols : [market.symbolOf(params)];
  const status = params.text('status');
  const symbols = status === undefined || status === 'Trading' ? named : [];
  const list = market.kind === 'spot' ? symbols.map(spotRow) : symbols.map(linearRow);
  return { category: market.category, list, ...(market.kind === 'spot' ? {} : { nextPageCursor: '' }) };
}
