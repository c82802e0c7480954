import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, Settings } from '#shared/domain/settings';
import { fromDraft, mergeDraft, SECTIONS, toDraft } from '../../src/renderer/panels/settings/form';
import { checkSettings, fieldErrors } from '../../src/renderer/state/settings';

const lists = SECTIONS.flatMap((section) =>
  section.fields.filter((field) => field.kind === 'list' || field.kind === 'ids').map((field) => field.path),
);
const fields = SECTIONS.flatMap((section) => section.fields.map((field) => field.path));
const edited = (path: string, value: string | boolean) =>
  checkSettings(fromDraft({ ...toDraft(DEFAULT_SETTINGS), [path]: value }, DEFAULT_SETTINGS));

describe('the settings form', () => {
  it('gives back the settings it was filled with', () => {
    const settings = Settings.parse({
      stopList: ['LUNA', 'XEM/USDT:USDT'],
      waveCheckMinutes: [1, 2],
      watchlist: ['a|B/C'],
    });
    expect(checkSettings(fromDraft(toDraft(settings), settings))).toEqual({ settings, errors: {} });
  });

  it('has a box for every setting', () => {
    // The watchlist and the presets of quoting have panels of their own, providers their own form.
    const elsewhere = ['watchlist', 'providers', 'quotingPresets'];
    const tops = new Set(fields.map((path) => path.split('.')[0]));
    expect([...tops, ...elsewhere].sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
  });

  it('keeps the settings that have no box', () => {
    const settings = Settings.parse({ maxSpreadPercent: '0.2', watchlist: ['a|B/C'] });
    const saved = checkSettings(fromDraft({ ...toDraft(settings), leverage: '2' }, settings)).settings;
    expect(saved).toEqual({ ...settings, leverage: 2 });
  });

  it('names the field that is wrong, for every field', () => {
    for (const path of fields.filter(
      (one) => typeof toDraft(DEFAULT_SETTINGS)[one] === 'string' && !lists.includes(one),
    )) {
      const { settings, errors } = edited(path, 'not a value');
      expect(settings, path).toBeNull();
      expect(
        Object.keys(errors).some((key) => key.startsWith(path)),
        path,
      ).toBe(true);
    }
  });

  it('separates lists at commas, semicolons and blanks, and keeps the case of order ids alone', () => {
    for (const path of lists) {
      const box = ' aB;c1,  d2 ;; e3\n';
      const settings = edited(path, box).settings;
      const found = path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], settings);
      const ids = path === 'zombies.protectedOrderIds';
      expect(found, path).toEqual(ids ? ['aB', 'c1', 'd2', 'e3'] : ['AB', 'C1', 'D2', 'E3']);
    }
  });

  it('offers only what the schema takes in a choice', () => {
    for (const field of SECTIONS.flatMap((section) => section.fields)) {
      if (field.kind !== 'choice') continue;
      expect(field.options?.length).toBeGreaterThan(1);
      for (const [value] of field.options ?? []) expect(edited(field.path, value).errors).toEqual({});
    }
  });

  it('reads a decimal comma and thin spaces as people type them, and repairs nothing else', () => {
    expect(edited('dailyLossPercent', '2,5').settings?.dailyLossPercent).toBe('2.5');
    expect(edited('maxExposureUsd', '5\u2009000').settings?.maxExposureUsd).toBe('5000');
    expect(edited('maxExposureUsd', '1,000.5').settings).toBeNull();
    expect(edited('maxExposureUsd', '1e3').settings).toBeNull();
    expect(edited('maxExposureUsd', '').settings).toBeNull();
  });

  it('follows settings that change elsewhere, but never overwrites what is being typed', () => {
    const before = toDraft(DEFAULT_SETTINGS);
    const after = toDraft({ ...DEFAULT_SETTINGS, leverage: 2, maxOpenPositions: 3 });
    const typed = { ...before, maxOpenPositions: '7' };
    const merged = mergeDraft(typed, before, after);
    expect(merged.leverage).toBe('2');
    expect(merged.maxOpenPositions).toBe('7');
  });

  it('refuses a fraction where a whole number is meant', () => {
    expect(edited('maxOpenPositions', '2.5').settings).toBeNull();
    expect(edited('leverage', '3').settings).toBeNull();
  });

  it('sorts check minutes and refuses a double', () => {
    expect(edited('waveCheckMinutes', '50, 6').settings?.waveCheckMinutes).toEqual([6, 50]);
    expect(edited('waveCheckMinutes', '6, 6').settings).toBeNull();
  });

  it('maps the words of the engine to the same fields', () => {
    expect(fieldErrors([{ path: ['settings', 'filters', 'volume'], message: 'no' }], 'settings')).toEqual({
      'filters.volume': 'no',
    });
  });
});
