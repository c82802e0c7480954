import type { MatchOrderView } from '#main/matching/types';
import type { PracticeSymbol } from '../types';
import type { Family } from '../wire-kit/order-log';
import { hasEnded, isConditional, wasKilled } from '../wire-kit/order-state';
import { cut } from '../wire-kit/page';
import { type Call, readRef } from './call';
import { algoOrder, algoPlaced, futureAnswer, futureOrder, futureTrade } from './future-image';
import { readAlgoOrder, readFutureOrder } from './order-input';
import { readPage } from './windows';
import { fokKilled, invalid, noSuchOrder, unknownOrder, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

const WEEK_MS = 7 * 86_400_000;
/** Over all symbols of an account. */
const MAX_OPEN_ALGO = 200;

/** Orders of both families behind a futures key: ordinary ones and conditional ("algo") ones. */
export function createFutureOrders(market: WireMarket) {
  const { log, core } = market;
  const alone = (order: MatchOrderView): Family => ({ order, parent: null, child: null });
  const familyOf = (order: MatchOrderView): Family => log.family(order) ?? alone(order);
  const isPlain = ({ order }: Family): boolean => !isConditional(order);
  const isAlgo = ({ order }: Family): boolean => isConditional(order);
  const isLive = ({ order }: Family): boolean => !hasEnded(order) && order.status !== 'triggered';

  const cancelOne = (call: Call, symbol: PracticeSymbol, family: Family | undefined): Family => {
    if (family === undefined || !isLive(family)) throw unknownOrder();
    const ended = market.command(symbol, (matching, now) =>
      matching.cancel(call.account, symbol.symbol, { orderId: family.order.orderId }, now),
    );
    return { ...family, order: ended };
  };
  const symbolsOf = (call: Call): readonly PracticeSymbol[] =>
    call.params.text('symbol') === undefined ? core.symbols : [market.symbolOf(call.params)];
  const key = {
    id: (family: Family) => family.order.orderId,
    at: (family: Family) => family.order.createdAt,
  };
  /** The algo calls may leave the symbol out: ids are unique over the account. */
  const findAlgo = (call: Call): { readonly symbol: PracticeSymbol; readonly family: Family } | undefined => {
    const ref = readRef(call.params, 'algoId', 'clientAlgoId');
    for (const symbol of symbolsOf(call)) {
      const family = log.find(call.account, symbol.symbol, ref, 'conditional');
      if (family !== undefined) return { symbol, family };
    }
    return undefined;
  };

  return {
    place(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      const order = readFutureOrder(params, symbol, account, market.freshClientId);
      const answer = params.text('newOrderRespType') ?? 'ACK';
      if (answer !== 'ACK' && answer !== 'RESULT') throw invalid('newOrderRespType');
      const placed = market.command(symbol, (matching, now) => matching.place(order, now));
      if (wasKilled(placed)) throw fokKilled();
      return futureAnswer(familyOf(placed), symbol, market.digits(symbol), answer === 'ACK');
    },
    test(call: Call) {
      readFutureOrder(call.params, market.symbolOf(call.params), call.account, market.freshClientId);
      return {};
    },
    order(call: Call) {
      const symbol = market.symbolOf(call.params);
      const ref = readRef(call.params, 'orderId', 'origClientOrderId');
      const family = log.find(call.account, symbol.symbol, ref, 'plain');
      if (family === undefined) throw noSuchOrder();
      return futureOrder(family, symbol, market.digits(symbol));
    },
    cancel(call: Call) {
      const symbol = market.symbolOf(call.params);
      const ref = readRef(call.params, 'orderId', 'origClientOrderId');
      const family = cancelOne(call, symbol, log.find(call.account, symbol.symbol, ref, 'plain'));
      return futureAnswer(family, symbol, market.digits(symbol), false);
    },
    /** Leaves the algo orders alone, as the exchange does. */
    cancelAll(call: Call) {
      const symbol = market.symbolOf(call.params);
      for (const family of log.families(call.account, symbol.symbol))
        if (isPlain(family) && isLive(family)) cancelOne(call, symbol, family);
      return { code: 200, msg: 'The operation of cancel all open order is done.' };
    },
    openOrders(call: Call) {
      return symbolsOf(call).flatMap((symbol) =>
        log
          .families(call.account, symbol.symbol)
          .filter((family) => isPlain(family) && isLive(family))
          .map((family) => futureOrder(family, symbol, market.digits(symbol))),
      );
    },
    allOrders(call: Call) {
      const symbol = market.symbolOf(call.params);
      const page = readPage(call.params, { idName: 'orderId', windowMs: WEEK_MS, maxLimit: 1000 });
      const all = log.families(call.account, symbol.symbol).filter(isPlain);
      return cut(all, page, key).map((family) => futureOrder(family, symbol, market.digits(symbol)));
    },
    userTrades(call: Call) {
      const symbol = market.symbolOf(call.params);
      const page = readPage(call.params, { idName: 'fromId', windowMs: WEEK_MS, maxLimit: 1000 });
      const orderId = call.params.integer('orderId');
      const fills = log
        .fills(call.account, symbol.symbol)
        .filter((fill) => orderId === undefined || fill.orderId === orderId);
      return cut(fills, page, { id: (fill) => fill.tradeId, at: (fill) => fill.at }).map((fill) =>
        futureTrade(fill, symbol, market.digits(symbol)),
      );
    },

    placeAlgo(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      const order = readAlgoOrder(params, symbol, account, market.freshClientId);
      if (core.matching.openOrders(account).filter(isConditional).length >= MAX_OPEN_ALGO)
        throw new WireError(-4045, 'Reach max stop order limit.');
      const placed = market.command(symbol, (matching, now) => matching.place(order, now));
      return algoPlaced(familyOf(placed), symbol, market.digits(symbol));
    },
    algoOrder(call: Call) {
      const found = findAlgo(call);
      if (found === undefined) throw noSuchOrder();
      return algoOrder(found.family, found.symbol, market.digits(found.symbol));
    },
    cancelAlgo(call: Call) {
      const found = findAlgo(call);
      if (found === undefined) throw unknownOrder();
      const { order } = cancelOne(call, found.symbol, found.family);
      return { algoId: order.orderId, clientAlgoId: order.clientOrderId, code: '200', msg: 'success' };
    },
    cancelAllAlgo(call: Call) {
      const symbol = market.symbolOf(call.params);
      for (const family of log.families(call.account, symbol.symbol))
        if (isAlgo(family) && isLive(family)) cancelOne(call, symbol, family);
      return { code: 200, msg: 'The operation of cancel all open order is done.' };
    },
    openAlgoOrders(call: Call) {
      return symbolsOf(call).flatMap((symbol) =>
        log
          .families(call.account, symbol.symbol)
          .filter((family) => isAlgo(family) && isLive(family))
          .map((family) => algoOrder(family, symbol, market.digits(symbol))),
      );
    },
    allAlgoOrders(call: Call) {
      const symbol = market.symbolOf(call.params);
      const page = readPage(call.params, { idName: 'algoId', windowMs: WEEK_MS, maxLimit: 1000 });
      const all = log.families(call.account, symbol.symbol).filter(isAlgo);
      return cut(all, page, key).map((family) => algoOrder(family, symbol, market.digits(symbol)));
    },
  };
}
