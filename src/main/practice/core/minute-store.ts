import { MINUTE_MS } from './feed';

const HOUR_MS = 60 * MINUTE_MS;
const MINUTES = 60;

/**
 * Rows of numbers by minute, in typed blocks of an hour: a day of one symbol costs 130 KB, whatever it holds, and none of
 * it on the heap that the garbage collector walks.
 */
export interface MinuteStore<K extends string> {
  /** A fresh row, or null when that minute is not held. */
  get(time: number): Record<K, number> | null;
  put(time: number, row: Readonly<Record<K, number>>): void;
}

/**
 * Holds `hours` back from the newest minute put, all of whose room is taken at once, so that a market that runs for a day
 * is as large as one that has just begun. Older minutes come and go in `spare` further blocks, first come, first gone.
 */
export function createMinuteStore<K extends string>(
  columns: readonly K[],
  now: number,
  room: { readonly hours: number; readonly spare: number },
): MinuteStore<K> {
  const width = columns.length + 1;
  const blocks = new Map<number, Float64Array>();
  const older = new Map<number, Float64Array>();
  const hourOf = (time: number): number => Math.floor(time / HOUR_MS) * HOUR_MS;
  const fresh = (): Float64Array => new Float64Array(MINUTES * width);
  let newest = hourOf(now);
  for (let n = room.hours - 1; n >= 0; n--) blocks.set(newest - n * HOUR_MS, fresh());

  /** Moves on to a later hour, into the block that leaves the window. */
  const slideTo = (hour: number): void => {
    const steps = Math.min(room.hours, (hour - newest) / HOUR_MS);
    newest = hour;
    for (let n = steps - 1; n >= 0; n--) {
      const [gone] = blocks.keys();
      const block = blocks.get(gone as number) as Float64Array;
      blocks.delete(gone as number);
      blocks.set(hour - n * HOUR_MS, block.fill(0));
    }
  };
  const blockFor = (hour: number): Float64Array => {
    if (hour > newest) slideTo(hour);
    const kept = blocks.get(hour) ?? older.get(hour);
    if (kept) return kept;
    const block = fresh();
    older.set(hour, block);
    if (older.size > room.spare) older.delete(older.keys().next().value as number);
    return block;
  };

  return {
    get(time) {
      const hour = hourOf(time);
      const block = blocks.get(hour) ?? older.get(hour);
      const at = ((time - hour) / MINUTE_MS) * width;
      if (block?.[at] !== 1) return null;
      const row = {} as Record<K, number>;
      for (let n = 1; n < width; n++) row[columns[n - 1] as K] = block[at + n] as number;
      return row;
    },
    put(time, row) {
      const hour = hourOf(time);
      const block = blockFor(hour);
      const at = ((time - hour) / MINUTE_MS) * width;
      block[at] = 1;
      for (let n = 1; n < width; n++) block[at + n] = row[columns[n - 1] as K];
    },
  };
}
