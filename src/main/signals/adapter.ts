import type { SignalId, UnixMs } from '#shared/domain/basics';
import { toNumber } from '#shared/domain/decimal';
import { exchangeById, type MarketKind } from '#shared/domain/exchange';
import type { BadSignal, Signal } from '#shared/domain/signal';
import { readFilterParams, toDecimal } from './filter-params';
import { toSymbol } from './pair-symbol';
import { floorTo15m, waveTimeOf } from './waves';
import { parseWireTime } from './wire-time';

/** Codes of a refused signal; the screen has the words. */
export type BadReason =
  | 'not_an_object'
  | 'bad_id'
  | 'bad_symbol'
  | 'bad_action'
  | 'unknown_exchange'
  | 'bad_score'
  | 'bad_timestamp'
  | 'duplicate_id';

export type Adapted =
  | { readonly kind: 'signal'; readonly signal: Signal; readonly warnings: readonly string[] }
  | { readonly kind: 'bad'; readonly bad: BadSignal };

const ACTIONS: Readonly<Record<string, 'buy' | 'sell'>> = {
  BUY: 'buy',
  LONG: 'buy',
  SELL: 'sell',
  SHORT: 'sell',
};
/** Scores are percentages; far above that range somebody sent another field. */
const HIGHEST_SCORE = 1_000;

class Unfit extends Error {
  constructor(
    readonly reason: BadReason,
    readonly field: string,
    readonly value: unknown,
  ) {
    super(reason);
  }
}

const printed = (value: unknown): string =>
  (value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value))).slice(0, 100);
const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

function readScore(raw: Readonly<Record<string, unknown>>, field: string): number {
  const decimal = toDecimal(raw[field]);
  const score = decimal === null ? Number.NaN : toNumber(decimal);
  if (!(score >= 0 && score <= HIGHEST_SCORE)) throw new Unfit('bad_score', field, raw[field]);
  return score;
}
/** For display only: what cannot be read is not shown, and refuses nothing. */
function readScoreFilter(value: unknown): number | null {
  const decimal = toDecimal(value);
  return decimal === null ? null : toNumber(decimal);
}
function readTime(raw: Readonly<Record<string, unknown>>, field: string): UnixMs | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  const time = typeof value === 'string' ? parseWireTime(value) : null;
  if (time === null) throw new Unfit('bad_timestamp', field, value);
  return time;
}

function read(raw: Readonly<Record<string, unknown>>, market: MarketKind, receivedAt: UnixMs): Adapted {
  const { id, pair_symbol: pair, recommended_action: action, exchange_id: exchangeId } = raw;
  if (!isId(id)) throw new Unfit('bad_id', 'id', id);
  const symbol = typeof pair === 'string' ? toSymbol(pair, market) : null;
  if (symbol === null) throw new Unfit('bad_symbol', 'pair_symbol', pair);
  const side = typeof action === 'string' ? ACTIONS[action.toUpperCase()] : undefined;
  if (side === undefined) throw new Unfit('bad_action', 'recommended_action', action);
  const exchange = typeof exchangeId === 'number' ? exchangeById(exchangeId) : undefined;
  if (exchange === undefined) throw new Unfit('unknown_exchange', 'exchange_id', exchangeId);
  const scoreWeek = readScore(raw, 'score_week');
  const scoreMonth = readScore(raw, 'score_month');
  const timestamp = readTime(raw, 'timestamp');
  const createdAt = readTime(raw, 'created_at');
  const waveTime = waveTimeOf(timestamp, createdAt);
  if (waveTime === null) throw new Unfit('bad_timestamp', 'timestamp', raw.timestamp);
  const { params, warning } = readFilterParams(raw);
  return {
    kind: 'signal',
    warnings: warning === null ? [] : [`signal ${id}: ${warning}`],
    signal: {
      id: id as SignalId,
      symbol,
      pairSymbol: pair as string,
      action: side,
      exchange,
      exchangeId: exchangeId as number,
      scoreWeek,
      scoreMonth,
      scoreWeekFilter: readScoreFilter(raw.score_week_filter),
      scoreMonthFilter: readScoreFilter(raw.score_month_filter),
      timestamp,
      createdAt,
      waveTime: floorTo15m(waveTime),
      filterParams: params,
      receivedAt,
      correlationId: `signal-${id}`,
    },
  };
}

/** One entry of a snapshot becomes ours, or a record of why it cannot. Never throws. */
export function adaptSignal(raw: unknown, market: MarketKind, receivedAt: UnixMs): Adapted {
  const object = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  const entry = (object ? raw : {}) as Readonly<Record<string, unknown>>;
  try {
    if (!object) throw new Unfit('not_an_object', '', raw);
    return read(entry, market, receivedAt);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    const { reason, field, value } = error;
    const signalId = isId(entry.id) ? entry.id : null;
    return { kind: 'bad', bad: { reason, field, value: printed(value), signalId } };
  }
}

export interface AdaptedSnapshot {
  readonly signals: readonly Signal[];
  readonly bad: readonly BadSignal[];
  readonly warnings: readonly string[];
}

/** A whole snapshot. What cannot be read is listed, the rest stands; of two entries with one id the first counts. */
export function adaptSnapshot(
  data: readonly unknown[],
  market: MarketKind,
  receivedAt: UnixMs,
): AdaptedSnapshot {
  const signals = new Map<number, Signal>();
  const bad: BadSignal[] = [];
  const warnings: string[] = [];
  for (const raw of data) {
    const adapted = adaptSignal(raw, market, receivedAt);
    if (adapted.kind === 'bad') bad.push(adapted.bad);
    else if (signals.has(adapted.signal.id)) {
      const { id } = adapted.signal;
      bad.push({ reason: 'duplicate_id' satisfies BadReason, field: 'id', value: String(id), signalId: id });
    } else {
      signals.set(adapted.signal.id, adapted.signal);
      warnings.push(...adapted.warnings);
    }
  }
  return { signals: [...signals.values()], bad, warnings };
}
