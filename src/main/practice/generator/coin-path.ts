import { gauss, hashText, slowNoise } from '../noise';
import { BLOCK_MINUTES, type Block, drawBlock } from './regimes';
import type { Coin } from './symbols';

/** Prints of one minute, at most; the path inside a minute halves its steps this often: 2^6. */
export const POINTS = 64;
const MARKET_SIGMA = 0.0013;
/** 32 hours; history is drawn from one end to the other, so more would be held for nobody. */
const KEPT_BLOCKS = 8;

/** A random factor with its blocks drawn when first asked for. */
export interface Factor {
  block(index: number): Block;
}

export function createFactor(seed: number, sigma: number): Factor {
  const kept = new Map<number, Block>();
  return {
    block(index) {
      let block = kept.get(index);
      if (!block) {
        block = drawBlock(seed, index, sigma);
        if (kept.size >= KEPT_BLOCKS) kept.delete(kept.keys().next().value as number);
        kept.set(index, block);
      }
      return block;
    },
  };
}

/** What all coins have in common: one factor, shared so that it is drawn once. */
export const createCommonFactor = (seed: string): Factor =>
  createFactor(hashText(`${seed}|common`), MARKET_SIGMA);

export interface MinuteMood {
  /** Volatility of the minute as a fraction, and turnover as a multiple of the usual. */
  readonly sigma: number;
  readonly turnover: number;
}

/** The middle price of one coin in USDT, shared by its spot and its futures market. */
export interface CoinPath {
  readonly seed: number;
  readonly coin: Coin;
  mood(minute: number): MinuteMood;
  /** Writes POINTS + 1 prices, from the minute's first instant to the next one's. */
  fill(minute: number, into: Float64Array): void;
  /** Futures price over spot price minus 1. */
  basis(at: number): number;
}

export function createCoinPath(seed: string, coin: Coin, common: Factor): CoinPath {
  const own = hashText(`${seed}|${coin.base}`);
  const factor = createFactor(own, coin.ownSigma);
  const marketSigma = coin.beta * MARKET_SIGMA;
  const edge = (minute: number): number => {
    const block = Math.floor(minute / BLOCK_MINUTES);
    const i = minute - block * BLOCK_MINUTES;
    const log = coin.beta * common.block(block).level[i]! + factor.block(block).level[i]!;
    return coin.price * Math.exp(log);
  };
  const mood = (minute: number): MinuteMood => {
    const block = Math.floor(minute / BLOCK_MINUTES);
    const i = minute - block * BLOCK_MINUTES;
    const shared = common.block(block);
    const mine = factor.block(block);
    return {
      sigma: Math.hypot(marketSigma * shared.heat[i]!, coin.ownSigma * mine.heat[i]!),
      turnover: 0.55 * shared.turnover[i]! + 0.45 * mine.turnover[i]!,
    };
  };
  return {
    seed: own,
    coin,
    mood,
    basis: (at) => 0.0001 + 0.00025 * slowNoise(own + 7, at, 2_700_000),
    fill(minute, into) {
      const from = edge(minute);
      const { sigma } = mood(minute);
      into[0] = from;
      into[POINTS] = edge(minute + 1);
      // Brownian bridge: each middle lies between its neighbours, off by half the spread of its gap.
      for (let gap = POINTS; gap > 1; gap /= 2) {
        const off = sigma * from * Math.sqrt(gap / POINTS) * 0.5;
        for (let i = gap / 2; i < POINTS; i += gap) {
          const middle = (into[i - gap / 2]! + into[i + gap / 2]!) / 2;
          into[i] = middle + off * gauss(own + 13, minute, i);
        }
      }
    },
  };
}
