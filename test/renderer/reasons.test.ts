import { describe, expect, it } from 'vitest';
import { ReasonCode, type RuleCheck } from '#shared/domain/decision';
import { numbersText, REASONS, reasonText, ruleText, valueText } from '../../src/renderer/ui/reasons.en';

const THIN = '\u2009';
const failed = (numbers: RuleCheck['numbers']): RuleCheck => ({ rule: 'x', passed: false, numbers });
const why = (reason: ReasonCode, numbers: RuleCheck['numbers']) =>
  reasonText({ reason, checks: [failed(numbers)] });

describe('reasons in words', () => {
  it('exist for every code of the domain and no other', () => {
    expect(Object.keys(REASONS).sort()).toEqual([...ReasonCode.options].sort());
  });

  it('are whole sentences without exclamation marks and without the code', () => {
    for (const [code, { plain }] of Object.entries(REASONS)) {
      expect(plain, code).toMatch(/^[A-Z].*\.$/);
      expect(plain, code).not.toMatch(/!|_/);
    }
  });

  it('name the numbers of the rule that failed', () => {
    expect(why('low_open_interest', { openInterest: '812000', limit: '1000000' })).toBe(
      `Open interest 812${THIN}000 USD is below your 1${THIN}000${THIN}000.`,
    );
    expect(why('stale_price', { ageMs: 22100, limitMs: 15000 })).toBe(
      'Its price was 22.1 s old, too old to trade on.',
    );
    expect(why('insufficient_balance', { left: '4.2', limit: '10' })).toBe(
      '4.2 USD would be left; you keep at least 10 free.',
    );
    expect(why('max_positions', { open: 10, limit: 10 })).toBe('10 positions are open; you allow 10.');
  });

  it('fall back to the plain sentence when a number is not known', () => {
    for (const code of Object.keys(REASONS) as ReasonCode[]) {
      expect(why(code, {})).toBe(REASONS[code].plain);
      expect(why(code, { openInterest: null, volume: null, limit: null, change: null, free: null })).toBe(
        REASONS[code].plain,
      );
    }
  });

  it('say nothing where there is nothing to explain', () => {
    expect(reasonText({ reason: null, checks: [] })).toBeNull();
  });

  it('take the first failed rule, not a later one', () => {
    const checks = [
      { rule: 'a', passed: true, numbers: { volume: '1', limit: '2' } },
      failed({ volume: '31244.2', limit: '50000' }),
      failed({ volume: '9', limit: '8' }),
    ];
    expect(reasonText({ reason: 'low_volume', checks })).toBe(
      `One-hour volume 31${THIN}244.2 USD is below your 50${THIN}000.`,
    );
  });
});

describe('rules and their numbers', () => {
  it('have a name even when they are new', () => {
    expect(ruleText('open_interest')).toBe('Open interest');
    expect(ruleText('some_newRule')).toBe('Some new rule');
  });

  it('show unknown as a dash, ids as they are and small prices with their digits', () => {
    expect(valueText(null)).toBe('–');
    expect(valueText('0.00001234')).toBe('0.00001234');
    expect(valueText('912345.67891')).toBe(`912${THIN}345.6789`);
    expect(valueText(true)).toBe('yes');
    expect(numbersText({ ageMs: 240, limitMs: 7_200_000, entry: null, symbol: 'A/B' })).toBe(
      'age 0.2 s · limit 2 h 00 min · symbol A/B',
    );
    expect(numbersText({ id: 5247877, openInterest: '1000' })).toBe(`id 5247877 · open interest 1${THIN}000`);
  });
});
