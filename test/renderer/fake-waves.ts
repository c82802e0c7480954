/** Made-up ledger, params versions and provider for the stand-in. */
import type { ParamsRow, WhatIf } from '#shared/contract/params';
import type { LedgerPage, LedgerRow, ProviderStatus } from '#shared/contract/signals';
import { type Percent, type SignalId, type UnixMs, unixMs } from '#shared/domain/basics';
import type { ReasonCode, SignalFate } from '#shared/domain/decision';
import { DEFAULT_PARAMS, type ParamsVersion } from '#shared/domain/params';
import { significantChanges } from '#shared/domain/params-change';
import { ProviderSettings } from '#shared/domain/provider';
import type { Settings } from '#shared/domain/settings';
import { PARAM_NAMES } from '#shared/domain/signal';
import { priceText } from './fake-market';
import * as rows from './fake-rows';

const MIN = 60_000;
const SYMBOLS = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOGE', 'AVAX', 'LINK', 'LTC', 'NEAR', 'PEPE', 'TRX'];
const FATES: readonly (readonly [SignalFate, ReasonCode | null])[] = [
  ['executed', null],
  ['refused', 'low_open_interest'],
  ['refused', 'low_volume'],
  ['unused', 'target_reached'],
  ['refused', 'duplicate_position'],
  ['refused', 'price_overheated'],
  ['failed', 'entry_rejected'],
  ['refused', 'not_approved'],
];
const made: LedgerRow[] = Array.from({ length: 3000 }, (_, index) => {
  const waveTime = unixMs((Math.floor(rows.now / (15 * MIN)) - 6 - Math.floor(index / 8)) * 15 * MIN);
  const [fate, reason] = FATES[(index * 7) % FATES.length] as (typeof FATES)[number];
  const symbol = `${SYMBOLS[(index * 5) % SYMBOLS.length]}/USDT:USDT`;
  return {
    signalId: 5_247_000 - index,
    symbol,
    exchange: 'binance',
    side: index % 3 === 0 ? 'sell' : 'buy',
    waveTime,
    fate,
    reason,
    score: 165.3 - (index % 23),
    price: priceText(symbol, waveTime),
    decidedAt: unixMs(waveTime + 20 * MIN),
  };
});
export const ledger: LedgerRow[] = [
  ...rows.decisions
    .map(
      (row): LedgerRow => ({
        signalId: row.signal.id,
        symbol: row.signal.symbol,
        exchange: row.signal.exchange,
        side: row.signal.action,
        waveTime: row.signal.waveTime,
        fate: row.fate,
        reason: row.reason,
        score: row.signal.scoreWeek + row.signal.scoreMonth,
        price: row.price,
        decidedAt: row.decidedAt,
      }),
    )
    .sort((a, b) => b.decidedAt - a.decidedAt),
  ...made,
];

export function ledgerOf(
  all: readonly LedgerRow[],
  ask: {
    readonly reason?: ReasonCode | undefined;
    readonly fate?: SignalFate | undefined;
    readonly text?: string | undefined;
    readonly from?: UnixMs | undefined;
    readonly to?: UnixMs | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): LedgerPage {
  const counts: Partial<Record<ReasonCode | SignalFate, number>> = {};
  for (const { fate, reason } of all)
    for (const key of reason === null ? [fate] : [fate, reason]) counts[key] = (counts[key] ?? 0) + 1;
  const found = all.filter(
    (row) =>
      (ask.reason === undefined || row.reason === ask.reason) &&
      (ask.fate === undefined || row.fate === ask.fate) &&
      (ask.text === undefined || `${row.symbol} ${row.signalId}`.includes(ask.text.toUpperCase())) &&
      (ask.from === undefined || row.decidedAt >= ask.from) &&
      (ask.to === undefined || row.decidedAt <= ask.to),
  );
  return { rows: found.slice(ask.offset, ask.offset + ask.limit), total: found.length, reasons: counts };
}

const none = { maxTrades: null, stopLoss: null, trailingActivation: null, trailingDistance: null };
export const versions: ParamsVersion[] = [];
/** Adds a version as main would; `locks` are merged over the ones before. */
export function newVersion(
  source: ParamsVersion['source'],
  locks: Partial<ParamsVersion['locks']>,
  values?: Partial<ParamsVersion['values']>,
  changedAt = unixMs(Date.now()),
): void {
  const before = versions[0];
  const next = {
    values: { ...(before?.values ?? none), ...values },
    locks: { ...(before?.locks ?? none), ...locks },
  };
  versions.unshift({
    exchange: 'binance',
    version: (before?.version ?? 0) + 1,
    ...next,
    source,
    changedAt,
    waveTime: source === 'wave' ? unixMs(Math.floor(changedAt / (15 * MIN)) * 15 * MIN) : null,
    signalId: source === 'wave' ? (5_247_800 as SignalId) : null,
    significant: significantChanges(before ?? null, next),
  });
  for (const tell of listeners) tell();
}
export const listeners = new Set<() => void>();
const at = (hours: number) => unixMs(rows.now - hours * 60 * MIN);
const percent = (text: string) => text as Percent;
newVersion('wave', {}, { ...DEFAULT_PARAMS, maxTrades: 4 }, at(96));
newVersion('wave', {}, { stopLoss: percent('3.8'), trailingActivation: percent('2.2') }, at(72));
newVersion('wave', {}, { stopLoss: percent('5'), maxTrades: 6 }, at(49));
newVersion('lock', { trailingDistance: percent('0.4') }, {}, at(30));
newVersion('wave', {}, { stopLoss: percent('4.1'), trailingActivation: percent('1.8') }, at(20));
newVersion('rollback', {}, { stopLoss: percent('3.8') }, at(9));
newVersion('wave', {}, { stopLoss: percent('3.6'), maxTrades: 5 }, at(4));
newVersion('wave', {}, { stopLoss: percent('3.5'), trailingActivation: percent('2') }, at(0.3));

export function paramsNow(): ParamsRow {
  const newest = versions[0] as ParamsVersion;
  const entries = PARAM_NAMES.map(
    (name) => [name, newest.locks[name] ?? newest.values[name] ?? DEFAULT_PARAMS[name]] as const,
  );
  const { exchange, values, locks, version, waveTime, signalId, changedAt } = newest;
  return {
    effective: {
      exchange,
      values: Object.fromEntries(entries) as unknown as typeof DEFAULT_PARAMS,
      origins: {
        maxTrades: newest.locks.maxTrades === null ? 'wave' : 'lock',
        stopLoss: newest.locks.stopLoss === null ? 'wave' : 'lock',
        trailingActivation: newest.locks.trailingActivation === null ? 'stored' : 'lock',
        trailingDistance: newest.locks.trailingDistance === null ? 'default' : 'lock',
      },
      version,
    },
    waveTime: rows.waves[0]?.waveTime ?? null,
    updatedAt: changedAt,
    signalId: 5_247_800,
    stored: { exchange, values, locks, waveTime, signalId, updatedAt: changedAt, version },
  };
}

export function whatIf(from: UnixMs, to: UnixMs): WhatIf {
  const curve = (drift: number, size: number) =>
    Array.from({ length: 160 }, (_, index) => ({
      at: unixMs(from + Math.floor(((to - from) * index) / 159)),
      equity: 10_000 + drift * index + size * Math.sin(index / 7) + (size / 2) * Math.sin(index / 2.3),
    }));
  return {
    from,
    to,
    waves: 168,
    actual: { curve: curve(0.8, 22), trades: 311, profitUsd: 127.4 },
    other: { curve: curve(-0.3, 31), trades: 274, profitUsd: -48.12 },
    notes: ['1-minute candles of 14 markets', '3 waves were left out for want of prices'],
  };
}

export function provider(settings: Settings): ProviderStatus {
  return {
    id: 'practice',
    name: 'Practice signals',
    settings: settings.providers.practice ?? ProviderSettings.parse({ mode: 'auto' }),
    state: 'authenticated',
    connectedAt: at(0.6),
    lastSignalAt: at(0.2),
    signalsReceived: 1204,
    bad: { missing_field: 3, wrong_type: 1 },
    reconnections: 1,
    bytesReceived: 2_410_000,
    buffered: 7,
    queryIntervalSeconds: 5,
    signalWindowMinutes: 30,
    missedFrames: 2,
  };
}
