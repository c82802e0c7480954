import { type Cell, decimalsOf, readAmount, readBuyerMaker, readPrice, readSide, readTime } from './fields';
import type { CandleLayout, Layout, TradeLayout } from './layout';
import { refuse } from './replay-error';
import type { Row } from './rows';

/** A growing column of numbers. */
function createColumn() {
  let data = new Float64Array(4096);
  let length = 0;
  return {
    length: () => length,
    push(value: number): void {
      if (length === data.length) {
        const larger = new Float64Array(length * 2);
        larger.set(data);
        data = larger;
      }
      data[length++] = value;
    },
    done: (): Float64Array => data.slice(0, length),
  };
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

/** Takes rows one by one and ends as a file. */
export interface Reader {
  readonly rows: () => number;
  read(row: Row): void;
  finish(unit: VolumeUnit): ReplayFile;
}

/** What candles and trades have in common: ascending times, prices with their precision, amounts with theirs. */
function createCells(layout: Layout) {
  const time = createColumn();
  const priceDigits = new Array<number>(9).fill(0);
  let amountDecimals = 0;
  let last = Number.NEGATIVE_INFINITY;
  const cell = (row: Row, index: number): Cell => ({
    place: row.place,
    column: index + 1,
    name: layout.names[index] || `column ${index + 1}`,
    value: row.cells[index],
  });
  return {
    time,
    cell,
    amountDecimals: () => amountDecimals,
    priceDecimals() {
      const all = priceDigits.reduce((sum, count) => sum + count, 0);
      let finer = 0;
      for (let digits = 8; digits > 0; digits--) {
        finer += priceDigits[digits]!;
        if (finer > all * NEGLIGIBLE_SHARE) return digits;
      }
      return 0;
    },
    price(row: Row, index: number): number {
      const at = cell(row, index);
      const value = readPrice(at);
      const digits = decimalsOf(at.value);
      priceDigits[digits] = priceDigits[digits]! + 1;
      return value;
    },
    amount(row: Row, index: number): number {
      if (index < 0) return 0;
      const at = cell(row, index);
      const value = readAmount(at);
      amountDecimals = Math.max(amountDecimals, decimalsOf(at.value ?? 0));
      return value;
    },
    readTime(row: Row, mayRepeat: boolean): void {
      const at = cell(row, layout.time);
      const value = readTime(at);
      if (mayRepeat ? value < last : value <= last)
        refuse(at.place, at.column, at.name, 'a time after the row before (oldest first)', at.value);
      last = value;
      time.push(value);
    },
  };
}

/** @throws ReplayError from `read` at the first row that is no candle. */
export function createCandleReader(layout: CandleLayout): Reader {
  const cells = createCells(layout);
  const [opens, highs, lows, closes] = [createColumn(), createColumn(), createColumn(), createColumn()];
  const volumes = createColumn();
  return {
    rows: () => cells.time.length(),
    read(row) {
      cells.readTime(row, false);
      const open = cells.price(row, layout.open);
      const high = cells.price(row, layout.high);
      const low = cells.price(row, layout.low);
      const close = cells.price(row, layout.close);
      if (high < Math.max(open, close, low))
        refuse(row.place, layout.high + 1, 'high', 'the highest of open, high, low and close', high);
      if (low > Math.min(open, close))
        refuse(row.place, layout.low + 1, 'low', 'the lowest of open, high, low and close', low);
      opens.push(open);
      highs.push(high);
      lows.push(low);
      closes.push(close);
      volumes.push(cells.amount(row, layout.volume));
    },
    finish(unit) {
      const time = cells.time.done();
      const close = closes.done();
      const volume = volumes.done();
      const interval = commonGap(time);
      const inQuote = unit === 'quote' || (unit === 'auto' && looksLikeQuote(volume, close, interval));
      if (inQuote) for (let i = 0; i < volume.length; i++) volume[i] = volume[i]! / close[i]!;
      return {
        kind: 'candles',
        interval,
        time,
        open: opens.done(),
        high: highs.done(),
        low: lows.done(),
        close,
        volume,
        volumeWasQuote: inQuote,
        priceDecimals: cells.priceDecimals(),
        amountDecimals: inQuote ? 8 : cells.amountDecimals(),
      };
    },
  };
}

/** @throws ReplayError from `read` at the first row that is no trade. */
export function createTradeReader(layout: TradeLayout): Reader {
  const cells = createCells(layout);
  const [prices, amounts, buys] = [createColumn(), createColumn(), createColumn()];
  return {
    rows: () => cells.time.length(),
    read(row) {
      cells.readTime(row, true);
      prices.push(cells.price(row, layout.price));
      amounts.push(cells.amount(row, layout.amount));
      const side =
        layout.side >= 0
          ? readSide(cells.cell(row, layout.side))
          : readBuyerMaker(cells.cell(row, layout.buyerMaker));
      buys.push(side === 'buy' ? 1 : 0);
    },
    finish: () => ({
      kind: 'trades',
      time: cells.time.done(),
      price: prices.done(),
      amount: amounts.done(),
      buy: buys.done(),
      priceDecimals: cells.priceDecimals(),
      amountDecimals: cells.amountDecimals(),
    }),
  };
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
