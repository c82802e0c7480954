import { type UnixMs, unixMs } from '#shared/domain/basics';
import { venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { bad, type Fields, fieldsOf, listOf, parseJson, textOf } from '../core/fields';
import { accountFacts, type FrameFact, marketFacts, unknownFact, type Where } from '../core/frame-facts';
import { guessInstrument, unnamedInstrument, withNames } from '../core/guess-symbol';
import { OrderNames } from '../core/order-names';
import type { FrameReader, VenueModule } from '../module';
import type { AccountEvent, VenueOrder } from '../venue';
import { type AccountContext, decodeSpotAccountFields, INVALID_LISTEN_KEY } from './decode-account';
import { decodeFuturePublic } from './decode-future';
import { decodeAnswer, decodeSpotFields } from './decode-spot';
import { decodeFutureFill } from './fills';
import type { DecodeContext, PublicMessage } from './messages';
import { decodeFutureRow, decodePlanRow, decodeStopRow, decodeTrackRow } from './order-rows';
import { PlanNames } from './plan-names';
import { decodeFrame } from './proto';
import {
  assetBalance,
  depthSnapshot,
  fundingFact,
  positionFact,
  spotBalance,
  tickerFact,
} from './reader-facts';

/** Reads frames of every MEXC socket: spot's protobuf (also as decoded text), its answers, and futures' text frames. */
export const createReader: VenueModule['reader'] = (market, options): FrameReader => {
  const where: Where = { exchange: 'mexc', market };
  const listed = new Map((options.instruments ?? []).map((one) => [one.wireSymbol, one]));
  const known = (wire: string): Instrument =>
    listed.get(wire) ?? guessInstrument('mexc', wire, market) ?? unnamedInstrument('mexc', wire, market);
  const now = (): UnixMs => unixMs(options.now());
  const open: DecodeContext = { market, instrument: known, now };
  const mine: AccountContext = { names: new OrderNames(), plans: new PlanNames(), now, known };
  const read = market === 'spot' ? spotReader(where, open, mine) : futureReader(where, open);
  return { read: (frame) => withNames(read(frame)) };
};

type Read = (frame: string | Uint8Array) => readonly FrameFact[];

function spotReader(where: Where, open: DecodeContext, mine: AccountContext): Read {
  const data = (frame: Fields, raw: string | Uint8Array): readonly FrameFact[] => {
    if (frame.privateAccount !== undefined) return [spotBalance(where, frame)];
    if (frame.privateDeals !== undefined || frame.privateOrders !== undefined) {
      const news = decodeSpotAccountFields(frame, mine);
      return news.kind === 'events' ? news.events.flatMap((event) => accountFacts(where, event)) : [];
    }
    const carries = Object.keys(frame).some((name) => name.startsWith('public'));
    return carries
      ? publicFacts(where, decodeSpotFields(frame, open), frame, open)
      : [unknownFact(where, raw)];
  };
  return (raw) => {
    if (typeof raw !== 'string') return data(decodeFrame(raw), raw);
    if (raw.startsWith(INVALID_LISTEN_KEY))
      return [{ type: 'auth', ...where, ok: false, message: raw.slice(0, 100) }];
    const frame = fieldsOf(parseJson(raw), 'frame');
    if (typeof frame.channel === 'string') return data(frame, raw);
    if (frame.msg === 'PONG') return [{ type: 'pong', ...where }];
    return typeof frame.msg === 'string' ? answerFacts(where, frame, raw) : [unknownFact(where, raw)];
  };
}

// {"id":0,"code":0,"msg":"spot@…"} and, with code 0 as well, {"id":0,"code":0,"msg":"Not Subscribed successfully! […]. …"}
function answerFacts(where: Where, frame: Fields, raw: string): readonly FrameFact[] {
  const id = frame.id === undefined || frame.id === null ? null : String(frame.id);
  const message = String(frame.msg);
  if (frame.code !== 0 && frame.code !== undefined)
    return [{ type: 'error', ...where, code: String(frame.code), message }];
  const answer = decodeAnswer(raw);
  if (answer.kind === 'refused') return [{ type: 'error', ...where, code: String(frame.code ?? 0), message }];
  if (answer.kind !== 'confirmed') return [unknownFact(where, raw)];
  return answer.topics.map((what) => ({ type: 'ack' as const, ...where, what, id }));
}

function publicFacts(
  where: Where,
  message: PublicMessage,
  frame: Fields,
  { instrument, now, market }: DecodeContext,
): readonly FrameFact[] {
  if (message.kind === 'events')
    return message.events.flatMap((event) => marketFacts(where, event)).map(withoutClose);
  if (message.kind !== 'book') return [];
  const { symbol } = instrument(textOf(frame, 'symbol'))!;
  const head = { venue: venueKey('mexc', market), symbol, seenAt: now() };
  return marketFacts(where, { ...head, type: 'book-delta', ...message.delta });
}

/** MEXC never says whether a candle is over. */
const withoutClose = (fact: FrameFact): FrameFact =>
  fact.type === 'candle' ? { ...fact, closed: null } : fact;

function futureReader(where: Where, open: DecodeContext): Read {
  const known = (row: Fields): Instrument => open.instrument(textOf(row, 'symbol'))!;
  const told = (row: Fields, order: VenueOrder): readonly FrameFact[] =>
    sized(accountFacts(where, orderNews(order, open)), known(row));
  const personal: Readonly<Record<string, (row: Fields, frame: Fields) => readonly FrameFact[]>> = {
    'push.personal.order': (row) => told(row, decodeFutureRow(row, known(row))),
    'push.personal.plan.order': (row) => told(row, decodePlanRow(row, known(row)).order),
    'push.personal.track.order': (row) => told(row, decodeTrackRow(row, known(row))),
    'push.personal.stop.planorder': (row) =>
      decodeStopRow(row, known(row)).flatMap((order) => told(row, order)),
    'push.personal.order.deal': (row) => {
      const fill = decodeFutureFill(row, known(row), open.now());
      return sized(accountFacts(where, { type: 'fill', fill }), known(row));
    },
    'push.personal.asset': (row, frame) => [assetBalance(where, row, frame)],
    'push.personal.position': (row) => sized([positionFact(where, row, known(row))], known(row)),
  };
  return (raw) => {
    if (typeof raw !== 'string')
      throw bad('a binary frame, where text was asked for', Buffer.from(raw).toString('hex'));
    const frame = fieldsOf(parseJson(raw), 'frame');
    if (typeof frame.channel !== 'string') return [unknownFact(where, raw)];
    const { channel } = frame;
    const reply = replyFact(where, channel, frame);
    if (reply !== null) return [reply];
    if (Object.hasOwn(personal, channel)) {
      const row = fieldsOf(frame.data, 'data');
      // A sample of the fee deduction is labelled with the channel of trigger orders.
      const subject = channel === 'push.personal.asset' ? row.currency : row.symbol;
      return subject === undefined ? [unknownFact(where, raw)] : personal[channel]!(row, frame);
    }
    if (channel === 'push.tickers')
      return listOf(frame.data, 'tickers').map((row) => tickerFact(where, fieldsOf(row, 'ticker'), known));
    if (!PUBLIC.has(channel)) return [unknownFact(where, raw)];
    const instrument = known(frame);
    if (channel === 'push.depth.full') return sized([depthSnapshot(where, frame, instrument)], instrument);
    const message = decodeFuturePublic(raw, open);
    if (message.kind === 'funding') return [fundingFact(where, message.funding, instrument)];
    const facts = publicFacts(where, message, frame, open);
    return sized(
      facts.map((fact) =>
        fact.type === 'ticker' ? tickerFact(where, fieldsOf(frame.data, 'ticker'), known) : fact,
      ),
      instrument,
    );
  };
}

const PUBLIC: ReadonlySet<string> = new Set([
  'push.deal',
  'push.depth',
  'push.depth.full',
  'push.ticker',
  'push.kline',
  'push.funding.rate',
  'push.fair.price',
]);

const orderNews = (order: VenueOrder, { now }: DecodeContext): AccountEvent => ({
  type: 'order',
  order,
  note: null,
  seenAt: now(),
});

// {"channel":"pong","data":1587453241453} {"channel":"rs.login","data":"success"} {"channel":"rs.sub.deal","data":"success"}
// {"channel":"rs.error","data":"Contract doesn't exist!"}
function replyFact(where: Where, channel: string, frame: Fields): FrameFact | null {
  if (channel === 'pong') return { type: 'pong', ...where };
  if (!channel.startsWith('rs.')) return null;
  const ok = frame.data === 'success';
  const message = ok ? null : String(frame.data ?? '');
  if (channel === 'rs.login') return { type: 'auth', ...where, ok, message };
  if (channel === 'rs.error' || !ok) return { type: 'error', ...where, code: null, message: message ?? '' };
  return { type: 'ack', ...where, what: channel.slice(3), id: null };
}

const COUNTS: ReadonlySet<FrameFact['type']> = new Set([
  'trade',
  'book_snapshot',
  'book_delta',
  'candle',
  'open_interest',
  'order',
  'fill',
  'position',
]);

/** Without the size of a contract amounts count contracts, and a value that was made of them says nothing. */
function sized(facts: readonly FrameFact[], instrument: Instrument): readonly FrameFact[] {
  if (instrument.contractSize !== undefined) return facts;
  return facts.map((fact) => {
    if (!COUNTS.has(fact.type)) return fact;
    const counted = { ...fact, unit: 'contract' } as FrameFact;
    if (counted.type === 'fill') return { ...counted, cost: null };
    return counted.type === 'open_interest' ? { ...counted, value: null } : counted;
  });
}
