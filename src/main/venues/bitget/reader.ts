import { type UnixMs, unixMs } from '#shared/domain/basics';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  listOf,
  optionalDecimal,
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import { accountFacts, type FrameFact, marketFacts, unknownFact, type Where } from '../core/frame-facts';
import { guessInstrument } from '../core/guess-symbol';
import type { VenueModule } from '../module';
import { sequenceText } from './book-frame';
import { type DecodeContext, decodePublic, type PublicMessage } from './decode';
import { type AccountContext, decodeAccount } from './decode-account';
import { signed, type UtaContext, utaFacts } from './decode-uta';

const PUBLIC = /^(publicTrade|trade|ticker|books\d*|kline|candle\w+|liquidation)$/;
const PRIVATE = new Set(['orders', 'fill', 'orders-algo', 'account', 'positions']);

/** Reads frames of every Bitget socket: public and private ones, classic (v2) and unified (v3). */
export const createReader: VenueModule['reader'] = (market, options) => {
  const where: Where = { exchange: 'bitget', market };
  const listed = new Map((options.instruments ?? []).map((one) => [one.wireSymbol, one]));
  const instrument = (wire: string): Instrument | null =>
    listed.get(wire) ?? guessInstrument('bitget', wire, market);
  const now = (): UnixMs => unixMs(options.now());
  const open: DecodeContext = { market, symbol: (wire) => instrument(wire)?.symbol, now };
  const mine: AccountContext = {
    market,
    now,
    known(wire) {
      const found = instrument(wire);
      if (found === null) throw bad(`no unified name for ${wire}`, wire);
      return found;
    },
  };
  const uta: UtaContext = {
    where,
    now,
    instrument(wire, category) {
      const of: MarketKind = category === 'spot' ? 'spot' : 'future';
      return of === market ? instrument(wire) : guessInstrument('bitget', wire, of);
    },
  };
  return {
    read(data) {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
      if (text === 'pong') return [{ type: 'pong', ...where }];
      const frame = fieldsOf(parseJson(text), 'frame');
      if (frame.event !== undefined || frame.op !== undefined) return [controlFact(where, frame, text)];
      if (frame.arg === undefined) return [unknownFact(where, text)];
      const arg = fieldsOf(frame.arg, 'arg');
      const name = String(arg.topic ?? arg.channel);
      if (arg.instType === 'UTA') return utaFacts(frame, uta) ?? [unknownFact(where, text)];
      if (PUBLIC.test(name)) return publicFacts(where, frame, decodePublic(text, open), text);
      if (!PRIVATE.has(name)) return [unknownFact(where, text)];
      if (name === 'account') return rowsOf(frame).map((row) => balanceFact(where, row, frame));
      if (name === 'positions') return rowsOf(frame).map((row) => positionFact(where, row, mine));
      const news = decodeAccount(text, mine);
      return news.kind === 'events' ? news.events.flatMap((event) => accountFacts(where, event)) : [];
    },
  };
};

const rowsOf = (frame: Fields): readonly Fields[] =>
  listOf(frame.data, 'data').map((row) => fieldsOf(row, 'row'));

// {"event":"login","code":"0","msg":""} {"event":"subscribe","arg":{…}} {"event":"error","code":30015,"msg":"Invalid sign"}
const LOGIN_CODES: ReadonlySet<string> = new Set(['30005', '30011', '30012', '30013', '30014', '30015']);

function controlFact(where: Where, frame: Fields, text: string): FrameFact {
  const code = frame.code === undefined || frame.code === null ? null : String(frame.code);
  const message = typeof frame.msg === 'string' && frame.msg !== '' ? frame.msg : null;
  switch (frame.event ?? frame.op) {
    case 'login':
      return { type: 'auth', ...where, ok: code === null || Number(code) === 0, message };
    case 'error':
      if (code !== null && LOGIN_CODES.has(code)) return { type: 'auth', ...where, ok: false, message };
      return { type: 'error', ...where, code, message: message ?? '' };
    case 'subscribe':
    case 'unsubscribe':
    case 'trade':
      return {
        type: 'ack',
        ...where,
        what: nameOf(frame.arg),
        id: typeof frame.id === 'string' ? frame.id : null,
      };
    default:
      return unknownFact(where, text);
  }
}

/** "ticker BTCUSDT" of an arg. */
function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const arg = value as Fields;
  const parts = [arg.topic ?? arg.channel, arg.symbol ?? arg.instId ?? arg.coin, arg.interval];
  return parts.filter((part) => typeof part === 'string').join(' ');
}

function publicFacts(
  where: Where,
  frame: Fields,
  message: PublicMessage,
  text: string,
): readonly FrameFact[] {
  switch (message.kind) {
    case 'events':
      // Trades from before a subscription are no news to the desk, but they are in the frame.
      if (message.events.length === 0 && frame.action === 'snapshot') return pastTrades(where, frame, text);
      return message.events.flatMap((event) => marketFacts(where, event)).map((fact) => withTop(fact, frame));
    case 'candles':
      return message.rows.flatMap(({ candle, timeframe }) => {
        const { symbol, venueTime } = message;
        const head = { venue: venueKey('bitget', where.market), symbol, venueTime, seenAt: venueTime };
        const facts = marketFacts(where, { ...head, type: 'candle', timeframe, candle });
        // Bitget does not say whether a candle is closed.
        return facts.map((fact) => (fact.type === 'candle' ? { ...fact, closed: null } : fact));
      });
    case 'book':
      return [bookFact(where, frame, message.book)];
    default:
      return [unknownFact(where, text)];
  }
}

/** A ticker carries the best prices too, which the desk takes from a faster channel. */
function withTop(fact: FrameFact, frame: Fields): FrameFact {
  if (fact.type !== 'ticker' || fact.last === null) return fact;
  const row = rowsOf(frame)[0]!;
  const v2 = row.lastPr !== undefined;
  return {
    ...fact,
    bid: positiveOrNull(row, v2 ? 'bidPr' : 'bid1Price'),
    bid_amount: optionalDecimal(row, v2 ? 'bidSz' : 'bid1Size'),
    ask: positiveOrNull(row, v2 ? 'askPr' : 'ask1Price'),
    ask_amount: optionalDecimal(row, v2 ? 'askSz' : 'ask1Size'),
  };
}

function pastTrades(where: Where, frame: Fields, text: string): readonly FrameFact[] {
  if (rowsOf(frame).length === 0) return [];
  const { market } = where;
  const symbol = (wire: string) => guessInstrument('bitget', wire, market)?.symbol;
  const asNews = decodePublic(text.replace('"snapshot"', '"update"'), {
    market,
    symbol,
    now: () => unixMs(0),
  });
  return asNews.kind === 'events' ? asNews.events.flatMap((event) => marketFacts(where, event)) : [];
}

/** With the exchange's own update ids, all digits of them. */
function bookFact(
  where: Where,
  frame: Fields,
  book: Extract<PublicMessage, { kind: 'book' }>['book'],
): FrameFact {
  const row = rowsOf(frame)[0]!;
  const arg = fieldsOf(frame.arg, 'arg');
  const wire = String(arg.symbol ?? arg.instId).toUpperCase();
  const { bids, asks } = book.kind === 'snapshot' ? book.snapshot : book.delta;
  const last = sequenceText(row, 'seq');
  const head = {
    ...where,
    symbol: guessInstrument('bitget', wire, where.market)?.symbol ?? null,
    timestamp: timeOf(row, 'ts'),
    bids,
    asks,
    last,
  };
  return book.kind === 'snapshot'
    ? { type: 'book_snapshot', ...head, first: null }
    : { type: 'book_delta', ...head, first: last };
}

// spot {"coin":"USDT","available":"8200.5","frozen":"1020","locked":"0",…} futures {"marginCoin":"USDT","maxOpenPosAvailable":…}
function balanceFact(where: Where, row: Fields, frame: Fields): FrameFact {
  const spot = where.market === 'spot';
  return {
    type: 'balance',
    ...where,
    asset: textOf(row, spot ? 'coin' : 'marginCoin'),
    // `available` of futures still contains what orders have frozen.
    free: optionalDecimal(row, spot ? 'available' : 'maxOpenPosAvailable'),
    locked: optionalDecimal(row, 'frozen'),
    timestamp: timeOf(frame, 'ts'),
  };
}

// {"instId":"BTCUSDT","holdSide":"long","total":"0.02","openPriceAvg":"67390.1","liquidationPrice":"61230.2","uTime":"…"}
const positionFact = (where: Where, row: Fields, context: AccountContext): FrameFact => ({
  type: 'position',
  ...where,
  symbol: context.known(textOf(row, 'instId').toUpperCase()).symbol,
  timestamp: timeOf(row, 'uTime'),
  amount: signed(decimalOf(row, 'total'), row.holdSide),
  entry_price: positiveOrNull(row, 'openPriceAvg'),
  liquidation_price: positiveOrNull(row, 'liquidationPrice'),
});
