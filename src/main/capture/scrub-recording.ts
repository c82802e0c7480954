import { gzipSync } from 'node:zlib';
import type { Seams } from '#main/seams/seams';
import { readRecording, writeLine } from './recording';
import { createScrubber } from './scrub';

const BLOCK_CHARS = 1_048_576;

/** Copies a recording without account data. @throws Error in words; a half-written copy is removed */
export async function scrubRecording(
  { disk, random }: Pick<Seams, 'disk' | 'random'>,
  from: string,
  to: string,
): Promise<{ readonly frames: number; readonly leftOut: number; readonly bytes: number }> {
  const scrubber = createScrubber(random.bytes(32), { account: true });
  const done = { frames: 0, leftOut: 0, bytes: 0 };
  let waiting: string[] = [];
  let chars = 0;
  const flush = (): void => {
    const block = gzipSync(waiting.join(''));
    waiting = [];
    chars = 0;
    disk.append(to, block);
    done.bytes += block.length;
  };
  const add = (text: string): void => {
    waiting.push(text);
    chars += text.length;
    if (chars >= BLOCK_CHARS) flush();
  };
  try {
    for await (const line of readRecording(disk, from)) {
      if (line.kind === 'head') add(writeLine({ kind: 'head', head: { ...line.head, scrubbed: true } }));
      if (line.kind === 'instruments') add(writeLine(line));
      if (line.kind !== 'frame') continue;
      const frame = scrubber.scrub(line.frame);
      if (frame === null) done.leftOut += 1;
      else {
        done.frames += 1;
        add(writeLine({ kind: 'frame', frame }));
      }
    }
    flush();
  } catch (error) {
    disk.remove(to);
    throw error;
  }
  return done;
}
