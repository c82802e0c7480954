import type { EngineEvent, EngineStart, SignalFacts } from '#main/engine/types';
import { type ClientOrderId, type Decimal, type Moment, type Percent, unixMs } from '#shared/domain/basics';
import type { Decision, Wave } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { JournalRecord } from '#shared/domain/journal';
import { type Fill, fillKey, type Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import type { EffectiveParams } from '#shared/domain/params';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { DEFAULT_SETTINGS, type Settings } from '#shared/domain/settings';
import type { Signal } from '#shared/domain/signal';

export const d = (text: string): Decimal => text as Decimal;
export const pc = (text: string): Percent => text as Percent;
export const FUTURE: VenueKey = 'binance_future';
export const BTC = 'BTC/USDT:USDT' as Symbol;
export const symbolOf = (base: string): Symbol => `${base}/USDT:USDT` as Symbol;
/** 2026-01-01T00:00:00Z, a wave's candle. */
export const T0 = 1_767_225_600_000;
export const at = (ms: number): Moment => ({ wall: unixMs(T0 + ms), market: unixMs(T0 + ms) });

export const instrument = (symbol: Symbol, over: Partial<Instrument> = {}): Instrument => ({
  exchange: 'binance',
  market: 'future',
  symbol,
  wireSymbol: symbol.split(':')[0]!.replace('/', ''),
  base: symbol.split('/')[0]!,
  quote: 'USDT',
  active: true,
  tickSize: d('0.01'),
  stepSize: d('0.001'),
  minAmount: d('0.001'),
  maxAmount: null,
  minNotional: d('5'),
  ...over,
});

export const signal = (id: number, symbol: Symbol, over: Partial<Signal> = {}): Signal => ({
  id: id as Signal['id'],
  symbol,
  pairSymbol: symbol.split(':')[0]!.replace('/', ''),
  action: 'buy',
  exchange: 'binance',
  exchangeId: 1,
  scoreWeek: 90 - id,
  scoreMonth: 80,
  scoreWeekFilter: null,
  scoreMonthFilter: null,
  timestamp: unixMs(T0),
  createdAt: unixMs(T0),
  waveTime: unixMs(T0),
  filterParams: null,
  receivedAt: unixMs(T0),
  correlationId: `c${id}`,
  ...over,
});

export const facts = (symbol: Symbol, over: Partial<SignalFacts> = {}): SignalFacts => ({
  instrument: instrument(symbol),
  price: d('100'),
  priceSeenAt: unixMs(T0),
  bid: d('99.99'),
  ask: d('100.01'),
  openInterestUsd: d('5000000'),
  hourVolumeUsd: d('900000'),
  fiveMinuteChangePercent: 0.5,
  ...over,
});

export const params = (over: Partial<EffectiveParams['values']> = {}): EffectiveParams => ({
  exchange: 'binance',
  values: {
    maxTrades: 5,
    stopLoss: pc('4'),
    trailingActivation: pc('2'),
    trailingDistance: pc('0.5'),
    ...over,
  },
  origins: {
    maxTrades: 'default',
    stopLoss: 'default',
    trailingActivation: 'default',
    trailingDistance: 'default',
  },
});

export const settings = (over: Partial<Settings> = {}): Settings => ({ ...DEFAULT_SETTINGS, ...over });

export function wave(
  signals: readonly Signal[],
  options: {
    readonly maxTrades?: number;
    readonly priceSeenAt?: number;
    readonly venue?: VenueKey;
    readonly facts?: Partial<SignalFacts>;
    readonly waveTime?: number;
    readonly provider?: Extract<EngineEvent, { type: 'wave' }>['provider'];
    readonly params?: EffectiveParams;
  } = {},
): EngineEvent {
  return {
    type: 'wave',
    waveTime: unixMs(options.waveTime ?? T0),
    signals: signals.map((each) => ({
      signal: each,
      venue: options.venue ?? FUTURE,
      facts: facts(each.symbol, {
        priceSeenAt: unixMs(options.priceSeenAt ?? T0),
        ...options.facts,
      }),
    })),
    params: {
      binance:
        options.params ?? params(options.maxTrades === undefined ? {} : { maxTrades: options.maxTrades }),
    },
    ...(options.provider === undefined ? {} : { provider: options.provider }),
  };
}

export const emptyStart = (over: Partial<EngineStart> = {}): EngineStart => ({
  mode: 'practice',
  installPrefix: 'w7k2',
  settings: settings(),
  positions: [],
  orders: [],
  fillKeys: [],
  fills: [],
  executedSignalIds: new Set(),
  processedWaves: new Set(),
  waves: [],
  decisions: [],
  instruments: ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOT', 'LTC', 'BNB', 'UNI', 'TRX'].map((base) =>
    instrument(symbolOf(base)),
  ),
  killed: false,
  requestExpiryMs: { binance_future: 5_000 },
  ...over,
});

/** Last image of each thing, as a store rebuilds them from the journal. */
export function imagesOf(records: readonly JournalRecord[]) {
  const positions = new Map<string, Position>();
  const orders = new Map<ClientOrderId, Order>();
  const waves = new Map<number, Wave>();
  const decisions = new Map<number, Decision>();
  const fills: Fill[] = [];
  let killed = false;
  for (const record of records) {
    if (record.kind === 'position_changed') positions.set(record.position.id, record.position);
    if (record.kind === 'order_changed') orders.set(record.order.request.clientOrderId, record.order);
    if (record.kind === 'wave_changed') waves.set(record.wave.waveTime, record.wave);
    if (record.kind === 'decision_made') decisions.set(record.decision.signal.id, record.decision);
    if (record.kind === 'fill_applied') fills.push(record.fill);
    if (record.kind === 'halt_changed') killed = record.halted;
  }
  return { positions, orders, waves, decisions, fills, killed };
}

/** What the desk would hand a fresh engine after reading the journal. */
export function startFrom(records: readonly JournalRecord[], over: Partial<EngineStart> = {}): EngineStart {
  const images = imagesOf(records);
  const positions = [...images.positions.values()].filter((position) =>
    OPEN_POSITION_STATUSES.has(position.status),
  );
  const open = new Set(positions.map((position) => position.id));
  return emptyStart({
    positions,
    orders: [...images.orders.values()].filter(
      (order) => open.has(order.positionId) || !isEnded(order.status),
    ),
    fillKeys: images.fills.map(fillKey),
    fills: images.fills,
    executedSignalIds: new Set(
      [...images.decisions.values()]
        .filter((decision) => decision.positionId !== null)
        .map((decision) => decision.signal.id as number),
    ),
    processedWaves: new Set(images.waves.keys()),
    waves: [...images.waves.values()],
    decisions: [...images.decisions.values()],
    killed: images.killed,
    ...over,
  });
}
