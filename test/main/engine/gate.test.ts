import { describe, expect, it } from 'vitest';
import { type GateInput, gate, spreadPercent } from '#main/engine/gate';
import type { ReasonCode } from '#shared/domain/decision';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { d, settings } from './samples';

const good: GateInput = {
  settings: settings(),
  killed: false,
  halted: null,
  linkUp: true,
  reconciled: true,
  price: d('100'),
  priceAgeMs: 15_000,
  tradesToday: 49,
  openPositions: 9,
  exposureUsd: d('4800'),
  sizeUsd: d('200'),
  neededUsd: d('200'),
  freeUsd: d('210'),
  symbolUsd: d('800'),
  waveUsd: d('2800'),
  providerUsd: d('4800'),
  ordersLastMinute: 58,
};

describe('the risk gate', () => {
  it('lets through what is exactly at its limits', () => {
    const verdict = gate(good);
    expect(verdict.reason).toBeNull();
    expect(verdict.checks).toHaveLength(24);
  });

  const refusals: readonly (readonly [ReasonCode, Partial<GateInput>])[] = [
    ['kill_switch', { killed: true }],
    ['halted', { halted: 'an invariant broke' }],
    ['venue_not_connected', { linkUp: false }],
    ['unreconciled', { reconciled: false }],
    ['stale_price', { priceAgeMs: 15_001 }],
    ['stale_price', { priceAgeMs: -1_001 }],
    ['trades_per_day', { tradesToday: 50 }],
    ['max_positions', { openPositions: 10 }],
    ['max_exposure', { exposureUsd: d('4800.01') }],
    ['insufficient_balance', { freeUsd: d('199.99') }],
    [
      'order_too_large',
      { settings: settings({ limits: { ...DEFAULT_SETTINGS.limits, maxOrderUsd: d('199.99') } }) },
    ],
    ['symbol_exposure', { symbolUsd: d('800.01') }],
    ['wave_exposure', { waveUsd: d('2800.01') }],
    ['provider_exposure', { providerUsd: d('4800.01') }],
    ['order_rate', { ordersLastMinute: 59 }],
    ['crossed_book', { bid: d('100.1'), ask: d('100') }],
    ['crossed_book', { bid: d('100'), ask: d('100') }],
    ['price_collar', { price: d('103.1'), bid: d('99.9'), ask: d('100.1') }],
    ['price_collar', { price: d('96.9'), bid: d('99.9'), ask: d('100.1') }],
    ['insufficient_balance', { freeUsd: d('209.99') }],
  ];
  it.each(refusals)('refuses with %s', (reason, over) => {
    expect(gate({ ...good, ...over }).reason).toBe(reason);
  });

  it('M-132 makes no entry on a price that is older than 15 s, and one on a price of exactly that age', () => {
    expect(DEFAULT_SETTINGS.staleAfterMs).toBe(15_000);
    expect(gate({ ...good, settings: DEFAULT_SETTINGS, priceAgeMs: 15_001 }).reason).toBe('stale_price');
    expect(gate({ ...good, settings: DEFAULT_SETTINGS, priceAgeMs: 15_000 }).reason).not.toBe('stale_price');
  });

  it.each<readonly [ReasonCode, Partial<GateInput>]>([
    ['no_price', { price: null }],
    ['no_price', { priceAgeMs: null }],
    ['insufficient_balance', { freeUsd: null }],
  ])('refuses what is not known: %s', (reason, over) => {
    expect(gate({ ...good, ...over }).reason).toBe(reason);
  });

  const equity = (equityUsd: string | null, dayOpeningUsd: string | null = '1000') => ({
    equity: {
      equityUsd: equityUsd === null ? null : d(equityUsd),
      dayOpeningUsd: dayOpeningUsd === null ? null : d(dayOpeningUsd),
    },
  });
  it.each([
    ['970.01', null],
    ['970', 'daily_loss'],
    ['1200', null],
    [null, 'daily_loss'],
  ] as const)('stops entries at a loss of 3 %% of the day opening 1000: equity %s', (now, reason) => {
    expect(gate({ ...good, ...equity(now) }).reason).toBe(reason);
  });

  it.each([
    ['850.01', '1000', null],
    ['850', '1000', 'drawdown'],
    ['1000', '1000', null],
    ['1000', null, 'drawdown'],
  ] as const)('stops entries at a fall of 15 %% from the peak: equity %s, peak %s', (now, peak, reason) => {
    const { equity: told } = equity(now, '800');
    const peakUsd = peak === null ? null : d(peak);
    expect(gate({ ...good, equity: { ...told, peakUsd } }).reason).toBe(reason);
  });

  it('stops entries at ten losses in a row, and never where that is no limit', () => {
    const { equity: told } = equity('1000');
    const lost = (lossStreak: number, limit = 10) =>
      gate({
        ...good,
        settings: settings({ limits: { ...DEFAULT_SETTINGS.limits, lossStreak: limit } }),
        equity: { ...told, lossStreak },
      }).reason;
    expect([lost(9), lost(10), lost(99, 0)]).toEqual([null, 'loss_streak', null]);
  });

  it('trusts a price inside the collar, and says when there is nothing to compare it with', () => {
    const price = { price: d('103'), bid: d('99.9'), ask: d('100.1') };
    expect(gate({ ...good, ...price }).reason).toBeNull();
    const alone = gate(good).checks.find((check) => check.rule === 'price_collar');
    expect(alone).toMatchObject({ passed: true, note: 'no second price to compare with' });
  });

  it('refuses when the opening equity is not known or nothing', () => {
    expect(gate({ ...good, ...equity('1000', null) }).reason).toBe('daily_loss');
    expect(gate({ ...good, ...equity('1000', '0') }).reason).toBe('daily_loss');
  });

  it('M-084 refuses what passes the maximum notional of the exchange', () => {
    expect(gate({ ...good, maxNotional: d('200') }).reason).toBeNull();
    expect(gate({ ...good, maxNotional: d('199.99') }).reason).toBe('size_too_large');
    expect(gate({ ...good, maxNotional: null }).reason).toBeNull();
  });

  it('M-085 refuses when the leverage that is really set is above two', () => {
    expect(gate({ ...good, leverage: d('2') }).reason).toBeNull();
    expect(gate({ ...good, leverage: d('3') }).reason).toBe('leverage_too_high');
    expect(gate({ ...good, leverage: d('10') }).reason).toBe('leverage_too_high');
  });

  it('M-086 measures the spread against the middle', () => {
    expect(spreadPercent(d('99.75'), d('100.25'))).toBe('0.5');
    expect(spreadPercent(d('100'), null)).toBeNull();
    expect(spreadPercent(d('100.1'), d('100'))).toBeNull();
    expect(spreadPercent(d('0'), d('100'))).toBeNull();
  });

  it.each([
    ['99.75', '100.25', false, null, false],
    ['99.7', '100.3', false, null, true],
    ['99.75', '100.25', true, null, false],
    ['99.7', '100.3', true, 'spread_too_wide', true],
    [null, null, false, null, true],
    [null, null, true, 'spread_too_wide', true],
  ] as const)('M-086 with bid %s, ask %s and strict %s: %s', (bid, ask, strictSpread, reason, noted) => {
    const verdict = gate({
      ...good,
      settings: settings({ strictSpread }),
      bid: bid === null ? null : d(bid),
      ask: ask === null ? null : d(ask),
    });
    expect(verdict.reason).toBe(reason);
    expect(verdict.checks.find((check) => check.rule === 'spread')?.note !== undefined).toBe(noted);
  });

  it('asks in this order', () => {
    expect(gate(good).checks.map((check) => check.rule)).toEqual([
      'kill_switch',
      'engine',
      'link',
      'reconciled',
      'price_known',
      'price_age',
      'daily_loss',
      'drawdown',
      'loss_streak',
      'trades_per_day',
      'open_positions',
      'exposure',
      'order_value',
      'symbol_exposure',
      'wave_exposure',
      'provider_exposure',
      'order_rate',
      'maximum_notional',
      'free_balance',
      'minimum_free_balance',
      'book',
      'price_collar',
      'spread',
      'leverage',
    ]);
  });

  it('names the first refusal in the order of the rules and shows all of them', () => {
    const all: GateInput = Object.assign({}, good, ...refusals.map(([, over]) => over));
    const verdict = gate(all);
    expect(verdict.reason).toBe('kill_switch');
    expect(verdict.checks.filter((check) => !check.passed).length).toBeGreaterThan(7);
  });
});
