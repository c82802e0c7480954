import type { QuotingStatus } from '#shared/domain/quoting';
import { createLatest, type DeskParts } from '../api/index';
import type { Engine, EngineEvent } from '../engine/index';
import type { Market } from '../market/index';
import type { Clock, Timers } from '../seams/index';

const EVERY_MS = 500;

/** Feeds the passive quoting strategy with best bid and ask of its markets, and screens with what it does. */
export function createDeskQuoting({
  clock,
  timers,
  engine,
  market,
  post,
}: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly engine: Engine;
  readonly market: Pick<Market, 'quote'>;
  readonly post: (event: EngineEvent) => void;
}): DeskParts['quoting'] & { close(): void } {
  const latest = createLatest<QuotingStatus>();
  let shown = '';
  const show = (): void => {
    const status = engine.quoting();
    const text = JSON.stringify(status);
    if (text === shown) return;
    shown = text;
    latest.set(status);
  };
  show();
  const stop = timers.every(EVERY_MS, () => {
    for (const { line } of engine.quoting().lines) {
      const quote = market.quote(line.venue, line.symbol);
      // An old quote is no news: the strategy counts its age from when it hears of one.
      if (!quote || quote.bid === null || quote.ask === null || clock.now() - quote.seenAt > 2 * EVERY_MS)
        continue;
      post({ type: 'quote-mid', venue: line.venue, symbol: line.symbol, bid: quote.bid, ask: quote.ask });
    }
    show();
  });
  return { follow: latest.follow, close: stop };
}
