import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptSignal, adaptSnapshot } from '#main/signals/index';
import { unixMs } from '#shared/domain/basics';
import { RAW, utc } from './samples';

const NOW = unixMs(1_761_013_000_000);
const adapt = (changes: Record<string, unknown> = {}, market: 'spot' | 'future' = 'future') =>
  adaptSignal({ ...RAW, ...changes }, market, NOW);
const good = (changes: Record<string, unknown> = {}) => {
  const adapted = adapt(changes);
  if (adapted.kind === 'bad') throw new Error(`unexpectedly bad: ${JSON.stringify(adapted.bad)}`);
  return adapted;
};
const bad = (changes: Record<string, unknown>) => {
  const adapted = adapt(changes);
  if (adapted.kind === 'signal') throw new Error('unexpectedly good');
  return adapted.bad;
};
const without = (field: string) => {
  const { [field as keyof typeof RAW]: _, ...rest } = RAW;
  return adaptSignal(rest, 'future', NOW);
};

describe('a signal that can be read', () => {
  it('M-018 M-029 M-030 M-039 M-119 is mapped field by field', () => {
    expect(good().signal).toEqual({
      id: 5247877,
      symbol: 'ZKC/USDT:USDT',
      pairSymbol: 'ZKCUSDT',
      action: 'buy',
      exchange: 'binance',
      exchangeId: 1,
      scoreWeek: 86.2,
      scoreMonth: 69.1,
      scoreWeekFilter: 62,
      scoreMonthFilter: 70,
      timestamp: utc('2025-10-21T02:15:00'),
      createdAt: utc('2025-10-21T02:35:05'),
      waveTime: utc('2025-10-21T02:15:00'),
      filterParams: { maxTrades: 5, stopLoss: '4', trailingActivation: '2', trailingDistance: '0.5' },
      receivedAt: NOW,
      correlationId: 'signal-5247877',
    });
  });
  it.each([
    ['BUY', 'buy'],
    ['buy', 'buy'],
    ['LONG', 'buy'],
    ['Long', 'buy'],
    ['SELL', 'sell'],
    ['short', 'sell'],
  ])('M-020 takes the action %s as %s', (action, side) => {
    expect(good({ recommended_action: action }).signal.action).toBe(side);
  });
  it.each([
    [1, 'binance'],
    [2, 'bybit'],
    [3, 'mexc'],
    [4, 'gateio'],
    [5, 'bitget'],
    [6, 'hyperliquid'],
  ])('M-030 M-119 maps exchange id %i to %s and keeps the id', (id, name) => {
    expect(good({ exchange_id: id }).signal).toMatchObject({ exchange: name, exchangeId: id });
  });
  it.each([
    ['BTCUSDT', 'spot', 'BTC/USDT'],
    ['BTCUSDT', 'future', 'BTC/USDT:USDT'],
    ['1000PEPEUSDT', 'future', '1000PEPE/USDT:USDT'],
    ['ethusdc', 'spot', 'ETH/USDC'],
    ['BTCFDUSD', 'spot', 'BTC/FDUSD'],
    ['BNBBUSD', 'spot', 'BNB/BUSD'],
    ['ETHBTC', 'spot', 'ETH/BTC'],
    ['SOLETH', 'spot', 'SOL/ETH'],
    ['USDCUSDT', 'spot', 'USDC/USDT'],
  ] as const)('reads %s on %s as %s', (pair, market, symbol) => {
    const adapted = adapt({ pair_symbol: pair }, market);
    expect(adapted.kind === 'signal' && adapted.signal.symbol).toBe(symbol);
  });
  it('takes scores that are written as text', () => {
    expect(good({ score_week: '86.25' }).signal.scoreWeek).toBe(86.25);
  });
  it('M-019 needs none of the backtest fields, and ignores unknown ones', () => {
    const bare = Object.fromEntries(Object.entries(RAW).filter(([name]) => !name.endsWith('_filter')));
    const adapted = adaptSignal({ ...bare, shiny: { new: true } }, 'future', NOW);
    expect(adapted).toMatchObject({
      kind: 'signal',
      signal: { filterParams: null, scoreWeekFilter: null, scoreMonthFilter: null },
      warnings: [],
    });
  });
});

describe('times', () => {
  it.each([
    ['2025-10-21T02:15:00', '2025-10-21T02:15:00'],
    ['2025-10-21 02:15:00', '2025-10-21T02:15:00'],
    ['2025-10-21T02:15', '2025-10-21T02:15:00'],
    ['2025-10-21T02:15:00Z', '2025-10-21T02:15:00'],
    ['2025-10-21T02:15:00.999999', '2025-10-21T02:15:00.999'],
    ['2025-10-21T04:15:00+02:00', '2025-10-21T02:15:00'],
    ['2025-10-20 21:15:00-0500', '2025-10-21T02:15:00'],
    ['2024-02-29T00:00:00', '2024-02-29T00:00:00'],
  ])('M-021 reads %s as %s UTC', (wire, iso) => {
    expect(good({ timestamp: wire }).signal.timestamp).toBe(utc(iso));
  });
  it.each([
    '2025-02-30T00:00:00',
    '2023-02-29T00:00:00',
    '2025-13-01T00:00:00',
    '2025-10-21T24:00:00',
    '2025-10-21T02:60:00',
    '2025-10-21T02:15:60',
    '2025-10-21',
    '21.10.2025 02:15',
    '2025-10-21T02:15:00+99:00',
    '0025-10-21T02:15:00',
    '9999-10-21T02:15:00',
    'NaN',
    '',
    1_761_013_000_000,
    true,
    {},
  ])('refuses %j as a time', (value) => {
    expect(bad({ timestamp: value })).toMatchObject({ reason: 'bad_timestamp', field: 'timestamp' });
    expect(bad({ created_at: value })).toMatchObject({ reason: 'bad_timestamp', field: 'created_at' });
  });
  it('M-021 reads back every second of a century, with either separator and any offset', () => {
    const second = fc.integer({ min: Date.UTC(2009, 0, 2) / 1000, max: Date.UTC(2099, 11, 30) / 1000 });
    const minutes = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(second, minutes, fc.constantFrom('T', ' '), (at, offset, separator) => {
        const local = new Date((at + offset * 60) * 1000).toISOString().slice(0, 19).replace('T', separator);
        const two = (n: number): string => String(n).padStart(2, '0');
        const size = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        expect(good({ timestamp: local + zone }).signal.timestamp).toBe(at * 1000);
      }),
    );
  });
  it('M-043 M-021 puts the signal into the quarter of its timestamp, whatever its seconds', () => {
    expect(good({ timestamp: '2025-10-21T02:29:59.9' }).signal.waveTime).toBe(utc('2025-10-21T02:15:00'));
  });
  it('M-043 uses created_at minus 15 minutes when there is no timestamp', () => {
    for (const timestamp of [null, undefined])
      expect(good({ timestamp }).signal).toMatchObject({
        timestamp: null,
        waveTime: utc('2025-10-21T02:15:00'),
      });
  });
  it('refuses a signal with neither time', () => {
    expect(bad({ timestamp: null, created_at: null })).toMatchObject({ reason: 'bad_timestamp' });
  });
});

describe('a signal that cannot be read', () => {
  it.each([
    ['id', 'bad_id'],
    ['pair_symbol', 'bad_symbol'],
    ['recommended_action', 'bad_action'],
    ['exchange_id', 'unknown_exchange'],
    ['score_week', 'bad_score'],
    ['score_month', 'bad_score'],
  ])('M-018 says that %s is missing', (field, reason) => {
    expect(without(field)).toMatchObject({ kind: 'bad', bad: { reason, field, value: 'missing' } });
  });
  it('does without trading_pair_id, timestamp or created_at alone', () => {
    for (const field of ['trading_pair_id', 'timestamp', 'created_at'])
      expect(without(field).kind).toBe('signal');
  });
  it.each([
    ['id', 'bad_id', ['5247877', 1.5, 0, -1, null, {}, [], true, 1e300, Number.NaN]],
    [
      'pair_symbol',
      'bad_symbol',
      [
        7,
        null,
        {},
        '',
        'USDT',
        'BTCXYZ',
        '<b>BTCUSDT</b>',
        'ВТСUSDT',
        'BTC/USDT',
        'BTCUSDT ',
        `${'A'.repeat(25)}USDT`,
      ],
    ],
    ['recommended_action', 'bad_action', ['HOLD', '', 1, null, 'constructor', '__proto__', ' BUY']],
    ['exchange_id', 'unknown_exchange', [0, 7, -1, 1.5, '1', null, 'binance', Number.NaN]],
    [
      'score_week',
      'bad_score',
      ['abc', '', null, {}, true, Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1e9, '1e99'],
    ],
    ['score_month', 'bad_score', ['NaN', null, -5, 1001]],
  ])('refuses a wrong %s with %s', (field, reason, values) => {
    for (const value of values) expect(bad({ [field]: value })).toMatchObject({ reason, field });
  });
  it('M-031 never takes an unknown exchange for Binance', () => {
    expect(bad({ exchange_id: 99 })).toEqual({
      reason: 'unknown_exchange',
      field: 'exchange_id',
      value: '99',
      signalId: 5247877,
    });
  });
  it('shows at most 100 characters of the value', () => {
    expect(bad({ pair_symbol: `<script>${'x'.repeat(5000)}` }).value).toHaveLength(100);
  });
  it('never throws, whatever the server sends', () => {
    const anything = fc.anything({ withNullPrototype: true, withObjectString: true });
    const mixed = fc
      .dictionary(fc.constantFrom(...Object.keys(RAW)), anything)
      .map((changes) => ({ ...RAW, ...changes }));
    fc.assert(
      fc.property(fc.oneof(anything, mixed), (raw) => {
        let json: unknown;
        try {
          json = JSON.parse(JSON.stringify(raw) ?? 'null');
        } catch {
          json = null;
        }
        const adapted = adaptSignal(json, 'future', NOW);
        expect(['signal', 'bad']).toContain(adapted.kind);
      }),
      { numRuns: 500 },
    );
  });
});

describe('wave values', () => {
  const params = (changes: Record<string, unknown>) => {
    const { signal, warnings } = good(changes);
    return { params: signal.filterParams, warned: warnings.length };
  };
  it('M-032 M-119 takes all four', () => {
    expect(params({})).toEqual({
      params: { maxTrades: 5, stopLoss: '4', trailingActivation: '2', trailingDistance: '0.5' },
      warned: 0,
    });
  });
  it('M-033 M-119 takes only the present ones', () => {
    const { params: found } = params({ max_trades_filter: null, trailing_distance_filter: undefined });
    expect(found).toEqual({ stopLoss: '4', trailingActivation: '2' });
    expect(Object.keys(found!)).toEqual(['stopLoss', 'trailingActivation']);
  });
  it('M-034 M-119 is null without any, and warns of nothing', () => {
    const none = {
      max_trades_filter: null,
      stop_loss_filter: null,
      trailing_activation_filter: null,
      trailing_distance_filter: null,
    };
    expect(params(none)).toEqual({ params: null, warned: 0 });
  });
  it.each(['not_a_number', '', true, {}, [], Number.NaN, 0, -1, '-2.5', 100, 1e300, '0.00001'])(
    'M-035 M-036 M-119 is null with a warning when one value is %j, and the signal stands',
    (value) => {
      for (const field of ['stop_loss_filter', 'trailing_activation_filter', 'trailing_distance_filter'])
        expect(params({ [field]: value })).toEqual({ params: null, warned: 1 });
    },
  );
  it('M-037 takes numeric text, and 10.0 but not 10.5 trades', () => {
    expect(params({ stop_loss_filter: '2.5' }).params?.stopLoss).toBe('2.5');
    expect(params({ max_trades_filter: 10.0 }).params?.maxTrades).toBe(10);
    expect(params({ max_trades_filter: '10.0' }).params?.maxTrades).toBe(10);
    for (const wrong of [10.5, '10.5', 0, -3, 1e9, 'ten'])
      expect(params({ max_trades_filter: wrong })).toEqual({ params: null, warned: 1 });
  });
  it('M-003 rounds percentages half-up to 4 decimals', () => {
    expect(params({ stop_loss_filter: '2.12345' }).params?.stopLoss).toBe('2.1235');
    expect(params({ stop_loss_filter: 2.12345 }).params?.stopLoss).toBe('2.1235');
  });
});

describe('a snapshot', () => {
  it('M-038 skips what cannot be read and keeps the rest', () => {
    const { signals, bad: refused } = adaptSnapshot(
      [RAW, null, 'text', [RAW], { ...RAW, id: 2, recommended_action: 'HOLD' }, { ...RAW, id: 3 }],
      'future',
      NOW,
    );
    expect(signals.map(({ id }) => id)).toEqual([5247877, 3]);
    expect(refused.map(({ reason, signalId }) => [reason, signalId])).toEqual([
      ['not_an_object', null],
      ['not_an_object', null],
      ['not_an_object', null],
      ['bad_action', 2],
    ]);
  });
  it('lets the first of two entries with one id count', () => {
    const { signals, bad: refused } = adaptSnapshot(
      [RAW, { ...RAW, recommended_action: 'SELL' }],
      'future',
      NOW,
    );
    expect(signals.map(({ action }) => action)).toEqual(['buy']);
    expect(refused).toEqual([{ reason: 'duplicate_id', field: 'id', value: '5247877', signalId: 5247877 }]);
  });
});
