import type Database from 'better-sqlite3';
import type { JournalRecord } from '#shared/domain/journal';
import { canonicalJson } from './canonical';
import { eventLine } from './event-line';
import {
  type Columns,
  decisionRow,
  fillRow,
  orderRow,
  type Place,
  paramsHistoryRow,
  paramsRow,
  positionRow,
  signalRow,
  waveRow,
} from './rows';

/** The tables that the journal alone can rebuild, each with what orders its rows. */
export const PROJECTIONS: Readonly<Record<string, string>> = {
  signals: 'id',
  waves: 'wave_time',
  decisions: 'signal_id',
  params: 'exchange_id',
  params_history: 'seq',
  positions: 'id',
  orders: 'client_order_id',
  fills: 'seq',
  settings: 'id',
  events: 'id',
};

/**
 * A prepared "put by key". Columns in `first` keep the value of the first row that was put. Preparing waits for
 * the first row because its keys name the columns.
 */
function createPut(db: Database.Database, table: string, key: string, first: readonly string[] = []) {
  let statement: Database.Statement<[Columns]> | null = null;
  return (row: Columns): void => {
    if (statement === null) {
      const names = Object.keys(row);
      const sets = names.filter((name) => name !== key && !first.includes(name));
      statement = db.prepare<[Columns]>(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})
         ON CONFLICT (${key}) DO UPDATE SET ${sets.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      );
    }
    statement.run(row);
  };
}

/** Applies one journal record to the projections; the caller holds the transaction. */
export type Projector = (record: JournalRecord, place: Place) => void;

export function createProjector(db: Database.Database): Projector {
  const put = {
    signal: createPut(db, 'signals', 'id', ['seq']),
    wave: createPut(db, 'waves', 'wave_time'),
    decision: createPut(db, 'decisions', 'signal_id'),
    params: createPut(db, 'params', 'exchange_id', ['created_at']),
    paramsHistory: createPut(db, 'params_history', 'seq'),
    position: createPut(db, 'positions', 'id', ['created_at']),
    order: createPut(db, 'orders', 'client_order_id', ['seq', 'created_at']),
    fill: createPut(db, 'fills', 'seq'),
    settings: createPut(db, 'settings', 'id'),
    event: createPut(db, 'events', 'id'),
  };

  const state = (record: JournalRecord, place: Place): void => {
    switch (record.kind) {
      case 'signal_received':
        put.signal(signalRow(record.signal, place));
        break;
      case 'wave_changed':
        put.wave(waveRow(record.wave));
        break;
      case 'decision_made':
        put.decision(decisionRow(record.decision));
        break;
      case 'params_changed':
        put.params(paramsRow(record.after, place));
        put.paramsHistory(paramsHistoryRow(record.after, record.source, place));
        break;
      case 'position_changed':
        put.position(positionRow(record.position, place));
        break;
      case 'order_changed':
        put.order(orderRow(record.order, place));
        break;
      case 'fill_applied':
        put.fill(fillRow(record.fill, record.positionId, place));
        break;
      case 'settings_changed':
        put.settings({ id: 1, updated_at: place.at.wall, image: canonicalJson(record.after) });
        break;
    }
  };

  return (record, place) => {
    state(record, place);
    const line = eventLine(record);
    put.event({
      id: place.seq,
      event_type: line.type,
      severity: line.severity,
      text: line.text,
      correlation_id: line.correlationId ?? null,
      position_id: line.positionId ?? null,
      order_id: line.orderId ?? null,
      symbol: line.symbol ?? null,
      exchange: line.exchange ?? null,
      created_at: place.at.wall,
    });
  };
}
