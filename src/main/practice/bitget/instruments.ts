import { places } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import type { Params } from '../wire-kit/params';
import { invalid } from './wire-error';
import type { WireMarket } from './wire-market';

/** GET v2/spot/public/symbols. */
export const spotSymbols = (market: WireMarket, params: Params) =>
  market.symbolsOf(params).map((symbol) => ({
    symbol: symbol.wireSymbol,
    baseCoin: symbol.base,
    quoteCoin: symbol.quote,
    minTradeAmount: symbol.minAmount,
    maxTradeAmount: symbol.maxAmount,
    takerFeeRate: symbol.takerFee,
    makerFeeRate: symbol.makerFee,
    pricePrecision: String(places(symbol.tickSize)),
    quantityPrecision: String(places(symbol.stepSize)),
    quotePrecision: '8',
    status: 'online',
    minTradeUSDT: symbol.minNotional,
    buyLimitPriceRatio: '0.05',
    sellLimitPriceRatio: '0.05',
    areaSymbol: 'no',
    orderQuantity: '400',
    openTime: '1532454360000',
    offTime: '',
  }));

/** The last digit of a tick with its place: 0.5 is 5 with 1 place. */
const endStep = (symbol: PracticeSymbol): string =>
  symbol.tickSize.replace('.', '').replace(/^0+/, '') || '1';

/** GET v2/mix/market/contracts; other products have none here. */
export const contracts = (market: WireMarket, params: Params) =>
  params.need('productType').toUpperCase() !== 'USDT-FUTURES'
    ? []
    : market.symbolsOf(params).map((symbol) => ({
        symbol: symbol.wireSymbol,
        baseCoin: symbol.base,
        quoteCoin: symbol.quote,
        buyLimitPriceRatio: '0.05',
        sellLimitPriceRatio: '0.05',
        feeRateUpRatio: '0.005',
        makerFeeRate: symbol.makerFee,
        takerFeeRate: symbol.takerFee,
        openCostUpRatio: '0.01',
        supportMarginCoins: ['USDT'],
        minTradeNum: symbol.minAmount,
        priceEndStep: endStep(symbol),
        volumePlace: String(places(symbol.stepSize)),
        pricePlace: String(places(symbol.tickSize)),
        sizeMultiplier: symbol.stepSize,
        symbolType: 'perpetual',
        minTradeUSDT: symbol.minNotional,
        maxSymbolOrderNum: '200',
        maxProductOrderNum: '1000',
        maxPositionNum: '150',
        symbolStatus: 'normal',
        offTime: '-1',
        limitOpenTime: '-1',
        deliveryTime: '',
        fundInterval: '8',
        minLever: '1',
        maxLever: String(symbol.maxLeverage),
        maintainTime: '',
      }));

/** GET v3/market/instruments, the list of both generations of accounts. */
export function instruments(spot: WireMarket, future: WireMarket, params: Params): readonly unknown[] {
  const category = params.need('category').toUpperCase();
  switch (category) {
    case 'SPOT':
      return spot.symbolsOf(params).map((symbol) => ({ ...common(symbol, category), quotePrecision: '8' }));
    case 'USDT-FUTURES':
      return future.symbolsOf(params).map((symbol) => ({
        ...common(symbol, category),
        feeRateUpRatio: '0.005',
        makerFeeRate: symbol.makerFee,
        takerFeeRate: symbol.takerFee,
        openCostUpRatio: '0.01',
        maxMarketOrderQty: symbol.maxAmount,
        priceMultiplier: symbol.tickSize,
        quantityMultiplier: symbol.stepSize,
        type: 'perpetual',
        maxPositionNum: '150',
        fundInterval: '8',
        minLeverage: '1',
        maxLeverage: String(symbol.maxLeverage),
      }));
    case 'MARGIN':
    case 'COIN-FUTURES':
    case 'USDC-FUTURES':
      return [];
    default:
      throw invalid('category');
  }
}

const common = (symbol: PracticeSymbol, category: string) => ({
  symbol: symbol.wireSymbol,
  category,
  baseCoin: symbol.base,
  quoteCoin: symbol.quote,
  buyLimitPriceRatio: '0.05',
  sellLimitPriceRatio: '0.05',
  minOrderQty: symbol.minAmount,
  maxOrderQty: symbol.maxAmount,
  pricePrecision: String(places(symbol.tickSize)),
  quantityPrecision: String(places(symbol.stepSize)),
  minOrderAmount: symbol.minNotional,
  maxSymbolOrderNum: '400',
  maxProductOrderNum: '400',
  status: 'online',
  maintainTime: '',
});
