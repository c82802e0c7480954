import type { Decimal, UnixMs } from '#shared/domain/basics';
import { abs, isNegative, isZero, mul } from '#shared/domain/decimal';
import { type MarketKind, type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Candle, type Level, type MarketEvent, Timeframe } from '#shared/domain/market';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  integerOf,
  listOf,
  numberOf,
  optionalDecimal,
  parseJson,
  textOf,
  toDecimal,
} from '../core/fields';
import type { PushedBook } from '../core/pushed-book';
import { refusalOf } from './socket';
import { topicOf } from './subscribe';
import { msOf, secondsOf, timeOf } from './times';

/** A public frame as ours. `reply` answers a subscription; `control` is news that no topic waits for. */
export type PublicMessage =
  | { readonly kind: 'events'; readonly events: readonly (readonly [topic: string, event: MarketEvent])[] }
  | { readonly kind: 'book'; readonly topic: string; readonly symbol: Symbol; readonly book: PushedBook }
  | { readonly kind: 'reply'; readonly id: unknown; readonly event: unknown; readonly refused: string | null }
  | { readonly kind: 'control' };

/** What a market's names mean: the unified symbol and base units of one contract (1 on spot). */
export interface Known {
  readonly symbol: Symbol;
  readonly contractSize: Decimal;
}
export interface DecodeContext {
  readonly market: MarketKind;
  /** Undefined for a symbol nobody asked for. */
  known(wireSymbol: string): Known | undefined;
  now(): UnixMs;
}

const CONTROL: PublicMessage = { kind: 'control' };
const KEYS: Record<MarketKind, VenueKey> = {
  spot: venueKey('gateio', 'spot'),
  future: venueKey('gateio', 'future'),
};

/**
 * Reads one public frame. Samples stand above each decoder; unknown keys are ignored, as Gate adds some every few
 * months. One frame may hold rows of several contracts.
 * @throws ProtocolError
 */
export function decodePublic(data: string | Uint8Array, context: DecodeContext): PublicMessage {
  return decodeFrame(fieldsOf(parseJson(data), 'frame'), context);
}

export function decodeFrame(frame: Fields, context: DecodeContext): PublicMessage {
  const { channel } = frame;
  if (typeof channel !== 'string') throw bad('a frame without a channel', frame);
  if (frame.event === 'subscribe' || frame.event === 'unsubscribe' || frame.error != null)
    return {
      kind: 'reply',
      id: frame.id,
      event: frame.event,
      refused: refusalOf(frame)?.message ?? null,
    };
  const [section, name] = channel.split('.');
  if (section !== (context.market === 'spot' ? 'spot' : 'futures'))
    throw bad('a frame of another market', frame);
  // The book's samples leave the event out.
  if (name === 'obu') return decodeBook(frame, channel, context);
  if (name === 'pong' || name === 'system') return CONTROL;
  const read = typeof name === 'string' && Object.hasOwn(ROWS, name) ? ROWS[name]! : null;
  if (read === null) throw bad('unknown kind of frame', frame);
  const events = rowsOf(frame.result).flatMap((row) => read(row, frame, channel, context));
  return { kind: 'events', events };
}

/** Spot sends one row, futures a list of them. */
function rowsOf(result: unknown): readonly Fields[] {
  if (Array.isArray(result)) return result.map((row) => fieldsOf(row, 'row'));
  return [fieldsOf(result, 'result')];
}

type Told = readonly (readonly [topic: string, event: MarketEvent])[];
type ReadRow = (row: Fields, frame: Fields, channel: string, context: DecodeContext) => Told;
const ROWS: Readonly<Record<string, ReadRow>> = {
  trades: tradeRow,
  book_ticker: topRow,
  tickers: tickerRow,
  candlesticks: candleRow,
  public_liquidates: liquidationRow,
};

function knownOf(wire: string, context: DecodeContext, row: Fields): Known {
  const known = context.known(wire);
  if (known === undefined) throw bad('frame of a symbol nobody asked for', row);
  return known;
}
const baseOf = ({ symbol }: Known, { market, now }: DecodeContext) => ({
  venue: KEYS[market],
  symbol,
  seenAt: now(),
});

// spot {"id":309143072,"create_time_ms":"1782000000213.4578","side":"buy","currency_pair":"ETH_USDT","amount":"0.25","price":"2500.10"}
// futures {"size":-3,"id":27753480,"create_time_ms":1782000000120,"price":"50000.5","contract":"BTC_USDT"}
function tradeRow(row: Fields, _frame: Fields, channel: string, context: DecodeContext): Told {
  const spot = context.market === 'spot';
  const wire = textOf(row, spot ? 'currency_pair' : 'contract');
  const known = knownOf(wire, context, row);
  const size = decimalOf(row, spot ? 'amount' : 'size');
  if (isZero(size)) throw bad('a trade of nothing', row);
  return [
    [
      topicOf(channel, [wire]),
      {
        ...baseOf(known, context),
        type: 'trade',
        venueTime: timeOf(row, 'create_time_ms', 'create_time'),
        tradeId: idOf(row, 'id'),
        price: decimalOf(row, 'price'),
        amount: spot ? size : inBase(abs(size), known),
        side: spot ? sideOf(row.side) : isNegative(size) ? 'sell' : 'buy',
      },
    ],
  ];
}

const inBase = (size: Decimal, { contractSize }: Known): Decimal =>
  contractSize === '1' ? size : mul(size, contractSize);

/** @throws ProtocolError */
export function sideOf(word: unknown): 'buy' | 'sell' {
  if (word === 'buy' || word === 'sell') return word;
  throw bad('unknown side', word);
}

// {"t":1782000000123,"u":48733190,"s":"ETH_USDT","b":"2500.1","B":"3.1","a":"2500.2","A":"7.6"}; futures sizes in contracts
function topRow(row: Fields, _frame: Fields, channel: string, context: DecodeContext): Told {
  const wire = textOf(row, 's');
  const known = knownOf(wire, context, row);
  // An empty side has no price; without both there is no best bid and ask to speak of.
  if (row.b === '' || row.a === '') return [];
  return [
    [
      topicOf(channel, [wire]),
      {
        ...baseOf(known, context),
        type: 'top',
        venueTime: msOf(row, 't'),
        bid: decimalOf(row, 'b'),
        bidAmount: inBase(decimalOf(row, 'B'), known),
        ask: decimalOf(row, 'a'),
        askAmount: inBase(decimalOf(row, 'A'), known),
      },
    ],
  ];
}

// spot {"currency_pair":"ETH_USDT","last":"2500.1","change_percentage":"-1.82","quote_volume":"22776175.1"}
// futures {"contract":"BTC_USDT","last":"50000.5","change_percentage":"0.77","funding_rate":"0.0001","mark_price":"50000.1",
//  "index_price":"50000.2","total_size":"7364800","volume_24h_quote":"3727400000","funding_next_apply":1789459200}
function tickerRow(row: Fields, frame: Fields, channel: string, context: DecodeContext): Told {
  const spot = context.market === 'spot';
  const wire = textOf(row, spot ? 'currency_pair' : 'contract');
  const known = knownOf(wire, context, row);
  const topic = topicOf(channel, [wire]);
  const venueTime = timeOf(frame, 'time_ms', 'time');
  const base = { ...baseOf(known, context), venueTime };
  const change = optionalDecimal(row, 'change_percentage');
  const volume = optionalNumber(row, spot ? 'quote_volume' : 'volume_24h_quote');
  const ticker: MarketEvent = {
    ...base,
    type: 'ticker',
    last: decimalOf(row, 'last'),
    change24h: change === null ? null : Number(change),
    volume24h: volume,
  };
  const mark = spot ? null : optionalDecimal(row, 'mark_price');
  if (mark === null) return [[topic, ticker]];
  const contracts = optionalDecimal(row, 'total_size');
  const open = contracts === null ? null : inBase(contracts, known);
  return [
    [topic, ticker],
    [
      topic,
      {
        ...base,
        type: 'mark',
        mark,
        index: optionalDecimal(row, 'index_price'),
        fundingRate: optionalDecimal(row, 'funding_rate'),
        nextFundingAt: row.funding_next_apply === undefined ? null : secondsOf(row, 'funding_next_apply'),
      },
    ],
    ...(open === null
      ? []
      : ([[topic, { ...base, type: 'interest', base: open, quote: mul(open, mark) }]] as const)),
  ];
}

/** Volumes that Gate could not count are written "nan". */
const optionalNumber = (row: Fields, name: string): number | null =>
  row[name] === undefined || row[name] === 'nan' ? null : numberOf(row, name);

// spot {"t":"1781999940","v":"78103.1","c":"2500.1","h":"2501","l":"2498.5","o":"2499","n":"1m_ETH_USDT","a":"31.25","w":false}
// futures {"t":1781999940,"v":2752,"c":"50000.5","h":"50010","l":"49990","o":"49995","n":"1m_BTC_USDT","a":"0.2752","w":false}
function candleRow(row: Fields, frame: Fields, channel: string, context: DecodeContext): Told {
  const [, interval, wire] = /^([0-9a-z]+)_(.+)$/.exec(textOf(row, 'n')) ?? [];
  const timeframe = Timeframe.safeParse(interval);
  if (wire === undefined || !timeframe.success) throw bad('unreadable candle name', row);
  const known = knownOf(wire, context, row);
  return [
    [
      topicOf(channel, [timeframe.data, wire]),
      {
        ...baseOf(known, context),
        type: 'candle',
        venueTime: timeOf(frame, 'time_ms', 'time'),
        timeframe: timeframe.data,
        candle: {
          openTime: secondsOf(row, 't'),
          open: numberOf(row, 'o'),
          high: numberOf(row, 'h'),
          low: numberOf(row, 'l'),
          close: numberOf(row, 'c'),
          // `a` counts base units on both markets, `v` quote on spot and contracts on futures.
          volume: numberOf(row, 'a'),
          closed: row.w === true,
        },
      },
    ],
  ];
}

// {"price":"215.1","size":"-124","time_ms":1782000000490,"contract":"BTC_USDT"}: the sign is the order's, - sells a long
function liquidationRow(row: Fields, _frame: Fields, channel: string, context: DecodeContext): Told {
  const wire = textOf(row, 'contract');
  const known = knownOf(wire, context, row);
  const size = decimalOf(row, 'size');
  return [
    [
      topicOf(channel, [wire]),
      {
        ...baseOf(known, context),
        type: 'liquidation',
        venueTime: timeOf(row, 'time_ms', 'time'),
        side: isNegative(size) ? 'sell' : 'buy',
        price: decimalOf(row, 'price'),
        amount: inBase(abs(size), known),
      },
    ],
  ];
}

// {"t":1782000000213,"full":true,"s":"ob.ETH_USDT.50","u":9649549324,"b":[["2500.1","3.1"]],"a":[["2500.2","7.6"]]}
// {"t":1782000000233,"s":"ob.ETH_USDT.50","U":9649549325,"u":9649549330,"b":[["2500.1","0"]]}
function decodeBook(frame: Fields, channel: string, context: DecodeContext): PublicMessage {
  const row = fieldsOf(frame.result, 'result');
  const name = textOf(row, 's');
  const wire = /^ob\.(.+)\.\d+$/.exec(name)?.[1];
  if (wire === undefined) throw bad('unreadable name of a book', row);
  const known = knownOf(wire, context, row);
  const last = integerOf(row, 'u');
  const bids = levelsOf(row.b, known);
  const asks = levelsOf(row.a, known);
  const venueTime = msOf(row, 't');
  const told = { kind: 'book', topic: topicOf(channel, [name]), symbol: known.symbol } as const;
  if (row.full === true)
    return { ...told, book: { kind: 'snapshot', snapshot: { last, bids, asks }, venueTime } };
  const first = integerOf(row, 'U');
  if (last < first) throw bad('book range runs backwards', row);
  return {
    ...told,
    book: { kind: 'delta', delta: { first, last, previousLast: null, bids, asks, venueTime } },
  };
}

/** Rows ["price","size"] or {"p":…,"s":…}; a side without changes is left out. */
function levelsOf(value: unknown, known: Known): Level[] {
  if (value === undefined || value === null) return [];
  return listOf(value, 'levels').map((row) => {
    const [price, size] = Array.isArray(row)
      ? (row as unknown[])
      : [fieldsOf(row, 'level').p, (row as Fields).s];
    return [toDecimal(price, 'price'), inBase(toDecimal(size, 'size'), known)] as const;
  });
}

/**
 * Rows of /candlesticks, ascending; `closed` is false where the row does not say.
 * spot ["1781999940","78103.1","2500.1","2501","2498.5","2499","31.25","true"], futures {"t":…,"v":2752,"c":…,"h":…,"l":…,"o":…}
 * @throws ProtocolError
 */
export const decodeCandles = (data: unknown, known: Known): Candle[] =>
  listOf(data, 'candles')
    .map((row) => {
      const fields = Array.isArray(row) ? spotCandle(row) : fieldsOf(row, 'candle');
      const spot = Array.isArray(row);
      const volume = numberOf(fields, 'v');
      return {
        openTime: secondsOf(fields, 't'),
        open: numberOf(fields, 'o'),
        high: numberOf(fields, 'h'),
        low: numberOf(fields, 'l'),
        close: numberOf(fields, 'c'),
        volume: spot ? volume : volume * Number(known.contractSize),
        closed: false,
      };
    })
    .sort((a, b) => a.openTime - b.openTime);

const spotCandle = ([t, , c, h, l, o, v]: readonly unknown[]): Fields => ({ t, c, h, l, o, v });

/** A row of /futures/usdt/tickers: open interest in quote at the mark price. @throws ProtocolError */
export function decodeOpenInterest(data: unknown, wire: string, { contractSize }: Known): Decimal {
  const row = rowsOf(data).find((one) => one.contract === wire);
  if (row === undefined) throw bad(`no ticker of ${wire}`, data);
  return mul(mul(decimalOf(row, 'total_size'), contractSize), decimalOf(row, 'mark_price'));
}
