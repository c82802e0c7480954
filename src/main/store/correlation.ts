import type Database from 'better-sqlite3';
import type { EventLine } from './event-line';

/**
 * One correlation id for everything about a signal, from its arrival to the close of its position (M-116). Orders,
 * fills and params name only their position or signal: the id comes from there.
 */
export function createCorrelation(db: Database.Database) {
  const byPosition = db.prepare<[string], { id: string }>(
    'SELECT correlation_id AS id FROM positions WHERE id = ?',
  );
  const bySignal = db.prepare<[number], { id: string }>(
    'SELECT correlation_id AS id FROM signals WHERE id = ?',
  );
  const adopt = db.prepare<[string, string]>(
    'UPDATE events SET correlation_id = ? WHERE position_id = ? AND correlation_id IS NULL',
  );
  const ofPosition = (positionId: string): string | null => byPosition.get(positionId)?.id ?? null;
  return {
    ofPosition,
    of({ correlationId, positionId, signalId }: EventLine): string | null {
      if (correlationId) return correlationId;
      const fromPosition = positionId ? ofPosition(positionId) : null;
      return fromPosition ?? (signalId ? (bySignal.get(signalId)?.id ?? null) : null);
    },
    /** An order may be written before its position: its lines get the id when the position comes. */
    adopt: (positionId: string, correlationId: string): void => void adopt.run(correlationId, positionId),
  };
}
