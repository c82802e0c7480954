import type { InstrumentRef } from '#shared/contract/market';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import { CANDLE_PAGE, type CandleWindow, MOST_CANDLES, withLive, withNewer, withOlder } from './candles';
import { follow } from './follow';
import { whyRefused } from './keys';
import { perFrame } from './per-frame';
import { client } from './session';

export interface ChartSink {
  /** All candles anew; the view has to move by `added` bars to stay where it was, or to the end when null. */
  reset(candles: readonly Candle[], added: number | null): void;
  update(candle: Candle): void;
  /** The newest candle, also when the loaded part ends before it. */
  newest(candle: Candle): void;
  state(state: ChartState): void;
}
export interface ChartState {
  readonly loading: boolean;
  readonly offline: boolean;
  /** Opening time of the newest loaded candle, on the market's clock. */
  readonly newestAt: Candle['openTime'] | null;
  readonly trouble: string | null;
  /** False when the loaded part ends before now, because older candles pushed the newest out. */
  readonly atEnd: boolean;
}

const RELOAD_AT_MOST_EVERY_MS = 3000;
const TRIM_AT = MOST_CANDLES + 200;

/** Keeps one market's candles: first page, live ones, older and newer pages on demand. At most 2,000 stay loaded. */
export function openChartFeed(ref: InstrumentRef, timeframe: Timeframe, sink: ChartSink) {
  let window: CandleWindow = { candles: [], atEnd: true };
  let state: ChartState = { loading: true, offline: false, newestAt: null, trouble: null, atEnd: true };
  let live: Candle | null = null;
  let busy = false;
  let noOlder = false;
  let reloadedAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  const tell = (part: Partial<ChartState>) => {
    state = { ...state, ...part, atEnd: window.atEnd };
    if (!closed) sink.state(state);
  };
  const ask = async (before?: number) => {
    const page = await client().market.candles({
      ...ref,
      timeframe,
      limit: CANDLE_PAGE,
      ...(before === undefined ? {} : { before: before as Candle['openTime'] }),
    });
    return page;
  };
  /** Runs one request at a time; a failure becomes words on the chart. */
  const alone = async (work: () => Promise<void>) => {
    if (busy || closed) return;
    busy = true;
    try {
      await work();
      tell({ loading: false, trouble: null });
    } catch (error) {
      tell({ loading: false, trouble: whyRefused(error) });
    } finally {
      busy = false;
    }
  };
  const reload = (toEnd: boolean) =>
    alone(async () => {
      reloadedAt = performance.now();
      const page = await ask();
      if (closed) return;
      noOlder = page.candles.length === 0;
      const before = window.candles.length;
      window = { candles: page.candles, atEnd: true };
      if (live !== null) window = withLive(window, live, timeframe).window;
      sink.reset(window.candles, toEnd || before === 0 ? null : window.candles.length - before);
      tell({ offline: page.offline, newestAt: window.candles.at(-1)?.openTime ?? null });
    });

  const show = (candle: Candle): void => {
    const next = withLive(window, candle, timeframe);
    if (next.change === 'gap') {
      if (performance.now() - reloadedAt > RELOAD_AT_MOST_EVERY_MS) {
        void reload(false);
        return;
      }
      // The exchange itself has no candle there; the live one is still true.
      window = { candles: [...window.candles, candle], atEnd: true };
      sink.update(candle);
      return;
    }
    if (next.change === 'ignored') return;
    window = next.window;
    if (window.candles.length > TRIM_AT) {
      const cut = window.candles.length - MOST_CANDLES;
      window = { candles: window.candles.slice(cut), atEnd: true };
      noOlder = false;
      sink.reset(window.candles, -cut);
      return;
    }
    sink.update(candle);
  };
  /** Newest by opening time, oldest first: what a frame has to show. */
  const waiting = new Map<number, Candle>();
  const flush = perFrame(() => {
    if (closed || live === null || state.loading) return;
    sink.newest(live);
    const due = [...waiting.values()];
    waiting.clear();
    for (const candle of due) show(candle);
  });

  void reload(true);
  const stop = follow(
    (to, signal) => to.market.candleUpdates({ ...ref, timeframe }, { signal }),
    (candles) => {
      // A trader without a first page, or back after a lost connection, needs the candles between.
      const idle = !busy && performance.now() - reloadedAt > RELOAD_AT_MOST_EVERY_MS;
      if (state.trouble !== null && idle) void reload(false);
      for (const candle of candles) waiting.set(candle.openTime, candle);
      live = candles.at(-1) ?? live;
      flush();
      return undefined;
    },
  );

  return {
    /** Loads older candles when the trader looks at the left end. */
    older: () =>
      alone(async () => {
        const first = window.candles[0];
        if (first === undefined || noOlder) return;
        const page = await ask(first.openTime);
        if (closed) return;
        const next = withOlder(window, page.candles);
        if (next.added === 0) {
          noOlder = true;
          return;
        }
        window = next;
        sink.reset(window.candles, next.added);
      }),
    /** Loads newer candles when the loaded part ends before now and the trader looks at its right end. */
    newer: () =>
      alone(async () => {
        const last = window.candles.at(-1);
        if (last === undefined || window.atEnd) return;
        const page = await ask(last.openTime + (CANDLE_PAGE + 1) * TIMEFRAME_MS[timeframe]);
        if (closed) return;
        const next = withNewer(window, page.candles, live?.openTime ?? null);
        window = next;
        noOlder = false;
        sink.reset(window.candles, next.added);
      }),
    /** Back to the newest candles. */
    toEnd: () => reload(true),
    close: () => {
      closed = true;
      stop();
    },
  };
}
export type ChartFeed = ReturnType<typeof openChartFeed>;
