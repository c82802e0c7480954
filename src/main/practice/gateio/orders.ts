import type { MatchOrder, MatchOrderView } from '#main/matching/types';
import { isZero } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import type { Family } from '../wire-kit/order-log';
import { hasEnded, isConditional } from '../wire-kit/order-state';
import type { Params } from '../wire-kit/params';
import type { Call } from './call';
import {
  futureFill,
  futureOrder,
  futureTrigger,
  positionRow,
  spotFill,
  spotOrder,
  spotTrigger,
} from './images';
import { readFutureOrder, readFutureTrigger, readSpotOrder, readSpotTrigger } from './order-input';
import { badParam, orderNotFound, triggerNotFound, WireError } from './wire-error';
import type { GateMarket } from './wire-market';

interface Found {
  readonly symbol: PracticeSymbol;
  readonly family: Family;
}

/** Orders of both families, fills and the account behind a key, on either market. */
export function createOrders(market: GateMarket) {
  const { log, core } = market;
  const spot = market.kind === 'spot';
  const image = ({ symbol, family: { order, parent } }: Found) =>
    spot ? spotOrder(market, symbol, order, parent) : futureOrder(market, symbol, order, parent);
  const triggerImage = ({ symbol, family: { order } }: Found) =>
    spot ? spotTrigger(market, symbol, order) : futureTrigger(market, symbol, order);

  /** Newest first. */
  const all = (account: string, symbols: readonly PracticeSymbol[], conditional: boolean): Found[] =>
    symbols
      .flatMap((symbol) => log.families(account, symbol.symbol).map((family) => ({ symbol, family })))
      .filter(({ family }) => isConditional(family.order) === conditional)
      .sort((a, b) => b.family.order.orderId - a.family.order.orderId);
  const named = (params: Params, name?: string): readonly PracticeSymbol[] =>
    params.text(name ?? (spot ? 'currency_pair' : 'contract')) === undefined
      ? core.symbols
      : [market.symbolOf(params, name)];
  const isLive = ({ family: { order } }: Found): boolean => !hasEnded(order) && order.status !== 'triggered';

  /** By number, or by text, which finds an order only while it is open. */
  const plain = (call: Call): Found => {
    const list = all(call.account, named(call.params), false);
    const found = /^\d+$/.test(call.id)
      ? list.find(({ family }) => String(family.order.orderId) === call.id)
      : list.find((one) => isLive(one) && market.textOf(one.family.order, one.family.parent) === call.id);
    if (found === undefined) throw orderNotFound();
    return found;
  };
  const trigger = (call: Call): Found => {
    const list = all(call.account, core.symbols, true);
    const found = list.find(({ family }) => String(family.order.orderId) === call.id);
    if (found === undefined) throw triggerNotFound();
    return found;
  };
  const cancel = (account: string, { symbol, family }: Found): Found => {
    const order = market.command(symbol, (matching, now) =>
      matching.cancel(account, symbol.symbol, { orderId: family.order.orderId }, now),
    );
    return { symbol, family: { ...family, order } };
  };
  const cancelLive = (account: string, found: Found): Found => {
    if (isLive(found)) return cancel(account, found);
    throw found.family.order.status === 'cancelled'
      ? new WireError('ORDER_CANCELLED', 'Order was cancelled')
      : new WireError(spot ? 'ORDER_CLOSED' : 'ORDER_FINISHED', 'Order is over');
  };
  const place = (symbol: PracticeSymbol, order: MatchOrder): MatchOrderView =>
    market.command(symbol, (matching, now) => matching.place(order, now));
  const placed = (symbol: PracticeSymbol, order: MatchOrderView): Found => ({
    symbol,
    family: log.family(order) ?? { order, parent: null, child: null },
  });

  /** A page counted from the newest: by page number on spot, by offset on futures. */
  const cut = <T>(rows: readonly T[], params: Params, most: number): readonly T[] => {
    const limit = params.limit(100, most);
    const page = params.integer('page');
    const offset = page === undefined ? (params.integer('offset') ?? 0) : (Math.max(1, page) - 1) * limit;
    return rows.slice(Math.max(0, offset), Math.max(0, offset) + limit);
  };
  const isWanted = (status: string, one: Found): boolean => (status === 'open' ? isLive(one) : !isLive(one));
  const statusOf = (params: Params): string =>
    params.oneOf('status', ['open', 'finished'], badParam('Invalid status: open or finished'));

  return {
    place({ params, account }: Call) {
      const symbol = market.symbolOf(params);
      const read = spot ? readSpotOrder : readFutureOrder;
      return image(placed(symbol, place(symbol, read(market, params, symbol, account))));
    },
    order: (call: Call) => image(plain(call)),
    cancel: (call: Call) => image(cancelLive(call.account, plain(call))),
    cancelAll({ params, account }: Call) {
      return all(account, named(params), false)
        .filter(isLive)
        .map((one) => image(cancel(account, one)));
    },
    orders({ params, account }: Call) {
      const status = statusOf(params);
      const list = all(account, named(params), false).filter((one) => isWanted(status, one));
      return cut(list, params, spot ? 1_000 : 100).map(image);
    },
    /** Spot alone: open orders grouped by pair, each group with its own page. */
    openOrders({ params, account }: Call) {
      return named(params).flatMap((symbol) => {
        const list = all(account, [symbol], false).filter(isLive);
        if (list.length === 0) return [];
        const orders = cut(list, params, 100).map(image);
        return [{ currency_pair: market.nameOf(symbol), total: list.length, orders }];
      });
    },
    fills({ params, account }: Call) {
      const [from, to] = [params.integer('from') ?? 0, params.integer('to') ?? Number.POSITIVE_INFINITY];
      const orderId = params.integer('order_id') ?? params.integer('order');
      const list = named(params)
        .flatMap((symbol) => log.fills(account, symbol.symbol).map((fill) => ({ symbol, fill })))
        .filter(
          ({ fill }) =>
            fill.at >= from * 1_000 &&
            fill.at < (to + 1) * 1_000 &&
            (orderId === undefined || fill.orderId === orderId),
        )
        .sort((a, b) => b.fill.at - a.fill.at || b.fill.tradeId - a.fill.tradeId);
      return cut(list, params, 1_000).map(({ symbol, fill }) => {
        const family = log
          .families(account, symbol.symbol)
          .find(({ order }) => order.orderId === fill.orderId);
        const text = family === undefined ? fill.clientOrderId : market.textOf(family.order, family.parent);
        return (spot ? spotFill : futureFill)(market, symbol, fill, text);
      });
    },

    placeTrigger({ params, account }: Call) {
      const { symbol, order } = (spot ? readSpotTrigger : readFutureTrigger)(market, params, account);
      const { orderId } = place(symbol, order);
      return spot ? { id: orderId } : { id: orderId, id_string: String(orderId) };
    },
    trigger: (call: Call) => triggerImage(trigger(call)),
    cancelTrigger: (call: Call) => triggerImage(cancelLive(call.account, trigger(call))),
    cancelTriggers({ params, account }: Call) {
      return all(account, named(params, spot ? 'market' : 'contract'), true)
        .filter(isLive)
        .map((one) => triggerImage(cancel(account, one)));
    },
    triggers({ params, account }: Call) {
      const status = statusOf(params);
      const symbols = named(params, spot ? 'market' : 'contract');
      const list = all(account, symbols, true).filter((one) => isWanted(status, one));
      return cut(list, params, 100).map(triggerImage);
    },

    positions({ params, account }: Call) {
      const holding = params.flag('holding');
      return core.matching
        .account(account)
        .positions.filter((one) => !holding || !isZero(one.amount))
        .flatMap((one) => {
          const symbol = market.byInner(one.symbol);
          return symbol === undefined ? [] : [positionRow(market, account, symbol, one)];
        });
    },
    position({ id, account }: Call) {
      const symbol = contractOf(market, id);
      const position = core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol);
      return positionRow(market, account, symbol, position);
    },
    /** `leverage` 0 keeps cross margin and takes the limit beside it; another one moves to isolated margin. */
    setLeverage({ id, account, params }: Call) {
      const symbol = contractOf(market, id);
      const isolated = params.need('leverage') !== '0';
      const leverage = params.integer(isolated ? 'leverage' : 'cross_leverage_limit');
      if (leverage === undefined) throw badParam('Invalid cross_leverage_limit');
      market.command(symbol, (matching) => matching.setLeverage(account, symbol.symbol, leverage));
      const key = `${account}|${symbol.symbol}`;
      if (isolated) market.isolated.add(key);
      else market.isolated.delete(key);
      const position = core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol);
      return positionRow(market, account, symbol, position);
    },
  };
}

function contractOf(market: GateMarket, id: string): PracticeSymbol {
  const symbol = market.byWire(id);
  if (symbol === undefined)
    throw new WireError('CONTRACT_NOT_FOUND', `Contract ${id.slice(0, 40)} not found`, 404);
  return symbol;
}
