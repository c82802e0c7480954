import type { Disk } from '../../seams/seams';
import { type Cell, decimalsOf, readAmount, readBuyerMaker, readPrice, readSide, readTime } from './fields';
import { type CandleLayout, type Layout, recogniseLayout, type TradeLayout } from './layout';
import { type Place, ReplayError, refuse } from './replay-error';
import { type Row, readRows } from './rows';

/** A growing column of numbers. */
class Column {
  private data = new Float64Array(4096);
  length = 0;
  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }
  done(): Float64Array {
    return this.data.slice(0, this.length);
  }
}

interface Precision {
  /** Decimal places that nearly all prices need; a few interpolated ones must not make the tick finer. */
  readonly priceDecimals: number;
  /** Most decimal places seen. */
  readonly amountDecimals: number;
}
export interface CandleFile extends Precision {
  readonly kind: 'candles';
  /** Ms; the most common distance between rows. */
  readonly interval: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Base units. */
  readonly volume: Float64Array;
  readonly volumeWasQuote: boolean;
}
export interface TradeFile extends Precision {
  readonly kind: 'trades';
  readonly time: Float64Array;
  readonly price: Float64Array;
  readonly amount: Float64Array;
  /** 1 when the aggressor bought. */
  readonly buy: Float64Array;
}
export type ReplayFile = CandleFile | TradeFile;

export type VolumeUnit = 'base' | 'quote' | 'auto';

/** No market turns over this much quote in an ordinary minute: such a volume column must be in quote already. */
const ABSURD_MINUTE_TURNOVER = 2e9;
const LOOKED_AT = 2000;
const NEGLIGIBLE_SHARE = 0.01;

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
  let reader: CandleReader | TradeReader | null = null;
  for await (const row of safely(file, readRows(file, disk.stream(path)))) {
    if (!layout) {
      layout = recogniseLayout(row);
      reader = layout.kind === 'candles' ? new CandleReader(layout) : new TradeReader(layout);
      if (layout.header) continue;
    }
    reader?.read(row);
  }
  if (!reader || reader.rows === 0)
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

abstract class RowReader {
  protected readonly time = new Column();
  private readonly priceDigits = new Array<number>(9).fill(0);
  protected amountDecimals = 0;
  private last = Number.NEGATIVE_INFINITY;
  constructor(private readonly columns: Layout) {}
  get rows(): number {
    return this.time.length;
  }
  protected get priceDecimals(): number {
    const all = this.priceDigits.reduce((sum, count) => sum + count, 0);
    let finer = 0;
    for (let digits = 8; digits > 0; digits--) {
      finer += this.priceDigits[digits]!;
      if (finer > all * NEGLIGIBLE_SHARE) return digits;
    }
    return 0;
  }
  protected cell(row: Row, index: number): Cell {
    const name = this.columns.names[index] || `column ${index + 1}`;
    return { place: row.place, column: index + 1, name, value: row.cells[index] };
  }
  protected price(row: Row, index: number): number {
    const cell = this.cell(row, index);
    const value = readPrice(cell);
    const digits = decimalsOf(cell.value);
    this.priceDigits[digits] = this.priceDigits[digits]! + 1;
    return value;
  }
  protected size(row: Row, index: number): number {
    if (index < 0) return 0;
    const cell = this.cell(row, index);
    const value = readAmount(cell);
    this.amountDecimals = Math.max(this.amountDecimals, decimalsOf(cell.value ?? 0));
    return value;
  }
  protected readTime(row: Row, mayRepeat: boolean): void {
    const cell = this.cell(row, this.columns.time);
    const time = readTime(cell);
    if (mayRepeat ? time < this.last : time <= this.last)
      refuse(cell.place, cell.column, cell.name, 'a time after the row before (oldest first)', cell.value);
    this.last = time;
    this.time.push(time);
  }
}

class CandleReader extends RowReader {
  private readonly prices = [new Column(), new Column(), new Column(), new Column()] as const;
  private readonly volume = new Column();
  constructor(private readonly layout: CandleLayout) {
    super(layout);
  }
  read(row: Row): void {
    this.readTime(row, false);
    const { layout } = this;
    const [open, high, low, close] = [layout.open, layout.high, layout.low, layout.close].map((index) =>
      this.price(row, index),
    ) as [number, number, number, number];
    this.check(row.place, open, high, low, close);
    [open, high, low, close].forEach((value, i) => {
      this.prices[i]!.push(value);
    });
    this.volume.push(this.size(row, layout.volume));
  }
  private check(place: Place, open: number, high: number, low: number, close: number): void {
    const { layout } = this;
    if (high < Math.max(open, close, low))
      refuse(place, layout.high + 1, 'high', 'the highest of open, high, low and close', high);
    if (low > Math.min(open, close))
      refuse(place, layout.low + 1, 'low', 'the lowest of open, high, low and close', low);
  }
  finish(unit: VolumeUnit): CandleFile {
    const [open, high, low, close] = this.prices.map((column) => column.done()) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const time = this.time.done();
    const interval = commonGap(time);
    const volume = this.volume.done();
    const inQuote = unit === 'quote' || (unit === 'auto' && looksLikeQuote(volume, close, interval));
    if (inQuote) for (let i = 0; i < volume.length; i++) volume[i] = volume[i]! / close[i]!;
    const { priceDecimals, amountDecimals } = this;
    return {
      kind: 'candles',
      interval,
      time,
      open,
      high,
      low,
      close,
      volume,
      volumeWasQuote: inQuote,
      priceDecimals,
      amountDecimals: inQuote ? 8 : amountDecimals,
    };
  }
}

class TradeReader extends RowReader {
  private readonly prices = new Column();
  private readonly amounts = new Column();
  private readonly buys = new Column();
  constructor(private readonly layout: TradeLayout) {
    super(layout);
  }
  read(row: Row): void {
    const { layout } = this;
    this.readTime(row, true);
    this.prices.push(this.price(row, layout.price));
    this.amounts.push(this.size(row, layout.amount));
    const side =
      layout.side >= 0
        ? readSide(this.cell(row, layout.side))
        : readBuyerMaker(this.cell(row, layout.buyerMaker));
    this.buys.push(side === 'buy' ? 1 : 0);
  }
  finish(_unit: VolumeUnit): TradeFile {
    const { priceDecimals, amountDecimals } = this;
    return {
      kind: 'trades',
      time: this.time.done(),
      price: this.prices.done(),
      amount: this.amounts.done(),
      buy: this.buys.done(),
      priceDecimals,
      amountDecimals,
    };
  }
}

function commonGap(time: Float64Array): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < Math.min(time.length, LOOKED_AT); i++) {
    const gap = time[i]! - time[i - 1]!;
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  let best = 60_000;
  let most = 0;
  for (const [gap, count] of counts) if (count > most) [best, most] = [gap, count];
  return best;
}

function looksLikeQuote(volume: Float64Array, close: Float64Array, interval: number): boolean {
  const turnover = [...volume.slice(0, LOOKED_AT)].map((value, i) => value * close[i]!).sort((a, b) => a - b);
  const middle = turnover[Math.floor(turnover.length / 2)] ?? 0;
  return middle / (interval / 60_000) > ABSURD_MINUTE_TURNOVER;
}
