import type { WhatIf } from '#shared/contract/params';
import { type Decimal, type UnixMs, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { MINUTE_MS } from './candle-path';
import { type CandleKey, type CandleWindow, createCandleWindow } from './candle-window';
import { notesOn } from './notes';
import type { WhatIfItem, WhatIfOptions } from './types';
import { createDirectory, type Directory, type DueWave, dueWaves, planWave, underOther } from './wave-plan';
import { createWorld } from './world';
import type { PlannedWave, World } from './world-types';

const HOUR_MS = 60 * MINUTE_MS;
/** Candles held at once; with the hour before it, one page of most exchanges. */
const WINDOW_MS = 12 * HOUR_MS;
const AFTER_LAST_WAVE_MS = 24 * HOUR_MS;
/** Questions for candles under way at once. */
const PARALLEL = 4;
/** Events after which others get their turn: some ten milliseconds of work. */
const STEPS_PER_BREATH = 200;
/** Money enough for the risk limits to bind before it does, and what most would pay. */
const START_USD = '10000' as Decimal;
const TAKER_FEE = '0.0005' as Decimal;
const TAKER_FEE_PERCENT = '0.05';

/** What the waves brought that could not be simulated. */
interface Missing {
  readonly leftOut: string[];
  signalsWithoutPrice: number;
  signalsUnlisted: number;
}

interface Run {
  readonly options: WhatIfOptions;
  readonly directory: Directory;
  readonly candles: CandleWindow;
  /** On the params as they were, and on the other set. */
  readonly worlds: readonly [World, World];
  readonly missing: Missing;
  readonly from: UnixMs;
  readonly until: UnixMs;
  /** Market time both worlds have come to. */
  time: number;
  rest: readonly DueWave[];
  waves: number;
}

/**
 * Runs stored waves again through the engine twice, on the params they had and on another set, over the same candles
 * in virtual time, and compares equity (USD over market time) net of fees. The same input gives the same output.
 * An aborted run ends without a result.
 */
export async function* runWhatIf(options: WhatIfOptions): AsyncGenerator<WhatIfItem, void, undefined> {
  const spot = options.waves.filter(({ params }) => options.venueOf(params.exchange)?.endsWith('_spot'));
  const signalsOnSpot = spot.reduce((count, { signals }) => count + signals.length, 0);
  const perpetual = options.waves.filter((wave) => !spot.includes(wave));
  const due = dueWaves(perpetual, options.settings.waveCheckMinutes);
  const run = beginRun(options, due);
  yield { progress: 0, result: null };
  if (due.length === 0) {
    yield { progress: 1, result: nothing(signalsOnSpot) };
    return;
  }
  try {
    for (const world of run.worlds) await world.begin();
    while (run.time < run.until) {
      const end = Math.min(run.until, floorTo(run.time, WINDOW_MS) + WINDOW_MS);
      yield* fetchCandles(run, end);
      if (!options.signal?.aborted) yield* liveUntil(run, end);
      if (options.signal?.aborted) return;
      if (run.time < end) break;
    }
    yield { progress: 1, result: await resultOf(run, signalsOnSpot) };
  } finally {
    for (const world of run.worlds) await world.close();
  }
}

function beginRun(options: WhatIfOptions, due: readonly DueWave[]): Run {
  const directory = createDirectory(options);
  const candles = createCandleWindow(options.candles);
  const first = due[0]?.at ?? unixMs(0);
  const last = due.at(-1)?.at ?? first;
  const from = floorTo(first, MINUTE_MS);
  const world = () => buildWorld(options, directory, due, candles, from);
  return {
    options,
    directory,
    candles,
    worlds: [world(), world()],
    missing: { leftOut: [], signalsWithoutPrice: 0, signalsUnlisted: 0 },
    from,
    until: floorTo(Math.max(options.until ?? last + AFTER_LAST_WAVE_MS, last + MINUTE_MS), MINUTE_MS),
    time: from,
    rest: due,
    waves: 0,
  };
}

/** Brings the candles of the hours to come, as far as anything depends on them. */
async function* fetchCandles(run: Run, end: number): AsyncGenerator<WhatIfItem, void, undefined> {
  const { options, candles } = run;
  candles.move(run.time, end);
  for (const keys of inGroups(wanted(run.rest, end, run.directory, run.worlds), PARALLEL)) {
    if (options.signal?.aborted) return;
    await Promise.all(keys.map((key) => candles.load(options.venueOf(key.exchange)!, key)));
    yield progressOf(run);
  }
}

/** Lives both worlds side by side, minute by minute; stops short of `end` when nothing can change any more. */
async function* liveUntil(run: Run, end: number): AsyncGenerator<WhatIfItem, void, undefined> {
  let worked = 0;
  for (; run.time < end; run.time += MINUTE_MS) {
    if (run.rest.length === 0 && isOver(run)) return;
    worked += await liveMinute(run);
    if (worked < STEPS_PER_BREATH) continue;
    worked = 0;
    yield progressOf(run);
    await run.options.breathe();
    if (run.options.signal?.aborted) return;
  }
}

/** Returns how much work it was. */
async function liveMinute(run: Run): Promise<number> {
  const [actual, other] = run.worlds;
  const before = actual.steps + other.steps;
  const now = run.rest.filter(({ at }) => at < run.time + MINUTE_MS);
  run.rest = run.rest.slice(now.length);
  const planned = now.flatMap((wave) => plan(run, wave));
  run.waves += planned.length;
  await actual.minute(planned);
  await other.minute(
    planned.map((wave) => ({ ...wave, params: underOther(wave.params, run.options.other) })),
  );
  return actual.steps + other.steps - before + 1;
}

async function resultOf(run: Run, signalsOnSpot: number): Promise<WhatIf> {
  const actual = await run.worlds[0].end();
  const other = await run.worlds[1].end();
  const notes = notesOn({
    ...run.missing,
    startUsd: START_USD,
    atrDistance: run.options.settings.trailing.atr,
    takerFeePercent: TAKER_FEE_PERCENT,
    signalsOnSpot,
    failures: run.candles.failures,
    actual,
    other,
  });
  return {
    from: run.from,
    to: unixMs(run.time),
    waves: run.waves,
    actual: { curve: actual.curve, trades: actual.trades, profitUsd: actual.profitUsd },
    other: { curve: other.curve, trades: other.trades, profitUsd: other.profitUsd },
    notes,
  };
}

/** Not a single signal to run: said, without a curve. */
const nothing = (signalsOnSpot: number): WhatIf => ({
  from: unixMs(0),
  to: unixMs(0),
  waves: 0,
  actual: { curve: [], trades: 0, profitUsd: 0 },
  other: { curve: [], trades: 0, profitUsd: 0 },
  notes: [
    signalsOnSpot === 0
      ? 'There is no stored signal in this time, so there is nothing to compare.'
      : 'All signals in this time were for spot accounts; only perpetuals are simulated.',
  ],
});

function buildWorld(
  options: WhatIfOptions,
  directory: Directory,
  due: readonly DueWave[],
  candles: CandleWindow,
  from: number,
): World {
  const venues = new Map<VenueKey, Set<Instrument>>();
  for (const signal of due.flatMap(({ signals }) => signals)) {
    const key = directory.account(signal.exchange);
    if (key === null) continue;
    const traded = venues.get(key) ?? new Set();
    const instrument = directory.instrument(signal);
    if (instrument) traded.add(instrument);
    venues.set(key, traded);
  }
  return createWorld({
    from: unixMs(from),
    settings: options.settings,
    instruments: options.instruments,
    venues: new Map([...venues].map(([key, traded]) => [key, [...traded]])),
    candleAt: candles.at,
    startUsd: START_USD,
    takerFee: TAKER_FEE,
  });
}

/** A wave that none of its signals has a price for is left out; one without some of them runs and says so. */
function plan({ directory, candles, missing }: Run, wave: DueWave): readonly PlannedWave[] {
  const planned = planWave(wave, directory, candles);
  const unpriced = planned.signals.filter(({ facts }) => facts.price === null);
  if (unpriced.length === planned.signals.length) {
    missing.leftOut.push(new Date(wave.waveTime).toISOString().slice(0, 16).replace('T', ' '));
    return [];
  }
  const unlisted = unpriced.filter(({ facts }) => facts.instrument === null).length;
  missing.signalsUnlisted += unlisted;
  missing.signalsWithoutPrice += unpriced.length - unlisted;
  return [planned];
}

/** Instruments of the waves before `end`, and of everything held. */
function wanted(
  waves: readonly DueWave[],
  end: number,
  directory: Directory,
  worlds: readonly World[],
): readonly CandleKey[] {
  const signals = waves
    .filter(({ at }) => at < end)
    .flatMap((wave) => wave.signals)
    .filter((signal) => directory.account(signal.exchange) !== null && directory.instrument(signal) !== null);
  const keys = new Map<string, CandleKey>();
  for (const { exchange, symbol } of [...signals, ...worlds.flatMap((world) => world.held())])
    keys.set(`${exchange}|${symbol}`, { exchange, symbol });
  return [...keys.values()];
}

/** Nothing can change any more: nobody holds anything, or no candle tells what it is worth. */
const isOver = ({ time, worlds, candles }: Run): boolean =>
  worlds.every((world) => world.held().length === 0) || candles.end === null || time >= candles.end;

const floorTo = (time: number, size: number): UnixMs => unixMs(time - (time % size));

const progressOf = ({ time, from, until }: Run): WhatIfItem => ({
  progress: Math.min(0.99, (time - from) / (until - from)),
  result: null,
});

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
