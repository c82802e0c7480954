import type { StoredWave } from '#main/backtest/index';
import { unixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import { AT0, type Bar, candlesOf, MINUTE, signal, symbolOf, W0, wave } from './market';

/** Numbers in [0, 1) that follow from the seed alone. */
export function dice(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

const cents = (price: number): number => Math.round(price * 100) / 100;

/** A walk from 100 in steps of up to 0.3 % a minute, with wicks and now and then a gap. */
function walk(next: () => number, minutes: number): Bar[] {
  let price = 100;
  return Array.from({ length: minutes }, () => {
    if (next() < 0.02) price *= 1 + (next() - 0.5) * 0.02;
    const open = cents(price);
    price = Math.max(20, price * (1 + (next() - 0.5) * 0.006));
    const close = cents(price);
    const high = cents(Math.max(open, close) * (1 + next() * 0.002));
    const low = cents(Math.min(open, close) * (1 - next() * 0.002));
    return [open, high, low, close] as const;
  });
}

/** Candles from 80 minutes before the first wave is decided to `minutes` after it, and a wave each quarter of an hour. */
export function randomMarket(
  seed: number,
  bases: readonly string[],
  minutes: number,
): { readonly kept: ReadonlyMap<Symbol, readonly Candle[]>; readonly waves: readonly StoredWave[] } {
  const next = dice(seed);
  const kept = new Map(
    bases.map((base) => [symbolOf(base), candlesOf(AT0 - 80 * MINUTE, walk(next, minutes + 80))]),
  );
  return { kept, waves: randomWaves(seed, bases, Math.floor(minutes / 15)) };
}

export function randomWaves(seed: number, bases: readonly string[], count: number): readonly StoredWave[] {
  const next = dice(seed + 1);
  return Array.from({ length: count }, (_, wavesBefore) =>
    wave(
      bases.slice(0, 4).map((_base, index) =>
        signal(1 + wavesBefore * 10 + index, symbolOf(bases[Math.floor(next() * bases.length)]!), {
          action: next() < 0.5 ? 'buy' : 'sell',
          waveTime: unixMs(W0 + wavesBefore * 15 * MINUTE),
        }),
      ),
    ),
  );
}
