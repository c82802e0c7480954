import type { Candle } from '#shared/domain/market';
import { lastClose } from './candle-facts';
import { nextStop, onTheWay, type PathPoint, pathOf, ticksAt } from './candle-path';
import type { TickGrid } from './tick-grid';
import type { Timeline } from './timeline';

const SECOND_MS = 1_000;

/** One instrument as the walk needs it. */
export interface Walked {
  readonly grid: TickGrid;
  candleAt(time: number): Candle | undefined;
  /** The price is there now: the exchange and the desk hear of it. */
  show(ticks: number): void;
  /** The price is there now and nobody need hear of it. */
  mark(ticks: number): void;
  /** Last price shown; null before the first. */
  shown(): number | null;
  /** Prices somebody waits for at this time: between two points of a path the price stops at them. */
  levels(at: number): Iterable<number>;
  holds(): boolean;
  /** True when a rule acts on this price at this time. */
  isDue(ticks: number, at: number): boolean;
  /** True while a rule may act on any price, not only on a level or on a new extreme. */
  needsEveryPoint(): boolean;
}

/** Says the prices that matter, and no others: of what is held along its path, of what may be bought each second. */
export interface PriceWalk {
  /** Begins the minute for everything held. */
  beginMinute(): void;
  /** Follows one that was opened within the minute. */
  follow(one: Walked): void;
  /** Says where the path is now, if a candle or a recent close tells. */
  showNow(one: Walked, fallback: number | null): void;
  /** Says what is held where its path is now. */
  sayNow(one: Walked): void;
  /** Somebody has come to wait for another price, so the way on is looked at anew. */
  lookAgain(one: Walked): void;
  /** Says its price every second from the next on, until it is unwatched or held. */
  watch(one: Walked, on: boolean): void;
}

export function createPriceWalk(timeline: Timeline): PriceWalk {
  /** What is held, with the lowest and highest price said of it since, and the undo of its next step. */
  const held = new Map<Walked, { low: number; high: number; undo: () => void }>();
  const watched = new Set<Walked>();
  let ticking = false;

  const pathNow = (one: Walked): readonly PathPoint[] | null => {
    const candle = one.candleAt(timeline.now());
    return candle ? pathOf(candle, one.grid) : null;
  };

  /** True when nobody would do anything else for having heard of this point, so it need not be said. */
  const isIdle = (one: Walked, from: PathPoint, to: PathPoint): boolean => {
    const known = held.get(one);
    if (!known || one.needsEveryPoint() || to.ticks < known.low || to.ticks > known.high) return false;
    return !one.isDue(to.ticks, to.at) && nextStop(one.levels(from.at), from.ticks, to.ticks) === null;
  };

  /** From one point of the path to the next that matters, by way of the first price that somebody waits for. */
  const goOn = (one: Walked, path: readonly PathPoint[], start: PathPoint): void => {
    if (!one.holds()) {
      held.delete(one);
      return;
    }
    let from = start;
    let next = path.find(({ at }) => at > from.at);
    while (next !== undefined && isIdle(one, from, next)) {
      from = next;
      next = path.find(({ at }) => at > from.at);
    }
    if (next === undefined) return;
    const stop = nextStop(one.levels(from.at), from.ticks, next.ticks);
    sayAt(one, path, stop === null || stop === next.ticks ? next : onTheWay(from, next, stop));
  };
  const sayAt = (one: Walked, path: readonly PathPoint[], point: PathPoint): void => {
    plan(one, point.at, () => {
      say(one, point.ticks);
      goOnSoon(one, path, point.ticks);
    });
  };
  /** What a price has caused (a stop that moves) must stand before the way on is looked at. */
  const goOnSoon = (one: Walked, path: readonly PathPoint[], ticks: number): void => {
    const at = timeline.now();
    plan(one, at, () => goOn(one, path, { at, ticks }));
  };
  const plan = (one: Walked, at: number, run: () => void): void => {
    const known = held.get(one);
    if (!known) return;
    known.undo();
    known.undo = timeline.at(at, run);
  };
  const say = (one: Walked, ticks: number): void => {
    const known = held.get(one);
    if (known) {
      known.low = Math.min(known.low, ticks);
      known.high = Math.max(known.high, ticks);
    }
    one.show(ticks);
  };

  const tick = (): void => {
    for (const one of [...watched]) if (one.holds()) watched.delete(one);
    ticking = watched.size > 0;
    if (!ticking) return;
    // Planned before the prices are said, so that it comes before whatever they cause a second from now.
    timeline.at(timeline.now() + SECOND_MS, tick);
    for (const one of watched) showNow(one, null);
  };

  const showNow = (one: Walked, fallback: number | null): void => {
    const path = pathNow(one);
    const ticks = path ? ticksAt(path, timeline.now()) : (one.shown() ?? fallback);
    if (ticks !== null) one.show(ticks);
  };

  return {
    showNow,
    beginMinute() {
      for (const one of [...held.keys()]) {
        if (!one.holds()) held.delete(one);
        const path = one.holds() ? pathNow(one) : null;
        if (!path) continue;
        const first = path[0]!;
        if (!isIdle(one, { at: first.at, ticks: one.shown() ?? first.ticks }, first)) sayAt(one, path, first);
        else {
          one.mark(first.ticks);
          goOn(one, path, first);
        }
      }
    },
    follow(one) {
      const ticks = one.shown();
      if (held.has(one) || ticks === null) return;
      held.set(one, { low: ticks, high: ticks, undo: () => {} });
      const path = pathNow(one);
      if (path) goOnSoon(one, path, ticks);
    },
    sayNow(one) {
      const path = one.holds() ? pathNow(one) : null;
      if (path) say(one, ticksAt(path, timeline.now()));
    },
    lookAgain(one) {
      const path = one.holds() ? pathNow(one) : null;
      if (path) goOnSoon(one, path, ticksAt(path, timeline.now()));
    },
    watch(one, on) {
      if (!on) watched.delete(one);
      else if (!one.holds()) watched.add(one);
      if (ticking || watched.size === 0) return;
      ticking = true;
      timeline.at(timeline.now() + SECOND_MS, tick);
    },
  };
}

/** Where the path is at `time`, else the last close of the hour before; null when no candle tells. In ticks. */
export function priceNow(one: Walked, time: number): number | null {
  const candle = one.candleAt(time);
  if (candle) return ticksAt(pathOf(candle, one.grid), time);
  const close = lastClose(one.candleAt, time, 60);
  return close === null ? null : one.grid.fromPrice(close);
}
