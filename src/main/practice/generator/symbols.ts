import { fromText } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';

/** One coin of the generated market. Money in USDT, volatilities in fractions per square root of a minute. */
export interface Coin {
  readonly base: string;
  readonly price: number;
  /** How strongly it follows the common market, and how much it moves by itself. */
  readonly beta: number;
  readonly ownSigma: number;
  /** Spot turnover of an ordinary minute; futures trade a multiple. */
  readonly turnover: number;
  readonly interest: number;
  readonly spreadBp: number;
  readonly spot: readonly [tick: string, step: string];
  readonly future: readonly [tick: string, step: string, minNotional: string];
}

type Row = [string, number, number, number, number, number, number, string, string, string, string, string];

// base, price, beta, own sigma, turnover, open interest, spread bp, spot tick and step, future tick, step, notional.
// Prices are of late 2025, ticks, steps and minima as Binance lists them.
const ROWS: readonly Row[] = [
  ['BTC', 92_400, 1.0, 0.0008, 1_200_000, 8.1e9, 0.02, '0.01', '0.00001', '0.1', '0.001', '50'],
  ['ETH', 3_060, 1.15, 0.001, 800_000, 5.2e9, 0.05, '0.01', '0.0001', '0.01', '0.001', '20'],
  ['SOL', 138.4, 1.35, 0.0015, 260_000, 1.4e9, 0.7, '0.01', '0.001', '0.01', '0.01', '5'],
  ['XRP', 2.164, 1.2, 0.0015, 240_000, 9.4e8, 0.5, '0.0001', '0.1', '0.0001', '0.1', '5'],
  ['DOGE', 0.1583, 1.45, 0.0016, 95_000, 4.1e8, 0.6, '0.00001', '1', '0.00001', '1', '5'],
  ['ADA', 0.4712, 1.35, 0.0015, 52_000, 2.2e8, 2, '0.0001', '0.1', '0.0001', '1', '5'],
  ['LINK', 13.62, 1.35, 0.0016, 41_000, 1.9e8, 0.8, '0.01', '0.01', '0.001', '0.01', '5'],
  ['AVAX', 14.87, 1.45, 0.0016, 36_000, 1.6e8, 0.8, '0.01', '0.01', '0.001', '1', '5'],
  ['LTC', 93.1, 1.05, 0.0014, 31_000, 1.3e8, 1, '0.01', '0.001', '0.01', '0.001', '5'],
  ['DOT', 2.748, 1.3, 0.0015, 17_000, 8.0e7, 3, '0.001', '0.01', '0.001', '0.1', '5'],
  ['NEAR', 2.113, 1.5, 0.0018, 15_000, 7.4e7, 3, '0.001', '0.1', '0.001', '1', '5'],
  ['ATOM', 2.652, 1.2, 0.0015, 9_000, 4.6e7, 3, '0.001', '0.01', '0.001', '0.01', '5'],
];

export const COINS: readonly Coin[] = ROWS.map(
  ([
    base,
    price,
    beta,
    ownSigma,
    turnover,
    interest,
    spreadBp,
    tick,
    step,
    futureTick,
    futureStep,
    least,
  ]) => ({
    base,
    price,
    beta,
    ownSigma,
    turnover,
    interest,
    spreadBp,
    spot: [tick, step],
    future: [futureTick, futureStep, least],
  }),
);

/** What a coin's rules may be overridden with, for a replayed file finer than the usual tick. */
export interface SymbolRules {
  readonly base: string;
  readonly quote: string;
  readonly market: 'spot' | 'future';
  readonly tick: string;
  readonly step: string;
  readonly minNotional: string;
}

/** Fees are Binance's for a new account: spot 0.1 %, futures 0.02 % maker and 0.05 % taker. */
export function practiceSymbol(rules: SymbolRules): PracticeSymbol {
  const { base, quote, market } = rules;
  const future = market === 'future';
  const step = fromText(rules.step);
  return {
    symbol: future ? `${base}/${quote}:${quote}` : `${base}/${quote}`,
    wireSymbol: `${base}${quote}`,
    base,
    quote,
    market,
    tickSize: fromText(rules.tick),
    stepSize: step,
    minAmount: step,
    maxAmount: fromText(String(Math.round(Number(rules.step) * 1e9))),
    minNotional: fromText(rules.minNotional),
    makerFee: fromText(future ? '0.0002' : '0.001'),
    takerFee: fromText(future ? '0.0005' : '0.001'),
    maintenanceRate: fromText(future ? '0.01' : '0'),
    maxLeverage: future ? (base === 'BTC' || base === 'ETH' ? 125 : 50) : 1,
  };
}

export const coinSymbol = (coin: Coin, market: 'spot' | 'future'): PracticeSymbol =>
  practiceSymbol({
    base: coin.base,
    quote: 'USDT',
    market,
    tick: coin[market][0],
    step: coin[market][1],
    minNotional: market === 'future' ? coin.future[2] : '5',
  });
