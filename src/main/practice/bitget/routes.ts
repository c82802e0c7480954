import type { Call } from './call';
import type { createFutureAccount } from './future-account';
import { createFuturePrivate } from './future-private';
import { contracts, instruments, spotSymbols } from './instruments';
import {
  candles,
  fundingRate,
  openInterest,
  orderBook,
  publicTrades,
  symbolPrice,
  tickersV2,
  tickersV3,
} from './public-rest';
import { createSpotPrivate } from './spot-private';
import { invalid, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

export interface Route {
  readonly signed: boolean;
  /** Placements are counted per account, ten a second each. */
  readonly places: boolean;
  run(call: Call): unknown;
}
/** By "GET v2/public/time". */
export type Routes = ReadonlyMap<string, Route>;

export interface RouteParts {
  readonly spot: WireMarket;
  readonly future: WireMarket;
  readonly money: ReturnType<typeof createFutureAccount>;
  fresh(): string;
}

export function createRoutes({ spot, future, money, fresh }: RouteParts): Routes {
  const rows = new Map<string, Route>();
  const open = (name: string, run: Route['run']): void =>
    void rows.set(`GET ${name}`, { signed: false, places: false, run });
  const get = (name: string, run: Route['run']): void =>
    void rows.set(`GET ${name}`, { signed: true, places: false, run });
  const post = (name: string, run: Route['run']): void =>
    void rows.set(`POST ${name}`, { signed: true, places: false, run });
  const place = (name: string, run: Route['run']): void =>
    void rows.set(`POST ${name}`, { signed: true, places: true, run });
  const ofCategory = ({ params }: Call): WireMarket => {
    const category = params.need('category').toUpperCase();
    if (category === 'SPOT') return spot;
    if (category === 'USDT-FUTURES') return future;
    throw invalid('category');
  };

  open('v2/public/time', () => ({ serverTime: String(spot.seams.clock.now()) }));
  open('v2/spot/public/coins', () => []);
  open('v2/margin/currencies', () => []);
  open('v2/spot/public/symbols', ({ params }) => spotSymbols(spot, params));
  open('v2/spot/market/tickers', ({ params }) => tickersV2(spot, params));
  open('v2/spot/market/orderbook', ({ params }) => orderBook(spot, params));
  open('v2/spot/market/candles', ({ params }) => candles(spot, params, 1_000));
  open('v2/spot/market/history-candles', ({ params }) => candles(spot, params, 200));
  open('v2/spot/market/fills', ({ params }) => publicTrades(spot, params, 100, 500));
  open('v2/spot/market/fills-history', ({ params }) => publicTrades(spot, params, 500, 1_000));

  open('v2/mix/market/contracts', ({ params }) => contracts(future, params));
  open('v2/mix/market/ticker', ({ params }) => tickersV2(future, params));
  open('v2/mix/market/tickers', ({ params }) => tickersV2(future, params));
  open('v2/mix/market/merge-depth', ({ params }) => orderBook(future, params));
  open('v2/mix/market/candles', ({ params }) => candles(future, params, 1_000));
  open('v2/mix/market/history-candles', ({ params }) => candles(future, params, 200));
  open('v2/mix/market/fills', ({ params }) => publicTrades(future, params, 100, 1_000));
  open('v2/mix/market/fills-history', ({ params }) => publicTrades(future, params, 500, 1_000));
  open('v2/mix/market/open-interest', ({ params }) => openInterest(future, params));
  open('v2/mix/market/current-fund-rate', ({ params }) => fundingRate(future, params));
  open('v2/mix/market/symbol-price', ({ params }) => symbolPrice(future, params));

  open('v3/market/instruments', ({ params }) => instruments(spot, future, params));
  open('v3/market/tickers', (call) => tickersV3(ofCategory(call), call.params));
  get('v3/account/settings', () => {
    throw new WireError(
      '40084',
      'You are in Classic Account mode, and the Unified Account API is not supported at this time',
    );
  });

  const mine = createSpotPrivate(spot, fresh);
  get('v2/spot/account/assets', mine.assets);
  place('v2/spot/trade/place-order', mine.place);
  post('v2/spot/trade/cancel-order', mine.cancel);
  post('v2/spot/trade/cancel-symbol-order', mine.cancelSymbol);
  get('v2/spot/trade/unfilled-orders', mine.open);
  get('v2/spot/trade/history-orders', mine.history);
  get('v2/spot/trade/orderInfo', mine.order);
  get('v2/spot/trade/fills', mine.fills);
  place('v2/spot/trade/place-plan-order', mine.placePlan);
  post('v2/spot/trade/cancel-plan-order', mine.cancelPlan);
  post('v2/spot/trade/batch-cancel-plan-order', mine.cancelPlans);
  get('v2/spot/trade/current-plan-order', mine.plans);
  get('v2/spot/trade/history-plan-order', mine.planHistory);
  get('v2/spot/trade/plan-sub-order', mine.planChildren);

  const held = createFuturePrivate(future, money, fresh);
  get('v2/mix/account/accounts', held.accounts);
  get('v2/mix/account/account', held.account);
  post('v2/mix/account/set-leverage', held.setLeverage);
  post('v2/mix/account/set-margin-mode', held.setMarginMode);
  post('v2/mix/account/set-position-mode', held.setPositionMode);
  get('v2/mix/position/all-position', held.positions);
  get('v2/mix/position/single-position', held.position);
  place('v2/mix/order/place-order', held.place);
  post('v2/mix/order/cancel-order', held.cancel);
  post('v2/mix/order/batch-cancel-orders', held.cancelBatch);
  get('v2/mix/order/orders-pending', held.open);
  get('v2/mix/order/orders-history', held.history);
  get('v2/mix/order/detail', held.order);
  get('v2/mix/order/fills', held.fills);
  get('v2/mix/order/fill-history', held.fills);
  place('v2/mix/order/place-plan-order', held.placePlan);
  place('v2/mix/order/place-tpsl-order', held.placeTpsl);
  post('v2/mix/order/cancel-plan-order', held.cancelPlan);
  get('v2/mix/order/orders-plan-pending', held.plans);
  get('v2/mix/order/orders-plan-history', held.planHistory);
  return rows;
}
