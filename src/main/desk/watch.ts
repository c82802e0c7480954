import { fromNumber } from '#shared/domain/decimal';
import type { Settings } from '#shared/domain/settings';
import type { Api } from '../api/index';
import type { Engine, EngineEvent } from '../engine/index';
import type { Market } from '../market/index';
import type { Timers } from '../seams/index';

/** The daily loss is judged on it; far below the five minutes after which the engine takes it for unknown. */
const EQUITY_EVERY_MS = 5_000;
const RANGES_EVERY_MS = 30_000;

export interface WatchParts {
  readonly timers: Timers;
  readonly api: Pick<Api, 'equity'>;
  readonly engine: Engine;
  readonly market: Market;
  readonly settings: () => Settings;
  readonly post: (event: EngineEvent) => void;
}

/** Tells the engine from time to time what no stream tells it: equity, and ranges while a trailing stop wants them. */
export function watchForEngine({ timers, api, engine, market, settings, post }: WatchParts): () => void {
  const told = new Set<boolean>();
  const tellEquity = () => {
    for (const paper of [false, true]) {
      const equity = api.equity(paper);
      // Not yet known is no news; no longer known is, and stops entries.
      if (equity.equityUsd === null && !told.has(paper)) continue;
      told.add(paper);
      post({ type: 'equity', ...equity, paper });
    }
  };
  const tellRanges = () => {
    if (!settings().trailing.atr) return;
    for (const { venue, symbol } of engine.positions()) {
      const value = market.atr(venue, symbol);
      if (value !== null) post({ type: 'atr', venue, symbol, value: fromNumber(value) });
    }
  };
  const undo = [timers.every(EQUITY_EVERY_MS, tellEquity), timers.every(RANGES_EVERY_MS, tellRanges)];
  return () => {
    for (const stop of undo) stop();
  };
}
