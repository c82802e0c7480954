import type { MatchEvent, MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { add, eq, sub } from '#shared/domain/decimal';
import type { Listeners } from '../wire-kit/listeners';
import { createOrderFeed } from '../wire-kit/order-feed';
import { isConditional } from '../wire-kit/order-state';
import {
  futureFill,
  futureOrderNews,
  futureTrigger,
  positionRow,
  spotFill,
  spotOrder,
  spotTriggerNews,
} from './images';
import { seconds } from './times';
import type { GateMarket } from './wire-market';

/** One private event before it is framed: who hears it is decided by channel and symbol. */
export interface PrivateEvent {
  /** "orders", without the market's name. */
  readonly channel: string;
  /** Null for what concerns no symbol. */
  readonly wire: string | null;
  readonly result: unknown;
}

/** What accounts of one market are told. */
export function createPrivateStream(market: GateMarket, listeners: Listeners): () => void {
  const { core, seams } = market;
  const spot = market.kind === 'spot';
  const tell = (account: string, event: PrivateEvent): void =>
    listeners.tell(account, event as unknown as Readonly<Record<string, unknown>>);

  const orderNews = (
    order: MatchOrderView,
    parent: MatchOrderView | null,
    how: 'put' | 'update' | 'finish',
  ): void => {
    const symbol = market.byInner(order.symbol);
    if (symbol === undefined) return;
    const row = spot
      ? { ...spotOrder(market, symbol, order, parent), event: how, user: market.userOf(order.account) }
      : futureOrderNews(market, symbol, order, parent, how === 'put' ? '_new' : '_update');
    tell(order.account, { channel: 'orders', wire: market.nameOf(symbol), result: [row] });
  };
  const fillNews = (fill: MatchFill, order: MatchOrderView, parent: MatchOrderView | null): void => {
    const symbol = market.byInner(fill.symbol);
    if (symbol === undefined) return;
    const text = market.textOf(order, parent);
    const row = spot
      ? {
          ...spotFill(market, symbol, fill, text),
          id: fill.tradeId,
          id_market: fill.tradeId,
          user_id: market.userOf(fill.account),
        }
      : futureFillNews(fill, text);
    tell(fill.account, { channel: 'usertrades', wire: market.nameOf(symbol), result: [row] });
  };
  /** Numbers where REST has text. */
  const futureFillNews = (fill: MatchFill, text: string) => {
    const { trade_id, ...row } = futureFill(market, market.byInner(fill.symbol)!, fill, text);
    return {
      ...row,
      id: trade_id,
      create_time: seconds(fill.at),
      create_time_ms: fill.at,
      fee: Number(fill.fee),
      point_fee: 0,
    };
  };
  const triggerNews = (order: MatchOrderView): void => {
    const symbol = market.byInner(order.symbol);
    if (symbol === undefined) return;
    const wire = market.nameOf(symbol);
    if (spot)
      tell(order.account, { channel: 'priceorders', wire, result: spotTriggerNews(market, symbol, order) });
    else tell(order.account, { channel: 'autoorders', wire, result: [futureTrigger(market, symbol, order)] });
  };

  const feed = createOrderFeed(
    {
      placed: (order, parent) =>
        isConditional(order) ? triggerNews(order) : orderNews(order, parent, 'put'),
      traded(fill, order, parent) {
        fillNews(fill, order, parent);
        orderNews(order, parent, order.status === 'filled' ? 'finish' : 'update');
      },
      ended: (order, parent) =>
        isConditional(order) ? triggerNews(order) : orderNews(order, parent, 'finish'),
      triggered: triggerNews,
      finished: () => {},
    },
    true,
  );

  const told = new Map<string, Decimal>();
  const changed = new Map<
    string,
    { readonly positions: Set<string>; readonly assets: Map<string, Decimal> }
  >();
  let flushing = false;
  const change = (account: string) => {
    const entry = changed.get(account) ?? {
      positions: new Set<string>(),
      assets: new Map<string, Decimal>(),
    };
    changed.set(account, entry);
    if (!flushing) {
      flushing = true;
      seams.timers.soon(flush);
    }
    return entry;
  };
  /** Once for all that one command did. */
  const flush = (): void => {
    flushing = false;
    for (const [account, { positions, assets }] of changed) {
      for (const [asset, by] of assets) tell(account, balanceNews(account, asset, by));
      for (const inner of positions) {
        const symbol = market.byInner(inner);
        if (symbol === undefined) continue;
        const position = core.matching.account(account).positions.find((one) => one.symbol === inner);
        const row = positionRow(market, account, symbol, position);
        const news = { ...row, time: row.update_time, time_ms: core.clock.now(), user: String(row.user) };
        tell(account, { channel: 'positions', wire: market.nameOf(symbol), result: [news] });
      }
    }
    changed.clear();
  };
  const balanceNews = (account: string, asset: string, by: Decimal): PrivateEvent => {
    const now = core.clock.now();
    const { free, locked } = core.matching.account(account).balances[asset] ?? {
      free: '0' as Decimal,
      locked: '0' as Decimal,
    };
    const user = String(market.userOf(account));
    const total = add(free, locked);
    const row = spot
      ? {
          timestamp: String(seconds(now)),
          timestamp_ms: String(now),
          user,
          currency: asset,
          change: by,
          total,
          available: free,
          freeze: locked,
          freeze_change: '0',
          change_type: 'order-match',
        }
      : {
          balance: Number(total),
          change: Number(by),
          text: '',
          time: seconds(now),
          time_ms: now,
          type: 'pnl',
          user,
          currency: asset.toLowerCase(),
        };
    return { channel: 'balances', wire: null, result: [row] };
  };

  return market.onEvent((event: MatchEvent) => {
    feed(event);
    if (event.type === 'position') change(event.account).positions.add(event.symbol);
    if (event.type !== 'balance') return;
    const key = `${event.account}|${event.asset}`;
    const total = add(event.free, event.locked);
    const before = told.get(key) ?? total;
    told.set(key, total);
    // Futures tell the total alone, so locking margin is no news there.
    if (!spot && eq(before, total)) return;
    const { assets } = change(event.account);
    assets.set(event.asset, add(assets.get(event.asset) ?? ('0' as Decimal), sub(total, before)));
  });
}
