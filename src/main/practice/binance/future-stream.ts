import type { MatchEvent, MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { add, eq, mul, sub, ZERO } from '#shared/domain/decimal';
import { pad } from '../wire-kit/digits';
import type { Listeners } from '../wire-kit/listeners';
import { createOrderFeed } from '../wire-kit/order-feed';
import { isConditional } from '../wire-kit/order-state';
import { futureType, money, wireSide, wireTimeInForce } from './format';
import { algoStatus, averagePrice, workingType } from './future-image';
import type { WireMarket } from './wire-market';

/** Expiry codes of ORDER_TRADE_UPDATE.er. */
const EXPIRY_CODE: Readonly<Record<string, string>> = {
  'ioc-not-filled': '2',
  'nothing-to-reduce': '4',
  liquidation: '5',
  'no-liquidity': '9',
  'fok-not-filled': '10',
};
const ENDED_AS = { cancelled: 'CANCELED', expired: 'EXPIRED', rejected: 'EXPIRED' } as const;

interface Update {
  readonly order: MatchOrderView;
  readonly parent: MatchOrderView | null;
  readonly event: 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'CALCULATED';
  readonly status: string;
  readonly fill: MatchFill | null;
  readonly at: number;
}

interface Changes {
  readonly wallets: Map<string, Decimal>;
  readonly positions: Set<string>;
  reason: string;
}

/** Private events of futures accounts: ORDER_TRADE_UPDATE, ALGO_UPDATE, ACCOUNT_UPDATE, TRADE_LITE. */
export function createFutureStream(market: WireMarket, listeners: Listeners, tradeLite: boolean) {
  const { core, seams } = market;
  const walletTold = new Map<string, Decimal>();
  const changed = new Map<string, Changes>();
  let flushing = false;

  const update = ({ order, parent, event, status, fill, at }: Update): void => {
    const symbol = market.byInner(order.symbol);
    if (symbol === undefined) return;
    const digits = market.digits(symbol);
    const root = parent ?? order;
    const forced = order.clientOrderId.startsWith('autoclose-');
    const notional = (side: 'buy' | 'sell'): string =>
      order.type === 'limit' && order.side === side && status !== 'FILLED'
        ? money(mul(sub(order.amount ?? ZERO, order.filled), order.price ?? ZERO))
        : '0';
    listeners.tell(order.account, {
      e: 'ORDER_TRADE_UPDATE',
      E: core.clock.now(),
      T: at,
      o: {
        s: symbol.wireSymbol,
        c: order.clientOrderId,
        S: wireSide(order.side),
        o: futureType(order),
        f: wireTimeInForce(order, 'future'),
        q: pad(order.amount ?? order.filled, digits.amount),
        p: pad(order.price ?? ZERO, digits.price),
        ap: averagePrice(order, digits),
        sp: pad(parent?.triggerPrice ?? ZERO, digits.price),
        x: forced && event === 'TRADE' ? 'CALCULATED' : event,
        X: status,
        i: order.orderId,
        l: pad(fill?.amount ?? ZERO, digits.amount),
        z: pad(order.filled, digits.amount),
        L: pad(fill?.price ?? ZERO, digits.price),
        // Both are left out when there is no fee.
        ...(fill === null ? {} : { n: money(fill.fee), N: fill.feeAsset }),
        T: at,
        t: fill?.tradeId ?? 0,
        b: notional('buy'),
        a: notional('sell'),
        m: fill?.maker ?? false,
        R: order.reduceOnly,
        wt: workingType(root),
        ot: futureType(root),
        ps: 'BOTH',
        cp: order.closePosition,
        ...(root.type === 'trailing-stop'
          ? { AP: root.triggerPrice ?? '0', cr: root.callbackPercent ?? '0' }
          : {}),
        pP: false,
        si: 0,
        ss: 0,
        rp: fill === null ? '0' : money(fill.realised),
        V: 'EXPIRE_MAKER',
        pm: 'NONE',
        gtd: 0,
        er: (order.expireReason === null ? undefined : EXPIRY_CODE[order.expireReason]) ?? '0',
      },
    });
  };

  const lite = (fill: MatchFill, order: MatchOrderView): void => {
    const symbol = market.byInner(order.symbol);
    if (symbol === undefined) return;
    const digits = market.digits(symbol);
    listeners.tell(order.account, {
      e: 'TRADE_LITE',
      E: core.clock.now(),
      T: fill.at,
      s: symbol.wireSymbol,
      q: pad(order.amount ?? order.filled, digits.amount),
      p: pad(order.price ?? ZERO, digits.price),
      m: fill.maker,
      c: order.clientOrderId,
      S: wireSide(order.side),
      L: pad(fill.price, digits.price),
      l: pad(fill.amount, digits.amount),
      t: fill.tradeId,
      i: order.orderId,
    });
  };

  const algo = (order: MatchOrderView, status: string, child: MatchOrderView | null): void => {
    const symbol = market.byInner(order.symbol);
    if (symbol === undefined) return;
    const digits = market.digits(symbol);
    const now = core.clock.now();
    const trailing = order.type === 'trailing-stop';
    const childId = order.childOrderId === null ? '' : String(order.childOrderId);
    const fired = childId !== '' && status !== 'TRIGGERING';
    listeners.tell(order.account, {
      e: 'ALGO_UPDATE',
      T: now,
      E: now,
      o: {
        caid: order.clientOrderId,
        aid: order.orderId,
        at: 'CONDITIONAL',
        o: futureType(order),
        s: symbol.wireSymbol,
        S: wireSide(order.side),
        ps: 'BOTH',
        f: 'GTC',
        q: pad(order.amount ?? ZERO, digits.amount),
        X: status,
        ai: fired ? childId : '',
        ap: child === null ? pad('0', digits.price) : averagePrice(child, digits),
        aq: pad(child?.filled ?? ZERO, digits.amount),
        act: fired ? 'MARKET' : '0',
        tp: pad(trailing ? ZERO : (order.triggerPrice ?? ZERO), digits.price),
        p: '0',
        V: 'EXPIRE_MAKER',
        wt: workingType(order),
        pm: 'NONE',
        cp: order.closePosition,
        pP: false,
        R: order.reduceOnly,
        tt: order.status === 'triggered' ? order.updatedAt : 0,
        gtd: 0,
        rm: order.status === 'expired' || order.status === 'rejected' ? (order.expireReason ?? '') : '',
        ...(trailing ? { AP: order.triggerPrice ?? '0', cr: order.callbackPercent ?? '0' } : {}),
      },
    });
  };

  const feed = createOrderFeed(
    {
      placed(order, parent) {
        if (isConditional(order)) algo(order, 'NEW', null);
        else update({ order, parent, event: 'NEW', status: 'NEW', fill: null, at: order.createdAt });
      },
      traded(fill, order, parent) {
        const status = order.status === 'filled' ? 'FILLED' : 'PARTIALLY_FILLED';
        if (tradeLite) lite(fill, order);
        update({ order, parent, event: 'TRADE', status, fill, at: fill.at });
      },
      ended(order, parent) {
        if (isConditional(order)) return algo(order, algoStatus({ order, child: null }), null);
        const event = ENDED_AS[order.status as keyof typeof ENDED_AS];
        update({ order, parent, event, status: event, fill: null, at: order.updatedAt });
      },
      triggered(order) {
        algo(order, 'TRIGGERING', null);
        algo(order, 'TRIGGERED', null);
      },
      finished: (parent, child) => algo(parent, 'FINISHED', child),
    },
    false,
  );

  const positionRow = (account: string, inner: string) => {
    const symbol = market.byInner(inner);
    const position = core.matching.account(account).positions.find((one) => one.symbol === inner);
    if (symbol === undefined || position === undefined) return null;
    return {
      s: symbol.wireSymbol,
      pa: pad(position.amount, market.digits(symbol).amount),
      ep: position.entryPrice,
      bep: position.entryPrice,
      cr: money(position.realised),
      up: money(position.unrealised),
      mt: 'cross',
      iw: '0',
      ps: 'BOTH',
    };
  };

  const flush = (): void => {
    flushing = false;
    const now = core.clock.now();
    for (const [account, { wallets, positions, reason }] of changed) {
      const rows = [...positions].map((symbol) => positionRow(account, symbol)).filter((row) => row !== null);
      listeners.tell(account, {
        e: 'ACCOUNT_UPDATE',
        E: now,
        T: now,
        a: {
          m: reason,
          B: [...wallets].map(([asset, wallet]) => ({
            a: asset,
            wb: money(wallet),
            cw: money(wallet),
            bc: '0',
          })),
          P: rows,
        },
      });
    }
    changed.clear();
  };
  const change = (account: string): Changes => {
    const entry = changed.get(account) ?? { wallets: new Map(), positions: new Set(), reason: 'ORDER' };
    changed.set(account, entry);
    if (!flushing) {
      flushing = true;
      seams.timers.soon(flush);
    }
    return entry;
  };

  const onEvent = (event: MatchEvent): void => {
    feed(event);
    if (event.type === 'position') {
      change(event.account).positions.add(event.symbol);
    } else if (event.type === 'funding') {
      change(event.account).reason = 'FUNDING_FEE';
    } else if (event.type === 'balance') {
      // Locking margin moves nothing in the wallet, and is not told.
      const wallet = add(event.free, event.locked);
      const key = `${event.account}|${event.asset}`;
      const before = walletTold.get(key);
      walletTold.set(key, wallet);
      if (changed.has(event.account) || (before !== undefined && !eq(before, wallet)))
        change(event.account).wallets.set(event.asset, wallet);
    }
  };
  return market.onEvent(onEvent);
}
