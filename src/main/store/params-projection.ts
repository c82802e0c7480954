import type Database from 'better-sqlite3';
import type { Percent } from '#shared/domain/basics';
import { type ExchangeName, idOfExchange } from '#shared/domain/exchange';
import type { JournalRecord } from '#shared/domain/journal';
import type { ParamsVersion, StoredParams } from '#shared/domain/params';
import { significantChanges } from '#shared/domain/params-change';
import { canonicalJson } from './canonical';
import { type Columns, type Place, percentText } from './rows';

type ParamsChanged = Extract<JournalRecord, { readonly kind: 'params_changed' }>;

const percentOrNull = (value: Percent | null): string | null => (value === null ? null : percentText(value));

const filterColumns = (values: StoredParams['values']): Columns => ({
  max_trades_filter: values.maxTrades,
  stop_loss_filter: percentOrNull(values.stopLoss),
  trailing_activation_filter: percentOrNull(values.trailingActivation),
  trailing_distance_filter: percentOrNull(values.trailingDistance),
});

export const paramsRow = (params: StoredParams, { at }: Place): Columns => ({
  exchange_id: idOfExchange(params.exchange),
  ...filterColumns(params.values),
  updated_at: params.updatedAt ?? at.wall,
  created_at: at.wall,
  exchange: params.exchange,
  wave_timestamp: params.waveTime,
  signal_id: params.signalId,
  version: params.version ?? null,
  image: canonicalJson(params),
});

export const paramsHistoryRow = (version: ParamsVersion, { seq }: Place): Columns => ({
  id: seq,
  exchange_id: idOfExchange(version.exchange),
  version: version.version,
  ...filterColumns(version.values),
  changed_at: version.changedAt,
  wave_timestamp: version.waveTime,
  signal_id: version.signalId,
  source: version.source,
  significant: canonicalJson(version.significant),
  image: canonicalJson(version),
});

/** Reads and counts what was said about params so far; the one place where versions get their numbers. */
export function createParamsCounter(db: Database.Database) {
  const current = db.prepare<[ExchangeName], { image: string | null }>(
    'SELECT image FROM params WHERE exchange = ?',
  );
  const stored = (exchange: ExchangeName): StoredParams | null => {
    const image = current.get(exchange)?.image ?? null;
    return image === null ? null : (JSON.parse(image) as StoredParams);
  };
  return {
    stored,
    /** The record as it goes into the journal: its version follows the one before, whatever its maker expected. */
    numbered(record: ParamsChanged): ParamsChanged {
      const version = (stored(record.exchange)?.version ?? 0) + 1;
      return { ...record, after: { ...record.after, version } };
    },
    /** What the tables get. Records from before versions were counted are counted here. */
    version(record: ParamsChanged, { at }: Place): { row: StoredParams; history: ParamsVersion } {
      const before = stored(record.exchange);
      const { after, source } = record;
      const version = after.version ?? (before?.version ?? 0) + 1;
      const { exchange, values, locks, waveTime, signalId } = after;
      const history = {
        exchange,
        version,
        values,
        locks,
        source,
        changedAt: after.updatedAt ?? at.wall,
        waveTime,
        signalId,
        significant: significantChanges(before, after),
      };
      return { row: { ...after, version }, history };
    },
  };
}
