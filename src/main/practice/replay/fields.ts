import { type Place, refuse } from './replay-error';

/** A cell of a row with what is needed to complain about it. */
export interface Cell {
  readonly place: Place;
  /** From 1. */
  readonly column: number;
  readonly name: string;
  readonly value: unknown;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(?:Z|UTC|([+-])(\d\d):?(\d\d))?$/;

const numberOf = (cell: Cell): number | null => {
  if (typeof cell.value === 'number') return Number.isFinite(cell.value) ? cell.value : null;
  const text = String(cell.value ?? '').trim();
  return NUMBER.test(text) ? Number(text) : null;
};

/** @throws ReplayError unless it is a number above 0. */
export function readPrice(cell: Cell): number {
  const value = numberOf(cell);
  if (value === null || !(value > 0)) {
    refuse(cell.place, cell.column, cell.name, 'a price above 0', cell.value);
  }
  return value;
}

/** Empty counts as 0. @throws ReplayError unless it is a number of at least 0. */
export function readAmount(cell: Cell): number {
  if (cell.value === '' || cell.value === undefined || cell.value === null) return 0;
  const value = numberOf(cell);
  if (value === null || value < 0) {
    refuse(cell.place, cell.column, cell.name, 'an amount of 0 or more', cell.value);
  }
  return value;
}

/** Milliseconds from seconds, ms, µs or ns since 1970, or from a UTC date text. @throws ReplayError */
export function readTime(cell: Cell): number {
  const text = String(cell.value ?? '').trim();
  let ms: number | null = null;
  if (/^\d{9,20}(\.\d+)?$/.test(text)) {
    const value = Number(text);
    const unit = value < 1e11 ? 1000 : value < 1e14 ? 1 : value < 1e17 ? 1e-3 : 1e-6;
    ms = Math.floor(unit < 1 ? value / (1 / unit) : value * unit);
  } else {
    const match = DATE.exec(text);
    if (match) ms = dateMs(match);
  }
  if (ms === null || !Number.isFinite(ms)) {
    refuse(
      cell.place,
      cell.column,
      cell.name,
      'a time in UTC (like 2022-01-31 23:59:00 or milliseconds since 1970)',
      cell.value,
    );
  }
  return ms;
}

function dateMs(match: RegExpExecArray): number | null {
  const part = (i: number): number => Number(match[i] ?? 0);
  const [month, day, hour, minute, second] = [part(2), part(3), part(4), part(5), part(6)];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60) return null;
  const daysInMonth = new Date(Date.UTC(part(1), month, 0)).getUTCDate();
  if (day < 1 || day > daysInMonth) return null;
  const fraction = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000 + 1e-6);
  const offset = (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10)) * 60_000;
  return Date.UTC(part(1), month - 1, day, hour, minute, second) + fraction - offset;
}

/** @throws ReplayError unless it says buy or sell. */
export function readSide(cell: Cell): 'buy' | 'sell' {
  const text = String(cell.value ?? '').toLowerCase();
  if (text === 'buy' || text === 'b' || text === 'bid') return 'buy';
  if (text === 'sell' || text === 's' || text === 'ask') return 'sell';
  return refuse(cell.place, cell.column, cell.name, 'buy or sell', cell.value);
}

/** Aggressor's side from Binance's "was the buyer the maker". @throws ReplayError */
export function readBuyerMaker(cell: Cell): 'buy' | 'sell' {
  const text = String(cell.value ?? '').toLowerCase();
  if (text === 'true' || text === '1') return 'sell';
  if (text === 'false' || text === '0') return 'buy';
  return refuse(cell.place, cell.column, cell.name, 'true or false', cell.value);
}

/** Decimal places a number was written with, trailing zeros not counted, at most 8. */
export function decimalsOf(value: unknown): number {
  const [head = '', exponent] = String(value).trim().toLowerCase().split('e');
  const dot = head.indexOf('.');
  const digits = dot < 0 ? 0 : head.slice(dot + 1).replace(/0+$/, '').length;
  return Math.max(0, Math.min(8, digits - Number(exponent ?? 0)));
}
