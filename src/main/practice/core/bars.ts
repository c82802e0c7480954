import { unixMs } from '#shared/domain/basics';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import type { PracticeCandle } from '../types';
import { applyPrint, type Feed, flatBar, MINUTE_MS, type MinuteBar, type TapePrint } from './feed';
import { createMinuteStore } from './minute-store';
import type { Scale } from './scale';

/** A bar with the ids of the trades that were really sent; 0 for bars older than this run. */
export interface Bar extends MinuteBar {
  firstId: number;
  lastId: number;
}
/**
 * Hours whose minutes stay as they were lived: the day of the ticker and the hours at its ends. What has left them is
 * drawn again when somebody asks; of that, a week stays at hand.
 */
const ROOM = { hours: 26, spare: 168 };
const COLUMNS = [
  'open',
  'high',
  'low',
  'close',
  'steps',
  'cost',
  'takerSteps',
  'takerCost',
  'trades',
  'firstId',
  'lastId',
] as const satisfies readonly (keyof Bar)[];
const HOUR_MS = 60 * MINUTE_MS;

const withIds = (bar: MinuteBar): Bar => ({ ...bar, firstId: 0, lastId: 0 });

/** Puts the later bar behind the earlier one. */
export function joinBars(into: Bar | null, bar: Bar): Bar {
  if (!into) return { ...bar };
  into.high = Math.max(into.high, bar.high);
  into.low = Math.min(into.low, bar.low);
  into.close = bar.close;
  into.steps += bar.steps;
  into.cost += bar.cost;
  into.takerSteps += bar.takerSteps;
  into.takerCost += bar.takerCost;
  into.trades += bar.trades;
  into.firstId ||= bar.firstId;
  into.lastId = bar.lastId || into.lastId;
  return into;
}

export interface BarEvent {
  readonly timeframe: Timeframe;
  readonly candle: PracticeCandle;
}

/** The candles of one symbol: history from the feed on demand, the open minute from prints as they happen. */
export interface Bars {
  /** Last price in ticks. */
  last(): number;
  /** Takes the outside market's prints up to `now`; returns candles that closed on the way. */
  advance(prints: readonly TapePrint[], now: number): BarEvent[];
  /** A fill of an account: the outside tape does not know it. `steps` 0 when the tape has its amount already. */
  own(ticks: number, steps: number, side: 'buy' | 'sell'): void;
  traded(tradeId: number): void;
  open(): BarEvent[];
  candles(timeframe: Timeframe, range: { start?: number; end?: number; limit: number }): PracticeCandle[];
  /** Bars of the last 24 h joined, the open minute included. */
  day(): Bar;
}

const HIGHER = (Object.keys(TIMEFRAME_MS) as Timeframe[]).filter((timeframe) => timeframe !== '1m');
const bucket = (time: number, size: number): number => Math.floor(time / size) * size;

export function createBars(feed: Feed, price: Scale, amount: Scale, now: number): Bars {
  const closed = createMinuteStore(COLUMNS, now, ROOM);
  let openTime = bucket(now, MINUTE_MS);
  let lastTicks = 0;
  let current: Bar | null = null;
  const sums = new Map<Timeframe, { open: number; bar: Bar | null }>();
  const hours = new Map<number, Bar>();
  let dayPart: { readonly at: number; readonly bar: Bar | null } = { at: -1, bar: null };

  const minute = (time: number): Bar => {
    let bar: Bar | null = closed.get(time);
    if (!bar) {
      bar = withIds(feed.minute(time));
      closed.put(time, bar);
    }
    return bar;
  };
  const span = (from: number, to: number): Bar | null => {
    let bar: Bar | null = null;
    for (let time = Math.max(from, feed.start); time < to; time += MINUTE_MS)
      bar = joinBars(bar, minute(time));
    return bar;
  };
  /** Closed minutes before `to` in whole hours where possible: the day of the ticker moves on every minute. */
  const dayBefore = (to: number): Bar | null => {
    const from = Math.max(to - 1439 * MINUTE_MS, feed.start);
    const [firstHour, lastHour] = [Math.ceil(from / HOUR_MS) * HOUR_MS, bucket(to, HOUR_MS)];
    let bar = span(from, Math.min(firstHour, to));
    for (const time of hours.keys()) if (time < firstHour) hours.delete(time);
    for (let time = firstHour; time < lastHour; time += HOUR_MS) {
      const hour = hours.get(time) ?? span(time, time + HOUR_MS);
      if (!hour) continue;
      hours.set(time, hour);
      bar = joinBars(bar, hour);
    }
    const rest = firstHour <= lastHour ? span(lastHour, to) : null;
    return rest ? joinBars(bar, rest) : bar;
  };
  const openBar = (): Bar => current ?? withIds(flatBar(lastTicks));

  const candle = (time: number, bar: Bar, isClosed: boolean): PracticeCandle => ({
    openTime: unixMs(time),
    open: price.number(bar.open),
    high: price.number(bar.high),
    low: price.number(bar.low),
    close: price.number(bar.close),
    volume: amount.number(bar.steps),
    closed: isClosed,
    quoteVolume: price.number(amount.number(bar.cost)),
    trades: bar.trades,
    takerBase: amount.number(bar.takerSteps),
    takerQuote: price.number(amount.number(bar.takerCost)),
    firstTradeId: bar.firstId,
    lastTradeId: bar.lastId,
  });

  const higher = (timeframe: Timeframe): { open: number; bar: Bar | null } => {
    const open = bucket(openTime, TIMEFRAME_MS[timeframe]);
    let sum = sums.get(timeframe);
    if (!sum || sum.open !== open) {
      sum = { open, bar: span(open, openTime) };
      sums.set(timeframe, sum);
    }
    return sum;
  };

  const closeMinute = (): BarEvent[] => {
    const bar = openBar();
    const end = openTime + MINUTE_MS;
    const events: BarEvent[] = [{ timeframe: '1m', candle: candle(openTime, bar, true) }];
    for (const timeframe of HIGHER) {
      const sum = higher(timeframe);
      sum.bar = joinBars(sum.bar, bar);
      if (end % TIMEFRAME_MS[timeframe] === 0)
        events.push({ timeframe, candle: candle(sum.open, sum.bar, true) });
    }
    closed.put(openTime, bar);
    lastTicks = bar.close;
    current = null;
    openTime = end;
    return events;
  };

  // Begin in the middle of a minute as if we had been here since it opened.
  const before = feed.tape(openTime - 1, now);
  lastTicks =
    openTime - MINUTE_MS >= feed.start ? minute(openTime - MINUTE_MS).close : feed.minute(openTime).open;
  const start = (print: TapePrint): void => {
    current = Object.assign(applyPrint(current, print), {
      firstId: current?.firstId ?? 0,
      lastId: current?.lastId ?? 0,
    });
    lastTicks = print.ticks;
  };
  for (const print of before) start(print);

  return {
    last: () => lastTicks,
    advance(prints, time) {
      const events: BarEvent[] = [];
      for (const print of prints) {
        while (print.at >= openTime + MINUTE_MS) events.push(...closeMinute());
        start(print);
      }
      while (time >= openTime + MINUTE_MS) events.push(...closeMinute());
      return events;
    },
    own(ticks, steps, side) {
      const kept = lastTicks;
      start({ at: openTime, ticks, steps, side });
      if (steps === 0) {
        openBar().close = kept;
        lastTicks = kept;
      }
    },
    traded(tradeId) {
      if (!current) return;
      current.firstId ||= tradeId;
      current.lastId = tradeId;
    },
    open() {
      const bar = openBar();
      const events: BarEvent[] = [{ timeframe: '1m', candle: candle(openTime, bar, false) }];
      for (const timeframe of HIGHER) {
        const sum = higher(timeframe);
        events.push({
          timeframe,
          candle: candle(sum.open, joinBars(sum.bar ? { ...sum.bar } : null, bar), false),
        });
      }
      return events;
    },
    candles(timeframe, range) {
      const size = TIMEFRAME_MS[timeframe];
      const newest = bucket(openTime, size);
      const oldest = Math.ceil(feed.start / size) * size;
      const last = Math.min(newest, bucket(range.end ?? newest, size));
      const count = Math.max(0, Math.floor(range.limit));
      let first =
        range.start === undefined ? last - (count - 1) * size : Math.ceil(range.start / size) * size;
      first = Math.max(first, oldest);
      const result: PracticeCandle[] = [];
      for (let time = first; time <= last && result.length < count; time += size) {
        if (time < newest) {
          const bar = span(time, time + size);
          if (bar) result.push(candle(time, bar, true));
        } else {
          const sum = timeframe === '1m' ? null : higher(timeframe).bar;
          result.push(candle(time, joinBars(sum ? { ...sum } : null, openBar()), false));
        }
      }
      return result;
    },
    day() {
      if (dayPart.at !== openTime) dayPart = { at: openTime, bar: dayBefore(openTime) };
      return joinBars(dayPart.bar ? { ...dayPart.bar } : null, openBar());
    },
  };
}
