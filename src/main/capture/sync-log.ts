import type { Seams } from '#main/seams/seams';

const KEPT_MS = 30 * 86_400_000;
/** Lines are written together: a burst of fills must not become a burst of writes. Wall ms. */
const FLUSH_MS = 250;
const FILE = /^trade_sync_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)\.log$/;

/** What can stand on a line besides its time and event. */
export type SyncLine = Readonly<Record<string, string | number | boolean | null>>;
export type SyncEvent = 'fetch_start' | 'fetch_result' | 'storage' | 'position_update' | 'sync_summary';

export interface SyncLog {
  readonly file: string;
  write(event: SyncEvent, line: SyncLine): void;
  flush(): void;
  close(): void;
}

/**
 * The trade sync log of one start: `trade_sync_YYYYMMDD_HHMMSS.log` (UTC), one JSON line per step. Files of starts
 * more than 30 days ago are removed. A disk that refuses costs lines, which are counted, and nothing else.
 */
export function createSyncLog({
  seams: { clock, timers, disk },
  folder,
}: {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'disk'>;
  readonly folder: string;
}): SyncLog {
  const file = `${folder}/${nameOf(clock.now())}`;
  let waiting: string[] = [];
  let lost = 0;
  const flush = (): void => {
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    const told =
      lost === 0 ? '' : `${JSON.stringify({ at: isoOf(clock.now()), event: 'lines_lost', count: lost })}\n`;
    try {
      disk.append(file, `${told}${lines.join('')}`);
      lost = 0;
    } catch {
      lost += lines.length;
    }
  };
  removeOld(disk, folder, clock.now());
  const stop = timers.every(FLUSH_MS, flush);
  return {
    file,
    write(event, line) {
      waiting.push(`${JSON.stringify({ at: isoOf(clock.now()), event, ...line })}\n`);
    },
    flush,
    close() {
      stop();
      flush();
    },
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
const nameOf = (ms: number): string => {
  const [day, time] = isoOf(ms).split('T') as [string, string];
  return `trade_sync_${day.replaceAll('-', '')}_${time.slice(0, 8).replaceAll(':', '')}.log`;
};

function removeOld(disk: Seams['disk'], folder: string, now: number): void {
  for (const name of disk.list(folder)) {
    const parts = FILE.exec(name)?.slice(1).map(Number) as
      | [number, number, number, number, number, number]
      | undefined;
    if (parts === undefined) continue;
    const [year, month, day, hour, minute, second] = parts;
    if (now - Date.UTC(year, month - 1, day, hour, minute, second) <= KEPT_MS) continue;
    try {
      disk.remove(`${folder}/${name}`);
    } catch {
      // It is tried again at the next start.
    }
  }
}
