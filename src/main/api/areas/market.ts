import type { Candle } from '#shared/domain/market';
import { createMerged } from '../merged';
import type { DeskParts } from '../parts';
import { PUSH_MS } from '../push';
import type { Screens } from '../screens';
import { os, wordsOf } from './contract';

export const marketArea = (parts: DeskParts, screens: Screens) => ({
  instruments: os.market.instruments.handler(() => parts.instruments()),
  quotes: os.market.quotes.handler(({ signal }) => screens.quotes.follow(signal)),
  watch: os.market.watch.handler(({ input, context }) => {
    parts.market.watchList(context.window, input.instruments);
    return null;
  }),
  candles: os.market.candles.handler(async ({ input, errors }) => {
    try {
      return await parts.market.candlePage(input);
    } catch (error) {
      throw errors.UNAVAILABLE({ data: { why: wordsOf(error) } });
    }
  }),
  candleUpdates: os.market.candleUpdates.handler(async function* ({ input, signal }) {
    const gate = () => new Promise<void>((resolve) => void parts.timers.after(PUSH_MS, resolve));
    // By opening time, so that the last word on a candle is not lost to the first on the next.
    const merged = createMerged<Candle>((candle) => String(candle.openTime), gate);
    const undo = parts.market.onCandle(input.venue, input.symbol, input.timeframe, (candle) =>
      merged.put(candle),
    );
    try {
      yield* merged.follow(signal);
    } finally {
      undo();
    }
  }),
});
