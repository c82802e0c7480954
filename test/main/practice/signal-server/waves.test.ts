import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CANDLE_MS, drawWave, expectedWave, publishedAt } from '#main/practice/signal-server/waves';

const hour = (minute: number) => Date.UTC(2025, 9, 21, 2, minute);
const COINS = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'ADA', 'LINK', 'AVAX', 'LTC', 'DOT', 'NEAR', 'ATOM'];
const subjects = COINS.map((base, i) => ({
  wireSymbol: `${base}USDT`,
  change: () => (i % 2 ? 0.01 : -0.01),
}));
const anyWave = fc.integer({ min: 1_900_000, max: 2_100_000 }).map((wave) => wave * CANDLE_MS);

describe('waves of the practice signal server', () => {
  it('are expected at the minutes of the table', () => {
    const table: [number, number][] = [
      [0, -15],
      [6, -15],
      [15, -15],
      [16, 0],
      [30, 0],
      [31, 15],
      [45, 15],
      [46, 30],
      [59, 30],
    ];
    for (const [now, wave] of table) expect(expectedWave(hour(now))).toBe(hour(wave));
    expect(expectedWave(Date.UTC(2026, 0, 1, 0, 3))).toBe(Date.UTC(2025, 11, 31, 23, 45));
  });

  it('come out about five minutes after their candle closed, before the check minute looks', () => {
    fc.assert(
      fc.property(anyWave, (wave) => {
        const delay = publishedAt('s', wave) - wave - CANDLE_MS;
        expect(delay).toBeGreaterThan(4 * 60_000);
        // Check minutes :20, :35 and :50 come 5 minutes after the close.
        expect(delay).toBeLessThan(5 * 60_000);
      }),
    );
  });

  it('have 6 to 12 signals in both directions, strangers among them, one set of params, scores above the filters', () => {
    const actions = new Set<string>();
    fc.assert(
      fc.property(anyWave, (wave) => {
        const signals = drawWave('s', wave, subjects, wave + 1_200_000);
        expect(signals.length).toBeGreaterThanOrEqual(6);
        expect(signals.length).toBeLessThanOrEqual(12);
        expect(signals.some((signal) => !COINS.some((base) => signal.pair_symbol === `${base}USDT`))).toBe(
          true,
        );
        expect(new Set(signals.map((signal) => signal.pair_symbol)).size).toBe(signals.length);
        for (const signal of signals) {
          actions.add(signal.recommended_action);
          expect(signal.exchange_id).toBe(1);
          expect(signal.score_week).toBeGreaterThanOrEqual(signal.score_week_filter);
          expect(signal.score_month).toBeGreaterThanOrEqual(signal.score_month_filter);
          expect(signal.stop_loss_filter).toBeGreaterThanOrEqual(1.5);
          expect(signal.stop_loss_filter).toBeLessThanOrEqual(2.5);
          expect(signal.trailing_activation_filter).toBeGreaterThan(signal.trailing_distance_filter);
          expect(Date.parse(`${signal.timestamp}Z`)).toBe(wave);
        }
        expect(new Set(signals.map((signal) => signal.stop_loss_filter)).size).toBe(1);
      }),
      { numRuns: 50 },
    );
    expect([...actions].sort()).toEqual(['BUY', 'SELL']);
  });

  it('are spread over the exchanges asked for, each with one set of params of its own', () => {
    const seen = new Set<number>();
    for (let wave = 1_950_000; wave < 1_950_050; wave++) {
      const params = new Map<number, string>();
      for (const signal of drawWave('s', wave * CANDLE_MS, subjects, 0, [1, 2, 6])) {
        seen.add(signal.exchange_id);
        const mine = `${signal.stop_loss_filter} ${signal.trailing_activation_filter} ${signal.trailing_distance_filter}`;
        expect(params.get(signal.exchange_id) ?? mine).toBe(mine);
        params.set(signal.exchange_id, mine);
      }
    }
    expect([...seen].sort()).toEqual([1, 2, 6]);
  });

  it('never repeat an id, and come out the same after a restart', () => {
    const ids = new Set<number>();
    let count = 0;
    for (let wave = 1_950_000; wave < 1_950_400; wave++) {
      const signals = drawWave('s', wave * CANDLE_MS, subjects, 0);
      expect(drawWave('s', wave * CANDLE_MS, subjects, 0)).toEqual(signals);
      for (const signal of signals) ids.add(signal.id);
      count += signals.length;
    }
    expect(ids.size).toBe(count);
  });

  it('are about one replayed symbol with some strangers, so that refusals show', () => {
    const one = subjects.slice(0, 1);
    const signals = drawWave('s', 1_950_000 * CANDLE_MS, one, 0);
    expect(signals[0]!.pair_symbol).toBe('BTCUSDT');
    expect(signals).toHaveLength(4);
  });
});
