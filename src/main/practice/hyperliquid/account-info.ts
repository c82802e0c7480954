import type { AccountView, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { abs, add, div, isZero, max, mul, neg, sub, sum, toFixed, ZERO } from '#shared/domain/decimal';
import { printed } from './format';
import { collateralOf, type Listed, shownAsset, tokensOf } from './names';
import {
  cloidOf,
  type FillImage,
  faceOf,
  facesOf,
  fillImages,
  frontendImage,
  isOpen,
  orderIdOf,
  orderImage,
  statusOf,
} from './order-image';
import { known } from './public-info';
import { unreadable } from './refusal';
import type { Side, WireState } from './wire-state';

type Json = Readonly<Record<string, unknown>>;
const MOST_ROWS = 2_000;
/** What the matching engine gives a symbol nobody has set a leverage for. */
const DEFAULT_LEVERAGE = 20;

const EMPTY: AccountView = { balances: {}, positions: [] };
const viewOf = ({ view }: Side, account: string | undefined): AccountView =>
  account === undefined ? EMPTY : view.core.matching.account(account);

/** State of the perpetuals account; an unknown address has an empty one. */
export function clearinghouseState(state: WireState, account: string | undefined) {
  const side = state.future;
  const { core } = side.view;
  const view = viewOf(side, account);
  const { free, locked } = view.balances[collateralOf(core)] ?? { free: ZERO, locked: ZERO };
  const held = view.positions.flatMap((position) => {
    const listed = side.ofInner(position.symbol);
    return listed === undefined || isZero(position.amount) ? [] : [{ position, listed }];
  });
  const values = held.map(({ position }) => mul(position.amount, core.mark(position.symbol).mark));
  const profit = sum(held.map(({ position }) => position.unrealised));
  const accountValue = add(add(free, locked), profit);
  const summary = {
    accountValue: printed(accountValue),
    totalNtlPos: printed(sum(values.map(abs))),
    totalRawUsd: printed(sub(accountValue, sum(values))),
    totalMarginUsed: printed(sum(held.map(({ position }) => position.margin))),
  };
  return {
    marginSummary: summary,
    crossMarginSummary: summary,
    crossMaintenanceMarginUsed: printed(
      sum(held.map(({ listed }, at) => mul(abs(values[at]!), listed.symbol.maintenanceRate))),
    ),
    withdrawable: printed(max(ZERO, add(free, profit))),
    assetPositions: held.map(({ position, listed }, at) => ({
      type: 'oneWay',
      position: {
        coin: listed.coin,
        szi: printed(position.amount),
        leverage: { type: 'cross', value: position.leverage },
        entryPx: printed(position.entryPrice),
        positionValue: printed(abs(values[at]!)),
        unrealizedPnl: printed(position.unrealised),
        returnOnEquity: isZero(position.margin)
          ? '0.0'
          : toFixed(div(position.unrealised, position.margin), 8),
        liquidationPx: position.liquidationPrice === null ? null : printed(position.liquidationPrice),
        marginUsed: printed(position.margin),
        maxLeverage: listed.symbol.maxLeverage,
        cumFunding: fundingOf(side, account!, listed),
      },
    })),
    time: core.clock.now(),
  };
}

/** Paid is positive here. */
function fundingOf({ view }: Side, account: string, { symbol }: Listed) {
  const paid = neg(sum(view.core.history(account, symbol.symbol).funding.map(({ amount }) => amount)));
  return { allTime: printed(paid), sinceOpen: printed(paid), sinceChange: printed(paid) };
}

/** Tokens of the spot account. */
export function spotState(state: WireState, account: string | undefined) {
  const tokens = tokensOf(state.spot.listed);
  const { balances } = viewOf(state.spot, account);
  return {
    balances: Object.entries(balances).flatMap(([asset, { free, locked }]) => {
      const coin = shownAsset(asset);
      const token = tokens.findIndex(({ name }) => name === coin);
      return token < 0
        ? []
        : [{ coin, token, total: printed(add(free, locked)), hold: printed(locked), entryNtl: '0.0' }];
    }),
  };
}

interface Found {
  readonly side: Side;
  readonly listed: Listed;
  readonly face: MatchOrderView;
}
function everyFace(state: WireState, account: string | undefined): readonly Found[] {
  if (account === undefined) return [];
  return [state.future, state.spot].flatMap((side) =>
    side.listed.flatMap((listed) => facesOf(side, account, listed).map((face) => ({ side, listed, face }))),
  );
}

/** Open orders of both markets; only what is open is asked of the engine, which is much less than all there ever was. */
export function openFaces(state: WireState, account: string | undefined): readonly Found[] {
  if (account === undefined) return [];
  return [state.future, state.spot].flatMap((side) =>
    side.view.core.matching.openOrders(account).flatMap((order) => {
      const listed = side.ofInner(order.symbol);
      const face = faceOf(side, order);
      return listed === undefined || !isOpen(face) ? [] : [{ side, listed, face }];
    }),
  );
}

/** An order by number or client id. */
export function findFace(state: WireState, account: string | undefined, oid: unknown): Found | undefined {
  const named = typeof oid === 'string' && oid.startsWith('0x') ? oid.toLowerCase() : null;
  const number = typeof oid === 'string' && named === null ? Number(oid) : oid;
  return everyFace(state, account).findLast(({ listed, face }) =>
    named === null ? face.orderId === orderIdOf(number, listed.kind) : cloidOf(face) === named,
  );
}

export const statusImage = ({ face, listed }: Found) => ({
  order: frontendImage(face, listed),
  status: statusOf(face),
  statusTimestamp: face.updatedAt,
});

/** Fills of both markets, oldest first. */
export function everyFill(state: WireState, account: string | undefined): readonly FillImage[] {
  if (account === undefined) return [];
  return [state.future, state.spot]
    .flatMap((side) => side.listed.flatMap((listed) => fillImages(state, side, account, listed)))
    .sort((a, b) => a.time - b.time);
}

function fillsByTime(state: WireState, account: string | undefined, question: Json) {
  const { startTime, endTime = Number.POSITIVE_INFINITY } = question as Record<string, number | undefined>;
  if (typeof startTime !== 'number') throw unreadable();
  return everyFill(state, account)
    .filter(({ time }) => time >= startTime && time <= Number(endTime))
    .slice(0, MOST_ROWS);
}

export function leverageOf(state: WireState, account: string | undefined, listed: Listed): number {
  const { positions } = viewOf(state.future, account);
  return (
    positions.find(({ symbol }) => symbol === listed.symbol.symbol)?.leverage ??
    Math.min(DEFAULT_LEVERAGE, listed.symbol.maxLeverage)
  );
}

function activeAssetData(state: WireState, account: string | undefined, question: Json) {
  const { side, listed } = known(state, question.coin);
  const value = leverageOf(state, account, listed);
  const { mark } = side.view.core.mark(listed.symbol.symbol);
  const { withdrawable } = clearinghouseState(state, account);
  const usable = mul(withdrawable as Decimal, String(value) as Decimal);
  const most = toFixed(div(usable, mark), listed.sizeDecimals);
  return {
    user: question.user,
    coin: listed.coin,
    leverage: { type: 'cross', value },
    maxTradeSzs: [most, most],
    availableToTrade: [withdrawable, withdrawable],
    markPx: printed(mark),
  };
}

/** Answers a question about an address; undefined when it is none of those. @throws HttpRefusal */
export function answerAccount(state: WireState, question: Json): unknown {
  const account = state.accountOf(question.user);
  switch (question.type) {
    case 'clearinghouseState':
      return clearinghouseState(state, account);
    case 'spotClearinghouseState':
      return spotState(state, account);
    case 'openOrders':
      return openFaces(state, account).map(({ face, listed }) => orderImage(face, listed));
    case 'frontendOpenOrders':
      return openFaces(state, account).map(({ face, listed }) => frontendImage(face, listed));
    case 'historicalOrders':
      return everyFace(state, account).map(statusImage).reverse().slice(0, MOST_ROWS);
    case 'orderStatus': {
      const found = findFace(state, account, question.oid);
      return found === undefined ? { status: 'unknownOid' } : { status: 'order', order: statusImage(found) };
    }
    case 'userFills':
      return [...everyFill(state, account)].reverse().slice(0, MOST_ROWS);
    case 'userFillsByTime':
      return fillsByTime(state, account, question);
    case 'activeAssetData':
      return activeAssetData(state, account, question);
    case 'userAbstraction':
      return 'disabled';
    case 'userRole':
      return { role: account === undefined ? 'missing' : 'user' };
    case 'extraAgents':
      return [];
    default:
      return undefined;
  }
}
