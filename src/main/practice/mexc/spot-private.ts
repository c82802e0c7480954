import type { MatchOrder } from '#main/matching/types';
import { ZERO } from '#shared/domain/decimal';
import type { TimeInForce } from '#shared/domain/order';
import type { PracticeSymbol } from '../types';
import type { ListenKeys } from '../wire-kit/listen-keys';
import { hasEnded } from '../wire-kit/order-state';
import { cut } from '../wire-kit/page';
import type { Params } from '../wire-kit/params';
import type { Call } from './routes';
import { spotOrder, spotPlaced, spotTrade } from './spot-image';
import { unknownOrder, WireError } from './wire-error';
import { innerId, type WireMarket } from './wire-market';

const WEEK_MS = 7 * 86_400_000;
const MONTH_MS = 31 * 86_400_000;

const LIMITS: Readonly<Record<string, TimeInForce>> = {
  LIMIT: 'gtc',
  LIMIT_MAKER: 'post-only',
  IMMEDIATE_OR_CANCEL: 'ioc',
  FILL_OR_KILL: 'fok',
};

/** A spot order as sent to `POST /api/v3/order`; there are no stops. @throws WireError */
function readOrder(market: WireMarket, params: Params, symbol: PracticeSymbol, account: string): MatchOrder {
  const side = params.oneOf('side', ['BUY', 'SELL'], new WireError(730002, 'side'));
  const type = params.need('type').toUpperCase();
  const base = {
    account,
    symbol: symbol.symbol,
    clientOrderId: clientId(market, params),
    side: side === 'BUY' ? ('buy' as const) : ('sell' as const),
    amount: null,
    price: null,
    triggerPrice: null,
    timeInForce: null,
    reduceOnly: false,
    closePosition: false,
  };
  if (type === 'MARKET') {
    if (params.text('quoteOrderQty') !== undefined)
      return { ...base, type: 'market', quoteAmount: params.needPositive('quoteOrderQty') };
    return { ...base, type: 'market', amount: params.needPositive('quantity') };
  }
  const timeInForce = LIMITS[type];
  if (timeInForce === undefined) throw new WireError(30041, 'Current order type can not place order.');
  const amount = params.needPositive('quantity');
  return { ...base, type: 'limit', amount, price: params.needPositive('price'), timeInForce };
}

function clientId(market: WireMarket, params: Params): string {
  const id = params.text('newClientOrderId');
  if (id === undefined) return market.freshClientId();
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(id))
    throw new WireError(700008, 'Illegal characters found in newClientOrderId.');
  return id;
}

/** The handlers behind a spot key. */
export function createSpotPrivate(market: WireMarket, keys: ListenKeys) {
  const { log, core } = market;
  const find = (call: Call, symbol: PracticeSymbol) => {
    const { params } = call;
    const id = params.text('orderId');
    const name = params.text('origClientOrderId');
    if (id === undefined && name === undefined)
      throw new WireError(
        700004,
        "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
      );
    const ref = id === undefined ? { clientOrderId: name! } : { orderId: innerId(id) };
    return log.find(call.account, symbol.symbol, ref, 'plain')?.order;
  };
  const cancelOne = (account: string, symbol: PracticeSymbol, orderId: number) =>
    market.command(symbol, (matching, now) => matching.cancel(account, symbol.symbol, { orderId }, now));
  const open = (account: string, symbol: PracticeSymbol) =>
    log.families(account, symbol.symbol).flatMap(({ order }) => (hasEnded(order) ? [] : [order]));
  const page = (params: Params, maxLimit: number, spanMs: number) => {
    const start = params.integer('startTime');
    const end = params.integer('endTime');
    return {
      start: start ?? (end === undefined ? Number.NEGATIVE_INFINITY : end - spanMs),
      end: end ?? Number.POSITIVE_INFINITY,
      fromId: null,
      limit: params.limit(maxLimit, maxLimit),
      forward: false,
    };
  };

  return {
    place(call: Call) {
      const symbol = market.symbolOf(call.params);
      const order = readOrder(market, call.params, symbol, call.account);
      const placed = market.command(symbol, (matching, now) => matching.place(order, now));
      return spotPlaced(placed, symbol);
    },
    test(call: Call) {
      readOrder(market, call.params, market.symbolOf(call.params), call.account);
      return {};
    },
    order(call: Call) {
      const symbol = market.symbolOf(call.params);
      const found = find(call, symbol);
      if (found === undefined) throw new WireError(-2013, 'Order does not exist.');
      return spotOrder(found, symbol);
    },
    cancel(call: Call) {
      const symbol = market.symbolOf(call.params);
      const found = find(call, symbol);
      if (found === undefined || hasEnded(found)) throw unknownOrder();
      return spotOrder(cancelOne(call.account, symbol, found.orderId), symbol);
    },
    cancelAll(call: Call) {
      const symbol = market.symbolOf(call.params);
      return open(call.account, symbol).map((order) =>
        spotOrder(cancelOne(call.account, symbol, order.orderId), symbol),
      );
    },
    openOrders(call: Call) {
      const symbol = market.symbolOf(call.params);
      return open(call.account, symbol).map((order) => spotOrder(order, symbol));
    },
    allOrders(call: Call) {
      const symbol = market.symbolOf(call.params);
      const all = log.families(call.account, symbol.symbol).map(({ order }) => order);
      const key = {
        id: (one: (typeof all)[number]) => one.orderId,
        at: (one: (typeof all)[number]) => one.createdAt,
      };
      return cut(all, page(call.params, 1_000, WEEK_MS), key)
        .toReversed()
        .map((order) => spotOrder(order, symbol));
    },
    /** Newest first, at most 100; there is no paging by id. */
    myTrades(call: Call) {
      const symbol = market.symbolOf(call.params);
      const id = call.params.text('orderId');
      const fills = log
        .fills(call.account, symbol.symbol)
        .filter((fill) => id === undefined || fill.orderId === innerId(id));
      const key = {
        id: (one: (typeof fills)[number]) => one.tradeId,
        at: (one: (typeof fills)[number]) => one.at,
      };
      return cut(fills, page(call.params, 100, MONTH_MS), key)
        .toReversed()
        .map((fill) => spotTrade(fill, symbol));
    },
    account(call: Call) {
      const { balances } = core.matching.account(call.account);
      return {
        canTrade: true,
        canWithdraw: false,
        canDeposit: false,
        updateTime: null,
        accountType: 'SPOT',
        balances: Object.entries(balances).map(([asset, { free, locked }]) => ({ asset, free, locked })),
        permissions: ['SPOT'],
      };
    },
    currencies() {
      const coins = new Set(core.symbols.flatMap(({ base, quote }) => [base, quote]));
      return [...coins].map((coin) => ({ coin, name: coin, networkList: [] }));
    },
    tradeFee(call: Call) {
      const { makerFee, takerFee } = market.symbolOf(call.params);
      return {
        data: { makerCommission: Number(makerFee ?? ZERO), takerCommission: Number(takerFee ?? ZERO) },
        code: 0,
        msg: 'success',
        timestamp: market.seams.clock.now(),
      };
    },
    startKey: (call: Call) => ({ listenKey: keys.start(call.apiKey, call.account) }),
    listKeys(call: Call) {
      const key = keys.keepAlive(call.apiKey);
      return { listenKey: key === null ? [] : [key] };
    },
    keepKey(call: Call) {
      if (keys.accountOf(call.params.need('listenKey')) !== call.account)
        throw new WireError(730002, 'listenKey does not exist.');
      return { listenKey: keys.keepAlive(call.apiKey) };
    },
    closeKey(call: Call) {
      const listenKey = call.params.need('listenKey');
      keys.close(call.apiKey);
      return { listenKey };
    },
  };
}
