import type { PracticeSymbol } from '../types';

/**
 * One print of the outside market. Prices count ticks and amounts count steps of the symbol, so that sums stay
 * exact. Zero steps move the quotes without a trade.
 */
export interface TapePrint {
  /** Market time, ms. */
  readonly at: number;
  readonly ticks: number;
  readonly steps: number;
  readonly side: 'buy' | 'sell';
}

/** Sums of one minute's prints, in ticks, steps and ticks x steps. */
export interface MinuteBar {
  open: number;
  high: number;
  low: number;
  close: number;
  steps: number;
  cost: number;
  takerSteps: number;
  takerCost: number;
  trades: number;
}

/** What the book around a print looks like; all distances in ticks. */
export interface BookShape {
  /** Distance from best bid to best ask. */
  readonly spread: number;
  /** Levels sit on multiples of this. */
  readonly grid: number;
  /** Typical amount of a level near the touch, in steps. */
  readonly levelSteps: number;
  readonly seed: number;
}

/** What futures have beside a price. */
export interface Derivative {
  /** In whole ticks. */
  readonly index: number;
  readonly mark: number;
  /** Fraction per 8 h. */
  readonly fundingRate: number;
  /** Open contracts in steps. */
  readonly interest: number;
}

/**
 * Where prices come from: the generator or a file. A pure function of market time, so that after a restart the
 * same market goes on, whatever accounts did in it.
 */
export interface Feed {
  readonly symbol: PracticeSymbol;
  /** First minute with history. */
  readonly start: number;
  /** Time of the last print; null goes on for ever. */
  readonly end: number | null;
  /** Prints with from < at <= to, ascending. */
  tape(from: number, to: number): readonly TapePrint[];
  /** All prints of the minute that opens then; a flat bar at the last price when it had none. */
  minute(openTime: number): MinuteBar;
  shape(at: number): BookShape;
  derivative(at: number): Derivative;
}

export const MINUTE_MS = 60_000;

export const flatBar = (ticks: number): MinuteBar => ({
  open: ticks,
  high: ticks,
  low: ticks,
  close: ticks,
  steps: 0,
  cost: 0,
  takerSteps: 0,
  takerCost: 0,
  trades: 0,
});

/** Adds a print to a bar; the first print of a bar that has none opens it. */
export function applyPrint(bar: MinuteBar | null, print: TapePrint): MinuteBar {
  const into = bar ?? flatBar(print.ticks);
  if (print.ticks > into.high) into.high = print.ticks;
  if (print.ticks < into.low) into.low = print.ticks;
  into.close = print.ticks;
  if (print.steps > 0) {
    const cost = print.steps * print.ticks;
    into.steps += print.steps;
    into.cost += cost;
    into.trades += 1;
    if (print.side === 'buy') {
      into.takerSteps += print.steps;
      into.takerCost += cost;
    }
  }
  return into;
}

/** The bar of a run of prints, or null without any. */
export function barOf(prints: readonly TapePrint[]): MinuteBar | null {
  let bar: MinuteBar | null = null;
  for (const print of prints) bar = applyPrint(bar, print);
  return bar;
}
