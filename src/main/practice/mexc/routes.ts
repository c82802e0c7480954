import type { ListenKeys } from '../wire-kit/listen-keys';
import type { Params } from '../wire-kit/params';
import { createFutureAccount } from './future-account';
import { createFutureOrders } from './future-orders';
import * as futures from './future-public';
import { createSpotPrivate } from './spot-private';
import * as spot from './spot-public';
import type { WireMarket } from './wire-market';

/** One request after its checks: who asks, and with what. */
export interface Call {
  readonly params: Params;
  /** The JSON body, where there was one. */
  readonly body: unknown;
  /** The account of the key; empty on public calls. */
  readonly account: string;
  readonly apiKey: string;
}
export interface Route {
  readonly signed: boolean;
  /** Spot counts weight, futures requests. */
  readonly weight: number;
  run(call: Call): unknown;
}
/** Finds the route of a path and the names in it; null when there is none. */
export type Routes = (method: string, path: string) => { route: Route; named: Record<string, string> } | null;

class Table {
  readonly #rows: { readonly method: string; readonly parts: readonly string[]; readonly route: Route }[] =
    [];

  open(path: string, weight: number, run: (params: Params) => unknown): void {
    this.#rows.push({
      ...split(`GET ${path}`),
      route: { signed: false, weight, run: ({ params }) => run(params) },
    });
  }
  signed(name: string, weight: number, run: Route['run']): void {
    this.#rows.push({ ...split(name), route: { signed: true, weight, run } });
  }
  readonly find: Routes = (method, path) => {
    const parts = path.split('/');
    for (const row of this.#rows) {
      if (row.method !== method || row.parts.length !== parts.length) continue;
      const named: Record<string, string> = {};
      const fits = row.parts.every((part, at) => {
        if (!part.startsWith(':')) return part === parts[at];
        named[part.slice(1)] = decodeURIComponent(parts[at]!);
        return true;
      });
      if (fits) return { route: row.route, named };
    }
    return null;
  };
}
const split = (name: string) => {
  const [method = '', path = ''] = name.split(' ');
  return { method, parts: path.split('/') };
};

export function spotRoutes(market: WireMarket, keys: ListenKeys): Routes {
  const table = new Table();
  const mine = createSpotPrivate(market, keys);
  const at = '/api/v3';
  table.open(`${at}/ping`, 1, () => ({}));
  table.open(`${at}/time`, 1, () => ({ serverTime: market.seams.clock.now() }));
  table.open(`${at}/defaultSymbols`, 1, () => ({
    code: 0,
    data: market.core.symbols.map((one) => one.wireSymbol),
    msg: null,
  }));
  table.open(`${at}/exchangeInfo`, 10, (params) => spot.exchangeInfo(market, params));
  table.open(`${at}/depth`, 1, (params) => spot.depth(market, params));
  table.open(`${at}/trades`, 5, (params) => spot.trades(market, params));
  table.open(`${at}/aggTrades`, 1, (params) => spot.aggTrades(market, params));
  table.open(`${at}/klines`, 1, (params) => spot.klines(market, params));
  table.open(`${at}/ticker/24hr`, 1, (params) =>
    spot.oneOrAll(market, params, (one) => spot.ticker24(market, one)),
  );
  table.open(`${at}/ticker/price`, 1, (params) =>
    spot.oneOrAll(market, params, (one) => spot.tickerPrice(market, one)),
  );
  table.open(`${at}/ticker/bookTicker`, 1, (params) =>
    spot.oneOrAll(market, params, (one) => spot.bookTicker(market, one)),
  );

  table.signed(`POST ${at}/order`, 1, mine.place);
  table.signed(`POST ${at}/order/test`, 1, mine.test);
  table.signed(`GET ${at}/order`, 2, mine.order);
  table.signed(`DELETE ${at}/order`, 1, mine.cancel);
  table.signed(`GET ${at}/openOrders`, 3, mine.openOrders);
  table.signed(`DELETE ${at}/openOrders`, 1, mine.cancelAll);
  table.signed(`GET ${at}/allOrders`, 10, mine.allOrders);
  table.signed(`GET ${at}/myTrades`, 10, mine.myTrades);
  table.signed(`GET ${at}/account`, 10, mine.account);
  table.signed(`GET ${at}/capital/config/getall`, 10, mine.currencies);
  table.signed(`GET ${at}/tradeFee`, 20, mine.tradeFee);
  table.signed(`GET ${at}/mxDeduct/enable`, 1, () => ({
    data: { mxDeductEnable: false },
    code: 0,
    msg: 'success',
  }));
  table.signed(`POST ${at}/userDataStream`, 1, mine.startKey);
  table.signed(`GET ${at}/userDataStream`, 1, mine.listKeys);
  table.signed(`PUT ${at}/userDataStream`, 1, mine.keepKey);
  table.signed(`DELETE ${at}/userDataStream`, 1, mine.closeKey);
  return table.find;
}

export function futureRoutes(market: WireMarket): Routes {
  const table = new Table();
  const orders = createFutureOrders(market);
  const account = createFutureAccount(market);
  const open = '/api/v1/contract';
  const mine = '/api/v1/private';
  table.open(`${open}/ping`, 1, () => market.seams.clock.now());
  table.open(`${open}/detail`, 1, (params) => futures.detail(market, params));
  table.open(`${open}/support_currencies`, 1, () => [
    ...new Set(market.core.symbols.map((one) => one.quote)),
  ]);
  table.open(`${open}/depth/:symbol`, 1, (params) => futures.depth(market, params));
  table.open(`${open}/ticker`, 1, (params) => futures.ticker(market, params));
  table.open(`${open}/deals/:symbol`, 1, (params) => futures.deals(market, params));
  table.open(`${open}/kline/:symbol`, 1, (params) => futures.kline(market, params));
  table.open(`${open}/funding_rate/:symbol`, 1, (params) => futures.fundingRate(market, params));
  table.open(`${open}/fair_price/:symbol`, 1, (params) => futures.markOf(market, params, 'mark'));
  table.open(`${open}/index_price/:symbol`, 1, (params) => futures.markOf(market, params, 'index'));

  table.signed(`POST ${mine}/order/create`, 1, orders.create);
  table.signed(`POST ${mine}/order/submit`, 1, orders.create);
  table.signed(`POST ${mine}/order/cancel`, 1, orders.cancel);
  table.signed(`POST ${mine}/order/cancel_with_external`, 1, orders.cancelExternal);
  table.signed(`POST ${mine}/order/batch_cancel_with_external`, 1, orders.cancelExternal);
  table.signed(`POST ${mine}/order/cancel_all`, 1, orders.cancelAll);
  table.signed(`GET ${mine}/order/list/open_orders`, 1, orders.openOrders);
  table.signed(`GET ${mine}/order/list/open_orders/:symbol`, 1, orders.openOrders);
  table.signed(`GET ${mine}/order/list/history_orders`, 1, orders.history);
  table.signed(`GET ${mine}/order/get/:order_id`, 1, orders.order);
  table.signed(`GET ${mine}/order/external/:symbol/:external_oid`, 1, orders.external);
  table.signed(`GET ${mine}/order/list/order_deals`, 1, orders.deals);
  table.signed(`GET ${mine}/order/list/order_deals/v3`, 1, orders.dealsV3);
  table.signed(`GET ${mine}/order/deal_details/:order_id`, 1, orders.dealsOfOrder);
  table.signed(`POST ${mine}/planorder/place`, 1, orders.placePlan);
  table.signed(`POST ${mine}/planorder/place/v2`, 1, orders.placePlan);
  table.signed(`POST ${mine}/planorder/cancel`, 1, orders.cancelPlan);
  table.signed(`POST ${mine}/planorder/cancel_all`, 1, orders.cancelAllPlans);
  table.signed(`GET ${mine}/planorder/list/orders`, 1, orders.plans);
  table.signed(`POST ${mine}/trackorder/place`, 1, orders.placeTrack);
  table.signed(`POST ${mine}/trackorder/cancel`, 1, orders.cancelTrack);
  table.signed(`GET ${mine}/trackorder/list/orders`, 1, orders.tracks);
  table.signed(`GET ${mine}/stoporder/list/orders`, 1, orders.positionStops);
  table.signed(`GET ${mine}/stoporder/open_orders`, 1, orders.positionStops);
  table.signed(`GET ${mine}/account/assets`, 1, account.assets);
  table.signed(`GET ${mine}/account/asset/:currency`, 1, account.asset);
  table.signed(`GET ${mine}/account/contract/fee_rate`, 1, account.feeRate);
  table.signed(`GET ${mine}/position/open_positions`, 1, account.positions);
  table.signed(`GET ${mine}/position/position_mode`, 1, account.positionMode);
  table.signed(`POST ${mine}/position/change_position_mode`, 1, account.setPositionMode);
  table.signed(`GET ${mine}/position/leverage`, 1, account.leverage);
  table.signed(`POST ${mine}/position/change_leverage`, 1, account.setLeverage);
  return table.find;
}
