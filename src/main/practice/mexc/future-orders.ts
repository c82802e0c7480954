import type { MatchOrder, MatchOrderView } from '#main/matching/types';
import { isZero } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { hasEnded, isConditional } from '../wire-kit/order-state';
import { Params } from '../wire-kit/params';
import { dealOf, isPlan, isTracking, leverageOf, orderRow, planRow, trackRow } from './future-image';
import { readOrder, readPlan, readTrack } from './future-input';
import type { Call } from './routes';
import { WireError, wordsOf } from './wire-error';
import { bare, futureId, innerId, type WireMarket } from './wire-market';

const SUCCESS = { errorCode: 0, errorMsg: 'success' };

/** Orders of all families behind a futures key: ordinary, trigger and trailing ones. */
export function createFutureOrders(market: WireMarket) {
  const { log, core } = market;
  const symbolsOf = (params: Params): readonly PracticeSymbol[] =>
    params.text('symbol') === undefined ? core.symbols : [market.symbolOf(params)];
  const isLive = (order: MatchOrderView): boolean => !hasEnded(order) && order.status !== 'triggered';
  const ordersOf = (
    account: string,
    symbols: readonly PracticeSymbol[],
    kind: (order: MatchOrder) => boolean,
  ) =>
    symbols
      .flatMap((symbol) => log.families(account, symbol.symbol).map(({ order }) => ({ order, symbol })))
      .filter(({ order }) => kind(order))
      .sort((a, b) => b.order.orderId - a.order.orderId);
  const isPlain = (order: MatchOrder): boolean => !isConditional(order);
  const find = (account: string, text: string | undefined, kind: (order: MatchOrder) => boolean) => {
    const id = innerId(text);
    return ordersOf(account, core.symbols, kind).find(({ order }) => order.orderId === id);
  };
  const cancelFound = (found: { order: MatchOrderView; symbol: PracticeSymbol } | undefined) => {
    if (found === undefined) return { errorCode: 2040, errorMsg: 'order not exist' };
    const { order, symbol } = found;
    if (!isLive(order)) return { errorCode: 2041, errorMsg: 'order state cannot be cancelled' };
    market.command(symbol, (matching, now) =>
      matching.cancel(order.account, symbol.symbol, { orderId: order.orderId }, now),
    );
    return SUCCESS;
  };
  /** What opens may name its leverage; with a position it has to be the position's. */
  const applyLeverage = (call: Call, symbol: PracticeSymbol, order: MatchOrder): void => {
    const leverage = call.params.integer('leverage');
    if (leverage === undefined || order.reduceOnly) return;
    const view = core.matching.account(call.account);
    if (leverage === leverageOf(view, symbol)) return;
    const held = view.positions.find((one) => one.symbol === symbol.symbol);
    if (held !== undefined && !isZero(held.amount))
      throw new WireError(2021, 'The leverage differs from that of the position');
    market.command(symbol, (matching) => matching.setLeverage(call.account, symbol.symbol, leverage));
  };
  const place = (call: Call, read: typeof readOrder): MatchOrderView => {
    const symbol = market.symbolOf(call.params);
    const order = read(market, call.params, symbol, call.account);
    applyLeverage(call, symbol, order);
    return market.command(symbol, (matching, now) => matching.place(order, now));
  };
  /** Wall time is all a caller knows; "until now" means until the market's now. */
  const within = (params: Params, startName: string, endName: string) => {
    const start = params.integer(startName) ?? Number.NEGATIVE_INFINITY;
    const end = params.integer(endName) ?? Number.POSITIVE_INFINITY;
    const last = end >= market.seams.clock.now() - 60_000 ? Number.POSITIVE_INFINITY : end;
    return (at: number): boolean => at >= start && at <= last;
  };
  const page = <T>(params: Params, rows: readonly T[], fallback: number, most: number): readonly T[] => {
    const size = Math.min(params.integer('page_size') ?? fallback, most);
    const from = (Math.max(1, params.integer('page_num') ?? 1) - 1) * size;
    return rows.slice(from, from + size);
  };
  const listed = <T extends { readonly state: number }>(
    call: Call,
    kind: (order: MatchOrder) => boolean,
    row: (order: MatchOrderView, symbol: PracticeSymbol) => T,
  ): readonly T[] => {
    const inside = within(call.params, 'start_time', 'end_time');
    const states = call.params.text('states')?.split(',');
    const rows = ordersOf(call.account, symbolsOf(call.params), kind)
      .filter(({ order }) => inside(order.createdAt))
      .map(({ order, symbol }) => row(order, symbol))
      .filter(({ state }) => states === undefined || states.includes(String(state)));
    return page(call.params, rows, 20, 100);
  };
  const asOrder = (order: MatchOrderView, symbol: PracticeSymbol) => orderRow(market, order, symbol);
  const dealRows = (call: Call) => {
    const symbol = market.symbolOf(call.params);
    const inside = within(call.params, 'start_time', 'end_time');
    const closing = new Map(
      log.families(call.account, symbol.symbol).map(({ order }) => [order.orderId, order.reduceOnly]),
    );
    return log
      .fills(call.account, symbol.symbol)
      .filter((fill) => inside(fill.at))
      .toReversed()
      .map((fill) => dealOf(market, fill, closing.get(fill.orderId) ?? false, symbol, 'taker'));
  };
  const listOf = (call: Call): readonly unknown[] => (Array.isArray(call.body) ? call.body : [call.body]);
  const fieldsOf = (value: unknown): Params =>
    Params.fromObject(wordsOf('future'), typeof value === 'object' && value !== null ? { ...value } : {});

  return {
    create(call: Call) {
      const placed = place(call, readOrder);
      return { orderId: futureId(placed.orderId), ts: market.seams.clock.now() };
    },
    cancel: (call: Call) =>
      listOf(call).map((id) => ({
        orderId: bare(/^\d+$/.test(String(id)) ? String(id) : '0'),
        ...cancelFound(find(call.account, String(id), isPlain)),
      })),
    cancelExternal: (call: Call) =>
      listOf(call).map((item) => {
        const params = fieldsOf(item);
        const symbol = market.symbolOf(params);
        const name = params.need('externalOid');
        const found = ordersOf(call.account, [symbol], isPlain).find(
          ({ order }) => order.clientOrderId === name,
        );
        return { symbol: market.nameOf(symbol), externalOid: name, ...cancelFound(found) };
      }),
    cancelAll(call: Call) {
      for (const found of ordersOf(call.account, symbolsOf(call.params), isPlain))
        if (isLive(found.order)) cancelFound(found);
      return null;
    },
    openOrders: (call: Call) => {
      const rows = ordersOf(call.account, symbolsOf(call.params), isPlain).filter(({ order }) =>
        isLive(order),
      );
      return page(call.params, rows, 20, 100).map(({ order, symbol }) => asOrder(order, symbol));
    },
    history: (call: Call) => listed(call, (order) => isPlain(order), asOrder),
    order(call: Call) {
      const found = find(call.account, call.params.text('order_id'), isPlain);
      if (found === undefined) throw new WireError(2040, 'order not exist');
      return asOrder(found.order, found.symbol);
    },
    /** One that nobody knows is answered with success and without data. */
    external(call: Call) {
      const symbol = market.symbolOf(call.params);
      const name = call.params.need('external_oid');
      const found = ordersOf(call.account, [symbol], isPlain).find(
        ({ order }) => order.clientOrderId === name,
      );
      return found === undefined ? undefined : asOrder(found.order, symbol);
    },
    deals: (call: Call) => page(call.params, dealRows(call), 20, 1_000),
    dealsV3(call: Call) {
      const rows = dealRows(call);
      const pageSize = Math.min(call.params.integer('page_size') ?? 20, 1_000);
      return {
        pageSize,
        totalCount: rows.length,
        totalPage: Math.ceil(rows.length / pageSize),
        currentPage: call.params.integer('page_num') ?? 1,
        resultList: page(call.params, rows, 20, 1_000),
      };
    },
    dealsOfOrder(call: Call) {
      const found = find(call.account, call.params.text('order_id'), isPlain);
      if (found === undefined) return [];
      const { order, symbol } = found;
      return log
        .fills(call.account, symbol.symbol)
        .filter((fill) => fill.orderId === order.orderId)
        .map((fill) => dealOf(market, fill, order.reduceOnly, symbol, 'taker'));
    },

    placePlan: (call: Call) => futureId(place(call, readPlan).orderId),
    cancelPlan: (call: Call) =>
      listOf(call).map((item) => {
        const id = typeof item === 'object' ? fieldsOf(item).text('orderId') : String(item);
        return { orderId: id ?? '0', ...cancelFound(find(call.account, id, isPlan)) };
      }),
    cancelAllPlans(call: Call) {
      for (const found of ordersOf(call.account, symbolsOf(call.params), isPlan))
        if (isLive(found.order)) cancelFound(found);
      return null;
    },
    plans: (call: Call) => listed(call, isPlan, (order, symbol) => planRow(market, order, symbol)),
    placeTrack: (call: Call) => futureId(place(call, readTrack).orderId),
    cancelTrack(call: Call) {
      const result = cancelFound(find(call.account, call.params.text('trackOrderId'), isTracking));
      if (result.errorCode !== 0) throw new WireError(result.errorCode, result.errorMsg);
      return null;
    },
    tracks: (call: Call) => listed(call, isTracking, (order, symbol) => trackRow(market, order, symbol)),
    /** Stops on positions are set on the exchange's own pages, which this one does not have. */
    positionStops: () => [],
  };
}
