import { unixMs } from '#shared/domain/basics';
import type { PublicTrade } from '../types';
import type { Scale } from './scale';

/** Binance answers at most this many. */
const KEPT = 1000;
const WIDTH = 5;

/** The latest public trades of one symbol, in a ring of counts of ticks and steps whose room is taken at once. */
export interface TradeTape {
  /** @throws RangeError when price or amount is no whole number of ticks or steps */
  add(trade: PublicTrade): void;
  /** The newest `limit`, oldest first. */
  latest(limit: number): readonly PublicTrade[];
}

export function createTradeTape(price: Scale, amount: Scale): TradeTape {
  const ring = new Float64Array(KEPT * WIDTH);
  let added = 0;
  const read = (index: number): PublicTrade => {
    const at = (index % KEPT) * WIDTH;
    return {
      tradeId: ring[at] as number,
      price: price.text(ring[at + 1] as number),
      amount: amount.text(ring[at + 2] as number),
      side: ring[at + 3] === 1 ? 'buy' : 'sell',
      at: unixMs(ring[at + 4] as number),
    };
  };
  return {
    add(trade) {
      const row = [
        trade.tradeId,
        price.count(trade.price),
        amount.count(trade.amount),
        trade.side === 'buy' ? 1 : 0,
        trade.at,
      ];
      ring.set(row, (added % KEPT) * WIDTH);
      added++;
    },
    latest(limit) {
      const count = Math.min(Math.max(0, Math.floor(limit)), KEPT, added);
      return Array.from({ length: count }, (_, n) => read(added - count + n));
    },
  };
}
