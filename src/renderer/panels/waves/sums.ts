import type { Decimal, UnixMs } from '#shared/domain/basics';
import { add, gt, isZero, mul, sum, ZERO } from '#shared/domain/decimal';
import type { Decision, ReasonCode, Wave } from '#shared/domain/decision';
import type { Order } from '#shared/domain/order';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { isPaper } from '../../ui/paper';
import { netResult, openFigures, quoteCurrency } from '../positions/figures';

type MarkOf = (position: Position) => Decimal | null;

/** Money of one wave's positions that share an account kind and a quote currency: paper never meets real. */
export interface WaveMoney {
  readonly paper: boolean;
  readonly quote: string;
  /** What the entries cost. */
  readonly used: Decimal;
  /** Realised less the fees paid in quote. */
  readonly realised: Decimal;
  /** Null when the price of an open one is not known. */
  readonly unrealised: Decimal | null;
  readonly total: Decimal | null;
  readonly positions: number;
  readonly open: number;
}

/** Base units that the entry orders filled; without them what is held, or what was asked once some was sold. */
export function enteredAmount(position: Position, orders: Iterable<Order>): Decimal {
  const entries = [...orders].filter((row) => row.leg === 'entry' && row.positionId === position.id);
  const filled = sum(entries.map((row) => row.filled));
  if (!isZero(filled)) return filled;
  if (position.entryPrice === null) return ZERO;
  return position.exitPrice === null ? position.amount : position.intendedAmount;
}

/** Live sums over a wave's positions, real money first. */
export function waveMoney(
  positions: readonly Position[],
  orders: readonly Order[],
  markOf: MarkOf,
): readonly WaveMoney[] {
  const groups = new Map<string, Position[]>();
  for (const position of positions) {
    const key = `${isPaper(position.venue) ? 1 : 0}${quoteCurrency(position.symbol)}`;
    groups.set(key, [...(groups.get(key) ?? []), position]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rows]) => {
      const realised = sum(rows.map((row) => netResult(row).net));
      const held = rows.filter((row) => !isZero(row.amount));
      const open = held.map((row) => openFigures(row, markOf(row)).pnl);
      const known = open.filter((pnl) => pnl !== null);
      const unrealised = known.length === open.length ? sum(known) : null;
      return {
        paper: key.startsWith('1'),
        quote: key.slice(1),
        used: sum(rows.map((row) => mul(enteredAmount(row, orders), row.entryPrice ?? ZERO))),
        realised,
        unrealised,
        total: unrealised === null ? null : add(realised, unrealised),
        positions: rows.length,
        open: rows.filter((row) => OPEN_POSITION_STATUSES.has(row.status)).length,
      };
    });
}

export interface WaveCounts {
  readonly received: number;
  readonly filtered: number;
  /** Most frequent first. */
  readonly byReason: readonly (readonly [ReasonCode, number])[];
  readonly executed: number;
  readonly failed: number;
  readonly target: number;
  /** Signals that still wait for their turn or for a person. */
  readonly waiting: number;
}

/** What became of a wave's signals: the engine's own result, or its decisions while there is none yet. */
export function waveCounts(wave: Wave | null, decisions: readonly Decision[]): WaveCounts {
  const results = Object.values(wave?.results ?? {});
  // The engine sums a wave up when it is done; until then its decisions know more.
  const settled = results.length > 0 && wave?.status !== 'processing';
  const fates = (...wanted: readonly Decision['fate'][]) =>
    decisions.filter((row) => wanted.includes(row.fate)).length;
  const reasons = new Map<ReasonCode, number>();
  if (decisions.length > 0) {
    for (const { reason } of decisions)
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  } else {
    for (const { filtered } of results)
      for (const [reason, count] of Object.entries(filtered))
        reasons.set(reason as ReasonCode, (reasons.get(reason as ReasonCode) ?? 0) + count);
  }
  const total = (of: (row: (typeof results)[number]) => number) =>
    results.reduce((whole, row) => whole + of(row), 0);
  return {
    received: wave?.signalCount ?? decisions.length,
    filtered: settled ? total((row) => row.total - row.validated) : fates('refused'),
    byReason: [...reasons].sort(([, a], [, b]) => b - a),
    executed: settled ? total((row) => row.executed) : fates('executed'),
    failed: settled ? total((row) => row.failed) : fates('failed'),
    target: total((row) => row.target),
    waiting: fates('pending', 'awaiting', 'opening'),
  };
}

/** What the wave may spend: its target times the size of one position. Null before a target is known. */
export const waveBudget = (target: number, sizeUsd: Decimal | undefined): Decimal | null =>
  target === 0 || sizeUsd === undefined ? null : mul(String(target) as Decimal, sizeUsd);

const A_LITTLE = '1.01' as Decimal;
/** True when clearly more was spent than the budget; fill prices and steps carry an entry a little above its size. */
export const isOverBudget = (used: Decimal, budget: Decimal | null): boolean =>
  budget !== null && gt(used, mul(budget, A_LITTLE));

/** Positions of one wave, oldest first. */
export const positionsOf = (all: Iterable<Position>, waveTime: UnixMs): readonly Position[] =>
  [...all].filter((row) => row.waveTime === waveTime).sort((a, b) => a.openedAt - b.openedAt);
