import { describe, expect, it } from 'vitest';
import type { Percent } from '#shared/domain/basics';
import { ProviderSettings } from '#shared/domain/provider';
import { fromProviderDraft, toProviderDraft } from '../../src/renderer/panels/settings/provider-draft';
import { badReason, PROVIDER_MODES, providerState } from '../../src/renderer/ui/provider.en';

const settings = ProviderSettings.parse({
  mode: 'approve',
  provider: { stopLoss: '3.5' },
  mine: { maxTrades: 4, trailingDistance: '0.25' },
  mineOnlyIfMissing: false,
});

describe('the provider form', () => {
  it('gives back the settings it was filled with', () => {
    expect(fromProviderDraft(toProviderDraft(settings))).toEqual({ settings, errors: {} });
  });

  it('reads an empty box as a layer that does not say', () => {
    const draft = toProviderDraft(settings);
    const cleared = fromProviderDraft({ ...draft, mine: { ...draft.mine, maxTrades: ' ' } });
    expect(cleared.settings?.mine).toEqual({ trailingDistance: '0.25' as Percent });
  });

  it('takes a decimal comma and names the box that is wrong', () => {
    const draft = toProviderDraft(settings);
    const comma = fromProviderDraft({ ...draft, provider: { ...draft.provider, stopLoss: '2,5' } });
    expect(comma.settings?.provider.stopLoss).toBe('2.5');
    const wrong = (part: Partial<typeof draft>) =>
      Object.keys(fromProviderDraft({ ...draft, ...part }).errors);
    expect(wrong({ approveWithinSeconds: '2' })).toEqual(['approveWithinSeconds']);
    expect(wrong({ maxAgeMinutes: '1.5' })).toEqual(['maxAgeMinutes']);
    expect(wrong({ mine: { ...draft.mine, maxTrades: 'many' } })).toEqual(['mine.maxTrades']);
    expect(wrong({ provider: { ...draft.provider, stopLoss: 'x' } })).toEqual(['provider.stopLoss']);
  });

  it('has one sentence for each mode and words for states and reasons', () => {
    const sentences = Object.values(PROVIDER_MODES).map((mode) => mode.means);
    expect(new Set(sentences).size).toBe(4);
    expect(providerState('authenticated')).toBe('signed in');
    expect(providerState(null)).toBe('not connected');
    expect(badReason('missing_field')).toBe('missing field');
  });
});
