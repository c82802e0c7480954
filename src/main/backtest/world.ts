import type { Decimal, Moment } from '#shared/domain/basics';
import { isZero, sub, sum, toNumber } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRecord } from '#shared/domain/journal';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import type { Settings } from '#shared/domain/settings';
import { createEngine, createRunner, toEngineEvents } from '../engine/index';
import { actingPrices, isAgedOut } from './acting-prices';
import { MINUTE_MS } from './candle-path';
import { type CandleVenue, createCandleVenue } from './candle-venue';
import type { CandleKey } from './candle-window';
import { createEquityCurve } from './equity-curve';
import { createPriceWalk, priceNow, type Walked } from './price-walk';
import { createTimeline } from './timeline';
import type { PlannedWave, World, WorldParts } from './world-types';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The venue is in process: a request has arrived or never will. */
const REQUEST_EXPIRY_MS = 1;
const ERRORS_KEPT = 3;

export function createWorld(parts: WorldParts): World {
  const timeline = createTimeline(parts.from);
  const walk = createPriceWalk(timeline);
  const curve = createEquityCurve();
  const venues = new Map<VenueKey, CandleVenue>();
  const lines = new Map<string, Walked>();
  const positions = new Map<string, Position>();
  const everyPoint = parts.everyPoint === true || Object.values(parts.settings.trailing).some((on) => on);
  // The spread of the past is not known, and what is not known passes here.
  const settings: Settings = { ...parts.settings, strictSpread: false };
  const ageing = new Set<string>();
  const troubles: string[] = [];
  let trades = 0;
  let dayOpening: Decimal | null = null;

  const now = (): Moment => ({ wall: timeline.now(), market: timeline.now() });
  const after = (afterMs: number, run: () => void): (() => void) =>
    timeline.at(timeline.now() + afterMs, run);
  const settle = (): Promise<void> => runner.idle();
  const equity = (): Decimal => sum([...venues.values()].map((venue) => venue.equity()));
  const trouble = (text: string): void => {
    if (troubles.length < ERRORS_KEPT && !troubles.includes(text)) troubles.push(text);
  };

  const engine = createEngine({
    mode: 'paper',
    installPrefix: 'what',
    settings,
    positions: [],
    orders: [],
    fillKeys: [],
    fills: [],
    executedSignalIds: new Set(),
    processedWaves: new Set(),
    waves: [],
    decisions: [],
    instruments: parts.instruments,
    killed: false,
    requestExpiryMs: Object.fromEntries([...parts.venues.keys()].map((key) => [key, REQUEST_EXPIRY_MS])),
  });
  const runner = createRunner({
    engine,
    record: (records) => records.forEach(take),
    now,
    wake: { wall: after, market: after },
    venues,
    watch: (venue, symbol, on) => {
      const one = lineOf(venue, symbol);
      if (one) walk.watch(one, on);
    },
    onError: trouble,
  });
  for (const [key, instruments] of parts.venues)
    venues.set(
      key,
      createCandleVenue({
        key,
        instruments,
        startBalance: parts.startUsd,
        takerFee: parts.takerFee,
        now: timeline.now,
        priceNow(symbol) {
          const line = lineOf(key, symbol);
          return line ? priceNow(line, timeline.now()) : null;
        },
        tell: (fact) => {
          for (const event of toEngineEvents(key, fact, {})) runner.post(event);
        },
      }),
    );

  function lineOf(key: VenueKey, symbol: Symbol): Walked | null {
    const name = `${key}|${symbol}`;
    const known = lines.get(name);
    if (known) return known;
    const venue = venues.get(key);
    const grid = venue?.grid(symbol);
    const exchange = parts.venues.get(key)?.[0]?.exchange;
    if (!venue || !grid || !exchange) return null;
    const candleKey: CandleKey = { exchange, symbol };
    const line: Walked = {
      grid,
      candleAt: (time) => parts.candleAt(candleKey, time),
      show(ticks) {
        // The exchange is first: a stop that stands there fires before the desk hears of the price.
        venue.show(symbol, ticks);
        runner.post({ type: 'price', venue: key, symbol, price: grid.text(ticks) });
      },
      mark: (ticks) => venue.mark(symbol, ticks),
      shown: () => venue.shown(symbol),
      levels: (at) => [
        ...venue.triggers(symbol),
        ...actingPrices(positions.get(name), settings.aged, at, grid),
      ],
      holds: () => venue.holds(symbol),
      isDue: (ticks, at) => isAgedOut(positions.get(name), settings.aged, at, ticks, grid),
      needsEveryPoint: () =>
        everyPoint || (positions.get(name)?.trailing?.state ?? 'inactive') !== 'inactive',
    };
    lines.set(name, line);
    return line;
  }

  /** The journal of this run: nothing is kept but what the curve and the walk need. */
  function take(record: JournalRecord): void {
    if (record.kind === 'halt_changed' && record.halted) trouble(`entries stopped: ${record.cause}`);
    if (record.kind !== 'position_changed') return;
    const { position } = record;
    const name = `${position.venue}|${position.symbol}`;
    const line = lineOf(position.venue, position.symbol);
    if (OPEN_POSITION_STATUSES.has(position.status)) {
      const before = positions.get(name);
      positions.set(name, position);
      if (!line?.holds()) return;
      walk.follow(line);
      if (before?.aged?.at !== position.aged?.at) walk.lookAgain(line);
      if (!ageing.has(position.id)) followAge(line, name, position);
    } else if (positions.get(name)?.id === position.id) {
      positions.delete(name);
      if (position.entryPrice === null) return;
      trades += 1;
      curve.note(timeline.now(), equity());
    }
  }

  /** The aged rule looks at its clock once an hour; a live desk has a fresh price then, so one is said just before. */
  function followAge(line: Walked, name: string, { id, openedAt }: Position): void {
    ageing.add(id);
    const look = (): void => {
      if (positions.get(name)?.id !== id) return;
      walk.sayNow(line);
      after(HOUR_MS, look);
    };
    timeline.at(openedAt + settings.aged.afterHours * HOUR_MS, look);
  }

  const decide = (wave: PlannedWave): void => {
    for (const { signal, venue, facts } of wave.signals) {
      const line = venue && facts.price !== null ? lineOf(venue, signal.symbol) : null;
      if (line && !line.holds()) walk.showNow(line, line.grid.fromPrice(toNumber(facts.price!)));
    }
    runner.post({ type: 'equity', equityUsd: equity(), dayOpeningUsd: dayOpening });
    runner.post({ type: 'wave', waveTime: wave.waveTime, signals: wave.signals, params: wave.params });
  };

  return {
    get steps() {
      return timeline.steps;
    },
    async begin() {
      dayOpening = equity();
      curve.note(timeline.now(), dayOpening);
      runner.post({ type: 'recover' });
      for (const key of venues.keys()) runner.post({ type: 'link', venue: key, up: true });
      await settle();
    },
    async minute(waves) {
      const start = timeline.now();
      if (start % DAY_MS === 0) dayOpening = equity();
      walk.beginMinute();
      for (const wave of waves) timeline.at(wave.at, () => decide(wave));
      await timeline.runTo(start + MINUTE_MS, settle);
      if (timeline.now() % HOUR_MS === 0) curve.note(timeline.now(), equity());
    },
    held: () =>
      [...positions.values()].map(({ venue, symbol }) => ({
        exchange: parts.venues.get(venue)![0]!.exchange,
        symbol,
      })),
    async end() {
      await settle();
      const total = equity();
      curve.note(timeline.now(), total);
      const deposited = sum([...venues.values()].map((venue) => venue.deposited));
      return {
        curve: curve.points(),
        trades,
        profitUsd: toNumber(sub(total, deposited)),
        openAtEnd: [...positions.values()]
          .filter(({ amount }) => !isZero(amount))
          .map(({ symbol }) => symbol),
        troubles,
      };
    },
    close: () => runner.stop(),
  };
}
