import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ExchangeName, MarketKind } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { type RecordedFrame, readRecording } from '../capture/index';
import { type FrameReader, VENUE_MODULES } from '../venues/index';
import { type Command, UsageError } from './command';
import { brokenText, readerOf } from './readers';

const USAGE = `Usage: npm run wavedesk -- replay-frames FILE [options]

Takes a recording of raw frames back through the adapters that read them, and prints what they say, one JSON line an
event, like decode does. A broken frame gives a line on standard error with its line number, and exit code 1.

  --link NAME   only frames of this link, like "binance_future private"
  --json        accepted for symmetry: the output is always JSON lines
  --help        this text

Exit codes: 0 every frame was read, 1 some were broken, or the file cannot be read, 2 wrong usage.`;

/** `wavedesk replay-frames`: a recording in, the same normalised events out. */
export const runReplayFrames: Command = async (argv, io) => {
  let file: string | undefined;
  let only: string | undefined;
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { link: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      io.out(USAGE);
      return 0;
    }
    [file] = positionals;
    only = values.link;
    if (file === undefined || positionals.length > 1) throw new UsageError('Name one recording.');
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }

  let broken = false;
  let instruments: readonly Instrument[] = [];
  let now = 0;
  const readers = new Map<string, FrameReader | null>();
  const silent = new Map<string, number>();
  const readerFor = ({ link }: RecordedFrame): FrameReader | null => {
    const known = readers.get(link);
    if (known !== undefined) return known;
    const reader = makeReader(link, instruments, () => now);
    readers.set(link, reader);
    return reader;
  };
  try {
    for await (const line of readRecording(io.seams.disk, resolve(file))) {
      if (line.kind === 'instruments') instruments = line.instruments;
      if (line.kind !== 'frame') continue;
      const { frame, link, direction, at } = line.frame;
      if (direction === 'out' || (only !== undefined && link !== only)) continue;
      now = at;
      const reader = readerFor(line.frame);
      if (reader === null) {
        silent.set(link, (silent.get(link) ?? 0) + 1);
        continue;
      }
      try {
        for (const fact of reader.read(frame)) io.out(JSON.stringify(fact));
      } catch (error) {
        broken = true;
        io.err(`line ${line.number}: ${brokenText(error)}`);
      }
    }
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    return 1;
  }
  for (const [link, count] of silent)
    io.err(`${count} frames of "${link}" were passed over: no exchange speaks there.`);
  return broken ? 1 : 0;
};

/** The adapter of "binance_future private"; null for links that belong to no exchange. */
function makeReader(link: string, instruments: readonly Instrument[], now: () => number): FrameReader | null {
  const [exchange, market] = (link.split(' ')[0] ?? '').split('_');
  const name = ExchangeName.safeParse(exchange);
  const kind = MarketKind.safeParse(market);
  if (!name.success || !kind.success || VENUE_MODULES[name.data] === undefined) return null;
  return readerOf(name.data, kind.data, instruments, now);
}
