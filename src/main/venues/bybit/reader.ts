import { type UnixMs, unixMs } from '#shared/domain/basics';
import { venueKey } from '#shared/domain/exchange';
import type { MarketEvent } from '#shared/domain/market';
import { type Fields, fieldsOf, listOf, parseJson, textOf } from '../core/fields';
import { accountFacts, type FrameFact, marketFacts, unknownFact, type Where } from '../core/frame-facts';
import { guessInstrument, unnamedInstrument, withNames } from '../core/guess-symbol';
import type { FrameReader, VenueModule } from '../module';
import { type DecodeContext, decodePublic } from './decode';
import { decodeFill, isFill } from './fill-rows';
import { decodeOrderRow } from './order-rows';
import { candles, position, type ReadContext, replyFact, ticker, wallet } from './reader-facts';
import { marketOf } from './symbols';
import { Tickers } from './tickers';

/** Reads frames of every Bybit socket, public, account and order entry, and answers of REST. */
export const createReader: VenueModule['reader'] = (market, options): FrameReader => {
  const where: Where = { exchange: 'bybit', market };
  const listed = new Map((options.instruments ?? []).map((one) => [one.wireSymbol, one]));
  const known = (wire: string) =>
    listed.get(wire) ??
    usdcPerpetual(wire) ??
    guessInstrument('bybit', wire, market) ??
    unnamedInstrument('bybit', wire, market);
  /** A perpetual in USDC names its coin only: BTCPERP. */
  const usdcPerpetual = (wire: string) => {
    const base = /^([A-Z0-9]+)PERP$/.exec(wire)?.[1];
    if (market === 'spot' || base === undefined) return null;
    const guessed = guessInstrument('bybit', `${base}USDC`, market);
    return guessed === null ? null : { ...guessed, wireSymbol: wire };
  };
  const now = (): UnixMs => unixMs(options.now());
  const context: ReadContext = { where, symbol: (wire) => known(wire).symbol };
  const open: DecodeContext = { market, symbol: context.symbol, tickers: new Tickers(), now };
  const unknown = (value: unknown): readonly FrameFact[] => [unknownFact(where, JSON.stringify(value))];

  const asMarket = (frame: Fields): readonly FrameFact[] => {
    const message = decodePublic(JSON.stringify(frame), open);
    return message.kind === 'events'
      ? message.events.flatMap((event) => marketFacts(where, event))
      : unknown(frame);
  };
  /** Of any depth, best bid and ask included. */
  const asBook = (frame: Fields): readonly FrameFact[] => {
    const wire = textOf(fieldsOf(frame.data, 'data'), 's');
    const deep = { ...frame, topic: `orderbook.200.${wire}`, type: frame.type };
    const message = decodePublic(JSON.stringify(deep), open);
    if (message.kind !== 'book') return unknown(frame);
    const head = { venue: venueKey('bybit', market), symbol: context.symbol(wire), seenAt: now() };
    const said = message.message;
    const event: MarketEvent =
      said.kind === 'snapshot'
        ? { ...head, type: 'book-snapshot', venueTime: said.venueTime, ...said.snapshot }
        : { ...head, type: 'book-delta', ...said.delta };
    return marketFacts(where, event);
  };

  const order = (row: Fields): readonly FrameFact[] =>
    accountFacts(where, {
      type: 'order',
      order: decodeOrderRow(row, context.symbol(textOf(row, 'symbol')), market),
      note: null,
      seenAt: now(),
    });
  // A payment of funding stands among the executions and is no fill.
  const fill = (row: Fields): readonly FrameFact[] =>
    isFill(row)
      ? accountFacts(where, {
          type: 'fill',
          fill: decodeFill(row, known(textOf(row, 'symbol')), null, now()),
        })
      : unknown(row);
  const held = (row: Fields): readonly FrameFact[] => [position(row, context)];
  /** Account messages carry all markets in one; rows of another market than the one asked for are not told as its own. */
  const rows = (frame: Fields, read: (row: Fields) => readonly FrameFact[]): readonly FrameFact[] =>
    listOf(frame.data, 'data').flatMap((one) => {
      const row = fieldsOf(one, 'row');
      return marketOf(row) === market ? read(row) : unknown(row);
    });

  const kinds: Readonly<Record<string, (frame: Fields) => readonly FrameFact[]>> = {
    publicTrade: asMarket,
    allLiquidation: asMarket,
    tickers: (frame) => ticker(frame, context),
    kline: (frame) => candles(frame, context),
    order: (frame) => rows(frame, order),
    execution: (frame) => rows(frame, fill),
    position: (frame) => rows(frame, held),
    wallet: (frame) => wallet(frame, context),
  };
  const ofTopic = (frame: Fields, topic: string): readonly FrameFact[] => {
    if (/^orderbook\.\d+\./.test(topic)) return asBook(frame);
    const kind = topic.split('.')[0]!;
    // The fast copy of an execution has neither kind nor fee.
    if (topic.startsWith('execution.fast')) return rows(frame, (row) => fill({ execType: 'Trade', ...row }));
    return Object.hasOwn(kinds, kind) ? kinds[kind]!(frame) : unknown(frame);
  };
  /** Rows of a REST answer, told apart by what only they have. */
  const ofResult = (result: Fields): readonly FrameFact[] => {
    if (!Array.isArray(result.list)) {
      if (typeof result.orderId !== 'string') return unknown(result);
      const id =
        typeof result.orderLinkId === 'string' && result.orderLinkId !== ''
          ? result.orderLinkId
          : result.orderId;
      return [{ type: 'ack', ...where, what: 'order', id }];
    }
    return result.list.flatMap((one) => {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) return unknown(one);
      const row = one as Fields;
      if (row.execId !== undefined) return fill(row);
      if (row.orderStatus !== undefined) return order(row);
      return row.positionIdx !== undefined && row.size !== undefined ? held(row) : unknown(row);
    });
  };

  return {
    read(frame) {
      const document = parseJson(frame);
      if (typeof document !== 'object' || document === null || Array.isArray(document))
        return [unknownFact(where, frame)];
      const fields = document as Fields;
      const reply = replyFact(where, fields);
      if (reply !== null) return [reply];
      if (typeof fields.topic === 'string') return withNames(ofTopic(fields, fields.topic));
      if (fields.retCode === 0 && typeof fields.result === 'object' && fields.result !== null)
        return withNames(ofResult(fields.result as Fields));
      return [unknownFact(where, frame)];
    },
  };
};
