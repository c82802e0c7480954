import { exitSide, type PositionId } from '#shared/domain/basics';
import { type Fill, fillKey } from '#shared/domain/order';
import {
  addInstruments,
  countTrade,
  type EngineState,
  fillsOf,
  orderOfFill,
  rememberOrder,
  rememberPosition,
  slot,
} from './state';
import type { EngineStart } from './types';

/** The live state a restart begins with: the last image of everything. */
export function createState(start: EngineStart): EngineState {
  const state: EngineState = {
    mode: start.mode,
    prefix: start.installPrefix,
    expiry: start.requestExpiryMs ?? {},
    knownFill: start.knownFill ?? (() => false),
    settings: start.settings,
    killed: start.killed,
    halted: null,
    recovered: false,
    positions: new Map(),
    orders: new Map(),
    legs: new Map(),
    fills: new Map(),
    fillKeys: new Set(start.fillKeys),
    parked: [],
    open: new Map(),
    work: new Map(),
    chases: new Map(),
    cancelling: new Set(),
    placed: new Set(),
    decisions: new Map(),
    waves: new Map(start.waves.map((wave) => [wave.waveTime, wave])),
    processedWaves: new Set(start.processedWaves),
    executed: new Set(start.executedSignalIds),
    instruments: new Map(),
    bases: new Set(),
    prices: new Map(),
    venues: new Map(),
    runs: [],
    trades: { day: 0, count: 0 },
  };
  addInstruments(state, start.instruments);
  for (const order of start.orders) rememberOrder(state, order);
  for (const position of start.positions) rememberPosition(state, position);
  for (const fill of start.fills) restoreFill(state, fill);
  restoreDecisions(state, start);
  return state;
}

function restoreDecisions(state: EngineState, start: EngineStart): void {
  const opened = new Map<PositionId, number>();
  for (const position of start.positions) {
    opened.set(position.id, position.openedAt);
    if (position.signalId !== null) state.executed.add(position.signalId);
  }
  for (const decision of start.decisions) {
    if (decision.positionId !== null) {
      state.executed.add(decision.signal.id);
      if (!opened.has(decision.positionId)) opened.set(decision.positionId, decision.decidedAt);
    }
    if (decision.fate === 'pending' || decision.fate === 'opening')
      state.decisions.set(decision.signal.id, decision);
  }
  for (const at of opened.values()) countTrade(state, at);
}

function restoreFill(state: EngineState, fill: Fill): void {
  state.fillKeys.add(fillKey(fill));
  const order = orderOfFill(state, fill);
  if (order) {
    fillsOf(state, order.positionId).push(fill);
    return;
  }
  // A fill without an order closed the position from outside; it counts for the one that was open there.
  const position = state.positions.get(state.open.get(slot(fill.venue, fill.symbol)) ?? ('' as PositionId));
  if (position && fill.side === exitSide(position.side) && fill.venueTime >= position.openedAt - 60_000)
    fillsOf(state, position.id).push(fill);
}
