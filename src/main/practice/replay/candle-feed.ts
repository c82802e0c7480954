import { toNumber } from '#shared/domain/decimal';
import { barOf, type Feed, flatBar, MINUTE_MS, type TapePrint } from '../core/feed';
import { niceGrid } from '../core/ladder';
import { gauss, hash, hashText, uniform } from '../noise';
import type { PracticeSymbol } from '../types';
import type { CandleFile } from './readers';

const POINTS_PER_MINUTE = 64;
const MOST_POINTS = 2048;
const KEPT_CANDLES = 8;

/**
 * A market that walks through each candle of a file: open, then the extreme against its direction, then the other
 * one, then close, in seeded steps that never leave [low, high]; the volumes of the prints add up to the candle's.
 */
export function createCandleFeed(file: CandleFile, symbol: PracticeSymbol, seedText: string): Feed {
  const { time, interval } = file;
  const tick = toNumber(symbol.tickSize);
  const step = toNumber(symbol.stepSize);
  const seed = hashText(`${seedText}|replay|${symbol.base}`);
  const count = time.length;
  const points = Math.max(8, Math.min(MOST_POINTS, Math.round((POINTS_PER_MINUTE * interval) / MINUTE_MS)));
  const kept = new Map<number, readonly TapePrint[]>();
  const ticks = (value: number): number => Math.round(value / tick);
  let whole = 0;
  for (let i = 0; i < count; i++) whole += file.volume[i]!;
  const minuteSteps = Math.max(1, whole / count / (interval / MINUTE_MS) / step);

  /** Index of the last candle that opens at or before a time; -1 before the first. */
  const indexAt = (at: number): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (time[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  const walk = (index: number): readonly TapePrint[] => {
    let prints = kept.get(index);
    if (!prints) {
      prints = drawCandle(index);
      if (kept.size >= KEPT_CANDLES) kept.delete(kept.keys().next().value as number);
      kept.set(index, prints);
    }
    return prints;
  };

  const drawCandle = (index: number): readonly TapePrint[] => {
    const path = candlePath(
      ticks(file.open[index]!),
      ticks(file.high[index]!),
      ticks(file.low[index]!),
      ticks(file.close[index]!),
      points,
      (i) => gauss(seed, time[index]!, i),
    );
    const amounts = shareOut(Math.round(file.volume[index]! / step), points, (i) =>
      Math.exp(1.1 * gauss(seed + 1, time[index]!, i)),
    );
    const slot = interval / points;
    return path.map((price, i) => {
      const before = path[i - 1] ?? price;
      const rising = price === before ? hash(seed + 2, time[index]!, i) % 2 === 0 : price > before;
      return {
        at: time[index]! + Math.floor((i + uniform(seed + 3, time[index]!, i)) * slot),
        ticks: price,
        steps: amounts[i]!,
        side: rising ? 'buy' : 'sell',
      };
    });
  };

  const tape = (from: number, to: number): readonly TapePrint[] => {
    const result: TapePrint[] = [];
    for (let index = Math.max(0, indexAt(from)); index < count && time[index]! <= to; index++)
      for (const print of walk(index)) if (print.at > from && print.at <= to) result.push(print);
    return result;
  };
  const lastAt = (at: number): number => {
    const index = indexAt(at);
    if (index < 0) return ticks(file.open[0]!);
    let last = index > 0 ? ticks(file.close[index - 1]!) : ticks(file.open[0]!);
    for (const print of walk(index)) {
      if (print.at > at) break;
      last = print.ticks;
    }
    return last;
  };

  return {
    symbol,
    start: Math.floor(time[0]! / MINUTE_MS) * MINUTE_MS,
    end: time[count - 1]! + interval,
    tape,
    minute: (openTime) => barOf(tape(openTime - 1, openTime + MINUTE_MS - 1)) ?? flatBar(lastAt(openTime)),
    shape: (at) => {
      const price = file.close[Math.max(0, indexAt(at))]! / tick;
      return {
        spread: Math.max(1, Math.round(price * 0.00001)),
        grid: niceGrid(price * 0.00005),
        levelSteps: Math.max(2, Math.round(minuteSteps * 0.07)),
        seed,
      };
    },
    derivative: (at) => {
      const last = lastAt(at);
      return { index: last, mark: last, fundingRate: 0.0001, interest: Math.round(minuteSteps * 2000) };
    },
  };
}

/** Prices in ticks from open to close that touch high and low and stay between them. At least 8 points. */
export function candlePath(
  open: number,
  high: number,
  low: number,
  close: number,
  points: number,
  noise: (i: number) => number,
): number[] {
  const stops = close >= open ? [open, low, high, close] : [open, high, low, close];
  const lengths = [1, 2, 3].map((i) => Math.abs(stops[i]! - stops[i - 1]!));
  const whole = lengths[0]! + lengths[1]! + lengths[2]!;
  // Every leg gets a step, longer ones more, and the last whatever is left.
  const free = points - 4;
  const first = 1 + Math.floor(whole === 0 ? free / 3 : (free * lengths[0]!) / whole);
  const second = 1 + Math.floor(whole === 0 ? free / 3 : (free * lengths[1]!) / whole);
  const steps = [first, second, points - 1 - first - second];
  const path = [open];
  const size = 0.16 * (high - low);
  steps.forEach((length, leg) => {
    const from = stops[leg]!;
    const to = stops[leg + 1]!;
    const sway: number[] = [0];
    const at = path.length;
    for (let i = 1; i <= length; i++) sway.push(sway[i - 1]! + noise(at + i) / Math.sqrt(points));
    for (let i = 1; i <= length; i++) {
      const part = i / length;
      const bridge = i === length ? 0 : (sway[i]! - sway[length]! * part) * size * 2.5;
      path.push(Math.min(high, Math.max(low, Math.round(from + (to - from) * part + bridge))));
    }
  });
  return path;
}

/** Splits a whole number into whole parts with given weights; the parts add up to it exactly. */
export function shareOut(total: number, parts: number, weight: (i: number) => number): number[] {
  const weights = Array.from({ length: parts }, (_, i) => weight(i));
  const whole = weights.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  let given = 0;
  return weights.map((value, i) => {
    sum += value;
    const upTo = i === parts - 1 ? total : Math.min(total, Math.round((total * sum) / whole));
    const part = Math.max(0, upTo - given);
    given += part;
    return part;
  });
}
