import { type UnixMs, unixMs } from '#shared/domain/basics';
import { ONE } from '#shared/domain/decimal';
import { venueKey } from '#shared/domain/exchange';
import { bad, type Fields, fieldsOf, parseJson } from '../core/fields';
import { accountFacts, type FrameFact, marketFacts, unknownFact, type Where } from '../core/frame-facts';
import { guessInstrument, unnamedInstrument, withNames } from '../core/guess-symbol';
import { OrderNames } from '../core/order-names';
import type { FrameReader, VenueModule } from '../module';
import { type DecodeContext, decodeFrame, type PublicMessage } from './decode';
import { type AccountContext, decodeAccountFrame } from './decode-account';
import { apiFacts, balanceFacts, positionFacts, snapshotFacts, withBestPrices } from './reader-facts';
import { isFarewell, refusalOf } from './socket';
import type { GateInstrument } from './symbols';

const PUBLIC = new Set([
  'trades',
  'trades_v2',
  'book_ticker',
  'tickers',
  'candlesticks',
  'obu',
  'public_liquidates',
]);
const PRIVATE = new Set(['orders', 'orders_v2', 'usertrades', 'usertrades_v2', 'autoorders', 'priceorders']);
const REFUSED_KEY = new Set(['4', '6', '11']);

/** Reads frames of every Gate socket: public and private channels of a market, and trading over the socket. */
export const createReader: VenueModule['reader'] = (market, options): FrameReader => {
  const where: Where = { exchange: 'gateio', market };
  const listed = new Map((options.instruments ?? []).map((one) => [one.wireSymbol, one]));
  const known = (wire: string): GateInstrument => {
    const own = listed.get(wire);
    // Without the size of a contract amounts are told as contracts.
    if (own !== undefined) return { ...own, contractSize: own.contractSize ?? ONE };
    const guess = guessInstrument('gateio', wire, market) ?? unnamedInstrument('gateio', wire, market);
    return { ...guess, contractSize: ONE };
  };
  const isSized = (wire: string): boolean =>
    market === 'spot' || listed.get(wire)?.contractSize !== undefined;
  const now = (): UnixMs => unixMs(options.now());
  const open: DecodeContext = { market, known, now };
  const mine: AccountContext = { market, names: new OrderNames(), now, known };

  const asPublic = (frame: Fields): readonly FrameFact[] => {
    const message: PublicMessage = decodeFrame(frame, open);
    if (message.kind === 'events')
      return withBestPrices(
        message.events.flatMap(([, event]) => marketFacts(where, event)),
        frame,
        known,
      );
    if (message.kind !== 'book') return [unknownFact(where, JSON.stringify(frame))];
    const { symbol, book } = message;
    const head = { venue: venueKey('gateio', market), symbol, seenAt: now() };
    return marketFacts(
      where,
      book.kind === 'delta'
        ? { ...head, type: 'book-delta', ...book.delta }
        : { ...head, type: 'book-snapshot', venueTime: book.venueTime, ...book.snapshot },
    );
  };
  const asAccount = (frame: Fields): readonly FrameFact[] => {
    const news = decodeAccountFrame(frame, mine);
    return news.kind === 'events'
      ? news.events.flatMap((event) => accountFacts(where, event))
      : [unknownFact(where, JSON.stringify(frame))];
  };
  const asReply = (frame: Fields): readonly FrameFact[] => {
    const refusal = refusalOf(frame);
    const id = frame.id === undefined || frame.id === null ? null : String(frame.id);
    if (refusal === null) return [{ type: 'ack', ...where, what: String(frame.channel ?? frame.event), id }];
    const { code, message } = refusal;
    return REFUSED_KEY.has(code)
      ? [{ type: 'auth', ...where, ok: false, message }]
      : [{ type: 'error', ...where, code: code === '' ? null : code, message }];
  };

  const readOne = (frame: Fields): readonly FrameFact[] => {
    if (isFarewell(frame))
      return [
        { type: 'error', ...where, code: 'upgrade', message: 'the exchange will close this connection' },
      ];
    const api = apiFacts(where, frame);
    if (api !== null) return api;
    if (typeof frame.channel !== 'string') return [unknownFact(where, JSON.stringify(frame))];
    if (frame.event === 'subscribe' || frame.event === 'unsubscribe' || frame.error != null)
      return asReply(frame);
    const [section, named = ''] = frame.channel.split('.');
    if (section !== (market === 'spot' ? 'spot' : 'futures'))
      return [unknownFact(where, JSON.stringify(frame))];
    if (named === 'pong') return [{ type: 'pong', ...where }];
    // The faster copies (2025-01) have the same shape without fees.
    const name = named.replace(/_v2$/, '');
    const plain = { ...frame, channel: `${section}.${name}` };
    if (PUBLIC.has(named)) return asPublic(plain);
    if (PRIVATE.has(named)) return asAccount(plain);
    if (name === 'balances') return balanceFacts(where, frame);
    if (name === 'positions') return positionFacts(where, frame, known);
    if (name === 'order_book' || name === 'order_book_update') return snapshotFacts(where, frame, known);
    return [unknownFact(where, JSON.stringify(frame))];
  };

  return {
    read(frame) {
      const document = parseJson(frame);
      if (typeof document !== 'object' || document === null) return [unknownFact(where, frame)];
      if (Array.isArray(document)) throw bad('a list is no frame of Gate', frame);
      const fields = fieldsOf(document, 'frame');
      const facts = withNames(readOne(fields));
      return isSized(wireOf(fields)) ? facts : facts.map(inContracts);
    },
  };
};

/** The symbol a frame is about, to know whether its contract's size is known; '' when it has none. */
function wireOf({ result }: Fields): string {
  const row = (Array.isArray(result) ? (result as unknown[])[0] : result) as Fields | undefined;
  if (typeof row !== 'object' || row === null) return '';
  const initial = row.initial as Fields | undefined;
  const name = row.contract ?? initial?.contract ?? row.currency_pair ?? row.s;
  if (typeof name === 'string') return /^ob\.(.+)\.\d+$/.exec(name)?.[1] ?? name;
  return typeof row.n === 'string' ? row.n.replace(/^[0-9a-z]+_/, '') : '';
}

/** Facts whose amounts count contracts say so; what only base units could tell is left out. */
function inContracts(fact: FrameFact): FrameFact {
  switch (fact.type) {
    case 'trade':
    case 'book_snapshot':
    case 'book_delta':
    case 'liquidation':
    case 'order':
    case 'position':
      return { ...fact, unit: 'contract' };
    case 'fill':
      return { ...fact, cost: null, unit: 'contract' };
    case 'ticker':
      return fact.bid_amount === null ? fact : { ...fact, unit: 'contract' };
    case 'open_interest':
      return { ...fact, value: null, unit: 'contract' };
    default:
      return fact;
  }
}
