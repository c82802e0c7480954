import type {
  ClientOrderId,
  Decimal,
  Percent,
  PositionId,
  SignalId,
  UnixMs,
  VenueOrderId,
} from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import type { LinkStatus, VenueClock } from '#shared/domain/connection';
import { minusPercent, plusPercent } from '#shared/domain/decimal';
import type { Decision, ReasonCode, RuleCheck, SignalFate, Wave } from '#shared/domain/decision';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRecord, JournalRow } from '#shared/domain/journal';
import type { Fill, Order, OrderStatus } from '#shared/domain/order';
import { DEFAULT_PARAMS, type EffectiveParams } from '#shared/domain/params';
import type { Position } from '#shared/domain/position';
import { priceText } from './fake-market';

const VENUE = 'binance_future' as const;
const MIN = 60_000;
export const now = Date.now();
const wave = (back: number) => unixMs(Math.floor(now / (15 * MIN)) * 15 * MIN - back * 15 * MIN);
const ago = (ms: number): UnixMs => unixMs(now - ms);
const symbolOf = (base: string) => `${base}/USDT:USDT` as Symbol;

export const params: EffectiveParams = {
  exchange: 'binance',
  values: { ...DEFAULT_PARAMS, stopLoss: '3.5' as Percent },
  origins: { maxTrades: 'default', stopLoss: 'wave', trailingActivation: 'stored', trailingDistance: 'lock' },
};

const pass = (rule: string, numbers: RuleCheck['numbers'] = {}): RuleCheck => ({
  rule,
  passed: true,
  numbers,
});
const CHECKS: readonly RuleCheck[] = [
  pass('validation', { id: 5247877, scoreWeek: 86.2, scoreMonth: 69.1 }),
  pass('symbol', { entry: null }),
  pass('duplicate'),
  pass('price', { price: '148.32' }),
  pass('minimum_notional', { size: '200', minimum: '5' }),
  pass('open_interest', { openInterest: '184000000', limit: '1000000' }),
  pass('hour_volume', { volume: '912345.678', limit: '50000' }),
  pass('five_minute_change', { change: 0.412, limit: 4 }),
];

let nextId = 5247800;
function decision(
  back: number,
  base: string,
  action: 'buy' | 'sell',
  scores: readonly [number, number],
  fate: SignalFate,
  reason: ReasonCode | null,
  failed?: RuleCheck,
): Decision {
  const waveTime = wave(back);
  const id = nextId++ as SignalId;
  const checks = failed === undefined ? CHECKS : [...CHECKS.slice(0, 5), failed, ...CHECKS.slice(6)];
  return {
    signal: {
      id,
      symbol: symbolOf(base),
      pairSymbol: `${base}USDT`,
      action,
      exchange: 'binance',
      exchangeId: 1,
      scoreWeek: scores[0],
      scoreMonth: scores[1],
      scoreWeekFilter: 62,
      scoreMonthFilter: 70,
      timestamp: waveTime,
      createdAt: unixMs(waveTime + 16 * MIN),
      waveTime,
      filterParams: null,
      receivedAt: unixMs(waveTime + 20 * MIN),
      correlationId: `signal-${id}`,
    },
    venue: VENUE,
    fate,
    reason,
    checks,
    params,
    positionId: fate === 'executed' ? (`p-${base}` as PositionId) : null,
    price: priceText(symbolOf(base), waveTime + 20 * MIN),
    priceAgeMs: 240,
    providerMode: 'auto',
    account: { freeUsd: '9216.44' as Decimal, openPositions: 1, exposureUsd: '183.4' as Decimal },
    rank: fate === 'refused' ? null : 1,
    decidedAt: unixMs(waveTime + 20 * MIN),
  };
}

export const decisions: Decision[] = [
  decision(2, 'SOL', 'buy', [86.2, 79.1], 'executed', null),
  decision(2, 'ETH', 'buy', [84.0, 78.5], 'executed', null),
  decision(2, 'XRP', 'sell', [82.3, 77.9], 'executed', null),
  decision(2, 'LTC', 'sell', [80, 72.1], 'failed', 'entry_rejected'),
  decision(2, 'DOT', 'buy', [78.4, 73.0], 'unused', 'target_reached'),
  decision(2, 'NEAR', 'buy', [77.1, 72.2], 'refused', 'low_open_interest', {
    rule: 'open_interest',
    passed: false,
    numbers: { openInterest: '812000', limit: '1000000' },
  }),
  decision(2, 'PEPE', 'buy', [70.1, 71.2], 'refused', 'price_overheated', {
    rule: 'five_minute_change',
    passed: false,
    numbers: { change: 5.312, limit: 4 },
  }),
  decision(3, 'BTC', 'buy', [88.4, 80.2], 'executed', null),
  decision(3, 'AVAX', 'buy', [71.2, 73.4], 'refused', 'duplicate_position'),
  decision(5, 'TRX', 'buy', [66.2, 71.0], 'refused', 'low_volume', {
    rule: 'hour_volume',
    passed: false,
    numbers: { volume: '31244.2', limit: '50000' },
  }),
  decision(5, 'ADA', 'sell', [65.2, 70.9], 'refused', 'stale_price', {
    rule: 'price_age',
    passed: false,
    numbers: { ageMs: 22100, limitMs: 15000 },
  }),
];

const waveRow = (
  back: number,
  status: Wave['status'],
  executed: number,
  validated: number,
  total: number,
): Wave => ({
  waveTime: wave(back),
  status,
  startedAt: unixMs(wave(back) + 20 * MIN),
  completedAt: unixMs(wave(back) + 20 * MIN + 9000),
  signalCount: total,
  results:
    total === 0
      ? {}
      : {
          binance: {
            venue: VENUE,
            total,
            filtered: {},
            validated,
            executed,
            failed: back === 2 ? 1 : 0,
            target: 5,
            targetReached: false,
            bufferUsed: back === 2 ? 1 : 0,
            duplicates: back === 3 ? 1 : 0,
            paramsSource: back === 2 ? 'override' : 'wave',
          },
        },
  note: null,
});
export const waves: Wave[] = [
  waveRow(2, 'completed', 3, 5, 7),
  waveRow(3, 'completed', 1, 1, 2),
  waveRow(4, 'not_found', 0, 0, 0),
  waveRow(5, 'completed', 0, 0, 2),
];

function order(
  base: string,
  leg: Order['leg'],
  side: 'buy' | 'sell',
  status: OrderStatus,
  amount: string,
  price: Decimal | null,
  note: string | null = null,
  back = 12 * MIN,
): Order {
  const done = status === 'filled';
  return {
    request: {
      clientOrderId: `wd1p-${base.toLowerCase()}-${leg.charAt(0)}1` as ClientOrderId,
      venue: VENUE,
      symbol: symbolOf(base),
      side,
      type: leg === 'stop' ? 'stop-market' : 'market',
      amount: amount as Decimal,
      price: null,
      triggerPrice: leg === 'stop' ? price : null,
      timeInForce: null,
      reduceOnly: leg !== 'entry',
      closePosition: false,
    },
    positionId: `p-${base}` as PositionId,
    leg,
    attempt: 1,
    status,
    venueOrderId: status === 'unknown' ? null : ('8389765432109' as VenueOrderId),
    filled: (done ? amount : '0') as Decimal,
    averagePrice: done ? price : null,
    intendedAt: ago(back),
    expiresAt: null,
    updatedAt: ago(back - 900),
    note,
  };
}

export const positions: Position[] = [];
export const orders: Order[] = [];
export const fills: Fill[] = [];

function position(
  base: string,
  side: 'long' | 'short',
  amount: string,
  openedAgo: number,
  part: Partial<Position> & { trailingState?: 'inactive' | 'active' } = {},
): void {
  const { trailingState = 'inactive', ...rest } = part;
  const entry = priceText(symbolOf(base), now - openedAgo);
  const away = side === 'long' ? minusPercent : plusPercent;
  const towards = side === 'long' ? plusPercent : minusPercent;
  const places = entry.split('.')[1]?.length ?? 0;
  const cut = (value: Decimal) => Number(value).toFixed(places) as Decimal;
  const stopPrice = cut(away(entry, '3.5' as Percent));
  const stopId = `wd1p-${base.toLowerCase()}-s1` as ClientOrderId;
  const closed = rest.status !== undefined && rest.status !== 'active' && rest.status !== 'pending_sl';
  positions.push({
    id: `p-${base}${closed ? '-old' : ''}` as PositionId,
    venue: VENUE,
    symbol: symbolOf(base),
    side,
    status: 'active',
    signalId: null,
    waveTime: wave(2),
    intendedAmount: amount as Decimal,
    amount: (closed ? '0' : amount) as Decimal,
    entryPrice: entry,
    exitPrice: null,
    realised: '0' as Decimal,
    fees: { USDT: '0.08' as Decimal },
    params: params.values,
    stop: {
      clientOrderId: stopId,
      price: stopPrice,
      amount: amount as Decimal,
      confirmedAt: ago(openedAgo - 1200),
    },
    trailing: {
      state: trailingState,
      activationPrice: cut(towards(entry, '2' as Percent)),
      peak: entry,
      wanted: trailingState === 'active' ? cut(towards(entry, '1.2' as Percent)) : null,
      lastAcceptedAt: null,
      updates: trailingState === 'active' ? 3 : 0,
    },
    closeReason: null,
    note: null,
    leverage: '1' as Decimal,
    openedAt: ago(openedAgo),
    closedAt: null,
    nakedSince: null,
    correlationId: `signal-${base}`,
    ...rest,
  });
  const into = side === 'long' ? 'buy' : 'sell';
  const out = side === 'long' ? 'sell' : 'buy';
  orders.push(order(base, 'entry', into, 'filled', amount, entry, null, openedAgo));
  orders.push(
    order(base, 'stop', out, closed ? 'cancelled' : 'open', amount, stopPrice, null, openedAgo - 1000),
  );
  fills.push({
    venue: VENUE,
    symbol: symbolOf(base),
    tradeId: String(4_100_000 + fills.length),
    venueOrderId: '8389765432109' as VenueOrderId,
    clientOrderId: `wd1p-${base.toLowerCase()}-e1` as ClientOrderId,
    side: into,
    price: entry,
    amount: amount as Decimal,
    fee: { cost: '0.0803' as Decimal, currency: 'USDT' },
    maker: false,
    venueTime: ago(openedAgo),
    seenAt: ago(openedAgo - 40),
  });
}

position('BTC', 'long', '0.003', 27 * MIN, { trailingState: 'active', waveTime: wave(3), paramsVersion: 6 });
position('SOL', 'long', '1.3', 12 * MIN, {
  paramsVersion: 8,
  aged: { phase: 'grace', target: priceText(symbolOf('SOL'), now - 12 * MIN), at: ago(MIN) },
});
position('ETH', 'long', '0.058', 11.9 * MIN);
position('XRP', 'short', '342', 11.8 * MIN, { paramsVersion: 7 });
position('ADA', 'long', '240', 9 * MIN, { venue: 'binance_paper', waveTime: wave(3), paramsVersion: 8 });
position('DOGE', 'long', '1620', 150 * MIN, {
  status: 'closed',
  closeReason: 'trailing_stop',
  closedAt: ago(95 * MIN),
  waveTime: wave(12),
  realised: '3.42' as Decimal,
  exitPrice: '0.12561' as Decimal,
});
position('LINK', 'short', '14.4', 170 * MIN, {
  status: 'closed',
  closeReason: 'stop_loss',
  closedAt: ago(64 * MIN),
  waveTime: wave(12),
  realised: '-7.03' as Decimal,
  exitPrice: '14.368' as Decimal,
});
orders.push(
  order('LTC', 'entry', 'sell', 'rejected', '2.8', null, '-2019 Margin is insufficient.', 11.7 * MIN),
);
orders.push(order('AVAX', 'entry', 'buy', 'unknown', '7.2', null, 'no answer for 4 s', 20_000));

/** Made-up trouble for looking at the loud states. */
export function strip(base: string): void {
  const index = positions.findIndex((row) => row.id === `p-${base}`);
  const row = positions[index];
  if (row) positions[index] = { ...row, status: 'pending_sl', stop: null, nakedSince: ago(4000) };
  const stop = orders.findIndex((one) => one.positionId === row?.id && one.leg === 'stop');
  if (stop >= 0) orders[stop] = { ...orders[stop]!, status: 'unknown', venueOrderId: null };
}

/** Two cards that wait for a person; the second runs out soon. */
export function askApprovals(): void {
  for (const [base, seconds] of [
    ['AVAX', 75],
    ['LINK', 18],
  ] as const) {
    const price = priceText(symbolOf(base), now);
    const row = decision(1, base, base === 'AVAX' ? 'buy' : 'sell', [81.2, 76.4], 'awaiting', null);
    decisions.push({
      ...row,
      approval: {
        sizeBase: '7.2' as Decimal,
        sizeUsd: '199.84' as Decimal,
        stopPrice: (base === 'AVAX' ? minusPercent : plusPercent)(price, '3.5' as Percent),
        riskUsd: '7.19' as Decimal,
        expiresAt: unixMs(now + seconds * 1000),
      },
    });
    setTimeout(() => {
      const index = decisions.findIndex((one) => one.signal.id === row.signal.id);
      const still = decisions[index];
      if (still?.fate === 'awaiting')
        decisions[index] = { ...still, fate: 'refused', reason: 'not_approved', approval: null };
    }, seconds * 1000);
  }
  waves.unshift({ ...waveRow(1, 'processing', 0, 2, 2), completedAt: null });
}

const records: JournalRecord[] = [
  { kind: 'app_started', version: '0.1.0', mode: 'practice', host: 'headless' },
  ...decisions.slice(0, 7).map((row): JournalRecord => ({ kind: 'signal_received', signal: row.signal })),
  ...decisions.slice(0, 7).map((row): JournalRecord => ({ kind: 'decision_made', decision: row })),
  ...orders.map(
    (row): JournalRecord => ({
      kind: 'order_changed',
      order: row,
      fact: 'accepted',
      why: 'the exchange answered',
    }),
  ),
  ...fills.map((fill): JournalRecord => ({ kind: 'fill_applied', fill, positionId: null })),
  ...positions.map(
    (row): JournalRecord => ({ kind: 'position_changed', position: row, why: 'the stop is confirmed' }),
  ),
  { kind: 'link_changed', link: 'binance_future public', state: 'stale', problem: 'silent for 30 s' },
];
export const journal: JournalRow[] = Array.from({ length: 700 }, (_, index) => ({
  seq: 700 - index,
  at: { wall: ago(index * 4100), market: ago(index * 4100) },
  record: records[(records.length * 100 - 1 - index) % records.length] as JournalRecord,
  hash: 'x',
}));

export const links = (): LinkStatus[] => {
  const at = Date.now();
  const link = (key: string, part: Partial<LinkStatus> = {}): LinkStatus => ({
    key,
    state: 'live',
    since: ago(34 * MIN),
    connectedAt: ago(34 * MIN),
    users: 14,
    streams: [
      { name: 'btcusdt@aggTrade', users: 2, lastMessageAt: unixMs(at - 120), refused: null, silent: false },
      { name: 'btcusdt@kline_1m', users: 1, lastMessageAt: unixMs(at - 260), refused: null, silent: false },
      {
        name: 'btcusdt@markPrice@1s',
        users: 1,
        lastMessageAt: unixMs(at - 700),
        refused: null,
        silent: false,
      },
    ],
    lastMessageAt: unixMs(at - 80),
    messages: 182_344,
    bytes: 61_200_000,
    rate: 412.4,
    host: 'stream.example:443',
    circuit: 'closed',
    reconnects: 0,
    reconnected: 0,
    reconnectsFailed: 0,
    badFrames: 0,
    nextAttemptAt: null,
    roundTripMs: 1.2,
    trend: {
      slotMs: 5_000,
      rate: Array.from({ length: 60 }, (_, i) => 400 + 60 * Math.sin(i / 5)),
      roundTripMs: Array.from({ length: 60 }, (_, i) => (i % 6 === 0 ? 1 + (i % 4) / 10 : null)),
    },
    planned: false,
    problem: null,
    ...part,
  });
  const quiet = { rate: 0.1, messages: 64, bytes: 21_000, streams: [], users: 1 };
  const wave = (height: number, speed: number) =>
    Array.from({ length: 60 }, (_, i) => height * (1 + 0.3 * Math.sin(i / speed) + 0.1 * Math.cos(i * 1.7)));
  const trend = (height: number, speed: number, ms: number) => ({
    slotMs: 5_000,
    rate: wave(height, speed),
    roundTripMs: wave(ms, 7).map((value, i) => (i % 4 === 0 ? value : null)),
  });
  return [
    link('binance_future public', { trend: trend(400, 5, 38), roundTripMs: 41.2 }),
    link('binance_future market', {
      rate: 96.1,
      trend: trend(96, 3, 38),
      roundTripMs: 40.7,
      reconnected: 1,
      reconnects: 1,
    }),
    link('binance_future private', { ...quiet, trend: trend(0.2, 9, 44), roundTripMs: 44 }),
    link('binance_spot public', {
      state: 'waiting',
      rate: 0,
      reconnects: 2,
      reconnected: 1,
      reconnectsFailed: 1,
      nextAttemptAt: unixMs(at + 8000),
      roundTripMs: null,
      lastMessageAt: unixMs(at - 41_000),
      problem: 'The exchange closed the connection (1006).',
      trend: {
        slotMs: 5_000,
        rate: [...wave(210, 4).slice(0, 52), 0, 0, 0, 0, 0, 0, 0, 0],
        roundTripMs: trend(1, 5, 33).roundTripMs,
      },
    }),
    link('bybit_future public', {
      rate: 288.4,
      trend: trend(290, 6, 182),
      roundTripMs: 190.3,
      streams: [
        {
          name: 'orderbook.1.BTCUSDT',
          users: 2,
          lastMessageAt: unixMs(at - 40),
          refused: null,
          silent: false,
        },
        {
          name: 'publicTrade.LUNAUSDT',
          users: 1,
          lastMessageAt: null,
          refused: 'Invalid symbol',
          silent: false,
        },
      ],
    }),
    link('bybit_future private', {
      ...quiet,
      state: 'refused',
      rate: null,
      roundTripMs: null,
      lastMessageAt: null,
      connectedAt: null,
      messages: 0,
      bytes: 0,
      problem: 'Bybit refused to sign in: API key is invalid (10003)',
      trend: { slotMs: 5_000, rate: [], roundTripMs: [] },
    }),
    link('gateio_future public', {
      state: 'waiting',
      circuit: 'open',
      rate: null,
      reconnects: 6,
      reconnectsFailed: 6,
      nextAttemptAt: unixMs(at + 51_000),
      roundTripMs: null,
      lastMessageAt: null,
      connectedAt: null,
      problem: 'no answer from fx-ws.gateio.ws:443 for 3 s',
      trend: { slotMs: 5_000, rate: [], roundTripMs: [] },
    }),
    link('hyperliquid_future public', { rate: 44.9, trend: trend(45, 8, 61), roundTripMs: 64.1 }),
    link('mexc_future public', {
      state: 'stale',
      rate: 12.2,
      trend: trend(14, 3, 240),
      roundTripMs: 251,
      problem: 'no data of sub.ticker.BTC_USDT: asked for again',
      streams: [
        { name: 'sub.deal.BTC_USDT', users: 1, lastMessageAt: unixMs(at - 90), refused: null, silent: false },
        {
          name: 'sub.ticker.BTC_USDT',
          users: 2,
          lastMessageAt: unixMs(at - 9_400),
          refused: null,
          silent: true,
        },
      ],
    }),
    link('signals', { ...quiet, messages: 120, bytes: 240_000, trend: trend(0.1, 2, 12), roundTripMs: 12.4 }),
  ];
};

export const venueClocks = (): VenueClock[] => {
  const clock = (venue: VenueClock['venue'], offsetMs: number | null, problem: string | null = null) => ({
    venue,
    offsetMs,
    roundTripMs: offsetMs === null ? null : 84,
    measuredAt: offsetMs === null ? null : ago(11 * MIN),
    problem,
  });
  return [
    clock('binance_future', 12),
    clock('binance_spot', -18),
    clock('bybit_future', 1_420),
    clock('gateio_future', null, 'no answer within 10 s'),
    clock('hyperliquid_future', 80),
    clock('mexc_future', -12_400),
  ];
};
