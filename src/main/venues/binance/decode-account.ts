import type { Decimal, UnixMs } from '#shared/domain/basics';
import { div, isZero } from '#shared/domain/decimal';
import { type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  optionalDecimal,
  parseJson,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { OrderNames } from '../core/order-names';
import type { AccountEvent, VenueOrder } from '../venue';
import { toAlgoStatus, toClientId, toSide, toStatus, toVenueId } from './order-rows';

/** A private frame as ours. `stale-account`: balances or positions changed, ask for them whole. */
export type AccountNews =
  | { readonly kind: 'events'; readonly events: readonly AccountEvent[] }
  | { readonly kind: 'stale-account' }
  | { readonly kind: 'stream-ended'; readonly why: string }
  | { readonly kind: 'control' };

export interface AccountContext {
  readonly names: OrderNames;
  now(): UnixMs;
  /** @throws ProtocolError for a symbol the venue never listed */
  known(wireSymbol: string): Instrument;
}

const CONTROL: AccountNews = { kind: 'control' };
const STALE: AccountNews = { kind: 'stale-account' };

/** A frame of the spot WS-API: replies, or {"subscriptionId":0,"event":{…}}. @throws ProtocolError */
export function decodeSpotAccount(data: string | Uint8Array, context: AccountContext): AccountNews {
  const frame = fieldsOf(parseJson(data), 'frame');
  if (frame.event === undefined) return spotReply(frame);
  const news = fieldsOf(frame.event, 'event');
  switch (news.e) {
    case 'executionReport':
      return { kind: 'events', events: executionReport(news, context) };
    case 'outboundAccountPosition':
    case 'balanceUpdate':
      return STALE;
    case 'eventStreamTerminated':
    case 'serverShutdown':
      return { kind: 'stream-ended', why: `the exchange ended the account stream (${news.e})` };
    default:
      return otherNews(news);
  }
}

function spotReply(frame: Fields): AccountNews {
  if (frame.e === 'serverShutdown')
    return { kind: 'stream-ended', why: 'the exchange is shutting this socket' };
  // A key revoked during the session is told with id null.
  if (frame.status === 401 && frame.id === null)
    return { kind: 'stream-ended', why: 'the exchange no longer accepts the key' };
  if (frame.error !== undefined) throw bad('the exchange refused a frame', frame);
  if (frame.id !== undefined) return CONTROL;
  throw bad('unknown kind of frame', frame);
}

/** A raw frame of the USD-M user stream. @throws ProtocolError */
export function decodeFutureAccount(data: string | Uint8Array, context: AccountContext): AccountNews {
  const frame = fieldsOf(parseJson(data), 'frame');
  // The account stream is shared with COIN-M, marked st = 2.
  if (frame.st === 2) return CONTROL;
  switch (frame.e) {
    case 'ORDER_TRADE_UPDATE':
      return { kind: 'events', events: orderTradeUpdate(fieldsOf(frame.o, 'o'), context) };
    case 'ALGO_UPDATE':
      return algoUpdate(fieldsOf(frame.o, 'o'), frame, context);
    case 'ACCOUNT_UPDATE':
      return STALE;
    case 'listenKeyExpired':
      return { kind: 'stream-ended', why: 'the listen key of the account stream expired' };
    default:
      return otherNews(frame);
  }
}

/** News we have no use for; TRADE_LITE is one: the full copy of the same fill, with its fee, follows. */
const otherNews = (frame: Fields): AccountNews => {
  if (typeof frame.e !== 'string') throw bad('unknown kind of frame', frame);
  return CONTROL;
};

// {"e":"executionReport","s":"BTCUSDT","c":"wd-1","S":"BUY","o":"LIMIT","q":"1","p":"65000","P":"0","C":"","x":"TRADE",
//  "X":"PARTIALLY_FILLED","r":"NONE","i":77,"l":"0.4","z":"0.4","L":"65000","n":"0.013","N":"BNB","T":1772536782139,
//  "t":900,"m":true,"Z":"26000"}
function executionReport(report: Fields, context: AccountContext): AccountEvent[] {
  const instrument = context.known(textOf(report, 's'));
  const filled = decimalOf(report, 'z');
  const quote = optionalDecimal(report, 'Z');
  const order: VenueOrder = {
    venueOrderId: toVenueId(report, 'i'),
    // On a cancel `c` names the cancel request and `C` the order.
    clientOrderId: toClientId(report.C === undefined || report.C === '' ? report.c : report.C),
    symbol: instrument.symbol,
    status: toStatus(report.X),
    filled,
    averagePrice: isZero(filled) || quote === null || isZero(quote) ? null : div(quote, filled),
    side: toSide(report.S),
    amount: positiveOrNull(report, 'q'),
    triggerPrice: positiveOrNull(report, 'P'),
    reduceOnly: false,
    updatedAt: timeOf(report, 'T'),
  };
  return eventsOf(
    report,
    order,
    report.x === 'TRADE',
    wordOf(report.r) ?? wordOf(report.eR),
    instrument,
    context,
  );
}

// {"s":"BTCUSDT","c":"wd-2","S":"SELL","o":"MARKET","q":"0.010","ap":"64999.1","sp":"0","x":"TRADE","X":"FILLED",
//  "i":8886774,"l":"0.010","z":"0.010","L":"64999.10","N":"USDT","n":"0.26","T":1772536782140,"t":12345678,"m":false,
//  "R":true,"rp":"-3.20","er":"0"}
function orderTradeUpdate(report: Fields, context: AccountContext): AccountEvent[] {
  const instrument = context.known(textOf(report, 's'));
  const venueOrderId = toVenueId(report, 'i');
  const order: VenueOrder = {
    venueOrderId,
    clientOrderId: context.names.get(instrument.symbol, venueOrderId) ?? toClientId(report.c),
    symbol: instrument.symbol,
    status: toStatus(report.X),
    filled: decimalOf(report, 'z'),
    averagePrice: positiveOrNull(report, 'ap'),
    side: toSide(report.S),
    amount: positiveOrNull(report, 'q'),
    triggerPrice: positiveOrNull(report, 'sp'),
    reduceOnly: report.R === true || report.cp === true,
    updatedAt: timeOf(report, 'T'),
  };
  // CALCULATED is a liquidation or deleveraging: money moved all the same.
  const traded = report.x === 'TRADE' || report.x === 'CALCULATED';
  return eventsOf(report, order, traded, expiryWords(report.er), instrument, context);
}

/** The fill comes before the order's new state, so that "filled" is never seen ahead of what was filled. */
function eventsOf(
  report: Fields,
  order: VenueOrder,
  traded: boolean,
  note: string | null,
  instrument: Instrument,
  context: AccountContext,
): AccountEvent[] {
  const seenAt = context.now();
  if (order.clientOrderId !== null) context.names.set(order.symbol, order.venueOrderId, order.clientOrderId);
  const told: AccountEvent = { type: 'order', order, note, seenAt };
  if (!traded || isZero(decimalOf(report, 'l'))) return [told];
  return [{ type: 'fill', fill: decodeFill(report, order, instrument, seenAt) }, told];
}

/** `t`, `l`, `L`, `n`, `N` and `m` mean the same on both markets; `Y`, this fill in quote, is spot's alone. */
function decodeFill(report: Fields, order: VenueOrder, instrument: Instrument, seenAt: UnixMs): Fill {
  const cost = optionalDecimal(report, 'n');
  const currency = typeof report.N === 'string' && report.N !== '' ? report.N : null;
  if (currency === null && cost !== null && !isZero(cost)) throw bad('a fee without its currency', report);
  const quoted = optionalDecimal(report, 'Y');
  const tradeId = idOf(report, 't');
  if (tradeId.startsWith('-')) throw bad('a fill without a trade id', report);
  return {
    venue: venueKey('binance', instrument.market),
    symbol: order.symbol,
    tradeId,
    venueOrderId: order.venueOrderId,
    clientOrderId: order.clientOrderId,
    side: order.side,
    price: decimalOf(report, 'L'),
    amount: decimalOf(report, 'l'),
    ...(quoted === null || isZero(quoted) ? {} : { cost: quoted }),
    // A zero comes without a currency; a fee that is not told at all is not known, and so not zero.
    fee: cost === null ? null : { cost, currency: currency ?? instrument.quote },
    maker: typeof report.m === 'boolean' ? report.m : null,
    venueTime: order.updatedAt,
    seenAt,
  };
}

// {"caid":"wd-3","aid":2148719,"o":"STOP_MARKET","s":"BTCUSDT","S":"SELL","q":"0.01","X":"NEW","ai":"","tp":"60000",
//  "cp":false,"R":true,"rm":""}
function algoUpdate(report: Fields, frame: Fields, context: AccountContext): AccountNews {
  const { symbol } = context.known(textOf(report, 's'));
  const clientOrderId = toClientId(report.caid);
  const { status, triggered } = toAlgoStatus(report.X);
  const child = report.ai;
  if (clientOrderId !== null && child !== undefined && child !== null && child !== '' && child !== 0)
    context.names.set(symbol, idOf(report, 'ai'), clientOrderId);
  // From the trigger on the ordinary order reports; its news may be here already, so nothing older is said.
  if (triggered) return CONTROL;
  const order: VenueOrder = {
    venueOrderId: toVenueId(report, 'aid'),
    clientOrderId,
    symbol,
    status,
    filled: '0' as Decimal,
    averagePrice: null,
    side: toSide(report.S),
    amount: positiveOrNull(report, 'q'),
    triggerPrice: positiveOrNull(report, 'tp') ?? positiveOrNull(report, 'act'),
    reduceOnly: report.R === true || report.cp === true,
    updatedAt: timeOf(frame, 'T'),
  };
  return {
    kind: 'events',
    events: [{ type: 'order', order, note: wordOf(report.rm), seenAt: context.now() }],
  };
}

const wordOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value !== 'NONE' ? value.slice(0, 200) : null;

const EXPIRY: Readonly<Record<string, string>> = {
  1: 'self-trade prevention',
  2: 'the rest of an immediate-or-cancel order expired',
  3: 'self-trade prevention and immediate-or-cancel',
  4: 'pushed out by another reduce-only order',
  5: 'liquidation',
  6: 'its condition was not met',
  7: 'the instrument was delisted',
  8: 'its parent expired after the trigger',
  9: 'the rest of a market order expired',
  10: 'fill-or-kill could not be filled',
  11: 'post-only would have taken',
};
const expiryWords = (code: unknown): string | null => EXPIRY[String(code)] ?? null;

export const accountDecoder: Record<MarketKind, typeof decodeSpotAccount> = {
  spot: decodeSpotAccount,
  future: decodeFutureAccount,
};
