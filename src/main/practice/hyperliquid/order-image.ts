import type { MatchFill, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import {
  add,
  isNegative,
  isPositive,
  isZero,
  minusPercent,
  plusPercent,
  sub,
  ZERO,
} from '#shared/domain/decimal';
import { oneFace } from '../wire-kit/order-face';
import type { Family } from '../wire-kit/order-log';
import { hasEnded, isConditional } from '../wire-kit/order-state';
import { hashOf, printed } from './format';
import { type Listed, shownAsset } from './names';
import { tidOf } from './public-info';
import type { Side, WireState } from './wire-state';

/** Order numbers of both markets in one row, as large as those of an exchange that has lived for years. */
const FIRST_OID = 480_000_000_000;
export const oidOf = (orderId: number, kind: Listed['kind']): number =>
  FIRST_OID + orderId * 2 + (kind === 'spot' ? 1 : 0);
/** Null for a number that is none of ours. */
export function orderIdOf(oid: unknown, kind: Listed['kind']): number | null {
  if (typeof oid !== 'number' || !Number.isSafeInteger(oid)) return null;
  const rest = oid - FIRST_OID - (kind === 'spot' ? 1 : 0);
  return rest > 0 && rest % 2 === 0 ? rest / 2 : null;
}

/** The client id where the trader chose one; the engine needs one for every order. */
export const cloidOf = (order: Pick<MatchOrderView, 'clientOrderId'>): string | null =>
  /^0x[0-9a-f]{32}$/.test(order.clientOrderId) ? order.clientOrderId : null;

const EXPIRED: Readonly<Record<string, string>> = {
  'nothing-to-reduce': 'reduceOnlyCanceled',
  liquidation: 'liquidatedCanceled',
  'no-liquidity': 'marketOrderNoLiquidityRejected',
};

export function statusOf(face: MatchOrderView): string {
  switch (face.status) {
    case 'waiting':
      return 'open';
    case 'new':
    case 'partially-filled':
      return isConditional(face) ? 'triggered' : 'open';
    case 'triggered':
      return 'triggered';
    case 'filled':
      return 'filled';
    case 'cancelled':
      return 'canceled';
    case 'rejected':
      return 'rejected';
    case 'expired':
      if (face.expireReason === 'ioc-not-filled')
        return isZero(face.filled) ? 'iocCancelRejected' : 'canceled';
      return EXPIRED[face.expireReason ?? ''] ?? 'canceled';
  }
}

/** Outer price of a stop, which the engine does not keep: ten percent behind its trigger. */
const outerPrice = ({ side, triggerPrice }: MatchOrderView): Decimal =>
  side === 'buy'
    ? plusPercent(triggerPrice ?? ZERO, '10' as Decimal)
    : minusPercent(triggerPrice ?? ZERO, '10' as Decimal);

/** Short form, of openOrders and orderUpdates. */
export function orderImage(face: MatchOrderView, listed: Listed) {
  const amount = face.amount ?? face.filled;
  const cloid = cloidOf(face);
  return {
    coin: listed.coin,
    side: face.side === 'buy' ? 'B' : 'A',
    limitPx: printed(isConditional(face) ? outerPrice(face) : (face.price ?? ZERO)),
    sz: printed(sub(amount, face.filled)),
    oid: oidOf(face.orderId, listed.kind),
    timestamp: face.createdAt,
    origSz: printed(amount),
    ...(face.reduceOnly ? { reduceOnly: true } : {}),
    ...(cloid === null ? {} : { cloid }),
  };
}

const TIF = { gtc: 'Gtc', ioc: 'Ioc', fok: 'Ioc', 'post-only': 'Alo' } as const;

/** Full form, of everything else. */
export function frontendImage(face: MatchOrderView, listed: Listed) {
  const conditional = isConditional(face);
  const stop = face.type === 'stop-market';
  const below = stop === (face.side === 'sell');
  return {
    ...orderImage(face, listed),
    triggerCondition: conditional ? `Price ${below ? 'below' : 'above'} ${face.triggerPrice}` : 'N/A',
    isTrigger: conditional,
    triggerPx: conditional ? printed(face.triggerPrice ?? ZERO) : '0.0',
    children: [],
    isPositionTpsl: false,
    reduceOnly: face.reduceOnly,
    orderType: conditional ? (stop ? 'Stop Market' : 'Take Profit Market') : 'Limit',
    tif: conditional ? null : TIF[face.timeInForce ?? 'gtc'],
    cloid: cloidOf(face),
  };
}

export const isRoot = ({ parent }: Family): boolean => parent === null;

/** The orders of an account on one market as a trader sees them, oldest first. */
export const facesOf = ({ view }: Side, account: string, listed: Listed): readonly MatchOrderView[] =>
  view.log.families(account, listed.symbol.symbol).filter(isRoot).map(oneFace);

/** The one face of an order in the engine. */
export function faceOf({ view }: Side, order: MatchOrderView): MatchOrderView {
  const family = view.log.family(order);
  return family === undefined ? order : oneFace(family);
}

export const isOpen = (face: MatchOrderView): boolean => !hasEnded(face);

interface Started {
  readonly fill: MatchFill;
  /** Signed amount held before it. */
  readonly start: Decimal;
}

/** Fills of one market, oldest first, each with the position it started from: counted back from the present one. */
function startedFills(side: Side, account: string, listed: Listed): readonly Started[] {
  const { view } = side;
  const fills = view.log.fills(account, listed.symbol.symbol);
  let after = heldOf(side, account, listed);
  const started: Started[] = [];
  for (const fill of [...fills].reverse()) {
    const start = fill.side === 'buy' ? sub(after, fill.amount) : add(after, fill.amount);
    started.push({ fill, start });
    after = start;
  }
  return started.reverse();
}

function heldOf({ view }: Side, account: string, { symbol, kind }: Listed): Decimal {
  const { balances, positions } = view.core.matching.account(account);
  if (kind === 'future') return positions.find((one) => one.symbol === symbol.symbol)?.amount ?? ZERO;
  const { free, locked } = balances[symbol.base] ?? { free: ZERO, locked: ZERO };
  return add(free, locked);
}

function directionOf({ fill, start }: Started, kind: Listed['kind']): string {
  if (kind === 'spot') return fill.side === 'buy' ? 'Buy' : 'Sell';
  const end = fill.side === 'buy' ? add(start, fill.amount) : sub(start, fill.amount);
  if (isNegative(start) && isPositive(end)) return 'Short > Long';
  if (isPositive(start) && isNegative(end)) return 'Long > Short';
  if (fill.side === 'buy') return isNegative(start) ? 'Close Short' : 'Open Long';
  return isPositive(start) ? 'Close Long' : 'Open Short';
}

/** Fills of an account on one market, oldest first. A child of a stop goes under the stop's number. */
export function fillImages(state: WireState, side: Side, account: string, listed: Listed) {
  const families = new Map(
    side.view.log
      .families(account, listed.symbol.symbol)
      .map((family) => [family.order.orderId, family.parent ?? family.order]),
  );
  return startedFills(side, account, listed).map((started) => {
    const { fill } = started;
    const root = families.get(fill.orderId);
    const cloid = cloidOf(fill);
    return {
      coin: listed.coin,
      px: printed(fill.price),
      sz: printed(fill.amount),
      side: fill.side === 'buy' ? 'B' : 'A',
      time: fill.at,
      startPosition: printed(started.start),
      dir: directionOf(started, listed.kind),
      closedPnl: printed(fill.realised),
      hash: hashOf(tidOf(listed, fill.tradeId)),
      oid: oidOf(root?.orderId ?? fill.orderId, listed.kind),
      crossed: !fill.maker,
      fee: fill.fee,
      tid: tidOf(listed, fill.tradeId),
      ...(cloid === null ? {} : { cloid }),
      feeToken: shownAsset(fill.feeAsset),
      twapId: null,
      ...(fill.clientOrderId.startsWith('autoclose-')
        ? {
            liquidation: {
              liquidatedUser: state.addressOf(account),
              markPx: printed(fill.price),
              method: 'market',
            },
          }
        : {}),
    };
  });
}
export type FillImage = ReturnType<typeof fillImages>[number];
