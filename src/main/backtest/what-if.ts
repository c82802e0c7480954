import type { WhatIf } from '#shared/contract/params';
import { type Decimal, type UnixMs, unixMs } from '#shared/domain/basics';
import type { ExchangeName, VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { MINUTE_MS } from './candle-path';
import { type CandleKey, type CandleWindow, createCandleWindow } from './candle-window';
import { notesOn } from './notes';
import type { WhatIfItem, WhatIfOptions } from './types';
import { createDirectory, type Directory, type DueWave, dueWaves, planWave, underOther } from './wave-plan';
import { createWorld, type PlannedWave, type World } from './world';

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

/**
 * Runs stored waves again through the engine twice, on the params they had and on another set, over the same candles
 * in virtual time, and compares equity (USD over market time) net of fees. The same input gives the same output.
 * An aborted run ends without a result.
 */
export async function* runWhatIf(options: WhatIfOptions): AsyncGenerator<WhatIfItem, void, undefined> {
  const directory = createDirectory(options);
  const spot = (exchange: ExchangeName): boolean => options.venueOf(exchange)?.endsWith('_spot') ?? false;
  const perpetual = options.waves.filter(({ params }) => !spot(params.exchange));
  const due = dueWaves(perpetual, options.settings.waveCheckMinutes);
  const candles = createCandleWindow(options.candles);
  const missing: Missing = { leftOut: [], signalsWithoutPrice: 0, signalsUnlisted: 0 };
  const first = due[0]?.at ?? unixMs(0);
  const from = floorTo(first, MINUTE_MS);
  const last = due.at(-1)?.at ?? first;
  const until = floorTo(Math.max(options.until ?? last + AFTER_LAST_WAVE_MS, last + MINUTE_MS), MINUTE_MS);
  const worlds = [0, 1].map(() => buildWorld(options, directory, due, candles, from)) as [World, World];
  const spotSignals = options.waves
    .filter(({ params }) => spot(params.exchange))
    .reduce((count, { signals }) => count + signals.length, 0);
  let waves = 0;
  let time: number = from;

  try {
    yield { progress: 0, result: null };
    if (due.length === 0) {
      yield { progress: 1, result: nothing(spotSignals) };
      return;
    }
    for (const world of worlds) await world.begin();
    let rest = due;
    let worked = 0;
    while (time < until) {
      const end = Math.min(until, floorTo(time, WINDOW_MS) + WINDOW_MS);
      candles.move(time, end);
      for (const keys of inGroups(wanted(rest, end, directory, worlds), PARALLEL)) {
        if (options.signal?.aborted) return;
        await Promise.all(keys.map((key) => candles.load(options.venueOf(key.exchange)!, key)));
        yield { progress: shareOf(time, from, until), result: null };
      }
      for (; time < end; time += MINUTE_MS) {
        if (rest.length === 0 && isOver(time, worlds, candles)) break;
        const now = rest.filter(({ at }) => at < time + MINUTE_MS);
        rest = rest.slice(now.length);
        const planned = now.flatMap((wave) => plan(wave, directory, candles, missing));
        waves += planned.length;
        const before = worlds[0].steps + worlds[1].steps;
        await worlds[0].minute(planned);
        await worlds[1].minute(
          planned.map((wave) => ({ ...wave, params: underOther(wave.params, options.other) })),
        );
        worked += worlds[0].steps + worlds[1].steps - before + 1;
        if (worked < STEPS_PER_BREATH) continue;
        worked = 0;
        yield { progress: shareOf(time, from, until), result: null };
        await options.breathe();
        if (options.signal?.aborted) return;
      }
      if (time < end) break;
    }
    const [actual, other] = [await worlds[0].end(), await worlds[1].end()];
    const notes = notesOn({
      ...missing,
      startUsd: START_USD,
      takerFeePercent: TAKER_FEE_PERCENT,
      signalsOnSpot: spotSignals,
      failures: candles.failures,
      actual,
      other,
    });
    const result = { from: unixMs(from), to: unixMs(time), waves, notes };
    yield {
      progress: 1,
      result: {
        ...result,
        actual: { curve: actual.curve, trades: actual.trades, profitUsd: actual.profitUsd },
        other: { curve: other.curve, trades: other.trades, profitUsd: other.profitUsd },
      },
    };
  } finally {
    for (const world of worlds) await world.close();
  }
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
function plan(
  wave: DueWave,
  directory: Directory,
  candles: CandleWindow,
  missing: Missing,
): readonly PlannedWave[] {
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
const isOver = (time: number, worlds: readonly World[], candles: CandleWindow): boolean =>
  worlds.every((world) => world.held().length === 0) || candles.end === null || time >= candles.end;

const floorTo = (time: number, size: number): UnixMs => unixMs(time - (time % size));

const shareOf = (time: number, from: number, until: number): number =>
  Math.min(0.99, Math.max(0, (time - from) / Math.max(1, until - from)));

function inGroups<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
