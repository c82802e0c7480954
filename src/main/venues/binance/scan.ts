import type { Decimal } from '#shared/domain/basics';
import type { Level } from '#shared/domain/market';

/**
 * Reads the two frames that come by the thousand, trades and book changes, without building an object of every field.
 * It takes only the very order of fields that Binance prints today, plain ASCII and plain numbers; anything else is
 * null here and goes to the general parser, which is this one's twin in the tests. Measured in `npm run bench -- sockets`.
 */
export interface ScannedTrade {
  readonly event: 'trade' | 'aggTrade';
  readonly symbol: string;
  /** Digits. */
  readonly id: string;
  readonly price: Decimal;
  readonly amount: Decimal;
  readonly time: number;
  readonly buyerIsMaker: boolean;
}
export interface ScannedDelta {
  readonly symbol: string;
  readonly eventTime: number;
  readonly first: number;
  readonly last: number;
  /** Null on spot. */
  readonly previousLast: number | null;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

const QUOTE = 34;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const OPEN = 91;
const CLOSE = 93;
/** A whole number of this many digits is exact as a number. */
const MOST_DIGITS = 15;

/** A place in the text, moved by each step; `ok` turns false at the first surprise and stays so. */
class Cursor {
  ok = true;
  at = 0;
  constructor(readonly text: string) {}

  /** Passes over exactly these characters. */
  skip(word: string): void {
    if (this.text.startsWith(word, this.at)) this.at += word.length;
    else this.ok = false;
  }
  isNext(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }
  /** Digits up to the next character that is none; at most 15, so that the number is exact. */
  whole(): number {
    const start = this.at;
    let value = 0;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (!(code >= ZERO && code <= NINE)) break;
      value = value * 10 + code - ZERO;
      this.at++;
    }
    const length = this.at - start;
    if (length === 0 || length > MOST_DIGITS || (length > 1 && this.text.charCodeAt(start) === ZERO))
      this.ok = false;
    return value;
  }
  /** Digits as text, however many. */
  digits(): string {
    const start = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (!(code >= ZERO && code <= NINE)) break;
      this.at++;
    }
    const length = this.at - start;
    if (length === 0 || length > 40 || (length > 1 && this.text.charCodeAt(start) === ZERO)) this.ok = false;
    return this.text.slice(start, this.at);
  }
  /** Letters and digits up to the closing quote, and over it. */
  name(): string {
    const start = this.at;
    const end = this.text.indexOf('"', start);
    if (end <= start || end - start > 40) this.ok = false;
    this.at = end + 1;
    const name = this.text.slice(start, end);
    if (name.includes('\\')) this.ok = false;
    return name;
  }
  /** An unsigned plain decimal up to the closing quote, and over it; canonical, without zeros at its end. */
  decimal(): Decimal {
    const { text } = this;
    const start = this.at;
    let at = start;
    let dot = -1;
    /** One past the last digit that is not a zero behind the dot. */
    let end = start;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code >= ZERO && code <= NINE) {
        if (dot < 0 || code !== ZERO) end = at + 1;
      } else if (code === DOT && dot < 0 && at > start) dot = at;
      else break;
    }
    this.at = at + 1;
    const leading = text.charCodeAt(start) === ZERO && at - start > 1 && dot !== start + 1;
    if (text.charCodeAt(at) !== QUOTE || at === start || dot === at - 1 || leading || at - start > 40)
      this.ok = false;
    return text.slice(start, end) as Decimal;
  }
  /** [["65000.10","1.5"],…] from its opening bracket to behind its closing one. */
  levels(): Level[] {
    const levels: Level[] = [];
    const { text } = this;
    if (text.charCodeAt(this.at) !== OPEN) this.ok = false;
    this.at++;
    if (text.charCodeAt(this.at) === CLOSE) {
      this.at++;
      return levels;
    }
    while (this.ok) {
      this.skip('["');
      const price = this.decimal();
      this.skip(',"');
      const amount = this.decimal();
      if (text.charCodeAt(this.at) !== CLOSE) this.ok = false;
      levels.push([price, amount]);
      const next = text.charCodeAt(++this.at);
      this.at++;
      if (next === CLOSE) return levels;
      if (next !== COMMA) this.ok = false;
    }
    return levels;
  }
}

const AGG = '{"e":"aggTrade","E":';
const RAW = '{"e":"trade","E":';
const DEPTH = '{"e":"depthUpdate","E":';

/** A trade frame of either kind, or null for the general parser. */
export function scanTrade(text: string): ScannedTrade | null {
  const aggregated = text.startsWith(AGG);
  if (!aggregated && !text.startsWith(RAW)) return null;
  const cursor = new Cursor(text);
  cursor.at = aggregated ? AGG.length : RAW.length;
  cursor.whole();
  cursor.skip(',"s":"');
  const symbol = cursor.name();
  cursor.skip(aggregated ? ',"a":' : ',"t":');
  const id = cursor.digits();
  cursor.skip(',"p":"');
  const price = cursor.decimal();
  cursor.skip(',"q":"');
  const amount = cursor.decimal();
  for (const extra of EXTRA_IDS[aggregated ? 'aggTrade' : 'trade'])
    if (cursor.isNext(extra)) {
      cursor.skip(extra);
      cursor.digits();
    }
  cursor.skip(',"T":');
  const time = cursor.whole();
  cursor.skip(',"m":');
  const buyerIsMaker = cursor.isNext('true');
  if (!buyerIsMaker && !cursor.isNext('false')) cursor.ok = false;
  // st 2 is COIN-M on the same host; it is rare, and the general parser knows what to do with it.
  if (!cursor.ok || !isTime(time) || !isEnd(text, cursor.at + (buyerIsMaker ? 4 : 5))) return null;
  return { event: aggregated ? 'aggTrade' : 'trade', symbol, id, price, amount, time, buyerIsMaker };
}

/** Trade and order ids behind a trade, in the order in which they are printed. */
const EXTRA_IDS = { aggTrade: [',"f":', ',"l":'], trade: [',"b":', ',"a":'] } as const;
const ENDS: ReadonlySet<string> = new Set(['}', ',"M":true}', ',"M":false}', ',"st":1}']);
/** Milliseconds after the year 2001; anything else is the general parser's to complain about. */
const isTime = (value: number): boolean => value >= 1e12 && value <= 1e14;
const isEnd = (text: string, at: number): boolean =>
  (at === text.length - 1 && text.endsWith('}')) || ENDS.has(text.slice(at));

/** A book change, spot or USD-M, or null for the general parser. */
export function scanDelta(text: string): ScannedDelta | null {
  if (!text.startsWith(DEPTH)) return null;
  const cursor = new Cursor(text);
  cursor.at = DEPTH.length;
  const eventTime = cursor.whole();
  if (cursor.isNext(',"T":')) {
    cursor.skip(',"T":');
    cursor.whole();
  }
  cursor.skip(',"s":"');
  const symbol = cursor.name();
  cursor.skip(',"U":');
  const first = cursor.whole();
  cursor.skip(',"u":');
  const last = cursor.whole();
  let previousLast: number | null = null;
  if (cursor.isNext(',"pu":')) {
    cursor.skip(',"pu":');
    previousLast = cursor.whole();
  }
  cursor.skip(',"b":');
  const bids = cursor.levels();
  cursor.skip(',"a":');
  const asks = cursor.levels();
  if (!cursor.ok || last < first || !isTime(eventTime) || !isEnd(text, cursor.at)) return null;
  return { symbol, eventTime, first, last, previousLast, bids, asks };
}
