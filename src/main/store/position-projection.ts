import type Database from 'better-sqlite3';
import type { Decimal } from '#shared/domain/basics';
import { add, isPositive, isZero, neg, percentChange, toFixed, ZERO } from '#shared/domain/decimal';
import type { Fill } from '#shared/domain/order';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { canonicalJson } from './canonical';
import { bit, type Cell, type Columns, exchangeOf, type Place, percentText } from './rows';

const HOUR_MS = 3_600_000;
const FAILED: readonly Position['status'][] = ['failed', 'rolled_back', 'phantom'];

/** How far `to` lies from `from` in the position's favour, with 4 places; null while one of them is unknown. */
function favour({ side }: Position, from: Decimal | null, to: Decimal | null): Decimal | null {
  if (from === null || to === null || isZero(from)) return null;
  const change = percentChange(from, to);
  return side === 'long' ? change : neg(change);
}
const fourPlaces = (value: Decimal | null): string | null => (value === null ? null : toFixed(value, 4));

export const positionRow = (position: Position, { at }: Place): Columns => {
  const failed = FAILED.includes(position.status);
  return {
    id: position.id,
    signal_id: position.signalId,
    wave_time: position.waveTime,
    symbol: position.symbol,
    exchange: exchangeOf(position.venue),
    venue: position.venue,
    side: position.side,
    intended_quantity: position.intendedAmount,
    quantity: position.amount,
    entry_price: position.entryPrice,
    exit_price: position.exitPrice,
    stop_loss_price: position.stop?.price ?? null,
    realized_pnl: position.realised,
    pnl_percentage: fourPlaces(favour(position, position.entryPrice, position.exitPrice)),
    fees: canonicalJson(position.fees),
    status: position.status,
    exit_reason: position.closeReason,
    has_stop_loss: bit(position.stop !== null),
    has_trailing_stop: bit(position.trailing !== null),
    trailing_activated: bit(isActivated(position)),
    stop_loss_percent: percentText(position.params.stopLoss),
    trailing_activation_percent: percentText(position.params.trailingActivation),
    trailing_callback_percent: percentText(position.params.trailingDistance),
    stop_client_order_id: position.stop?.clientOrderId ?? null,
    error_details: failed ? canonicalJson({ status: position.status, note: position.note }) : null,
    last_error_at: failed ? at.wall : null,
    leverage: position.leverage,
    params_version: position.paramsVersion ?? null,
    naked_since: position.nakedSince,
    note: position.note,
    correlation_id: position.correlationId,
    opened_at: position.openedAt,
    closed_at: position.closedAt,
    created_at: at.wall,
    updated_at: at.wall,
    image: canonicalJson(position),
  };
};

const isActivated = ({ trailing }: Position): boolean =>
  trailing?.state === 'active' || trailing?.state === 'triggered';

/** The trailing row as it stood before; what it says of the past is kept. */
export interface TrailingBefore {
  readonly activated_at: number | null;
  readonly last_peak_save_time: number;
  readonly last_saved_peak_price: string;
}

/** Null when the position is over or has no trailing stop: its row goes. */
export function trailingRow(
  position: Position,
  { at }: Place,
  before: TrailingBefore | undefined,
): Columns | null {
  const { trailing, side } = position;
  if (trailing === null || !OPEN_POSITION_STATUSES.has(position.status)) return null;
  const activated = isActivated(position);
  const samePeak = before !== undefined && before.last_saved_peak_price === trailing.peak;
  return {
    position_id: position.id,
    symbol: position.symbol,
    exchange: exchangeOf(position.venue),
    venue: position.venue,
    state: trailing.state,
    is_activated: bit(activated),
    highest_price: side === 'long' ? trailing.peak : null,
    lowest_price: side === 'short' ? trailing.peak : null,
    current_stop_price: trailing.wanted,
    stop_order_id: position.stop?.clientOrderId ?? null,
    activation_price: trailing.activationPrice,
    activation_percent: percentText(position.params.trailingActivation),
    callback_percent: percentText(position.params.trailingDistance),
    entry_price: position.entryPrice,
    side,
    quantity: position.amount,
    update_count: trailing.updates,
    highest_profit_percent: fourPlaces(favour(position, position.entryPrice, trailing.peak)),
    activated_at: before?.activated_at ?? (activated ? at.wall : null),
    last_update_time: at.wall,
    last_sl_update_time: trailing.lastAcceptedAt,
    last_updated_sl_price: trailing.lastAcceptedAt === null ? null : (position.stop?.price ?? null),
    last_peak_save_time: samePeak ? before.last_peak_save_time : at.wall,
    last_saved_peak_price: trailing.peak,
  };
}

export function agedRow(position: Position): Columns | null {
  const { aged } = position;
  if (!aged) return null;
  const gain = favour(position, position.entryPrice, aged.target);
  const loss = gain === null ? null : isPositive(gain) ? ZERO : neg(gain);
  return {
    position_id: position.id,
    symbol: position.symbol,
    exchange: exchangeOf(position.venue),
    entry_price: position.entryPrice,
    target_price: aged.target,
    phase: aged.phase,
    hours_aged: (aged.at - position.openedAt) / HOUR_MS,
    loss_tolerance: fourPlaces(loss),
  };
}

const MOST_SUMS = 1_000;
/** Fees of the first `n` fills of an order; without a currency when one is unknown or they are several. */
interface FeeSum {
  readonly n: number;
  readonly currency: string | null;
  readonly total: Decimal;
}

/** Columns of one table that are known from rows of another. */
export function createLinks(db: Database.Database) {
  const entry = db.prepare<[Columns]>(
    `UPDATE positions SET
       (client_order_id, exchange_order_id, retry_count) = (SELECT client_order_id, order_id, max(attempt - 1, 0)
         FROM orders WHERE position_id = @id AND leg = 'entry' ORDER BY attempt DESC LIMIT 1)
     WHERE id = @id AND EXISTS (SELECT 1 FROM orders WHERE position_id = @id AND leg = 'entry')`,
  );
  const orderOfFill = db.prepare<Cell[], { client_order_id: string; venue: string; order_id: string | null }>(
    `SELECT client_order_id, venue, order_id FROM orders WHERE client_order_id = ?
     UNION ALL SELECT client_order_id, venue, order_id FROM orders WHERE venue = ? AND order_id = ? LIMIT 1`,
  );
  const feesOf = db.prepare<Cell[], { cost: Decimal | null; currency: string | null }>(
    `SELECT fee_cost AS cost, fee_currency AS currency FROM fills WHERE client_order_id = ?
     UNION ALL SELECT fee_cost, fee_currency FROM fills WHERE venue = ? AND order_id = ? AND client_order_id IS NULL`,
  );
  const countOf = db.prepare<Cell[], { n: number }>(
    `SELECT (SELECT count(*) FROM fills WHERE client_order_id = ?) +
       (SELECT count(*) FROM fills WHERE venue = ? AND order_id = ? AND client_order_id IS NULL) AS n`,
  );
  /** Sums of orders that fill now, so that the thousandth fill costs what the first did; dropped when too many. */
  const sums = new Map<string, FeeSum>();
  const sumOf = (
    order: { client_order_id: string; venue: string; order_id: string | null },
    fill: Fill,
  ): FeeSum => {
    const key = [order.client_order_id, order.venue, order.order_id] as const;
    const { n } = countOf.get(...key)!;
    const before = sums.get(order.client_order_id);
    // Anything but "one more than last time" (another run, a write that was rolled back) is added up anew.
    if (before?.n === n - 1 && before.currency !== null && fill.fee?.currency === before.currency)
      return { n, currency: before.currency, total: add(before.total, fill.fee.cost) };
    // Once unknown or mixed it stays so.
    if (before?.n === n - 1 && before.n > 0 && before.currency === null) return { ...before, n };
    const fees = feesOf.all(...key);
    const currency = fees[0]?.currency ?? null;
    const known = currency !== null && fees.every((fee) => fee.currency === currency);
    return {
      n,
      currency: known ? currency : null,
      total: known ? fees.reduce((sum, { cost }) => add(sum, cost ?? ZERO), ZERO) : ZERO,
    };
  };
  const setFee = db.prepare<Cell[]>('UPDATE orders SET fee = ?, fee_currency = ? WHERE client_order_id = ?');
  return {
    /** When the position comes, and when an entry order of it changes. */
    entryOf: (positionId: string): void => void entry.run({ id: positionId }),
    /** Adds up the order's fees again, exactly. */
    feeOf(fill: Fill): void {
      const order = orderOfFill.get(fill.clientOrderId, fill.venue, fill.venueOrderId);
      if (order === undefined) return;
      const sum = sumOf(order, fill);
      if (sums.size >= MOST_SUMS) sums.clear();
      sums.set(order.client_order_id, sum);
      setFee.run(sum.currency === null ? null : sum.total, sum.currency, order.client_order_id);
    },
  };
}
