import type { Store } from '#main/store/index';
import type { UnixMs } from '#shared/domain/basics';
import { isPositive } from '#shared/domain/decimal';
import type { JournalRow } from '#shared/domain/journal';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';

/** No position may stand without a stop on the exchange for longer, wall time of the world. */
export const LONGEST_NAKED_MS = 30_000;

/**
 * Looks at every row as it is committed and keeps what must never happen. It counts for itself and does not ask
 * the engine's own alarms.
 */
export function watchJournal(store: Pick<Store, 'onCommit'>) {
  const open = new Map<string, Position>();
  const nakedSince = new Map<string, UnixMs>();
  const violations: string[] = [];
  const grave: string[] = [];
  const kinds = new Map<string, number>();
  let longestNakedMs = 0;

  const clothe = (id: string, now: UnixMs): void => {
    const since = nakedSince.get(id);
    if (since === undefined) return;
    nakedSince.delete(id);
    const ms = now - since;
    longestNakedMs = Math.max(longestNakedMs, ms);
    if (ms > LONGEST_NAKED_MS) violations.push(`${id} had no stop for ${ms} ms`);
  };
  const onPosition = (position: Position, now: UnixMs): void => {
    const isOpen = OPEN_POSITION_STATUSES.has(position.status);
    if (isOpen) {
      for (const other of open.values())
        if (other.id !== position.id && other.venue === position.venue && other.symbol === position.symbol)
          violations.push(`${position.id} opened ${position.symbol} while ${other.id} held it`);
      open.set(position.id, position);
    } else open.delete(position.id);
    const naked = isOpen && isPositive(position.amount) && position.stop === null;
    if (!naked) clothe(position.id, now);
    else if (!nakedSince.has(position.id)) nakedSince.set(position.id, now);
  };
  const onRow = ({ record, at }: JournalRow): void => {
    const kind = record.kind === 'event' ? `event ${record.type}` : record.kind;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (record.kind === 'position_changed') onPosition(record.position, at.wall);
    if (record.kind === 'event' && (record.severity === 'error' || record.severity === 'critical'))
      grave.push(`${record.type}: ${record.text} ${JSON.stringify(record.data)}`);
    if (record.kind === 'halt_changed' && record.halted) grave.push(`halted: ${record.cause}`);
  };
  store.onCommit((rows) => rows.forEach(onRow));

  return {
    /** Adds positions that stand naked right now, then says what was wrong. */
    violations(now: UnixMs): readonly string[] {
      const late = [...nakedSince].filter(([, since]) => now - since > LONGEST_NAKED_MS);
      return [...violations, ...late.map(([id, since]) => `${id} has had no stop since ${now - since} ms`)];
    },
    grave: (): readonly string[] => grave,
    kinds: (): ReadonlyMap<string, number> => kinds,
    longestNakedMs: () => longestNakedMs,
    /** Takes over what an earlier life of the same desk left open. */
    seed(positions: readonly Position[], now: UnixMs): void {
      for (const position of positions) onPosition(position, now);
    },
  };
}
