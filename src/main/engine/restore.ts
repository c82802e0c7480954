import type { PositionId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Fill } from '#shared/domain/order';
import { couldClose } from './outside';
import { freshQuoting } from './quote-state';
import { createSightings, NOTHING_STORED } from './sightings';
import {
  accountClass,
  addInstruments,
  countTrade,
  type EngineState,
  fillsOf,
  orderOfFill,
  rememberOrder,
  rememberPosition,
  slot,
  venueOf,
} from './state';
import { isUndecided } from './step';
import type { EngineStart } from './types';

const REAL: VenueKey = 'binance_future';
const NOT_TOLD = { equityUsd: null, dayOpeningUsd: null, day: -1, toldAt: 0 };

const freshCount = () => ({ applied: 0, repeated: 0, byLayer: { 1: 0, 2: 0, 3: 0, 4: 0 } });

/** The live state a restart begins with: the last image of everything. */
export function createState(start: EngineStart): EngineState {
  const state: EngineState = {
    mode: start.mode,
    prefix: start.installPrefix,
    expiry: start.requestExpiryMs ?? {},
    settings: start.settings,
    killed: start.killed,
    halted: null,
    recovered: false,
    positions: new Map(),
    orders: new Map(),
    legs: new Map(),
    fills: new Map(),
    sightings: createSightings(start.fillKeys, start.storedFills ?? NOTHING_STORED),
    captured: { stream: freshCount(), sync: freshCount() },
    parked: [],
    open: new Map(),
    work: new Map(),
    chases: new Map(),
    cancelling: new Set(),
    placed: new Set(),
    quoting: freshQuoting(),
    sentAt: [],
    decisions: new Map(),
    waves: new Map(start.waves.map((wave) => [wave.waveTime, wave])),
    processedWaves: new Set(start.processedWaves),
    executed: new Set(start.executedSignalIds),
    instruments: new Map(),
    bases: new Set(),
    prices: new Map(),
    atr: new Map(),
    leverage: new Map(),
    equity: start.equityExpected ? { real: NOT_TOLD } : {},
    venues: new Map(),
    runs: [],
    trades: { real: { day: 0, count: 0 }, paper: { day: 0, count: 0 } },
  };
  addInstruments(state, start.instruments);
  for (const order of start.orders) rememberOrder(state, order);
  for (const position of start.positions) rememberPosition(state, position);
  for (const fill of start.fills) restoreFill(state, fill);
  restoreDecisions(state, start);
  for (const venue of start.reportedAccounts ?? []) venueOf(state, venue).firstRunOver = true;
  return state;
}

function restoreDecisions(state: EngineState, start: EngineStart): void {
  const opened = new Map<PositionId, { readonly venue: VenueKey; readonly at: number }>();
  for (const position of start.positions) {
    if (!position.imported) opened.set(position.id, { venue: position.venue, at: position.openedAt });
    if (position.signalId !== null) state.executed.add(position.signalId);
  }
  for (const decision of start.decisions) {
    if (decision.positionId !== null) {
      state.executed.add(decision.signal.id);
      if (!opened.has(decision.positionId) && decision.venue !== null)
        opened.set(decision.positionId, { venue: decision.venue, at: decision.decidedAt });
    }
    if (isUndecided(decision)) state.decisions.set(decision.signal.id, decision);
  }
  const told = start.openedAt?.map((at) => ({ venue: REAL, at })) ?? [];
  // What the store counts holds the real ones here as well; paper ones are counted from what is here.
  const here = [...opened.values()].filter(
    ({ venue }) => start.openedAt === undefined || accountClass(venue) === 'paper',
  );
  for (const { venue, at } of [...told, ...here].sort((a, b) => a.at - b.at)) countTrade(state, venue, at);
}

function restoreFill(state: EngineState, fill: Fill): void {
  state.sightings.remember(fill);
  const order = orderOfFill(state, fill);
  if (order) {
    fillsOf(state, order.positionId).push(fill);
    return;
  }
  // A fill without an order closed the position from outside; it counts for the one that was open there.
  const position = state.positions.get(state.open.get(slot(fill.venue, fill.symbol)) ?? ('' as PositionId));
  if (position && couldClose(position, fill)) fillsOf(state, position.id).push(fill);
}
