import { type Account, accountInfo, keyInfo } from './account';
import type { Call } from './call';
import { instrumentsInfo } from './instruments';
import type { Orders } from './orders';
import { fundingHistory, kline, openInterest, orderbook, recentTrade, tickers } from './public-rest';
import { createTradingStop } from './trading-stop';
import type { WireMarket } from './wire-market';

/** One market with what stands behind its keys. */
export interface Side {
  readonly market: WireMarket;
  readonly orders: Orders;
  readonly account: Account;
}
export interface Route {
  readonly access: 'public' | 'signed';
  /** Which of an account's limits a request counts against. */
  readonly role: 'read' | 'place' | 'cancel';
  /** By `category`, or by the wallet that the path names where there is no category. */
  run(side: Side, call: Call, apiKey: string): unknown;
  /** Contracts only. */
  readonly futureOnly?: boolean;
}

const open = (run: (market: WireMarket, call: Call) => unknown, futureOnly = false): Route => ({
  access: 'public',
  role: 'read',
  futureOnly,
  run: ({ market }, call) => run(market, call),
});
const signed = (run: Route['run'], role: Route['role'] = 'read', futureOnly = false): Route => ({
  access: 'signed',
  role,
  futureOnly,
  run,
});

/** By "GET /v5/market/time". */
export const ROUTES: Readonly<Record<string, Route>> = {
  'GET /v5/market/instruments-info': open(instrumentsInfo),
  'GET /v5/market/orderbook': open(orderbook),
  'GET /v5/market/kline': open(kline),
  'GET /v5/market/tickers': open(tickers),
  'GET /v5/market/recent-trade': open(recentTrade),
  'GET /v5/market/open-interest': open(openInterest, true),
  'GET /v5/market/funding/history': open(fundingHistory, true),

  'POST /v5/order/create': signed(({ orders }, call) => orders.create(call), 'place'),
  'POST /v5/order/cancel': signed(({ orders }, call) => orders.cancel(call), 'cancel'),
  'POST /v5/order/cancel-all': signed(({ orders }, call) => orders.cancelAll(call), 'cancel'),
  'GET /v5/order/realtime': signed(({ orders }, call) => orders.realtime(call)),
  'GET /v5/order/history': signed(({ orders }, call) => orders.history(call)),
  'GET /v5/execution/list': signed(({ account }, call) => account.executions(call)),
  'GET /v5/account/wallet-balance': signed(({ account }, call) => account.wallet(call)),
  'GET /v5/account/fee-rate': signed(({ account }, call) => account.feeRate(call)),
  'GET /v5/account/info': signed(accountInfo),
  'GET /v5/user/query-api': signed((_side, _call, apiKey) => keyInfo(apiKey)),
  'GET /v5/position/list': signed(({ account }, call) => account.positions(call), 'read', true),
  'GET /v5/position/closed-pnl': signed(({ account }, call) => account.closedPnl(call), 'read', true),
  'POST /v5/position/set-leverage': signed(({ account }, call) => account.setLeverage(call), 'read', true),
  'POST /v5/position/switch-mode': signed(({ account }, call) => account.switchMode(call), 'read', true),
  'POST /v5/position/trading-stop': signed(
    ({ market }, call) => createTradingStop(market)(call),
    'read',
    true,
  ),
};
