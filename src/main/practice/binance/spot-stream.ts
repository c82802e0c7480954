import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { mul, ZERO } from '#shared/domain/decimal';
import type { Listeners } from '../wire-kit/listeners';
import { createOrderFeed } from '../wire-kit/order-feed';
import { money, spotType, wireSide, wireTimeInForce } from './format';
import { trailingDelta } from './spot-image';
import type { WireMarket } from './wire-market';

interface Report {
  /** The order a trader sees. */
  readonly face: MatchOrderView;
  readonly event: 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'REJECTED';
  readonly status: string;
  readonly filled: Decimal;
  readonly filledQuote: Decimal;
  readonly at: number;
  readonly fill: MatchFill | null;
  readonly onBook: boolean;
}

const EXPIRY_REASON: Readonly<Record<string, string>> = {
  'ioc-not-filled': 'UNFILLED_IOC_QUANTITY_EXPIRED',
  'fok-not-filled': 'UNFILLED_FOK_ORDER_EXPIRED',
  'no-liquidity': 'INSUFFICIENT_LIQUIDITY',
};
const ENDED_AS = { cancelled: 'CANCELED', expired: 'EXPIRED', rejected: 'REJECTED' } as const;

/** Private events of spot accounts: executionReport and outboundAccountPosition. */
export function createSpotStream(market: WireMarket, listeners: Listeners) {
  const { core, seams } = market;
  let executions = 0;
  const changed = new Map<string, Map<string, { free: Decimal; locked: Decimal }>>();
  let flushing = false;

  const cancelId = (orderId: number): string => {
    const id = market.cancelIds.get(orderId) ?? market.freshClientId();
    market.cancelIds.delete(orderId);
    return id;
  };
  const report = (entry: Report): void => {
    const { face, fill } = entry;
    const symbol = market.byInner(face.symbol);
    if (symbol === undefined) return;
    executions += 1;
    const cancelled = entry.event === 'CANCELED';
    const delta = trailingDelta(face);
    const reason = face.expireReason === null ? undefined : EXPIRY_REASON[face.expireReason];
    listeners.tell(face.account, {
      e: 'executionReport',
      E: core.clock.now(),
      s: symbol.wireSymbol,
      // A cancel is told under the id of the cancel; the order's own id moves to C.
      c: cancelled ? cancelId(face.orderId) : face.clientOrderId,
      S: wireSide(face.side),
      o: spotType(face),
      f: wireTimeInForce(face, 'spot'),
      q: money(face.amount ?? entry.filled),
      p: money(face.price ?? ZERO),
      P: money(face.triggerPrice ?? ZERO),
      ...(delta === null ? {} : { d: delta }),
      F: money(ZERO),
      g: -1,
      C: cancelled ? face.clientOrderId : '',
      x: entry.event,
      X: entry.status,
      r: 'NONE',
      i: face.orderId,
      l: money(fill?.amount ?? ZERO),
      z: money(entry.filled),
      L: money(fill?.price ?? ZERO),
      n: fill === null ? '0' : money(fill.fee),
      N: fill === null ? null : fill.feeAsset,
      T: entry.at,
      t: fill?.tradeId ?? -1,
      I: executions,
      w: entry.onBook,
      m: fill?.maker ?? false,
      M: fill !== null,
      O: face.createdAt,
      Z: money(entry.filledQuote),
      Y: money(fill === null ? ZERO : mul(fill.price, fill.amount)),
      Q: money(face.quoteAmount ?? ZERO),
      W: face.createdAt,
      V: 'NONE',
      ...(reason === undefined || entry.event !== 'EXPIRED' ? {} : { eR: reason }),
    });
  };

  const feed = createOrderFeed(
    {
      placed(order, parent) {
        // The child of a stop is the stop itself here, and that one was told long ago.
        if (parent !== null) return;
        const onBook = order.type === 'limit';
        const entry = { face: order, event: 'NEW', status: 'NEW', filled: ZERO, filledQuote: ZERO } as const;
        report({ ...entry, at: order.createdAt, fill: null, onBook });
      },
      traded(fill, order, parent) {
        const done = order.status === 'filled';
        report({
          face: parent ?? order,
          event: 'TRADE',
          status: done ? 'FILLED' : 'PARTIALLY_FILLED',
          filled: order.filled,
          filledQuote: order.filledQuote,
          at: fill.at,
          fill,
          onBook: fill.maker && !done,
        });
      },
      ended(order, parent) {
        const status = order.status as keyof typeof ENDED_AS;
        report({
          face: parent === null ? order : { ...parent, expireReason: order.expireReason },
          event: ENDED_AS[status],
          status: ENDED_AS[status],
          filled: order.filled,
          filledQuote: order.filledQuote,
          at: order.updatedAt,
          fill: null,
          onBook: false,
        });
      },
      triggered: () => {},
      finished: () => {},
    },
    true,
  );

  const flush = (): void => {
    flushing = false;
    const now = core.clock.now();
    for (const [account, assets] of changed) {
      const balances = [...assets].map(([asset, { free, locked }]) => ({
        a: asset,
        f: money(free),
        l: money(locked),
      }));
      listeners.tell(account, { e: 'outboundAccountPosition', E: now, u: now, B: balances });
    }
    changed.clear();
  };

  return market.onEvent((event) => {
    feed(event);
    if (event.type !== 'balance') return;
    const assets = changed.get(event.account) ?? new Map();
    changed.set(event.account, assets);
    assets.set(event.asset, { free: event.free, locked: event.locked });
    // Once for all that one command did.
    if (!flushing) {
      flushing = true;
      seams.timers.soon(flush);
    }
  });
}
