import type { Disk } from '../../seams/seams';
import { type Layout, recogniseLayout } from './layout';
import {
  createCandleReader,
  createTradeReader,
  type Reader,
  type ReplayFile,
  type VolumeUnit,
} from './readers';
import { ReplayError } from './replay-error';
import { type Row, readRows } from './rows';

/**
 * Reads candles or trades, plain or gzip, oldest first.
 * @throws ReplayError naming file, line, column and what was expected there.
 */
export async function loadReplay(
  disk: Pick<Disk, 'exists' | 'stream'>,
  path: string,
  volumeUnit: VolumeUnit = 'auto',
): Promise<ReplayFile> {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  if (!disk.exists(path)) throw new ReplayError(`${path}: there is no such replay file`);
  let layout: Layout | null = null;
  let reader: Reader | null = null;
  for await (const row of safely(file, readRows(file, disk.stream(path)))) {
    if (!layout) {
      layout = recogniseLayout(row);
      reader = layout.kind === 'candles' ? createCandleReader(layout) : createTradeReader(layout);
      if (layout.header) continue;
    }
    reader?.read(row);
  }
  if (!reader || reader.rows() === 0)
    throw new ReplayError(`${file}: line 1: expected candles or trades, found no rows`);
  return reader.finish(volumeUnit);
}

/** Broken gzip and unreadable files come from below; the reader must still say which file. */
async function* safely(file: string, rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  try {
    yield* rows;
  } catch (error) {
    if (error instanceof ReplayError) throw error;
    throw new ReplayError(
      `${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
