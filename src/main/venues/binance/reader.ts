import { type UnixMs, unixMs } from '#shared/domain/basics';
import { venueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type Fields, fieldsOf, parseJson, textOf } from '../core/fields';
import { accountFacts, type FrameFact, marketFacts, unknownFact, type Where } from '../core/frame-facts';
import { guessInstrument, unnamedInstrument, withNames } from '../core/guess-symbol';
import { OrderNames } from '../core/order-names';
import type { FrameReader, VenueModule } from '../module';
import { type DecodeContext, decodePublic } from './decode';
import { type AccountContext, accountDecoder } from './decode-account';
import {
  balanceChange,
  candle,
  endOfStream,
  futureAccount,
  interest,
  liteFill,
  partialBook,
  type ReadContext,
  replyFact,
  spotBalances,
  ticker,
} from './reader-facts';

type Read = (frame: Fields, context: ReadContext, outer: Fields) => readonly FrameFact[];

/** Reads frames of every Binance socket: raw streams, combined ones, the WS-API and both account streams. */
export const createReader: VenueModule['reader'] = (market, options): FrameReader => {
  const where: Where = { exchange: 'binance', market };
  const listed = new Map((options.instruments ?? []).map((one) => [one.wireSymbol, one]));
  const known: AccountContext['known'] = (wire) =>
    listed.get(wire) ??
    guessInstrument('binance', wire, market) ??
    unnamedInstrument('binance', wire, market);
  const now = (): UnixMs => unixMs(options.now());
  const context: ReadContext = { where, symbol: (wire) => known(wire).symbol };
  const open: DecodeContext = { market, symbol: context.symbol, now };
  const mine: AccountContext = { names: new OrderNames(), now, known };

  const asMarket: Read = (frame) => {
    const message = decodePublic(JSON.stringify(frame), open);
    if (message.kind === 'event') return marketFacts(where, message.event);
    // News of a market that is not ours: COIN-M shares the hosts of USD-M.
    if (message.kind === 'control') return [unknownFact(where, JSON.stringify(frame))];
    const symbol = context.symbol(textOf(frame, 's')) as Symbol;
    const head = { venue: venueKey('binance', market), symbol, seenAt: now() };
    return marketFacts(where, { ...head, type: 'book-delta', ...message.delta });
  };
  const asAccount: Read = (_, __, outer) => {
    const news = accountDecoder[market](JSON.stringify(outer), mine);
    return news.kind === 'events'
      ? news.events.flatMap((event) => accountFacts(where, event))
      : [unknownFact(where, JSON.stringify(outer))];
  };
  const kinds: Readonly<Record<string, Read>> = {
    trade: asMarket,
    aggTrade: asMarket,
    bookTicker: asMarket,
    markPriceUpdate: asMarket,
    depthUpdate: asMarket,
    forceOrder: asMarket,
    '24hrMiniTicker': ticker,
    '24hrTicker': ticker,
    kline: candle,
    continuous_kline: candle,
    executionReport: asAccount,
    ORDER_TRADE_UPDATE: asAccount,
    ALGO_UPDATE: asAccount,
    TRADE_LITE: liteFill,
    outboundAccountPosition: spotBalances,
    balanceUpdate: balanceChange,
    ACCOUNT_UPDATE: futureAccount,
    listenKeyExpired: endOfStream,
    eventStreamTerminated: endOfStream,
    serverShutdown: endOfStream,
  };

  const readOne = (outer: Fields): readonly FrameFact[] => {
    // A combined stream wraps each frame with its stream's name, the WS-API with its subscription's id.
    const inner = outer.data ?? outer.event;
    if (Array.isArray(inner)) return inner.flatMap((row) => readOne(fieldsOf(row, 'row')));
    const frame = inner === undefined ? outer : fieldsOf(inner, 'frame');
    const reply = replyFact(where, outer);
    if (reply !== null) return [reply];
    if (typeof frame.e === 'string' && Object.hasOwn(kinds, frame.e))
      return kinds[frame.e]!(frame, context, outer);
    if (frame.e !== undefined) return [unknownFact(where, JSON.stringify(outer))];
    // Without a name of its own: best bid and ask on spot, the top levels of a book, an answer on open interest.
    if (frame.u !== undefined && frame.b !== undefined && frame.s !== undefined)
      return asMarket(frame, context, outer);
    if (frame.lastUpdateId !== undefined) return partialBook(frame, context, outer.stream);
    if (frame.openInterest !== undefined) return interest(frame, context);
    return [unknownFact(where, JSON.stringify(outer))];
  };
  return {
    read(frame) {
      const document = parseJson(frame);
      // The streams of all symbols at once send lists.
      if (Array.isArray(document)) return withNames(document.flatMap((row) => readOne(fieldsOf(row, 'row'))));
      if (typeof document !== 'object' || document === null) return [unknownFact(where, frame)];
      return withNames(readOne(document as Fields));
    },
  };
};
