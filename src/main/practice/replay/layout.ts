import { ReplayError } from './replay-error';
import type { Row } from './rows';

/** Which column holds what, from 0; -1 where the file has none. */
export interface CandleLayout {
  readonly kind: 'candles';
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly names: readonly string[];
  readonly header: boolean;
}
export interface TradeLayout {
  readonly kind: 'trades';
  readonly time: number;
  readonly price: number;
  readonly amount: number;
  readonly side: number;
  readonly buyerMaker: number;
  readonly names: readonly string[];
  readonly header: boolean;
}
export type Layout = CandleLayout | TradeLayout;

const NAMES = {
  time: [
    'timestamp',
    'time',
    'open_time',
    'opentime',
    'transact_time',
    'ts',
    'unix',
    'ms',
    'datetime',
    'date',
  ],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'base_volume', 'v'],
  price: ['price', 'p'],
  amount: ['amount', 'qty', 'quantity', 'size', 'q'],
  side: ['side', 'taker_side', 'direction'],
  buyerMaker: ['is_buyer_maker', 'isbuyermaker', 'buyer_maker', 'm'],
} as const;

// Binance public dumps (data.binance.vision): spot files and older futures files have no header line.
const KLINE_DUMP = 'open_time open high low close volume close_time quote_volume count taker_buy_volume';
const TRADE_DUMP = 'id price qty quote_qty time is_buyer_maker is_best_match';
const AGG_DUMP =
  'agg_trade_id price quantity first_trade_id last_trade_id transact_time is_buyer_maker is_best_match';
// ccxt-like rows: [ms, id, type, side, price, amount, cost].
const CCXT_ROW = 'timestamp id type side price amount cost';

const numeric = (cell: unknown): boolean =>
  typeof cell === 'number' || /^[+-]?[\d.]+([eE][+-]?\d+)?$/.test(String(cell));
const timeLike = (cell: unknown): boolean => numeric(cell) && Number(cell) >= 1e11;

/** Reads the file's layout off its first row. @throws ReplayError when it is none we know. */
export function recogniseLayout(row: Row): Layout {
  const cells = row.cells;
  const text = cells.map((cell) =>
    String(cell ?? '')
      .trim()
      .toLowerCase(),
  );
  const header = text.some((cell) => /[a-z]/.test(cell) && cell in HEADER_WORDS);
  if (header) {
    const layout = fromNames(
      text.map((name) => name.replace(/[\s-]+/g, '_')),
      true,
    );
    if (layout) return layout;
    throw new ReplayError(
      `${row.place.file}: line ${row.place.line}: the header names neither candles (timestamp, open, high, low, close, volume) nor trades (timestamp, price, amount, side or is_buyer_maker): ${text.join(',').slice(0, 120)}`,
    );
  }
  const dump = headerless(cells);
  const layout = dump && fromNames(dump.split(' '), false);
  if (layout) return layout;
  throw new ReplayError(
    `${row.place.file}: line ${row.place.line}, column 1: expected a header line, a Binance kline, trade or aggTrade dump, or rows [ms, id, type, side, price, amount, cost]; found ${cells.length} columns: ${text.join(',').slice(0, 80)}`,
  );
}

const HEADER_WORDS: Readonly<Record<string, true>> = Object.fromEntries(
  Object.values(NAMES)
    .flat()
    .map((name) => [name, true] as const),
);

function headerless(cells: readonly unknown[]): string | null {
  if (/^(buy|sell)$/i.test(String(cells[3]))) return CCXT_ROW;
  if (cells.length >= 6 && timeLike(cells[0]) && [1, 2, 3, 4, 5].every((i) => numeric(cells[i])))
    return KLINE_DUMP;
  if (timeLike(cells[4]) && /^(true|false|0|1)$/i.test(String(cells[5]))) return TRADE_DUMP;
  if (timeLike(cells[5]) && /^(true|false|0|1)$/i.test(String(cells[6]))) return AGG_DUMP;
  return null;
}

function fromNames(names: readonly string[], header: boolean): Layout | null {
  const find = (key: keyof typeof NAMES): number => {
    for (const name of NAMES[key]) {
      const index = names.indexOf(name);
      if (index >= 0) return index;
    }
    return -1;
  };
  const time = find('time');
  if (time < 0) return null;
  const [open, high, low, close] = [find('open'), find('high'), find('low'), find('close')];
  if (Math.min(open, high, low, close) >= 0)
    return { kind: 'candles', time, open, high, low, close, volume: find('volume'), names, header };
  const [price, amount, side] = [find('price'), find('amount'), find('side')];
  const buyerMaker = find('buyerMaker');
  if (price < 0 || amount < 0 || (side < 0 && buyerMaker < 0)) return null;
  return { kind: 'trades', time, price, amount, side, buyerMaker, names, header };
}
