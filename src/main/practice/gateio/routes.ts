import { accountDetail, futureAccount, spotAccounts, walletFee } from './account';
import type { Call } from './call';
import { createOrders } from './orders';
import {
  candlesticks,
  contract,
  contractStats,
  currencyPair,
  fundingRates,
  futureTicker,
  oneOrAll,
  orderBook,
  spotTicker,
  trades,
} from './public-rest';
import { WireError } from './wire-error';
import type { GateMarket } from './wire-market';

export interface Route {
  readonly isPrivate: boolean;
  /** Placements are limited by user and market, all else by endpoint. */
  readonly role: 'read' | 'place' | 'cancel';
  /** Posts that make something answer 201. */
  readonly status: 200 | 201;
  run(call: Call): unknown;
}
/** By "GET /spot/orders/{id}", without /api/v4. */
export type Routes = ReadonlyMap<string, Route>;

export function createRoutes(spot: GateMarket, future: GateMarket): Routes {
  const rows = new Map<string, Route>();
  const open = (name: string, run: Route['run']): void =>
    void rows.set(name, { isPrivate: false, role: 'read', status: 200, run });
  const own = (
    name: string,
    run: Route['run'],
    role: Route['role'] = 'read',
    status: 200 | 201 = 200,
  ): void => void rows.set(name, { isPrivate: true, role, status, run });

  open('GET /spot/time', () => ({ server_time: spot.seams.clock.now() }));
  open('GET /spot/currencies', () =>
    [...new Set(spot.core.symbols.flatMap(({ base, quote }) => [base, quote]))].map((currency) => ({
      currency,
      name: currency,
      delisted: false,
      withdraw_disabled: false,
      deposit_disabled: false,
      trade_disabled: false,
      chain: currency,
      chains: [],
    })),
  );
  open('GET /spot/currency_pairs', () => spot.core.symbols.map((one) => currencyPair(spot, one)));
  open('GET /spot/currency_pairs/{id}', ({ id }) => {
    const symbol = spot.byWire(id);
    if (symbol === undefined) throw new WireError('INVALID_CURRENCY_PAIR', 'Invalid currency pair');
    return currencyPair(spot, symbol);
  });
  open('GET /spot/tickers', ({ params }) => oneOrAll(spot, params, spotTicker));
  open('GET /spot/order_book', ({ params }) => orderBook(spot, params));
  open('GET /spot/trades', ({ params }) => trades(spot, params));
  open('GET /spot/candlesticks', ({ params }) => candlesticks(spot, params));

  const futures = '/futures/usdt';
  open(`GET ${futures}/contracts`, () => future.core.symbols.map((one) => contract(future, one)));
  open(`GET ${futures}/contracts/{id}`, ({ id }) => {
    const symbol = future.byWire(id);
    if (symbol === undefined) throw new WireError('CONTRACT_NOT_FOUND', 'Contract not found', 404);
    return contract(future, symbol);
  });
  open(`GET ${futures}/tickers`, ({ params }) => oneOrAll(future, params, futureTicker));
  open(`GET ${futures}/order_book`, ({ params }) => orderBook(future, params));
  open(`GET ${futures}/trades`, ({ params }) => trades(future, params));
  open(`GET ${futures}/candlesticks`, ({ params }) => candlesticks(future, params));
  open(`GET ${futures}/contract_stats`, ({ params }) => contractStats(future, params));
  open(`GET ${futures}/funding_rate`, ({ params }) => fundingRates(future, params));
  // What this exchange does not list; ccxt asks unless it is told not to.
  for (const empty of [
    '/margin/currency_pairs',
    '/futures/btc/contracts',
    '/delivery/usdt/contracts',
    '/options/underlyings',
  ])
    open(`GET ${empty}`, () => []);

  own('GET /account/detail', (call) => accountDetail(spot, call));
  own('GET /wallet/fee', (call) => walletFee(spot, future, call));
  own('GET /spot/accounts', (call) => spotAccounts(spot, call));
  own(`GET ${futures}/accounts`, (call) => futureAccount(future, call));

  for (const [at, market] of [
    ['/spot', spot],
    [futures, future],
  ] as const) {
    const orders = createOrders(market);
    own(`POST ${at}/orders`, orders.place, 'place', 201);
    own(`GET ${at}/orders`, orders.orders);
    own(`DELETE ${at}/orders`, orders.cancelAll, 'cancel');
    own(`GET ${at}/orders/{id}`, orders.order);
    own(`DELETE ${at}/orders/{id}`, orders.cancel, 'cancel');
    own(`GET ${at}/my_trades`, orders.fills);
    own(`POST ${at}/price_orders`, orders.placeTrigger, 'place', 201);
    own(`GET ${at}/price_orders`, orders.triggers);
    own(`DELETE ${at}/price_orders`, orders.cancelTriggers, 'cancel');
    own(`GET ${at}/price_orders/{id}`, orders.trigger);
    own(`DELETE ${at}/price_orders/{id}`, orders.cancelTrigger, 'cancel');
    if (market === spot) {
      own(`GET ${at}/open_orders`, orders.openOrders);
      continue;
    }
    own(`GET ${at}/my_trades_timerange`, orders.fills);
    own(`GET ${at}/positions`, orders.positions);
    own(`GET ${at}/positions/{id}`, orders.position);
    own(`POST ${at}/positions/{id}/leverage`, orders.setLeverage);
  }
  return rows;
}

/** The row behind a path, with what stands in the place of {id}. */
export function findRoute(
  routes: Routes,
  method: string,
  path: string,
): { readonly name: string; readonly route: Route; readonly id: string } | undefined {
  const exact = `${method} ${path}`;
  const direct = routes.get(exact);
  if (direct !== undefined) return { name: exact, route: direct, id: '' };
  const parts = path.split('/');
  for (let at = parts.length - 1; at > 1; at--) {
    const name = `${method} ${parts.map((part, index) => (index === at ? '{id}' : part)).join('/')}`;
    const route = routes.get(name);
    if (route !== undefined) return { name, route, id: decodeURIComponent(parts[at] ?? '') };
  }
  return undefined;
}
