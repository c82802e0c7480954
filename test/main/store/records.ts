import fc from 'fast-check';
import type { ClientOrderId, PositionId, SignalId, VenueOrderId } from '#shared/domain/basics';
import { type Decimal, type Percent, unixMs } from '#shared/domain/basics';
import type { Decision, Wave } from '#shared/domain/decision';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRecord } from '#shared/domain/journal';
import type { Fill, Order } from '#shared/domain/order';
import { ORDER_TRANSITIONS } from '#shared/domain/order-machine';
import type { StoredParams } from '#shared/domain/params';
import type { Position } from '#shared/domain/position';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import type { Signal } from '#shared/domain/signal';

export const at = (wall: number, market = wall) => ({ wall: unixMs(wall), market: unixMs(market) });

/** Whole objects with sensible values; tests change what they are about. */
export const dec = (text: string) => text as Decimal;
export const pct = (text: string) => text as Percent;
const T0 = 1_760_000_000_000;

export const signal = (id = 1, change: Partial<Signal> = {}): Signal => ({
  id: id as SignalId,
  symbol: 'BTC/USDT:USDT' as Symbol,
  pairSymbol: 'BTCUSDT',
  action: 'buy',
  exchange: 'binance',
  exchangeId: 1,
  scoreWeek: 86.2,
  scoreMonth: 69.1,
  scoreWeekFilter: 62,
  scoreMonthFilter: null,
  timestamp: unixMs(T0),
  createdAt: unixMs(T0 + 1),
  waveTime: unixMs(T0),
  filterParams: { maxTrades: 5, stopLoss: pct('4') },
  receivedAt: unixMs(T0 + 2),
  correlationId: `c${id}`,
  ...change,
});

export const wave = (waveTime = T0, change: Partial<Wave> = {}): Wave => ({
  waveTime: unixMs(waveTime),
  status: 'processing',
  startedAt: unixMs(waveTime + 1),
  completedAt: null,
  signalCount: 0,
  results: {},
  note: null,
  ...change,
});

export const decision = (id = 1, change: Partial<Decision> = {}): Decision => ({
  signal: signal(id),
  venue: 'binance_future',
  fate: 'pending',
  reason: null,
  checks: [{ rule: 'volume', passed: true, numbers: { volume: '12', limit: null } }],
  params: null,
  positionId: null,
  price: dec('60000.5'),
  priceAgeMs: 12.5,
  rank: 1,
  decidedAt: unixMs(T0 + 5),
  ...change,
});

export const stored = (change: Partial<StoredParams> = {}): StoredParams => ({
  exchange: 'binance',
  values: { maxTrades: 5, stopLoss: pct('4'), trailingActivation: pct('2'), trailingDistance: null },
  locks: { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: pct('0.5') },
  waveTime: unixMs(T0),
  signalId: 1 as SignalId,
  updatedAt: unixMs(T0 + 9),
  ...change,
});

export const position = (id = 'p1', change: Partial<Position> = {}): Position => ({
  id: id as PositionId,
  venue: 'binance_future',
  symbol: 'BTC/USDT:USDT' as Symbol,
  side: 'long',
  status: 'active',
  signalId: 1 as SignalId,
  waveTime: unixMs(T0),
  intendedAmount: dec('0.003'),
  amount: dec('0.003'),
  entryPrice: dec('60000.5'),
  exitPrice: null,
  realised: dec('0'),
  fees: { USDT: dec('0.07') },
  params: { maxTrades: 5, stopLoss: pct('4'), trailingActivation: pct('2'), trailingDistance: pct('0.5') },
  stop: null,
  trailing: null,
  closeReason: null,
  note: null,
  leverage: dec('1'),
  openedAt: unixMs(T0 + 10),
  closedAt: null,
  nakedSince: unixMs(T0 + 11),
  correlationId: 'c1',
  ...change,
});

export const order = (id = 'wd-1-entry-1', change: Partial<Order> = {}): Order => ({
  request: {
    clientOrderId: id as ClientOrderId,
    venue: 'binance_future',
    symbol: 'BTC/USDT:USDT' as Symbol,
    side: 'buy',
    type: 'market',
    amount: dec('0.003'),
    price: null,
    triggerPrice: null,
    timeInForce: null,
    reduceOnly: false,
    closePosition: false,
  },
  positionId: 'p1' as PositionId,
  leg: 'entry',
  attempt: 1,
  status: 'intended',
  venueOrderId: null,
  filled: dec('0'),
  averagePrice: null,
  intendedAt: unixMs(T0 + 20),
  expiresAt: null,
  updatedAt: unixMs(T0 + 21),
  note: null,
  ...change,
});

export const fill = (tradeId = '1', change: Partial<Fill> = {}): Fill => ({
  venue: 'binance_future',
  symbol: 'BTC/USDT:USDT' as Symbol,
  tradeId,
  venueOrderId: '9007199254740993' as VenueOrderId,
  clientOrderId: 'wd-1-entry-1' as ClientOrderId,
  side: 'buy',
  price: dec('60000.5'),
  amount: dec('0.001'),
  fee: { cost: dec('0.024'), currency: 'USDT' },
  maker: false,
  venueTime: unixMs(T0 + 30),
  seenAt: unixMs(T0 + 31),
  ...change,
});

export const note = (text: string, change: Partial<Extract<JournalRecord, { kind: 'event' }>> = {}) =>
  ({
    kind: 'event',
    type: 'zombie_found',
    severity: 'warning',
    text,
    correlationId: null,
    positionId: null,
    symbol: null,
    exchange: null,
    data: { n: 1 },
    ...change,
  }) satisfies JournalRecord;

const time = fc.integer({ min: T0, max: T0 + 1_000 }).map(unixMs);
const money = fc
  .tuple(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 8 }))
  .map(([n, places]) => {
    const digits = String(n).padStart(places + 1, '0');
    return dec(places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`);
  });
const percent = fc.integer({ min: 1, max: 99_999 }).map((n) => pct(String(n / 10_000)));
const words = fc.string({ unit: 'grapheme', maxLength: 12 });
const small = fc.integer({ min: 1, max: 6 });
// Each position keeps its own symbol, so that no random journal breaks the one-open-position rule.
const symbolOf = (n: number) => `C${n}/USDT:USDT` as Symbol;

/** Any journal record, with ids from small sets so that images replace one another and fills repeat. */
export const anyRecord: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc
    .record({ n: small, week: fc.double({ noNaN: true, min: -100, max: 100 }), at: time })
    .map(({ n, week, at }) => ({
      kind: 'signal_received' as const,
      signal: signal(n, { scoreWeek: week === 0 ? 0 : week, receivedAt: at, symbol: symbolOf(n) }),
    })),
  fc.record({ reason: words, value: words }).map(({ reason, value }) => ({
    kind: 'signal_rejected' as const,
    bad: { reason, field: 'score_week', value, signalId: null },
  })),
  fc
    .record({
      n: small,
      status: fc.constantFrom(
        'processing' as const,
        'completed' as const,
        'not_found' as const,
        'failed' as const,
      ),
      note: fc.option(words),
    })
    .map(({ n, ...rest }) => ({ kind: 'wave_changed' as const, wave: wave(T0 + n * 900_000, rest) })),
  fc
    .record({
      n: small,
      fate: fc.constantFrom(
        'pending' as const,
        'awaiting' as const,
        'refused' as const,
        'opening' as const,
        'executed' as const,
      ),
      reason: fc.option(fc.constantFrom('too_old' as const, 'halted' as const)),
      providerMode: fc.constantFrom('observe' as const, 'auto' as const),
      decidedAt: time,
      price: fc.option(money),
    })
    .map(({ n, ...rest }) => ({ kind: 'decision_made' as const, decision: decision(n, rest) })),
  fc
    .record({
      exchange: fc.constantFrom('binance' as const, 'bybit' as const),
      stopLoss: fc.option(percent),
      source: fc.constantFrom('wave' as const, 'lock' as const, 'unlock' as const, 'rollback' as const),
      updatedAt: fc.option(time),
    })
    .map(({ exchange, stopLoss, source, updatedAt }) => ({
      kind: 'params_changed' as const,
      exchange,
      before: null,
      after: stored({
        exchange,
        updatedAt,
        values: { maxTrades: 1, stopLoss, trailingActivation: null, trailingDistance: null },
      }),
      source,
    })),
  fc
    .record({
      n: small,
      status: fc.constantFrom(
        'pending_entry' as const,
        'active' as const,
        'closed' as const,
        'phantom' as const,
      ),
      amount: money,
      openedAt: time,
      note: fc.option(words),
      side: fc.constantFrom('long' as const, 'short' as const),
      exitPrice: fc.option(money),
      peak: fc.option(money),
      trailingState: fc.constantFrom('inactive' as const, 'active' as const),
      target: fc.option(money),
      agedAt: time,
    })
    .map(({ n, peak, trailingState, target, agedAt, ...rest }) => ({
      kind: 'position_changed' as const,
      position: position(`p${n}`, {
        symbol: symbolOf(n),
        ...rest,
        trailing:
          peak === null
            ? null
            : {
                state: trailingState,
                activationPrice: dec('61200'),
                peak,
                wanted: peak,
                lastAcceptedAt: rest.openedAt,
                updates: n,
              },
        aged: target === null ? null : { phase: 'grace', target, at: agedAt },
      }),
      why: 'test',
    })),
  fc
    .record({
      n: small,
      status: fc.constantFrom(...(Object.keys(ORDER_TRANSITIONS) as Order['status'][])),
      filled: money,
      intendedAt: time,
      note: fc.option(words),
    })
    .map(({ n, ...rest }) => ({
      kind: 'order_changed' as const,
      order: order(`wd-${n}`, { positionId: `p${n}` as PositionId, ...rest }),
      fact: 'accepted' as const,
      why: 'test',
    })),
  fc
    .record({
      trade: small,
      price: money,
      amount: money,
      venueTime: time,
      to: fc.option(small),
      venue: fc.constantFrom('binance_future' as const, 'binance_paper' as const),
      cost: fc.option(money),
    })
    .map(({ trade, to, cost, ...rest }) => ({
      kind: 'fill_applied' as const,
      fill: fill(`t${trade}`, {
        ...rest,
        clientOrderId: `wd-${trade}` as ClientOrderId,
        fee: cost === null ? null : { cost, currency: 'USDT' },
      }),
      positionId: to === null ? null : (`p${to}` as PositionId),
    })),
  fc.integer({ min: 1, max: 100 }).map((maxOpenPositions) => ({
    kind: 'settings_changed' as const,
    before: null,
    after: { ...DEFAULT_SETTINGS, maxOpenPositions },
  })),
  fc
    .record({ text: words, severity: fc.constantFrom('info' as const, 'critical' as const), signalId: small })
    .map(({ text, severity, signalId }) => note(text, { severity, data: { signalId } })),
  words.map((problem) => ({ kind: 'link_changed' as const, link: 'signals', state: 'live', problem })),
  fc.constant({ kind: 'app_stopped' as const, reason: 'test' }),
);

/** A journal: batches of records, each written at one moment. */
export const anyJournal = fc.array(
  fc.record({ wall: time, records: fc.array(anyRecord, { minLength: 1, maxLength: 6 }) }),
  { minLength: 1, maxLength: 12 },
);
