import type Database from 'better-sqlite3';
import type { JournalRecord } from '#shared/domain/journal';
import type { Position } from '#shared/domain/position';
import { canonicalJson } from './canonical';
import { createCorrelation } from './correlation';
import { eventLine } from './event-line';
import { createParamsCounter, paramsHistoryRow, paramsRow } from './params-projection';
import { agedRow, createLinks, positionRow, type TrailingBefore, trailingRow } from './position-projection';
import { type Columns, decisionRow, fillRow, orderRow, type Place, signalRow, waveRow } from './rows';

/** The tables that the journal alone can rebuild, each with what orders its rows. */
export const PROJECTIONS: Readonly<Record<string, string>> = {
  signals: 'id',
  waves: 'wave_time',
  decisions: 'signal_id',
  decision_counts: 'bucket',
  decision_totals: 'bucket',
  params: 'exchange_id',
  params_history: 'id',
  positions: 'id',
  orders: 'client_order_id',
  fills: 'seq',
  trailing_stop_state: 'position_id',
  aged_positions: 'position_id',
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
    paramsHistory: createPut(db, 'params_history', 'id'),
    position: createPut(db, 'positions', 'id', ['created_at']),
    order: createPut(db, 'orders', 'client_order_id', ['seq', 'created_at']),
    fill: createPut(db, 'fills', 'seq'),
    trailing: createPut(db, 'trailing_stop_state', 'position_id'),
    aged: createPut(db, 'aged_positions', 'position_id'),
    settings: createPut(db, 'settings', 'id'),
    event: createPut(db, 'events', 'id'),
  };

  const counter = createParamsCounter(db);
  const links = createLinks(db);
  const correlation = createCorrelation(db);
  const trailingOf = db.prepare<[string], TrailingBefore>(
    `SELECT activated_at, last_peak_save_time, last_saved_peak_price FROM trailing_stop_state
     WHERE position_id = ?`,
  );
  const dropTrailing = db.prepare<[string]>('DELETE FROM trailing_stop_state WHERE position_id = ?');
  const dropAged = db.prepare<[string]>('DELETE FROM aged_positions WHERE position_id = ?');

  const putPosition = (position: Position, place: Place): void => {
    const isNew = correlation.ofPosition(position.id) === null;
    put.position(positionRow(position, place));
    const trailing = trailingRow(position, place, trailingOf.get(position.id));
    if (trailing === null) dropTrailing.run(position.id);
    else put.trailing(trailing);
    const aged = agedRow(position);
    if (aged === null) dropAged.run(position.id);
    else put.aged(aged);
    if (!isNew) return;
    links.entryOf(position.id);
    correlation.adopt(position.id, position.correlationId);
  };

  const putParams = (record: Extract<JournalRecord, { kind: 'params_changed' }>, place: Place): void => {
    const { row, history } = counter.version(record, place);
    put.params(paramsRow(row, place));
    put.paramsHistory(paramsHistoryRow(history, place));
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
        putParams(record, place);
        break;
      case 'position_changed':
        putPosition(record.position, place);
        break;
      case 'order_changed':
        put.order(orderRow(record.order, place));
        if (record.order.leg === 'entry') links.entryOf(record.order.positionId);
        break;
      case 'fill_applied':
        put.fill(fillRow(record.fill, record.positionId, place));
        links.feeOf(record.fill);
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
      event_data: canonicalJson(line.data),
      correlation_id: correlation.of(line),
      position_id: line.positionId ?? null,
      order_id: line.orderId ?? null,
      symbol: line.symbol ?? null,
      exchange: line.exchange ?? null,
      severity: line.severity.toUpperCase(),
      error_message: line.error ?? null,
      stack_trace: line.stack ?? null,
      created_at: place.at.wall,
      text: line.text,
    });
  };
}
