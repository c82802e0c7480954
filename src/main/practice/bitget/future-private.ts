import { unixMs } from '#shared/domain/basics';
import type { PracticeSymbol } from '../types';
import type { Family } from '../wire-kit/order-log';
import { type Call, fillPage, findOrder, orderPage, refOf } from './call';
import type { createFutureAccount } from './future-account';
import { wireOrderId, wireTradeId } from './ids';
import { futureFill, futureOrder, futurePlan, leverageOf, typeOf } from './order-image';
import { type PlanOrder, readFutureOrder, readFuturePlan, readTpsl } from './order-input';
import { isOpen, isPlain, isPlan, listedAs, planTypeOf } from './order-state';
import { invalid, noSuchPlan, toWireError, unsupported, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

type Listed = Family & { readonly symbol: PracticeSymbol };
type Ref = { readonly orderId?: string | undefined; readonly clientOid?: string | undefined };

/** The handlers behind a futures key. */
export function createFuturePrivate(
  market: WireMarket,
  money: ReturnType<typeof createFutureAccount>,
  fresh: () => string,
) {
  const { log } = market;
  const unknown = (): WireError => toWireError('future', 'unknown-order', '');
  const named = (orderId: number, clientOid: string) => ({
    orderId: wireOrderId('future', orderId),
    clientOid,
  });
  const cancel = (account: string, found: ReturnType<typeof findOrder>, absent: () => WireError) => {
    if (found === undefined || !isOpen(found.family)) throw absent();
    const { symbol, family } = found;
    const ended = market.command(symbol, (matching, now) =>
      matching.cancel(account, symbol.symbol, { orderId: family.order.orderId }, unixMs(now)),
    );
    return named(ended.orderId, ended.clientOrderId);
  };
  const families = (call: Call): Listed[] =>
    market
      .symbolsOf(call.params)
      .flatMap((symbol) =>
        log.families(call.account, symbol.symbol).map((family) => ({ ...family, symbol })),
      );
  const list = (rows: readonly Listed[], call: Call, image: (one: Listed) => unknown) => {
    const page = orderPage(market, call.params, rows);
    const last = page.at(-1);
    return {
      entrustedList: page.map(image),
      endId: last === undefined ? null : wireOrderId('future', last.order.orderId),
    };
  };
  const byRef = ({ params }: Call) => {
    const { orderId, clientOid } = refOf(params);
    return (one: Listed): boolean =>
      (orderId === undefined || wireOrderId('future', one.order.orderId) === orderId) &&
      (clientOid === undefined || (one.parent === null && one.order.clientOrderId === clientOid));
  };
  const placePlan = (_call: Call, { order, planType }: PlanOrder, symbol: PracticeSymbol) => {
    const placed = market.command(symbol, (matching, now) => matching.place(order, unixMs(now)));
    market.planTypes.set(placed.orderId, planType);
    return named(placed.orderId, placed.clientOrderId);
  };
  /** Of a position's own stop there is one: another takes its place. */
  const replaced = (call: Call, { planType }: PlanOrder, symbol: PracticeSymbol): void => {
    if (!planType.startsWith('pos_')) return;
    for (const family of log.families(call.account, symbol.symbol))
      if (isPlan(family) && isOpen(family) && planTypeOf(market, family.order) === planType)
        cancel(call.account, { symbol, family }, noSuchPlan);
  };
  /** Cancels each named order, or all of the symbols; what fails is told beside what worked. */
  const cancelSome = (call: Call, kind: 'plain' | 'plan', symbols: readonly PracticeSymbol[]) => {
    const refs = Array.isArray(call.body.orderIdList) ? (call.body.orderIdList as readonly Ref[]) : null;
    const is = kind === 'plain' ? isPlain : isPlan;
    const all = symbols.flatMap((symbol) =>
      log.families(call.account, symbol.symbol).filter((one) => is(one) && isOpen(one)),
    );
    const wanted: readonly Ref[] =
      refs ?? all.map(({ order }) => ({ orderId: wireOrderId('future', order.orderId) }));
    const successList: unknown[] = [];
    const failureList: unknown[] = [];
    for (const ref of wanted) {
      try {
        const found = findOrder(market, call.account, symbols, ref, kind);
        successList.push(cancel(call.account, found, kind === 'plain' ? unknown : noSuchPlan));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        failureList.push({
          orderId: ref.orderId ?? '',
          clientOid: ref.clientOid ?? '',
          errorCode: error.code,
          errorMsg: error.message,
        });
      }
    }
    return { successList, failureList };
  };

  return {
    place(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      const order = readFutureOrder({ params, symbol, account, fresh });
      const placed = market.command(symbol, (matching, now) => matching.place(order, unixMs(now)));
      return named(placed.orderId, placed.clientOrderId);
    },
    cancel(call: Call) {
      const found = findOrder(
        market,
        call.account,
        [market.symbolOf(call.params)],
        refOf(call.params),
        'plain',
      );
      return cancel(call.account, found, unknown);
    },
    cancelBatch: (call: Call) => cancelSome(call, 'plain', market.symbolsOf(call.params)),
    open: (call: Call) =>
      list(
        families(call).filter((one) => isPlain(one) && isOpen(one) && byRef(call)(one)),
        call,
        (one) => futureOrder(market, one, one.symbol, 'status'),
      ),
    history: (call: Call) =>
      list(
        families(call).filter((one) => isPlain(one) && !isOpen(one) && byRef(call)(one)),
        call,
        (one) => futureOrder(market, one, one.symbol, 'status'),
      ),
    order(call: Call) {
      const symbol = market.symbolOf(call.params);
      const found = findOrder(market, call.account, [symbol], refOf(call.params), 'plain');
      if (found === undefined)
        throw new WireError(
          '40109',
          'The data of the order cannot be found, please confirm the order number',
        );
      return futureOrder(market, found.family, symbol, 'state');
    },
    fills(call: Call) {
      const fillList = market.symbolsOf(call.params).flatMap((symbol) => {
        const types = new Map(
          log.families(call.account, symbol.symbol).map(({ order }) => [order.orderId, typeOf(order)]),
        );
        return fillPage(market, call.params, call.account, symbol).map((fill) => ({
          id: fill.tradeId,
          row: futureFill(fill, symbol, types.get(fill.orderId) ?? 'market'),
        }));
      });
      const last = fillList.at(-1);
      // Without any fill the list is null on the exchange.
      return {
        fillList: last === undefined ? null : fillList.map(({ row }) => row),
        endId: last === undefined ? '' : wireTradeId('future', last.id),
      };
    },

    placePlan(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      return placePlan(call, readFuturePlan(market, { params, symbol, account, fresh }), symbol);
    },
    placeTpsl(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      const plan = readTpsl(market, { params, symbol, account, fresh });
      replaced(call, plan, symbol);
      return placePlan(call, plan, symbol);
    },
    cancelPlan: (call: Call) => cancelSome(call, 'plan', market.symbolsOf(call.params)),
    plans(call: Call) {
      const wanted = planFilter(call);
      return list(
        families(call).filter((one) => isPlan(one) && isOpen(one) && wanted(one)),
        call,
        (one) => futurePlan(market, one, one.symbol, false),
      );
    },
    planHistory(call: Call) {
      const wanted = planFilter(call);
      return list(
        families(call).filter((one) => isPlan(one) && !isOpen(one) && wanted(one)),
        call,
        (one) => futurePlan(market, one, one.symbol, true),
      );
    },

    accounts: (call: Call) =>
      call.params.need('productType').toUpperCase() === 'USDT-FUTURES' ? [money.account(call.account)] : [],
    account: (call: Call) => money.account(call.account, market.symbolOf(call.params)),
    positions: (call: Call) =>
      call.params.need('productType').toUpperCase() === 'USDT-FUTURES' ? money.positions(call.account) : [],
    position: (call: Call) => money.positions(call.account, market.symbolOf(call.params)),
    setLeverage: (call: Call) =>
      money.setLeverage(call.account, market.symbolOf(call.params), Number(call.params.need('leverage'))),
    setMarginMode(call: Call) {
      const symbol = market.symbolOf(call.params);
      if (call.params.need('marginMode') !== 'crossed') throw unsupported('marginMode');
      const leverage = String(leverageOf(market, call.account, symbol));
      return {
        symbol: symbol.wireSymbol,
        marginCoin: 'USDT',
        longLeverage: leverage,
        shortLeverage: leverage,
        marginMode: 'crossed',
      };
    },
    setPositionMode(call: Call) {
      if (call.params.need('posMode') !== 'one_way_mode') throw unsupported('posMode');
      return { posMode: 'one_way_mode' };
    },
  };

  function planFilter(call: Call) {
    const planType = call.params.need('planType');
    if (!['normal_plan', 'track_plan', 'profit_loss'].includes(planType)) throw invalid('planType');
    const mine = byRef(call);
    return (one: Listed): boolean => listedAs(planTypeOf(market, one.order)) === planType && mine(one);
  }
}
