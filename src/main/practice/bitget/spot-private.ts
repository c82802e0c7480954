import { unixMs } from '#shared/domain/basics';
import { ZERO } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import type { Family } from '../wire-kit/order-log';
import { type Call, fillPage, findOrder, orderPage, refOf } from './call';
import { wireOrderId } from './ids';
import { spotFill, spotOrder, spotPlan, typeOf } from './order-image';
import { readSpotOrder, readSpotPlan } from './order-input';
import { isOpen, isPlain, isPlan } from './order-state';
import { noSuchPlan, toWireError, type WireError } from './wire-error';
import type { WireMarket } from './wire-market';

/** The handlers behind a spot key. */
export function createSpotPrivate(market: WireMarket, fresh: () => string) {
  const { log, core } = market;
  const unknown = (): WireError => toWireError('spot', 'unknown-order', '');
  const cancel = (account: string, found: ReturnType<typeof findOrder>, absent: () => WireError) => {
    if (found === undefined || !isOpen(found.family)) throw absent();
    const { symbol, family } = found;
    return market.command(symbol, (matching, now) =>
      matching.cancel(account, symbol.symbol, { orderId: family.order.orderId }, unixMs(now)),
    );
  };
  const families = (call: Call) =>
    market
      .symbolsOf(call.params)
      .flatMap((symbol) =>
        log.families(call.account, symbol.symbol).map((family) => ({ ...family, symbol })),
      );

  return {
    place(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      const order = readSpotOrder({ params, symbol, account, fresh });
      const placed = market.command(symbol, (matching, now) => matching.place(order, unixMs(now)));
      return { orderId: wireOrderId('spot', placed.orderId), clientOid: placed.clientOrderId };
    },
    cancel(call: Call) {
      const found = findOrder(
        market,
        call.account,
        market.symbolsOf(call.params),
        refOf(call.params),
        'plain',
      );
      const ended = cancel(call.account, found, unknown);
      return { orderId: wireOrderId('spot', ended.orderId), clientOid: ended.clientOrderId };
    },
    /** Answers at once and cancels afterwards, which is the same here. */
    cancelSymbol(call: Call) {
      const symbol = market.symbolOf(call.params);
      for (const family of log.families(call.account, symbol.symbol))
        if (isPlain(family) && isOpen(family)) cancel(call.account, { symbol, family }, unknown);
      return { symbol: symbol.wireSymbol };
    },
    open: (call: Call) =>
      orderPage(
        market,
        call.params,
        families(call).filter((one) => isPlain(one) && isOpen(one)),
      ).map((one) => spotOrder(market, one, one.symbol, 'open')),
    history: (call: Call) =>
      orderPage(
        market,
        call.params,
        families(call).filter((one) => isPlain(one) && !isOpen(one)),
      ).map((one) => spotOrder(market, one, one.symbol, 'any')),
    /** A list, empty for an order it does not know. */
    order(call: Call) {
      const found = findOrder(market, call.account, core.symbols, refOf(call.params), 'plain');
      return found === undefined ? [] : [spotOrder(market, found.family, found.symbol, 'any')];
    },
    fills(call: Call) {
      const types = new Map<number, string>();
      return market.symbolsOf(call.params).flatMap((symbol) => {
        for (const { order } of log.families(call.account, symbol.symbol))
          types.set(order.orderId, typeOf(order));
        return fillPage(market, call.params, call.account, symbol).map((fill) =>
          spotFill(fill, symbol, types.get(fill.orderId) ?? 'market'),
        );
      });
    },

    placePlan(call: Call) {
      const { params, account } = call;
      const symbol = market.symbolOf(params);
      const { order, planType } = readSpotPlan(market, { params, symbol, account, fresh });
      const placed = market.command(symbol, (matching, now) => matching.place(order, unixMs(now)));
      market.planTypes.set(placed.orderId, planType);
      return { orderId: wireOrderId('spot', placed.orderId), clientOid: placed.clientOrderId };
    },
    cancelPlan(call: Call) {
      const found = findOrder(market, call.account, core.symbols, refOf(call.params), 'plan');
      cancel(call.account, found, noSuchPlan);
      return { result: 'success' };
    },
    cancelPlans(call: Call) {
      const names = Array.isArray(call.body.symbolList) ? call.body.symbolList.map(String) : null;
      const done: unknown[] = [];
      for (const symbol of core.symbols.filter((one) => names === null || names.includes(one.wireSymbol)))
        for (const family of log.families(call.account, symbol.symbol))
          if (isPlan(family) && isOpen(family)) {
            const ended = cancel(call.account, { symbol, family }, noSuchPlan);
            done.push({ orderId: wireOrderId('spot', ended.orderId), clientOid: ended.clientOrderId });
          }
      return { successList: done, failureList: [] };
    },
    plans: (call: Call) =>
      planList(
        market,
        call,
        families(call).filter((one) => isPlan(one) && isOpen(one)),
      ),
    planHistory(call: Call) {
      call.params.need('symbol');
      call.params.need('startTime');
      call.params.need('endTime');
      return planList(
        market,
        call,
        families(call).filter((one) => isPlan(one) && !isOpen(one)),
      );
    },
    /** The plain orders a trigger order became. */
    planChildren(call: Call) {
      const found = findOrder(
        market,
        call.account,
        core.symbols,
        { orderId: call.params.need('planOrderId') },
        'plan',
      );
      if (found === undefined) throw noSuchPlan();
      const { child } = found.family;
      if (child === null) return [];
      return [{ orderId: wireOrderId('spot', child.orderId), price: '0', type: 'market', status: 'success' }];
    },

    assets(call: Call) {
      const { balances } = core.matching.account(call.account);
      const named = call.params.text('coin');
      const coins = named === undefined ? Object.keys(balances) : [named.toUpperCase()];
      return coins.sort().map((coin) => ({
        coin,
        available: balances[coin]?.free ?? ZERO,
        limitAvailable: '0',
        frozen: balances[coin]?.locked ?? ZERO,
        locked: '0',
        uTime: String(core.clock.now()),
      }));
    },
  };
}

type Listed = Family & { readonly symbol: PracticeSymbol };

function planList(market: WireMarket, call: Call, rows: readonly Listed[]) {
  const page = orderPage(market, call.params, rows);
  const last = page.at(-1);
  return {
    nextFlag: page.length < rows.length,
    idLessThan: last === undefined ? '' : wireOrderId('spot', last.order.orderId),
    orderList: page.map((one) => spotPlan(one, one.symbol)),
  };
}
