import type { Decimal, Moment, Percent } from '#shared/domain/basics';
import { mul, sub, toFixed } from '#shared/domain/decimal';
import type { Decision, Wave } from '#shared/domain/decision';
import type { Fill, Order } from '#shared/domain/order';
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
export const bit = (value: boolean): number => (value ? 1 : 0);
export const exchangeOf = (venue: string): string => venue.slice(0, venue.indexOf('_'));
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
  side: decision.signal.action,
  score: decision.signal.scoreWeek + decision.signal.scoreMonth,
  fate: decision.fate,
  reason: decision.reason,
  provider_mode: decision.providerMode ?? null,
  position_id: decision.positionId,
  price: decision.price,
  price_age_ms: decision.priceAgeMs,
  rank: decision.rank,
  decided_at: decision.decidedAt,
  correlation_id: decision.signal.correlationId,
  image: canonicalJson(decision),
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
  cost: fill.cost ?? mul(fill.price, fill.amount),
  fee_cost: fill.fee?.cost ?? null,
  fee_currency: fill.fee?.currency ?? null,
  is_maker: fill.maker === null ? null : bit(fill.maker),
  timestamp: fill.venueTime,
  seen_at: fill.seenAt,
  image: canonicalJson(fill),
});
