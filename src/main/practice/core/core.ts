import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { MatchEvent, Matching } from '../../matching/types';
import type { CoreEvent, MarketClock, PracticeCore } from '../types';
import { createHistoryBook, type SavedHistory } from './account-history';
import type { BarEvent } from './bars';
import type { Feed } from './feed';
import { createSymbolMarket, FUNDING_MS, type SymbolMarket } from './symbol-market';
import { trackMatching } from './tracked-matching';

/** Prints per step that all symbols of a market share; at high speed the rest is thinned. */
const PRINT_BUDGET = 96;
const LEAST_PRINTS = 4;

/** Plain JSON, all that a market must keep. */
export interface SavedCore {
  readonly matching: unknown;
  readonly history: SavedHistory;
}

export interface CoreOptions {
  readonly market: 'spot' | 'future';
  readonly clock: MarketClock;
  readonly feeds: readonly Feed[];
  readonly matching: Matching;
  readonly saved: SavedCore | null;
  /** What of a step's prints orders meet. Default 'all', thinned at high speed. */
  readonly prints?: 'all' | 'last';
  /** Puts `snapshot()` on disk, before the result of a command is seen by anybody; false when that failed. */
  save(): boolean;
}

export interface RunningCore extends PracticeCore {
  /** Walks the market up to now; driven by one timer for all. */
  step(): void;
  snapshot(): SavedCore;
}

/**
 * One market of the practice exchange over a matching engine and a feed per symbol.
 * @throws Error when the saved state cannot be restored.
 */
export function createPracticeCore(options: CoreOptions): RunningCore {
  const { market, clock, save } = options;
  const tracked = trackMatching(options.matching);
  const { matching } = tracked;
  const history = createHistoryBook(options.saved?.history ?? null);
  const listeners = new Set<(event: CoreEvent) => void>();
  const openedAt = clock.now();
  const markets = new Map<string, SymbolMarket>();
  for (const feed of options.feeds) {
    matching.addSymbol(feed.symbol);
    markets.set(feed.symbol.symbol, createSymbolMarket(feed, openedAt));
  }
  const symbols = [...markets.values()].map(({ symbol }) => symbol);
  const budget =
    options.prints === 'last'
      ? 1
      : Math.max(LEAST_PRINTS, Math.floor(PRINT_BUDGET / Math.max(1, symbols.length)));
  let fundedUntil: number = openedAt;
  let stepping = false;
  let unsaved = false;

  const tell = (event: CoreEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  const publish = (events: readonly MatchEvent[]): void => {
    for (const event of events) {
      if (event.type === 'trade') markets.get(event.symbol)?.remember(event);
      else if (event.type === 'fill') markets.get(event.fill.symbol)?.remember(event);
      if (listeners.size > 0) tell({ type: 'match', event });
    }
  };
  /** Account state goes to disk before anybody hears of it. */
  const settle = (now: UnixMs): readonly MatchEvent[] => {
    const { events, changed } = tracked.take();
    if (history.record(events, now) || changed) unsaved = true;
    // Fills of the outside market cannot be refused any more: if the disk is full, the next step tries again.
    if (unsaved) unsaved = !save();
    return events;
  };
  const tellBars = (symbol: string, bars: readonly BarEvent[]): void => {
    for (const { timeframe, candle } of bars) tell({ type: 'candle', symbol, timeframe, candle });
  };
  const payFunding = (now: UnixMs): void => {
    const due = Math.floor(now / FUNDING_MS) * FUNDING_MS;
    if (due <= fundedUntil) return;
    fundedUntil = now;
    for (const [symbol, item] of markets)
      matching.funding(symbol, item.mark(due - 1).fundingRate, unixMs(due));
  };

  const step = (): void => {
    if (stepping) return;
    stepping = true;
    try {
      const now = clock.now();
      if (market === 'future') payFunding(now);
      for (const [symbol, item] of markets) {
        const closed = item.walk(matching, now, budget);
        const mark = market === 'future' ? item.mark(now) : null;
        if (mark) matching.mark(symbol, mark.mark, now);
        publish(settle(now));
        if (listeners.size === 0) continue;
        tellBars(symbol, closed);
        tellBars(symbol, item.bars.open());
        if (mark) tell({ type: 'mark', symbol, mark });
      }
    } finally {
      stepping = false;
    }
  };
  const marketOf = (symbol: string): SymbolMarket => {
    const item = markets.get(symbol);
    if (!item) throw new RangeError(`the practice exchange has no ${market} symbol ${symbol}`);
    return item;
  };

  if (options.saved) matching.restore(options.saved.matching);
  for (const [symbol, item] of markets) {
    item.prime(matching, openedAt, options.saved === null);
    if (market === 'future') matching.mark(symbol, item.mark(openedAt).mark, openedAt);
  }
  publish(settle(openedAt));

  return {
    market,
    clock,
    symbols,
    matching: options.matching,
    run(command) {
      // The command must meet the market of this instant, not the one of the last step.
      step();
      const now = clock.now();
      const result = command(matching, now);
      settle(now);
      if (unsaved) throw new Error('the practice exchange could not save its state; the outcome is unknown');
      return result;
    },
    publish,
    history: (account, symbol) => history.of(account, symbol),
    candles: (symbol, timeframe, range) => marketOf(symbol).bars.candles(timeframe, range),
    ticker24h: (symbol) => marketOf(symbol).ticker(),
    trades: (symbol, limit) => marketOf(symbol).trades(limit),
    mark: (symbol, at = clock.now()) => marketOf(symbol).mark(at),
    openInterest: (symbol, at = clock.now()) => marketOf(symbol).openInterest(at),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    step,
    snapshot: () => ({ matching: options.matching.snapshot(), history: history.save() }),
  };
}
