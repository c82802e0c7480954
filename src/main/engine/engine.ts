import type { ClientOrderId, PositionId } from '#shared/domain/basics';
import { ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import { isEnded } from '#shared/domain/order-machine';
import { armAged, onAgedWake } from './aged';
import { riskUse } from './at-work';
import { onExitAlarm } from './closing';
import { onConfirmWake } from './confirm';
import { ask, isLive } from './doubt';
import { onCancelReply } from './evidence';
import { onFill, unpark } from './fill-booking';
import { onPrice } from './follow-price';
import { onHeld, onHeldTimeout } from './held';
import { guard } from './invariants';
import { advance, closePosition, onOrderEnded, onOrderEvent } from './lifecycle';
import { forget } from './memory';
import { onNakedAlarm } from './naked';
import { cancelOrder } from './order-book';
import { onQuoteMid, quotingStatus, startQuoting, stopQuoting, tick } from './quoting';
import { look, lookAt, onLink, onVenueOrders, onVenuePositions } from './reconcile';
import { recover } from './recover';
import { createState } from './restore';
import { addInstruments, DAY_MS, ordersOf, slot, venueOf } from './state';
import { beginStep, halt, type Step, tell } from './step';
import type { Engine, EngineEvent, EngineStart } from './types';
import { onApprovalTimeout, onApprove, onFlattenWave, onPauseWave } from './wave-control';
import { onNoWave, onWave, onWaveStarted } from './wave-intake';
import { advanceRuns } from './wave-run';
import { onAccountChanged, onZombieReply } from './zombies';

/** A turn settles in a few rounds; more means that two rules chase each other. */
const MOST_ROUNDS = 50;

/**
 * The trading engine: pure, single-threaded, deterministic. Every event returns the records to put on disk and
 * then the intents to carry out, in this order.
 */
export function createEngine(start: EngineStart): Engine {
  const state = createState(start);
  return {
    handle(event, at) {
      const step = beginStep(state, at);
      try {
        apply(step, event);
        settleTurn(step);
      } catch (error) {
        // Our own bug: entries stop, what was decided so far stands, the next event is still served.
        const text = error instanceof Error ? error.message : String(error);
        tell(step, 'engine_error', 'critical', `The engine failed on "${event.type}": ${text}`.slice(0, 450));
        halt(step, `internal error: ${text}`.slice(0, 200));
      }
      guard(step);
      forget(state);
      return { records: step.records, intents: step.intents };
    },
    setInstruments: (instruments) => addInstruments(state, instruments),
    positions: () => [...state.positions.values()],
    orders: () => [...state.orders.values()],
    quoting: () => quotingStatus(state),
    captured: () => structuredClone(state.captured),
    standing: () => ({ killed: state.killed, halted: state.halted }),
    riskUse: (paper, at) => riskUse(state, paper ? 'binance_paper' : 'binance_future', at),
  };
}

/** Gives every touched position its next move, then the waves, until nothing moves any more. */
function settleTurn(step: Step): void {
  const done = new Set<PositionId>();
  for (let round = 0; ; round += 1) {
    if (round > MOST_ROUNDS) throw new Error('a turn did not come to rest');
    const waiting = [...step.touched].filter((id) => !done.has(id));
    for (const id of waiting) {
      const before = step.records.length;
      advance(step, id);
      // A move that wrote something may have made the next one possible; a silent one is at rest.
      if (step.records.length === before) done.add(id);
    }
    if (waiting.length > 0) continue;
    const before = step.records.length;
    advanceRuns(step);
    if (step.records.length === before) return;
    done.clear();
  }
}

function apply(step: Step, event: EngineEvent): void {
  const { state } = step;
  switch (event.type) {
    case 'price':
      onPrice(step, event);
      return;
    case 'order':
      onOrderEvent(step, event);
      unpark(step);
      return;
    case 'cancel-reply':
      onCancelled(step, event);
      return;
    case 'fill':
      onFill(step, event.fill);
      return;
    case 'wave':
      onWave(step, event);
      return;
    case 'wave-started':
      onWaveStarted(step, event.waveTime);
      return;
    case 'no-wave':
      onNoWave(step, event);
      return;
    case 'balances': {
      const view = venueOf(state, event.venue);
      view.free = event.free;
      view.reserved = ZERO;
      return;
    }
    case 'venue-positions':
      onVenuePositions(step, event);
      return;
    case 'held':
      onHeld(step, event.positionId, event.amount);
      return;
    case 'venue-orders':
      onVenueOrders(step, event);
      unpark(step);
      return;
    case 'link':
      onLink(step, event.venue, event.up);
      return;
    case 'wake':
      onWake(step, event.key);
      return;
    case 'settings':
      state.settings = event.settings;
      for (const id of state.open.values()) armAged(step, state.positions.get(id)!);
      return;
    case 'equity':
      state.equity[event.paper ? 'paper' : 'real'] = {
        equityUsd: event.equityUsd,
        dayOpeningUsd: event.dayOpeningUsd,
        ...(event.peakUsd === undefined ? {} : { peakUsd: event.peakUsd }),
        ...(event.lossStreak === undefined ? {} : { lossStreak: event.lossStreak }),
        day: Math.floor(step.at.market / DAY_MS),
        toldAt: step.at.wall,
      };
      return;
    case 'atr':
      state.atr.set(slot(event.venue, event.symbol), event.value);
      return;
    case 'account-changed':
      onAccountChanged(step, event.venue);
      return;
    case 'leverage':
      state.leverage.set(slot(event.venue, event.symbol), event.leverage);
      return;
    case 'quoting':
      if (event.lines === null) stopQuoting(step, event.cause);
      else startQuoting(step, event.lines);
      return;
    case 'quote-mid':
      onQuoteMid(step, event.venue, event.symbol, event.bid, event.ask);
      return;
    case 'approve':
      onApprove(step, event.signalId, event.yes);
      return;
    case 'pause-wave':
      onPauseWave(step, event.waveTime, event.on);
      return;
    case 'flatten-wave':
      onFlattenWave(step, event.waveTime);
      return;
    case 'close-position':
      closePosition(step, event.positionId, event.reason);
      return;
    case 'kill':
      onKill(step, event.on, event.cause);
      return;
    case 'flatten-all':
      onFlattenAll(step, event.cause);
      return;
    case 'recover':
      recover(step);
      return;
  }
}

function onCancelled(step: Step, event: Extract<EngineEvent, { type: 'cancel-reply' }>): void {
  const before = step.state.orders.get(event.clientOrderId);
  onCancelReply(step, event.clientOrderId, event.outcome);
  const after = step.state.orders.get(event.clientOrderId);
  if (!before) onZombieReply(step, event.clientOrderId, event.outcome);
  if (before && after && !isEnded(before.status) && isEnded(after.status)) onOrderEnded(step, before, after);
}

/** Stops or allows entries. Positions stay, with their stops; entries under way are cancelled where possible. */
function onKill(step: Step, on: boolean, cause: string): void {
  const { state } = step;
  if (state.killed === on && (on || state.halted === null)) return;
  state.killed = on;
  if (!on) state.halted = null;
  step.records.push({ kind: 'halt_changed', halted: on, cause });
  tell(
    step,
    on ? 'kill_switch_on' : 'kill_switch_off',
    on ? 'critical' : 'warning',
    on ? `No new positions: ${cause}.` : `New positions are allowed again: ${cause}.`,
  );
  if (!on) return;
  stopQuoting(step, cause);
  for (const id of state.open.values())
    for (const order of ordersOf(state, id))
      if (order.leg === 'entry' && (isLive(order) || order.status === 'unknown')) cancelOrder(step, order);
}

/** The whole kill switch: nothing new, nothing left. What becomes of each close is told by its orders and position. */
function onFlattenAll(step: Step, cause: string): void {
  onKill(step, true, cause);
  const open = [...step.state.open.values()];
  tell(step, 'flatten_all', 'critical', `${open.length} positions are closed at market: ${cause}.`, null, {
    positions: open.length,
  });
  for (const id of open) closePosition(step, id, 'emergency');
}

/** Keys of wakes are "what|whom"; an unknown one is left over from something that ended. */
function onWake(step: Step, key: string): void {
  const bar = key.indexOf('|');
  const what = key.slice(0, bar);
  const whom = key.slice(bar + 1);
  if (what === 'reconcile') {
    lookAt(step, whom as VenueKey);
    return;
  }
  if (what === 'look') {
    look(step, whom as VenueKey);
    return;
  }
  if (what === 'quoting') {
    tick(step);
    return;
  }
  if (what === 'unpark') {
    unpark(step);
    return;
  }
  if (what === 'chase') {
    const order = step.state.orders.get(whom as ClientOrderId);
    if (order) ask(step, order);
    return;
  }
  if (what === 'approve') {
    onApprovalTimeout(step, Number(whom));
    return;
  }
  const position = step.state.positions.get(whom as PositionId);
  if (!position) return;
  step.touched.add(position.id);
  if (what === 'aged') onAgedWake(step, position);
  if (what === 'naked') onNakedAlarm(step, position);
  if (what === 'exit') onExitAlarm(step, position);
  if (what === 'confirm') onConfirmWake(step, position);
  if (what === 'held') onHeldTimeout(step, position);
}
