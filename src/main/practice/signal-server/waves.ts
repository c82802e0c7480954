import { hash, hashText, uniform } from '../noise';

export const CANDLE_MS = 900_000;
/** A wave's signals are created this long after its candle closed, and some seconds. */
const DELAY_MS = 280_000;
const MOST_JITTER_MS = 15_000;
const MOST_SIGNALS = 12;
const LEAST_SIGNALS = 6;

/** A signal as it goes over the wire (domain facts, section 2). */
export interface WireSignal {
  readonly id: number;
  readonly pair_symbol: string;
  readonly recommended_action: 'BUY' | 'SELL';
  readonly score_week: number;
  readonly score_month: number;
  readonly timestamp: string;
  readonly created_at: string;
  readonly trading_pair_id: number;
  readonly exchange_id: number;
  readonly score_week_filter: number;
  readonly score_month_filter: number;
  readonly max_trades_filter: number;
  readonly stop_loss_filter: number;
  readonly trailing_activation_filter: number;
  readonly trailing_distance_filter: number;
}

/** What the waves are about. */
export interface WaveSubject {
  readonly wireSymbol: string;
  /** Change of a 15-minute candle as a fraction; null when it is not known. */
  change(openTime: number): number | null;
}

// Signals that a careful follower must refuse: a leveraged token, and pairs this exchange does not list.
const STRANGERS = ['BTCUPUSDT', 'ZKCUSDT', 'ETHDOWNUSDT', 'QQQXUSDT', 'XRPBULLUSDT'];

/** "2025-10-21T02:15:00": UTC without saying so, as the known server writes it. */
export const wireTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/** Hyperliquid's perpetuals settle in USDC, those of the others in USDT. */
const HYPERLIQUID = 6;
const pairOn = (exchangeId: number, wireSymbol: string): string =>
  exchangeId === HYPERLIQUID ? wireSymbol.replace(/USDT$/, 'USDC') : wireSymbol;

/** When the signals of the wave whose candle opens then come out, market ms. */
export const publishedAt = (seed: string, waveTime: number): number =>
  waveTime + CANDLE_MS + DELAY_MS + (hash(hashText(seed), waveTime / CANDLE_MS, 1) % MOST_JITTER_MS);

/**
 * The wave that a follower expects at a market time (domain facts, section 3): minutes 0-15 the :45 of the hour
 * before, 16-30 the :00, 31-45 the :15, 46-59 the :30.
 */
export function expectedWave(now: number): number {
  const minute = Math.floor(now / 60_000) % 60;
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const quarter = minute <= 15 ? -1 : minute <= 30 ? 0 : minute <= 45 ? 1 : 2;
  return hour + quarter * CANDLE_MS;
}

/**
 * All signals of one wave. A pure function of seed and wave time but for the candle it looks at; ids come from
 * the wave time, so that none repeats after a restart.
 */
export function drawWave(
  seedText: string,
  waveTime: number,
  subjects: readonly WaveSubject[],
  createdAt: number,
  exchangeIds: readonly number[] = [1],
): readonly WireSignal[] {
  const seed = hashText(`${seedText}|waves`);
  const wave = waveTime / CANDLE_MS;
  const draw = (n: number): number => uniform(seed, wave, n);
  const between = (n: number, low: number, high: number, places: number): number =>
    Number((low + draw(n) * (high - low)).toFixed(places));
  // All signals of one exchange carry the same values, as its backtest found them.
  const filtersOf = (exchangeId: number) => ({
    score_week_filter: 62,
    score_month_filter: 60,
    max_trades_filter: 3,
    stop_loss_filter: between(exchangeId * 10 - 9, 1.5, 2.5, 1),
    trailing_activation_filter: between(exchangeId * 10 - 8, 0.5, 0.9, 1),
    trailing_distance_filter: between(exchangeId * 10 - 7, 0.25, 0.4, 2),
  });
  const wanted = LEAST_SIGNALS - 1 + Math.floor(draw(4) * (MOST_SIGNALS - LEAST_SIGNALS));
  const chosen = [...subjects]
    .map((subject, i) => ({ subject, order: draw(100 + i) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, wanted)
    .map(({ subject }) => subject);
  const strangers = STRANGERS.map((wireSymbol, i) => ({ wireSymbol, order: draw(200 + i) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, chosen.length < 3 ? 3 : 1 + Math.floor(draw(5) * 2))
    .map(({ wireSymbol }) => ({ wireSymbol, change: () => null }));

  return [...chosen, ...strangers].slice(0, MOST_SIGNALS).map((subject, i) => {
    const change = subject.change(waveTime);
    // Follows the candle more often than not; nobody here knows the future.
    const follows = draw(300 + i) < 0.65;
    const exchangeId = exchangeIds[Math.floor(draw(700 + i) * exchangeIds.length)] ?? 1;
    const filters = filtersOf(exchangeId);
    const rising = change === null ? draw(400 + i) < 0.5 : change >= 0;
    return {
      id: wave * 100 + i,
      pair_symbol: pairOn(exchangeId, subject.wireSymbol),
      recommended_action: rising === follows ? 'BUY' : 'SELL',
      score_week: between(500 + i, filters.score_week_filter, 92, 1),
      score_month: between(600 + i, filters.score_month_filter, 90, 1),
      timestamp: wireTime(waveTime),
      created_at: wireTime(createdAt),
      trading_pair_id: 1000 + (hashText(subject.wireSymbol) % 9000),
      exchange_id: exchangeId,
      ...filters,
    };
  });
}
