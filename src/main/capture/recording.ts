import { z } from 'zod';
import type { Disk } from '#main/seams/seams';
import { Instrument } from '#shared/domain/instrument';

/** A session's raw frames as a file: gzipped JSON lines, a head, the instruments, then one line a frame. */
export type RecordedLine =
  | { readonly kind: 'head'; readonly head: RecordingHead }
  | { readonly kind: 'instruments'; readonly instruments: readonly Instrument[] }
  | { readonly kind: 'frame'; readonly frame: RecordedFrame };

export interface RecordingHead {
  readonly wavedesk: 'frames';
  readonly version: 1;
  readonly at: string;
  readonly mode: string;
  /** Whether account data was replaced. Keys and signatures never are in a recording. */
  readonly scrubbed: boolean;
}
export interface RecordedFrame {
  /** Wall ms. */
  readonly at: number;
  /** "binance_future private". */
  readonly link: string;
  readonly direction: 'in' | 'out';
  readonly frame: string | Uint8Array;
}

const Head = z.object({
  wavedesk: z.literal('frames'),
  version: z.literal(1),
  at: z.string(),
  mode: z.string(),
  scrubbed: z.boolean(),
});
const FrameLine = z
  .object({
    t: z.number().int(),
    k: z.string().min(1),
    d: z.enum(['in', 'out']),
    f: z.string().optional(),
    b: z.base64().optional(),
  })
  .refine(({ f, b }) => (f === undefined) !== (b === undefined), 'must hold either f or b');
const Line = z.union([Head, z.object({ instruments: z.array(Instrument) }), FrameLine]);

/** Text as it is, bytes as base64. Inverse of {@link readLine}. */
export function writeLine(line: RecordedLine): string {
  switch (line.kind) {
    case 'head':
      return `${JSON.stringify(line.head)}\n`;
    case 'instruments':
      return `${JSON.stringify({ instruments: line.instruments })}\n`;
    case 'frame': {
      const { at: t, link: k, direction: d, frame } = line.frame;
      const content = typeof frame === 'string' ? { f: frame } : { b: Buffer.from(frame).toString('base64') };
      return `${JSON.stringify({ t, k, d, ...content })}\n`;
    }
  }
}

/** @throws Error in words for a line that is no line of a recording */
export function readLine(text: string): RecordedLine {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error(`not one JSON document: ${text.slice(0, 60)}`);
  }
  const read = Line.safeParse(data);
  if (!read.success) throw new Error(`no line of a recording: ${text.slice(0, 60)}`);
  const line = read.data;
  if ('wavedesk' in line) return { kind: 'head', head: line };
  if ('instruments' in line) return { kind: 'instruments', instruments: line.instruments };
  const frame = line.f ?? new Uint8Array(Buffer.from(line.b!, 'base64'));
  return { kind: 'frame', frame: { at: line.t, link: line.k, direction: line.d, frame } };
}

/** The file's lines with their numbers. @throws Error in words for a file that cannot be read, or a broken line */
export async function* readRecording(
  disk: Pick<Disk, 'stream'>,
  file: string,
): AsyncGenerator<RecordedLine & { readonly number: number }> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  const read = (text: string): RecordedLine & { readonly number: number } => {
    number += 1;
    try {
      const line = readLine(text);
      if (number === 1 && line.kind !== 'head') throw new Error('a recording begins with its head');
      return { ...line, number };
    } catch (error) {
      throw new Error(`${file}, line ${number}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for await (const block of disk.stream(file)) {
    const lines = (rest + decoder.decode(block, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield read(line);
  }
  if (rest.trim() !== '') yield read(rest);
  if (number === 0) throw new Error(`${file}: is empty`);
}
