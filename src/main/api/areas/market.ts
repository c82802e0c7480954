import type { Candle } from '#shared/domain/market';
import { createLatest } from '../feed';
import type { DeskParts } from '../parts';
import { FRAME_MS, type Screens } from '../screens';
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
    const frame = () => new Promise<void>((resolve) => void parts.timers.after(FRAME_MS, resolve));
    const latest = createLatest<Candle>(frame);
    const undo = parts.market.onCandle(input.venue, input.symbol, input.timeframe, (candle) =>
      latest.set(candle),
    );
    try {
      yield* latest.follow(signal);
    } finally {
      undo();
    }
  }),
});
