import { describe, expect, it } from 'vitest';
import { type FilterInput, filterSignal } from '#main/engine/filters';
import { isLeveragedToken, symbolRefusal } from '#main/engine/symbol-rules';
import type { ReasonCode } from '#shared/domain/decision';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { at, BTC, d, FUTURE, facts, instrument, params, settings, signal, symbolOf } from './samples';

const good: FilterInput = {
  signal: signal(1, BTC),
  venue: FUTURE,
  facts: facts(BTC),
  params: params(),
  settings: settings(),
  at: at(60_000),
  executed: false,
  taken: false,
  isListedBase: (base) => base === 'BTC',
};
const filters = (over: Partial<typeof DEFAULT_SETTINGS.filters>) =>
  settings({ filters: { ...DEFAULT_SETTINGS.filters, ...over } });

describe('filtering a signal', () => {
  it('passes a good one and shows every rule with its numbers, in order', () => {
    const verdict = filterSignal(good);
    expect(verdict.reason).toBeNull();
    expect(verdict.checks.map((check) => check.rule)).toEqual([
      'validation',
      'venue',
      'executed_before',
      'age',
      'symbol',
      'duplicate',
      'market_exists',
      'market_active',
      'price',
      'minimum_notional',
      'open_interest',
      'hour_volume',
      'five_minute_change',
    ]);
    expect(verdict.checks.every((check) => check.passed)).toBe(true);
    expect(verdict.checks[10]?.numbers).toEqual({ openInterest: '5000000', limit: '1000000' });
  });

  const refusals: readonly (readonly [ReasonCode, Partial<FilterInput>])[] = [
    ['invalid_signal', { signal: signal(-1, BTC) }],
    ['invalid_signal', { signal: signal(1, BTC, { scoreWeek: Number.NaN }) }],
    ['invalid_signal', { params: null }],
    ['invalid_signal', { venue: 'binance_spot', signal: signal(1, BTC, { action: 'sell' }) }],
    ['venue_not_connected', { venue: null }],
    ['already_executed', { executed: true }],
    ['too_old', { at: at(2 * 3_600_000 + 1) }],
    ['stop_listed', { settings: settings({ stopList: ['eth; btc'] }) }],
    ['excluded_pattern', { settings: settings({ stopList: ['bt*'] }) }],
    ['duplicate_position', { taken: true }],
    ['unknown_symbol', { facts: facts(BTC, { instrument: null }) }],
    ['market_inactive', { facts: facts(BTC, { instrument: instrument(BTC, { active: false }) }) }],
    ['no_price', { facts: facts(BTC, { price: null }) }],
    ['no_price', { facts: facts(BTC, { price: d('0') }) }],
    [
      'below_minimum_notional',
      { facts: facts(BTC, { instrument: instrument(BTC, { minNotional: d('220.01') }) }) },
    ],
    ['low_open_interest', { facts: facts(BTC, { openInterestUsd: d('999999.99') }) }],
    ['low_volume', { facts: facts(BTC, { hourVolumeUsd: d('49999') }) }],
    ['price_overheated', { facts: facts(BTC, { fiveMinuteChangePercent: 4.01 }) }],
    [
      'price_oversold',
      { signal: signal(1, BTC, { action: 'sell' }), facts: facts(BTC, { fiveMinuteChangePercent: -4.01 }) },
    ],
  ];
  const promises: Partial<Record<ReasonCode, string>> = {
    too_old: 'M-046 ',
    duplicate_position: 'M-067 ',
    already_executed: 'M-068 ',
    below_minimum_notional: 'M-071 ',
    low_open_interest: 'M-072 ',
    low_volume: 'M-073 ',
    price_overheated: 'M-074 ',
    price_oversold: 'M-074 ',
    unknown_symbol: 'M-070 ',
    market_inactive: 'M-070 ',
    no_price: 'M-070 ',
  };
  const named = refusals.map(([reason, over]) => [promises[reason] ?? '', reason, over] as const);
  it.each(named)('%srefuses with %s', (_, reason, over) => {
    const verdict = filterSignal({ ...good, ...over });
    expect(verdict.reason).toBe(reason);
    expect(verdict.checks.filter((check) => !check.passed)).toHaveLength(1);
  });

  it.each<Partial<FilterInput>>([
    { at: at(2 * 3_600_000) },
    { facts: facts(BTC, { openInterestUsd: d('1000000') }) },
    { facts: facts(BTC, { hourVolumeUsd: d('50000') }) },
    { facts: facts(BTC, { fiveMinuteChangePercent: 4 }) },
    { facts: facts(BTC, { fiveMinuteChangePercent: -60 }) },
    { facts: facts(BTC, { instrument: instrument(BTC, { minNotional: d('220') }) }) },
  ])('passes on the edge: case %#', (over) => {
    expect(filterSignal({ ...good, ...over }).reason).toBeNull();
  });

  it('M-072 passes any open interest when that filter is switched off, and says so', () => {
    const { reason, checks } = filterSignal({
      ...good,
      settings: filters({ openInterest: false }),
      facts: facts(BTC, { openInterestUsd: d('1') }),
    });
    expect(reason).toBeNull();
    expect(checks[10]).toMatchObject({ passed: true, note: 'switched off in the settings' });
  });

  it.each([
    ['M-073', 11, filters({ volume: false }), { hourVolumeUsd: d('1') }],
    ['M-074', 12, filters({ priceChange: false }), { fiveMinuteChangePercent: 50 }],
  ] as const)('%s passes anything when its filter is switched off, and says so', (_, index, off, over) => {
    const { reason, checks } = filterSignal({ ...good, settings: off, facts: facts(BTC, over) });
    expect(reason).toBeNull();
    expect(checks[index]).toMatchObject({ passed: true, note: 'switched off in the settings' });
  });

  it('M-039 refuses nothing by its score, which the server has judged already', () => {
    const low = signal(1, BTC, { scoreWeek: 0, scoreMonth: 1, scoreWeekFilter: 62, scoreMonthFilter: 70 });
    expect(filterSignal({ ...good, signal: low }).reason).toBeNull();
  });

  it('M-071 takes 10 USD for the smallest order of an exchange that names none', () => {
    const unnamed = facts(BTC, { instrument: instrument(BTC, { minNotional: null }) });
    const size = (positionSizeUsd: string) => settings({ positionSizeUsd: d(positionSizeUsd) });
    expect(filterSignal({ ...good, facts: unnamed, settings: size('9.1') }).reason).toBeNull();
    expect(filterSignal({ ...good, facts: unnamed, settings: size('9') })).toMatchObject({
      reason: 'below_minimum_notional',
    });
  });

  it('M-075 passes what is not known about the market, and says so', () => {
    const unknown = facts(BTC, { openInterestUsd: null, hourVolumeUsd: null, fiveMinuteChangePercent: null });
    const { reason, checks } = filterSignal({ ...good, facts: unknown });
    expect(reason).toBeNull();
    expect(checks.slice(-3).map((check) => check.note)).toEqual(
      Array(3).fill('not known, so this filter passes'),
    );
  });

  it('M-070 holds a signal whose price is still asked for, and takes a newer price than the facts brought', () => {
    const missing = { facts: facts(BTC, { price: null }) };
    const awaited = filterSignal({ ...good, ...missing, priceAwaited: true });
    expect(awaited.reason).toBeNull();
    expect(awaited.checks.find((check) => check.rule === 'price')?.note).toContain('asked again twice');
    expect(filterSignal({ ...good, ...missing, livePrice: d('99') }).reason).toBeNull();
    expect(filterSignal({ ...good, ...missing, livePrice: d('0') }).reason).toBe('no_price');
  });

  it('keeps the first failure as the reason when several rules fail', () => {
    const verdict = filterSignal({
      ...good,
      taken: true,
      executed: true,
      facts: facts(BTC, { price: null }),
    });
    expect(verdict.reason).toBe('already_executed');
    expect(verdict.checks.filter((check) => !check.passed).map((check) => check.rule)).toEqual([
      'executed_before',
      'duplicate',
      'price',
    ]);
  });

  it('does not judge a market that does not exist', () => {
    const { checks } = filterSignal({ ...good, facts: facts(BTC, { instrument: null }) });
    expect(checks.map((check) => check.rule)).not.toContain('minimum_notional');
  });
});

describe('symbol rules', () => {
  const listed = (base: string) => ['BTC', 'ETH', 'J'].includes(base) && base !== 'J';
  it('counts a leverage suffix only when the rest is a listed base', () => {
    expect(isLeveragedToken('BTCUP', listed)).toBe(true);
    expect(isLeveragedToken('ETH3L', listed)).toBe(true);
    expect(isLeveragedToken('JUP', listed)).toBe(false);
    expect(isLeveragedToken('UP', listed)).toBe(false);
    expect(isLeveragedToken('SYRUP', listed)).toBe(false);
  });

  it.each([
    ['BTC/USDT:USDT', ['BTCUSDT'], 'stop_listed'],
    ['BTC/USDT:USDT', ['btc/usdt'], 'stop_listed'],
    ['BTC/USDT:USDT', ['*'], 'excluded_pattern'],
    ['BTC/USDT:USDT', ['ET*', 'B.*'], undefined],
    ['USDC/USDT:USDT', [], 'stablecoin_pair'],
    ['BTCDOM/USDT:USDT', [], 'index_symbol'],
    ['BTCDOWN/USDT', [], 'leveraged_token'],
  ] as const)('%s against %j: %s', (symbol, list, reason) => {
    expect(symbolRefusal(symbol as never, settings({ stopList: [...list] }), listed)?.reason).toBe(reason);
  });

  const all = {
    useWhitelist: true,
    whitelist: [] as string[],
    excludePatterns: ['BTC*'],
    excludeIndexes: true,
    excludeStablecoinPairs: true,
    excludeLeveraged: true,
    delisted: ['BTCDOM', 'USDC', 'BTCUP', 'XMR'],
  };
  const judge = (base: string, over: Partial<typeof all>, stopList: string[] = []) =>
    symbolRefusal(symbolOf(base), settings({ stopList, symbolFilter: { ...all, ...over } }), listed)?.reason;

  it('M-076 asks in this order: stop-list, whitelist, patterns, index, stablecoin, leveraged, delisted', () => {
    // One base that breaks every rule it can; each rule switched off lets the next one speak.
    expect(judge('BTCDOM', {}, ['BTCDOM'])).toBe('stop_listed');
    expect(judge('BTCDOM', {})).toBe('not_whitelisted');
    expect(judge('BTCDOM', { useWhitelist: false })).toBe('excluded_pattern');
    const plain = { useWhitelist: false, excludePatterns: [] };
    expect(judge('BTCDOM', plain)).toBe('index_symbol');
    expect(judge('BTCDOM', { ...plain, excludeIndexes: false })).toBe('delisted');
    expect(judge('USDC', plain)).toBe('stablecoin_pair');
    expect(judge('USDC', { ...plain, excludeStablecoinPairs: false })).toBe('delisted');
    expect(judge('BTCUP', plain)).toBe('leveraged_token');
    expect(judge('BTCUP', { ...plain, excludeLeveraged: false })).toBe('delisted');
    expect(judge('XMR', plain)).toBe('delisted');
    expect(judge('BTC', plain)).toBeUndefined();
  });

  it('M-076 lets the whitelist through, by base, by pair or by pattern, only when it is on', () => {
    const patterns = { excludePatterns: [] };
    for (const entry of ['eth', 'ETHUSDT', 'eth/usdt', 'ET*'])
      expect(judge('ETH', { ...patterns, whitelist: [entry] })).toBeUndefined();
    expect(judge('ETH', { ...patterns, whitelist: ['BTC'] })).toBe('not_whitelisted');
    expect(judge('ETH', { ...patterns, useWhitelist: false })).toBeUndefined();
  });

  it.each(['BTC,ETH;SOL', 'btc eth sol', ' BTC ;; eth,\tsol ', 'sol\nETH\nbtc'])(
    'M-077 reads lists with commas, semicolons or blanks, in any case: %j',
    (text) => {
      for (const base of ['BTC', 'ETH', 'SOL']) {
        expect(judge(base, {}, [text])).toBe('stop_listed');
        expect(judge(base, { whitelist: [text], excludePatterns: [] })).toBeUndefined();
        expect(judge(base, { useWhitelist: false, excludePatterns: [text] })).toBe('excluded_pattern');
      }
      expect(judge('XRP', { useWhitelist: false, excludePatterns: [] }, [text])).toBeUndefined();
    },
  );

  it('refuses nothing with a list of blanks', () => {
    expect(symbolRefusal(symbolOf('ETH'), settings({ stopList: [' ', ',;'] }), listed)).toBeNull();
  });
});
