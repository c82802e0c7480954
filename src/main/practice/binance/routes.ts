import type { ListenKeys } from '../wire-kit/listen-keys';
import type { Listeners } from '../wire-kit/listeners';
import type { Call } from './call';
import { exchangeInfo } from './exchange-info';
import { createFutureAccount } from './future-account';
import { createFutureOrders } from './future-orders';
import {
  createFutureRecords,
  fundingRate,
  openInterest,
  openInterestHist,
  premiumIndex,
} from './future-public';
import { createFutureSettings } from './future-settings';
import type { Params } from './params';
import { aggTrades, bookTicker, depth, klines, oneOrAll, ticker24, tickerPrice, trades } from './public-rest';
import { createSpotPrivate } from './spot-private';
import type { WireMarket } from './wire-market';

/** Who may call: anybody, a key, or a key that signed. */
export type Security = 'none' | 'key' | 'signed';

export interface Route {
  readonly security: Security;
  readonly weight: (params: Params) => number;
  /** A placement counts against the order limits; cancels and placements that succeed are free on spot. */
  readonly role: 'read' | 'place' | 'cancel';
  run(call: Call): unknown;
}

export interface Routes {
  /** By "GET /api/v3/time". */
  readonly byPath: ReadonlyMap<string, Route>;
  close(): void;
}

type Weight = number | ((params: Params) => number);

const withoutSymbol = (one: number, all: number) => (params: Params) =>
  params.text('symbol') === undefined ? all : one;
const byLimit = (fallback: number, steps: readonly (readonly [number, number])[]) => (params: Params) => {
  const limit = Number(params.text('limit') ?? fallback);
  return (steps.find(([upTo]) => limit <= upTo) ?? steps.at(-1) ?? [0, 1])[1];
};

class Table {
  readonly rows = new Map<string, Route>();
  private add(
    role: Route['role'],
    security: Security,
    name: string,
    weight: Weight,
    run: Route['run'],
  ): void {
    this.rows.set(name, { security, role, run, weight: typeof weight === 'number' ? () => weight : weight });
  }
  open(name: string, weight: Weight, run: (params: Params) => unknown): void {
    this.add('read', 'none', name, weight, (call) => run(call.params));
  }
  key(name: string, weight: Weight, run: Route['run']): void {
    this.add('read', 'key', name, weight, run);
  }
  signed(name: string, weight: Weight, run: Route['run']): void {
    this.add('read', 'signed', name, weight, run);
  }
  place(name: string, weight: Weight, run: Route['run']): void {
    this.add('place', 'signed', name, weight, run);
  }
  cancel(name: string, weight: Weight, run: Route['run']): void {
    this.add('cancel', 'signed', name, weight, run);
  }
}

export function spotRoutes(market: WireMarket): Routes {
  const table = new Table();
  const mine = createSpotPrivate(market);
  const at = '/api/v3';
  const tickers = (params: Params) => (params.text('symbol') === undefined ? 80 : 2);

  table.open(`GET ${at}/ping`, 1, () => ({}));
  table.open(`GET ${at}/time`, 1, () => ({ serverTime: market.seams.clock.now() }));
  table.open(`GET ${at}/exchangeInfo`, 20, (params) => exchangeInfo(market, params));
  table.open(
    `GET ${at}/depth`,
    byLimit(100, [
      [100, 5],
      [500, 25],
      [1000, 50],
      [5000, 250],
    ]),
    (params) => depth(market, params),
  );
  table.open(`GET ${at}/trades`, 25, (params) => trades(market, params));
  table.open(`GET ${at}/aggTrades`, 4, (params) => aggTrades(market, params));
  table.open(`GET ${at}/klines`, 2, (params) => klines(market, params));
  table.open(`GET ${at}/ticker/24hr`, tickers, (params) =>
    oneOrAll(market, params, (one) => ticker24(market, one)),
  );
  table.open(`GET ${at}/ticker/price`, withoutSymbol(2, 4), (params) =>
    oneOrAll(market, params, (one) => tickerPrice(market, one)),
  );
  table.open(`GET ${at}/ticker/bookTicker`, withoutSymbol(2, 4), (params) =>
    oneOrAll(market, params, (one) => bookTicker(market, one)),
  );

  table.signed(`GET ${at}/account`, 20, mine.account);
  table.signed(`GET ${at}/account/commission`, 20, mine.commission);
  table.place(`POST ${at}/order`, 1, mine.place);
  table.signed(`POST ${at}/order/test`, 1, mine.test);
  table.signed(`GET ${at}/order`, 4, mine.order);
  table.cancel(`DELETE ${at}/order`, 1, mine.cancel);
  table.signed(`GET ${at}/openOrders`, withoutSymbol(6, 80), mine.openOrders);
  table.cancel(`DELETE ${at}/openOrders`, 1, mine.cancelAll);
  table.signed(`GET ${at}/allOrders`, 20, mine.allOrders);
  table.signed(
    `GET ${at}/myTrades`,
    (params) => (params.text('orderId') === undefined ? 20 : 5),
    mine.myTrades,
  );
  return { byPath: table.rows, close: () => {} };
}

export function futureRoutes(market: WireMarket, listenKeys: ListenKeys, listeners: Listeners): Routes {
  const table = new Table();
  const records = createFutureRecords(market);
  const orders = createFutureOrders(market);
  const account = createFutureAccount(market);
  const settings = createFutureSettings(market, listenKeys, listeners);
  const at = '/fapi/v1';

  table.open(`GET ${at}/ping`, 1, () => ({}));
  table.open(`GET ${at}/time`, 1, () => ({ serverTime: market.seams.clock.now() }));
  table.open(`GET ${at}/exchangeInfo`, 1, (params) => exchangeInfo(market, params));
  table.open(
    `GET ${at}/depth`,
    byLimit(500, [
      [50, 2],
      [100, 5],
      [500, 10],
      [1000, 20],
    ]),
    (params) => depth(market, params),
  );
  table.open(`GET ${at}/trades`, 5, (params) => trades(market, params));
  table.open(`GET ${at}/aggTrades`, 20, (params) => aggTrades(market, params));
  table.open(
    `GET ${at}/klines`,
    byLimit(500, [
      [99, 1],
      [499, 2],
      [1000, 5],
      [1500, 10],
    ]),
    (params) => klines(market, params),
  );
  table.open(`GET ${at}/ticker/24hr`, withoutSymbol(1, 40), (params) =>
    oneOrAll(market, params, (one) => ticker24(market, one)),
  );
  for (const version of ['v1', 'v2'])
    table.open(`GET /fapi/${version}/ticker/price`, withoutSymbol(1, 2), (params) =>
      oneOrAll(market, params, (one) => tickerPrice(market, one)),
    );
  table.open(`GET ${at}/ticker/bookTicker`, withoutSymbol(2, 5), (params) =>
    oneOrAll(market, params, (one) => bookTicker(market, one)),
  );
  table.open(`GET ${at}/premiumIndex`, withoutSymbol(1, 10), (params) =>
    oneOrAll(market, params, (one) => premiumIndex(market, one)),
  );
  table.open(`GET ${at}/fundingRate`, 1, (params) => fundingRate(market, records, params));
  table.open(`GET ${at}/openInterest`, 1, (params) => openInterest(market, params));
  table.open('GET /futures/data/openInterestHist', 1, (params) => openInterestHist(market, records, params));

  table.place(`POST ${at}/order`, 0, orders.place);
  table.signed(`POST ${at}/order/test`, 1, orders.test);
  table.signed(`GET ${at}/order`, 1, orders.order);
  table.cancel(`DELETE ${at}/order`, 1, orders.cancel);
  table.signed(`GET ${at}/openOrders`, withoutSymbol(1, 40), orders.openOrders);
  table.cancel(`DELETE ${at}/allOpenOrders`, 1, orders.cancelAll);
  table.signed(`GET ${at}/allOrders`, 5, orders.allOrders);
  table.signed(`GET ${at}/userTrades`, 5, orders.userTrades);
  table.place(`POST ${at}/algoOrder`, 0, orders.placeAlgo);
  table.signed(`GET ${at}/algoOrder`, 1, orders.algoOrder);
  table.cancel(`DELETE ${at}/algoOrder`, 1, orders.cancelAlgo);
  table.signed(`GET ${at}/openAlgoOrders`, withoutSymbol(1, 40), orders.openAlgoOrders);
  table.signed(`GET ${at}/allAlgoOrders`, 5, orders.allAlgoOrders);
  table.cancel(`DELETE ${at}/algoOpenOrders`, 1, orders.cancelAllAlgo);

  table.signed('GET /fapi/v3/account', 5, account.accountV3);
  table.signed('GET /fapi/v2/account', 5, account.accountV2);
  for (const version of ['v2', 'v3']) table.signed(`GET /fapi/${version}/balance`, 5, account.balance);
  table.signed('GET /fapi/v3/positionRisk', 5, account.positionRiskV3);
  table.signed('GET /fapi/v2/positionRisk', 5, account.positionRiskV2);
  table.signed(`POST ${at}/leverage`, 1, settings.setLeverage);
  table.signed(`GET ${at}/leverageBracket`, 1, settings.leverageBracket);
  table.signed(`POST ${at}/marginType`, 1, settings.setMarginType);
  table.signed(`GET ${at}/positionSide/dual`, 30, settings.positionMode);
  table.signed(`POST ${at}/positionSide/dual`, 1, settings.setPositionMode);
  table.signed(`GET ${at}/multiAssetsMargin`, 30, settings.multiAssets);
  table.signed(`POST ${at}/multiAssetsMargin`, 1, settings.setMultiAssets);
  table.signed(`GET ${at}/symbolConfig`, 5, settings.symbolConfig);
  table.signed(`GET ${at}/accountConfig`, 5, settings.accountConfig);
  table.signed(`GET ${at}/commissionRate`, 20, settings.commissionRate);
  table.signed(`GET ${at}/income`, 30, account.income);
  table.key(`POST ${at}/listenKey`, 1, settings.startListenKey);
  table.key(`PUT ${at}/listenKey`, 1, settings.keepListenKey);
  table.key(`DELETE ${at}/listenKey`, 1, settings.closeListenKey);
  return { byPath: table.rows, close: records.close };
}
