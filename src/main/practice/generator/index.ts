import type { Feed } from '../core/feed';
import { createCoinPath, createCommonFactor } from './coin-path';
import { createGeneratedFeed } from './generated-feed';
import { COINS } from './symbols';

/** Days of candles that exist before the market's origin. */
export const HISTORY_DAYS = 10;

/** The generated market: one feed per coin on spot and on futures, moving together. `start` in market ms. */
export function createGeneratedFeeds(seed: string, start: number): { spot: Feed[]; future: Feed[] } {
  const common = createCommonFactor(seed);
  const paths = COINS.map((coin) => createCoinPath(seed, coin, common));
  return {
    spot: paths.map((path) => createGeneratedFeed(path, 'spot', start)),
    future: paths.map((path) => createGeneratedFeed(path, 'future', start)),
  };
}
