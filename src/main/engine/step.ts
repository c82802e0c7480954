import type { Moment, PositionId, UnixMs } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import type { Decision, Wave } from '#shared/domain/decision';
import type { JournalRecord, Severity } from '#shared/domain/journal';
import type { Order, OrderFact } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { type EngineState, rememberOrder, rememberPosition } from './state';
import type { Intent } from './types';

/** One turn of the engine: what one event changes, says and wants. */
export interface Step {
  readonly state: EngineState;
  readonly at: Moment;
  readonly records: JournalRecord[];
  readonly intents: Intent[];
  /** Positions whose next move must be looked at before the turn ends. */
  readonly touched: Set<PositionId>;
}

export const beginStep = (state: EngineState, at: Moment): Step => ({
  state,
  at,
  records: [],
  intents: [],
  touched: new Set(),
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Stores the image and its record, unless nothing changed. */
export function putPosition(step: Step, position: Position, why: string): Position {
  if (same(step.state.positions.get(position.id), position)) return position;
  rememberPosition(step.state, position);
  step.records.push({ kind: 'position_changed', position, why });
  step.touched.add(position.id);
  return position;
}

export function putOrder(step: Step, order: Order, fact: OrderFact | 'intended', why: string): Order {
  const before = step.state.orders.get(order.request.clientOrderId);
  if (before && same({ ...before, updatedAt: 0 }, { ...order, updatedAt: 0 })) return before;
  rememberOrder(step.state, order);
  step.records.push({ kind: 'order_changed', order, fact, why });
  step.touched.add(order.positionId);
  return order;
}

/** Decisions that still wait for something; the others are final. */
export const isUndecided = ({ fate }: Decision): boolean =>
  fate === 'pending' || fate === 'awaiting' || fate === 'opening';

/** Final decisions leave memory. */
export function putDecision(step: Step, decision: Decision): void {
  if (isUndecided(decision)) step.state.decisions.set(decision.signal.id, decision);
  else step.state.decisions.delete(decision.signal.id);
  step.records.push({ kind: 'decision_made', decision });
}

export function putWave(step: Step, wave: Wave): void {
  step.state.waves.set(wave.waveTime, wave);
  step.state.processedWaves.add(wave.waveTime);
  step.records.push({ kind: 'wave_changed', wave });
}

/** An event row for people. `about` names the position it concerns. */
export function tell(
  step: Step,
  type: string,
  severity: Severity,
  text: string,
  about: Position | null = null,
  data: Readonly<Record<string, string | number | boolean | null>> = {},
): void {
  step.records.push({
    kind: 'event',
    type,
    severity,
    text,
    correlationId: about?.correlationId ?? null,
    positionId: about?.id ?? null,
    symbol: about?.symbol ?? null,
    exchange: about?.venue.split('_')[0] ?? null,
    data,
  });
}

export const intend = (step: Step, ...intents: readonly Intent[]): void => {
  step.intents.push(...intents);
};

export const wake = (step: Step, key: string, afterMs: number, clock: 'wall' | 'market' = 'wall'): void =>
  intend(step, { kind: 'wake', key, afterMs: Math.max(0, afterMs), clock });

/**
 * How much is left of a wait, wall ms. One whose beginning lies in the future is over: the clock was set back, and a step
 * too early is better than one that never comes.
 */
export const waitLeft = (step: Step, since: number, ms: number): number =>
  step.at.wall < since ? 0 : Math.max(0, since + ms - step.at.wall);

/** Fills are asked for from a minute before the position was opened: clocks differ, and asking is cheap. */
export const askFills = (step: Step, position: Position): void =>
  intend(step, {
    kind: 'ask-fills',
    venue: position.venue,
    symbol: position.symbol,
    since: unixMs(Math.max(0, position.openedAt - 60_000)),
  });

/** Stops entries; exits go on. Said once per cause. */
export function halt(step: Step, cause: string): void {
  if (step.state.halted !== null) return;
  step.state.halted = cause;
  step.records.push({ kind: 'halt_changed', halted: true, cause });
  tell(step, 'engine_halted', 'critical', `New entries are stopped: ${cause}. Exits and stops go on.`);
}

export const wallOf = (step: Step): UnixMs => step.at.wall;
