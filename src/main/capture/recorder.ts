import { gzipSync } from 'node:zlib';
import type { TappedFrame } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import type { Instrument } from '#shared/domain/instrument';
import type { Recording } from '#shared/domain/recording';
import { writeLine } from './recording';
import { createScrubber } from './scrub';

/** Written together, as one gzip member each: what a crash leaves behind is still a whole file. */
const BLOCK_CHARS = 262_144;
const FLUSH_MS = 1_000;
/** A forgotten recording must not fill the disk. */
const MAX_BYTES = 1_073_741_824;
/** Of frames, packing more tightly costs time that sockets need. */
const LEVEL = 3;

export interface RecorderParts {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'disk' | 'random'>;
  readonly tap: (listener: (frame: TappedFrame) => void) => Undo;
  readonly mode: string;
  readonly instruments: () => readonly Instrument[];
  readonly onChange: (state: Recording) => void;
}

export interface Recorder {
  state(): Recording;
  /** Begins to write into the file; does nothing while it records. */
  start(file: string, options: { readonly scrub: boolean }): void;
  stop(): void;
}

/** Writes every frame of every socket into a file, from start to stop, without keys. */
export function createRecorder(parts: RecorderParts): Recorder {
  const { clock, timers, disk, random } = parts.seams;
  let state: Recording = { kind: 'idle', last: null };
  let undo: Undo = () => {};
  let waiting: string[] = [];
  let waitingChars = 0;
  let stopFlush = (): void => {};

  const enter = (next: Recording): void => {
    state = next;
    parts.onChange(next);
  };
  const end = (problem: string | null): void => {
    if (state.kind !== 'recording') return;
    undo();
    const { fileName, bytes, frames } = state;
    enter({ kind: 'idle', last: { fileName, bytes, frames, problem } });
  };
  const flush = (file: string): void => {
    if (state.kind !== 'recording' || waiting.length === 0) return;
    const block = gzipSync(waiting.join(''), { level: LEVEL });
    waiting = [];
    waitingChars = 0;
    try {
      disk.append(file, block);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
      return;
    }
    enter({ ...state, bytes: state.bytes + block.length });
    if (state.bytes >= MAX_BYTES) end('it reached 1 GB');
  };
  const add = (file: string, line: string): void => {
    waiting.push(line);
    waitingChars += line.length;
    if (waitingChars >= BLOCK_CHARS) flush(file);
  };

  return {
    state: () => state,
    start(file, { scrub }) {
      if (state.kind === 'recording') return;
      const scrubber = createScrubber(random.bytes(32), { account: scrub });
      const at = new Date(clock.now()).toISOString();
      const fileName = file.split(/[/\\]/).at(-1)!;
      waiting = [];
      waitingChars = 0;
      enter({
        kind: 'recording',
        fileName,
        startedAt: clock.now(),
        frames: 0,
        bytes: 0,
        leftOut: 0,
        scrubbed: scrub,
      });
      add(
        file,
        writeLine({
          kind: 'head',
          head: { wavedesk: 'frames', version: 1, at, mode: parts.mode, scrubbed: scrub },
        }),
      );
      add(file, writeLine({ kind: 'instruments', instruments: parts.instruments() }));
      const undoTap = parts.tap((tapped) => {
        if (state.kind !== 'recording') return;
        const frame = scrubber.scrub(tapped);
        if (frame === null) state = { ...state, leftOut: state.leftOut + 1 };
        else {
          state = { ...state, frames: state.frames + 1 };
          add(file, writeLine({ kind: 'frame', frame }));
        }
      });
      const undoFlush = timers.every(FLUSH_MS, () => flush(file));
      undo = () => {
        undoTap();
        undoFlush();
      };
      stopFlush = () => flush(file);
      // The head is on disk before anything is promised.
      flush(file);
    },
    stop() {
      stopFlush();
      end(null);
    },
  };
}
