import type { Decision } from '#shared/domain/decision';
import { TIMEFRAME_MS, type Timeframe } from '#shared/domain/market';
import type { Fill } from '#shared/domain/order';
import { decimalText } from '../../ui/format';
import { reasonText } from '../../ui/reasons.en';

/** One mark on the chart at market time; `words` explain it. */
export interface Mark {
  readonly id: string;
  /** Opening time of the candle it belongs to, ms. */
  readonly time: number;
  readonly kind: 'buy-signal' | 'sell-signal' | 'refused' | 'buy-fill' | 'sell-fill';
  readonly words: string;
}

const floorTo = (time: number, timeframe: Timeframe): number => {
  const step = TIMEFRAME_MS[timeframe];
  return Math.floor(time / step) * step;
};

/** Market time at which a signal came to be: its creation, else the close of its candle. */
const signalTime = ({ signal }: Decision): number =>
  signal.createdAt ?? signal.waveTime + TIMEFRAME_MS['15m'];

/** Fates that are or may still become a position; every other one is a faint, hollow mark. */
const TRADED: ReadonlySet<Decision['fate']> = new Set(['executed', 'opening', 'pending', 'awaiting']);

/** Marks of one market's signals and fills, oldest first. */
export function marksOf(
  decisions: Iterable<Decision>,
  fills: Iterable<Fill>,
  market: { readonly exchange: string; readonly venue: string; readonly symbol: string },
  timeframe: Timeframe,
): readonly Mark[] {
  const marks: Mark[] = [];
  for (const decision of decisions) {
    const { signal } = decision;
    if (signal.symbol !== market.symbol || signal.exchange !== market.exchange) continue;
    if (decision.venue !== null && decision.venue !== market.venue) continue;
    const traded = TRADED.has(decision.fate);
    const side = signal.action === 'buy' ? 'Buy' : 'Sell';
    marks.push({
      id: `signal-${signal.id}`,
      time: floorTo(signalTime(decision), timeframe),
      kind: !traded ? 'refused' : signal.action === 'buy' ? 'buy-signal' : 'sell-signal',
      words: traded
        ? `${side} signal ${signal.id}`
        : `${side} signal ${signal.id} not traded: ${reasonText(decision) ?? 'no reason given'}`,
    });
  }
  for (const fill of fills) {
    if (fill.venue !== market.venue || fill.symbol !== market.symbol) continue;
    marks.push({
      id: `fill-${fill.tradeId}`,
      time: floorTo(fill.venueTime, timeframe),
      kind: fill.side === 'buy' ? 'buy-fill' : 'sell-fill',
      words: `${fill.side === 'buy' ? 'Bought' : 'Sold'} ${decimalText(fill.amount)} at ${decimalText(fill.price)}`,
    });
  }
  return marks.sort((a, b) => a.time - b.time);
}
