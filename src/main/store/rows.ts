import type { Decimal, Moment, Percent } from '#shared/domain/basics';
import { mul, sub, toFixed } from '#shared/domain/decimal';
import type { Decision, Wave } from '#shared/domain/decision';
import { idOfExchange } from '#shared/domain/exchange';
import type { Fill, Order } from '#shared/domain/order';
import type { ParamValues, StoredParams } from '#shared/domain/params';
import type { Position } from '#shared/domain/position';
import type { Signal } from '#shared/domain/signal';
import { canonicalJson } from './canonical';

export type Cell = string | number | null;
export type Columns = Readonly<Record<string, Cell>>;

/** Where a record stands in the journal. */
export interface Place {
  readonly seq: number;
  readonly at: Moment;
}

/** A percentage as the tables keep it: exactly 4 places, half-up. */
export const percentText = (value: Percent): string => toFixed(value as string as Decimal, 4);
const percentOrNull = (value: Percent | null): string | null => (value === null ? null : percentText(value));
const bit = (value: boolean): number => (value ? 1 : 0);
const exchangeOf = (venue: string): string => venue.slice(0, venue.indexOf('_'));
const marketOf = (venue: string): string => venue.slice(venue.indexOf('_') + 1);

export const signalRow = (signal: Signal, { seq }: Place): Columns => ({
  id: signal.id,
  seq,
  symbol: signal.symbol,
  exchange: signal.exchange,
  exchange_id: signal.exchangeId,
  action: signal.action,
  score_week: signal.scoreWeek,
  score_month: signal.scoreMonth,
  wave_time: signal.waveTime,
  created_at: signal.createdAt,
  received_at: signal.receivedAt,
  correlation_id: signal.correlationId,
  image: canonicalJson(signal),
});

export const waveRow = (wave: Wave): Columns => ({
  wave_time: wave.waveTime,
  status: wave.status,
  started_at: wave.startedAt,
  completed_at: wave.completedAt,
  signal_count: wave.signalCount,
  result: canonicalJson(wave.results),
  note: wave.note,
  image: canonicalJson(wave),
});

export const decisionRow = (decision: Decision): Columns => ({
  signal_id: decision.signal.id,
  wave_time: decision.signal.waveTime,
  symbol: decision.signal.symbol,
  exchange: decision.signal.exchange,
  venue: decision.venue,
  fate: decision.fate,
  reason: decision.reason,
  position_id: decision.positionId,
  price: decision.price,
  price_age_ms: decision.priceAgeMs,
  rank: decision.rank,
  decided_at: decision.decidedAt,
  correlation_id: decision.signal.correlationId,
  image: canonicalJson(decision),
});

const paramColumns = (values: { readonly [K in keyof ParamValues]: ParamValues[K] | null }): Columns => ({
  max_trades_filter: values.maxTrades,
  stop_loss_filter: percentOrNull(values.stopLoss),
  trailing_activation_filter: percentOrNull(values.trailingActivation),
  trailing_distance_filter: percentOrNull(values.trailingDistance),
});

export const paramsRow = (params: StoredParams, { at }: Place): Columns => ({
  exchange_id: idOfExchange(params.exchange),
  exchange: params.exchange,
  ...paramColumns(params.values),
  wave_timestamp: params.waveTime,
  signal_id: params.signalId,
  created_at: at.wall,
  updated_at: params.updatedAt ?? at.wall,
  image: canonicalJson(params),
});

export const paramsHistoryRow = (params: StoredParams, source: string, { seq, at }: Place): Columns => ({
  seq,
  exchange_id: idOfExchange(params.exchange),
  ...paramColumns(params.values),
  changed_at: params.updatedAt ?? at.wall,
  wave_timestamp: params.waveTime,
  signal_id: params.signalId,
  source,
});

export const positionRow = (position: Position, { at }: Place): Columns => ({
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
  fees: canonicalJson(position.fees),
  status: position.status,
  exit_reason: position.closeReason,
  has_stop_loss: bit(position.stop !== null),
  has_trailing_stop: bit(position.trailing !== null),
  trailing_activated: bit(position.trailing?.state === 'active' || position.trailing?.state === 'triggered'),
  stop_loss_percent: percentText(position.params.stopLoss),
  trailing_activation_percent: percentText(position.params.trailingActivation),
  trailing_callback_percent: percentText(position.params.trailingDistance),
  stop_client_order_id: position.stop?.clientOrderId ?? null,
  leverage: position.leverage,
  naked_since: position.nakedSince,
  note: position.note,
  correlation_id: position.correlationId,
  opened_at: position.openedAt,
  closed_at: position.closedAt,
  created_at: at.wall,
  updated_at: at.wall,
  image: canonicalJson(position),
});

export const orderRow = (order: Order, { seq, at }: Place): Columns => ({
  client_order_id: order.request.clientOrderId,
  seq,
  position_id: order.positionId,
  exchange: exchangeOf(order.request.venue),
  venue: order.request.venue,
  symbol: order.request.symbol,
  order_id: order.venueOrderId,
  leg: order.leg,
  attempt: order.attempt,
  type: order.request.type,
  side: order.request.side,
  size: order.request.amount,
  price: order.request.price,
  trigger_price: order.request.triggerPrice,
  average_price: order.averagePrice,
  status: order.status,
  filled: order.filled,
  remaining: order.request.amount === null ? null : sub(order.request.amount, order.filled),
  note: order.note,
  expires_at: order.expiresAt,
  intended_at: order.intendedAt,
  created_at: at.wall,
  updated_at: order.updatedAt,
  image: canonicalJson(order),
});

export const fillRow = (fill: Fill, positionId: string | null, { seq }: Place): Columns => ({
  seq,
  venue: fill.venue,
  exchange: exchangeOf(fill.venue),
  market: marketOf(fill.venue),
  symbol: fill.symbol,
  trade_id: fill.tradeId,
  order_id: fill.venueOrderId,
  client_order_id: fill.clientOrderId,
  position_id: positionId,
  side: fill.side,
  amount: fill.amount,
  price: fill.price,
  cost: mul(fill.price, fill.amount),
  fee_cost: fill.fee?.cost ?? null,
  fee_currency: fill.fee?.currency ?? null,
  is_maker: fill.maker === null ? null : bit(fill.maker),
  timestamp: fill.venueTime,
  seen_at: fill.seenAt,
  image: canonicalJson(fill),
});
