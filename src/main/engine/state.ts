import type { ClientOrderId, Decimal, PositionId, UnixMs } from '#shared/domain/basics';
import { gt } from '#shared/domain/decimal';
import type { Decision, Wave } from '#shared/domain/decision';
import type { Mode, VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill, Order } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import type { Settings } from '#shared/domain/settings';
import { totalOf } from './fills';
import type { Quoting } from './quote-state';
import type { Sightings } from './sightings';
import type { Captured } from './types';
import { freshView, type VenueView } from './venue-state';
import type { WaveRun } from './wave-state';

/** A running question about one order. */
export interface Chase {
  tries: number;
  /**
   * Wall times of questions without an answer, oldest first. An answer is taken for the oldest one's, so that an
   * "absent" to a question asked before the expiry is never mistaken for one asked after it.
   */
  asked: number[];
  /** Answers "absent" to questions asked after the request's expiry. */
  absents: number;
}

/** Signed amount that the exchange shows; 'unknown' when it did not answer or cannot be asked. */
export type Held = Decimal | 'unknown';

/** A pause before the next try, wall ms. */
export interface Wait {
  readonly since: number;
  readonly ms: number;
}

/** What the next step of a position needs beyond its image. A restart starts it afresh from evidence. */
export interface Work {
  /** Best price seen, ahead of the saved one by less than is worth saving. */
  peak: Decimal | null;
  peakSavedAt: number;
  /** Market and wall time of the last trailing change that was accepted. */
  movedAt: { market: number; wall: number } | null;
  moveRefusedAt: number | null;
  stopTries: number;
  stopWait: Wait | null;
  exitTries: number;
  exitWait: Wait | null;
  exitSince: number | null;
  exitAlarm: boolean;
  partialSince: number | null;
  nakedAlarm: boolean;
  missingSince: number | null;
  differSince: number | null;
  /** Being repaired after a restart: no entries at its venue until it is settled. */
  recovering: boolean;
  /** Wall time of the newest price, or of the first look without any: a silent trailing stop hands its duty back. */
  heardAt: number | null;
  /** Market time since when the price has been in profit without a break. */
  profitSince: number | null;
  /** The exchange's list showed it while its entry was not confirmed otherwise. */
  shown: boolean;
  /** Restored trailing that must not act before the exchange has shown the position; `resumes`: it was active. */
  unverified: { readonly resumes: boolean } | null;
  /** Wall time since when the entry waits for its confirmation. */
  confirmSince: number | null;
  /** The question that a rollback asks before its exit; null when none was asked since the last exit. */
  held: { readonly askedAt: number; answer: Held | null } | null;
  /** Price at the start of the running minute of market time, for the momentum extra. */
  anchor: { readonly price: Decimal; readonly at: number } | null;
  /** Said once that an imported position could not be given a stop. */
  gaveUp: boolean;
}

/** One account class's equity, as last told. */
export interface EquityView {
  readonly equityUsd: Decimal | null;
  readonly dayOpeningUsd: Decimal | null;
  readonly peakUsd?: Decimal | null;
  readonly lossStreak?: number;
  /** UTC day of the market's clock. */
  readonly day: number;
  readonly toldAt: number;
}

/** What is known of the price at one venue and symbol. */
export interface PriceView {
  readonly price: Decimal;
  readonly at: UnixMs;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
}

export interface EngineState {
  readonly mode: Mode;
  readonly prefix: string;
  readonly expiry: Readonly<Partial<Record<VenueKey, number | null>>>;
  settings: Settings;
  killed: boolean;
  halted: string | null;
  recovered: boolean;
  readonly positions: Map<PositionId, Position>;
  readonly orders: Map<ClientOrderId, Order>;
  /** Orders by position, so that a price does not search all. */
  readonly legs: Map<PositionId, ClientOrderId[]>;
  readonly fills: Map<PositionId, Fill[]>;
  readonly sightings: Sightings;
  /** Fills of this run by the way they came. */
  readonly captured: Captured;
  /** Fills whose order could not be told yet: its acknowledgement is on its way. */
  parked: { readonly fill: Fill; readonly since: UnixMs }[];
  /** Open position by "venue|symbol": at most one. */
  readonly open: Map<string, PositionId>;
  readonly work: Map<PositionId, Work>;
  readonly chases: Map<ClientOrderId, Chase>;
  readonly cancelling: Set<ClientOrderId>;
  /** Ids for which a place intent went out in this run: never a second one. */
  readonly placed: Set<ClientOrderId>;
  /** Wall times at which orders left in the last minute, oldest first. */
  readonly sentAt: number[];
  readonly quoting: Quoting;
  readonly decisions: Map<number, Decision>;
  readonly waves: Map<number, Wave>;
  readonly processedWaves: Set<number>;
  readonly executed: Set<number>;
  readonly instruments: Map<string, Instrument>;
  readonly bases: Set<string>;
  readonly prices: Map<string, PriceView>;
  readonly atr: Map<string, Decimal>;
  readonly leverage: Map<string, Decimal>;
  /** Absent: never told, so there is no daily limit to watch. */
  readonly equity: { real?: EquityView; paper?: EquityView };
  readonly venues: Map<VenueKey, VenueView>;
  readonly runs: WaveRun[];
  /** Positions opened on one UTC day of the market clock, paper ones apart. */
  readonly trades: { real: DayCount; paper: DayCount };
}

export interface DayCount {
  day: number;
  count: number;
}

export const DAY_MS = 86_400_000;
/** The window of "orders a minute", wall ms. */
export const RATE_WINDOW_MS = 60_000;
export const slot = (venue: VenueKey, symbol: Symbol): string => `${venue}|${symbol}`;
export const isOpen = (position: Position): boolean => OPEN_POSITION_STATUSES.has(position.status);

export const freshWork = (): Work => ({
  peak: null,
  peakSavedAt: 0,
  movedAt: null,
  moveRefusedAt: null,
  stopTries: 0,
  stopWait: null,
  exitTries: 0,
  exitWait: null,
  exitSince: null,
  exitAlarm: false,
  partialSince: null,
  nakedAlarm: false,
  missingSince: null,
  differSince: null,
  recovering: false,
  heardAt: null,
  profitSince: null,
  shown: false,
  unverified: null,
  confirmSince: null,
  held: null,
  anchor: null,
  gaveUp: false,
});

/** Paper money and real money have limits of their own. */
export const accountClass = (venue: VenueKey): 'paper' | 'real' =>
  venue.endsWith('_paper') ? 'paper' : 'real';
export const isSpot = (venue: VenueKey): boolean => venue.endsWith('_spot');

/** Counts an opened position on its day; an earlier day than the newest no longer matters. */
export function countTrade(state: EngineState, venue: VenueKey, marketTime: number): void {
  const day = Math.floor(marketTime / DAY_MS);
  const count = state.trades[accountClass(venue)];
  if (day > count.day) Object.assign(count, { day, count: 0 });
  if (day === count.day) count.count += 1;
}
export const tradesOn = (state: EngineState, venue: VenueKey, marketTime: number): number => {
  const { day, count } = state.trades[accountClass(venue)];
  return Math.floor(marketTime / DAY_MS) === day ? count : 0;
};

export function addInstruments(state: EngineState, instruments: readonly Instrument[]): void {
  for (const instrument of instruments) {
    state.instruments.set(slot(`${instrument.exchange}_${instrument.market}`, instrument.symbol), instrument);
    state.bases.add(instrument.base);
  }
}

/** The paper account trades the exchange's perpetual, so it shares its instruments. */
export const instrumentOf = (state: EngineState, venue: VenueKey, symbol: Symbol): Instrument | undefined =>
  state.instruments.get(slot(venue, symbol)) ??
  (venue.endsWith('_paper')
    ? state.instruments.get(slot(venue.replace(/_paper$/, '_future') as VenueKey, symbol))
    : undefined);

export function rememberOrder(state: EngineState, order: Order): void {
  const id = order.request.clientOrderId;
  if (!state.orders.has(id)) {
    const ids = state.legs.get(order.positionId);
    if (ids) ids.push(id);
    else state.legs.set(order.positionId, [id]);
  }
  state.orders.set(id, order);
}

export function rememberPosition(state: EngineState, position: Position): void {
  const key = slot(position.venue, position.symbol);
  state.positions.set(position.id, position);
  if (isOpen(position)) state.open.set(key, position.id);
  else if (state.open.get(key) === position.id) state.open.delete(key);
}

/** True while a wave still waits to open something there, so its prices are wanted. */
export const isWaitedFor = (state: EngineState, venue: VenueKey, symbol: Symbol): boolean =>
  state.runs.some(
    (run) =>
      run.venue === venue &&
      [...run.queue, ...run.approved, ...[...run.awaiting.values()].map(({ candidate }) => candidate)].some(
        ({ signal }) => signal.symbol === symbol,
      ),
  );

export const fillsOf = (state: EngineState, id: PositionId): Fill[] => {
  const known = state.fills.get(id);
  if (known) return known;
  const fresh: Fill[] = [];
  state.fills.set(id, fresh);
  return fresh;
};

export const workOf = (state: EngineState, id: PositionId): Work => {
  const known = state.work.get(id);
  if (known) return known;
  const fresh = freshWork();
  state.work.set(id, fresh);
  return fresh;
};

export const venueOf = (state: EngineState, venue: VenueKey): VenueView => {
  const known = state.venues.get(venue);
  if (known) return known;
  const fresh = freshView();
  state.venues.set(venue, fresh);
  return fresh;
};

export const ordersOf = (state: EngineState, id: PositionId): Order[] =>
  (state.legs.get(id) ?? []).map((orderId) => state.orders.get(orderId)!);

/** The order a fill belongs to: by our id where the venue carries it, else by the venue's. */
export function orderOfFill(state: EngineState, fill: Fill): Order | undefined {
  if (fill.clientOrderId !== null) {
    const order = state.orders.get(fill.clientOrderId);
    if (order && order.request.venue === fill.venue && order.request.symbol === fill.symbol) return order;
  }
  for (const order of state.orders.values()) {
    if (
      order.venueOrderId === fill.venueOrderId &&
      order.request.venue === fill.venue &&
      order.request.symbol === fill.symbol
    )
      return order;
  }
  return fill.clientOrderId === null ? claimantOf(state, fill) : undefined;
}

/** A stop that triggered goes on under another venue id: the order whose claimed fills are missing here. */
function claimantOf(state: EngineState, fill: Fill): Order | undefined {
  for (const order of state.orders.values()) {
    const { request } = order;
    if (request.venue !== fill.venue || request.symbol !== fill.symbol || request.side !== fill.side)
      continue;
    if (gt(order.filled, bookedFor(state, order))) return order;
  }
  return undefined;
}

/** What the applied fills of one order add up to, base units. */
export function bookedFor(state: EngineState, order: Order): Decimal {
  return totalOf(
    fillsOf(state, order.positionId).filter(
      (fill) =>
        fill.clientOrderId === order.request.clientOrderId ||
        (order.venueOrderId !== null && fill.venueOrderId === order.venueOrderId),
    ),
  ).amount;
}
