import { describe, expect, it } from 'vitest';
import { type GateInput, gate } from '#main/engine/gate';
import type { ReasonCode } from '#shared/domain/decision';
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
};

describe('the risk gate', () => {
  it('lets through what is exactly at its limits', () => {
    const verdict = gate(good);
    expect(verdict.reason).toBeNull();
    expect(verdict.checks).toHaveLength(15);
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
    ['insufficient_balance', { freeUsd: d('209.99') }],
  ];
  it.each(refusals)('refuses with %s', (reason, over) => {
    expect(gate({ ...good, ...over }).reason).toBe(reason);
  });

  it.each<readonly [ReasonCode, Partial<GateInput>]>([
    ['no_price', { price: null }],
    ['no_price', { priceAgeMs: null }],
    ['insufficient_balance', { freeUsd: null }],
  ])('refuses what is not known: %s', (reason, over) => {
    expect(gate({ ...good, ...over }).reason).toBe(reason);
  });

  it('names the first refusal in the order of the rules and shows all of them', () => {
    const all: GateInput = Object.assign({}, good, ...refusals.map(([, over]) => over));
    const verdict = gate(all);
    expect(verdict.reason).toBe('kill_switch');
    expect(verdict.checks.filter((check) => !check.passed).length).toBeGreaterThan(7);
  });
});
