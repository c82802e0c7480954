import { join } from 'node:path';
import type { Instrument } from '#shared/domain/instrument';
import type { Recording } from '#shared/domain/recording';
import { createLatest, type DeskParts } from '../api/index';
import { createRecorder } from '../capture/index';
import type { TappedPool } from '../connectivity/index';
import type { Seams } from '../seams/index';

/** The recorder behind the button of the Connections panel: files in the profile, named after their start. */
export function createDeskRecorder({
  seams,
  pool,
  folder,
  mode,
  instruments,
}: {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'disk' | 'random'>;
  readonly pool: Pick<TappedPool, 'tap'>;
  readonly folder: string;
  readonly mode: string;
  readonly instruments: () => readonly Instrument[];
}): DeskParts['recorder'] & { close(): void } {
  const latest = createLatest<Recording>();
  const recorder = createRecorder({ seams, tap: pool.tap, mode, instruments, onChange: latest.set });
  latest.set(recorder.state());
  return {
    follow: latest.follow,
    set({ on, scrub }) {
      if (on) recorder.start(join(folder, fileName(seams.clock.now())), { scrub });
      else recorder.stop();
      return recorder.state();
    },
    close: () => recorder.stop(),
  };
}

const fileName = (ms: number): string =>
  `frames-${new Date(ms).toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '-')}.jsonl.gz`;
