import { toNumber } from '#shared/domain/decimal';
import { applyPrint, type Feed, flatBar, MINUTE_MS, type MinuteBar, type TapePrint } from '../core/feed';
import { niceGrid } from '../core/ladder';
import { hashText } from '../noise';
import type { PracticeSymbol } from '../types';
import type { TradeFile } from './readers';

/** A market that prints the trades of a file at their own times, prices and amounts. */
export function createTradeFeed(file: TradeFile, symbol: PracticeSymbol, seedText: string): Feed {
  const { time } = file;
  const tick = toNumber(symbol.tickSize);
  const step = toNumber(symbol.stepSize);
  const seed = hashText(`${seedText}|replay|${symbol.base}`);
  const count = time.length;
  let whole = 0;
  for (let i = 0; i < count; i++) whole += file.amount[i]!;
  const minutes = Math.max(1, (time[count - 1]! - time[0]!) / MINUTE_MS);
  const minuteSteps = Math.max(1, whole / minutes / step);

  /** How many trades happened at or before a time. */
  const countAt = (at: number): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (time[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const print = (i: number): TapePrint => ({
    at: time[i]!,
    ticks: Math.round(file.price[i]! / tick),
    steps: Math.round(file.amount[i]! / step),
    side: file.buy[i] === 1 ? 'buy' : 'sell',
  });
  const lastAt = (at: number): number => print(Math.max(0, countAt(at) - 1)).ticks;

  return {
    symbol,
    start: Math.floor(time[0]! / MINUTE_MS) * MINUTE_MS,
    end: time[count - 1]! + 1,
    tape(from, to) {
      const result: TapePrint[] = [];
      for (let i = countAt(from); i < count && time[i]! <= to; i++) result.push(print(i));
      return result;
    },
    minute(openTime) {
      let bar: MinuteBar | null = null;
      const end = openTime + MINUTE_MS;
      for (let i = countAt(openTime - 1); i < count && time[i]! < end; i++) bar = applyPrint(bar, print(i));
      return bar ?? flatBar(lastAt(openTime));
    },
    shape: (at) => {
      const price = lastAt(at);
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
