import { type UnixMs, unixMs } from '#shared/domain/basics';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import { decimalOf, type Fields, fieldsOf, idOf, listOf, timeOf, toDecimal } from '../core/fields';
import { accountFacts, type FrameFact, marketFacts, unknownFact, type Where } from '../core/frame-facts';
import { guessInstrument } from '../core/guess-symbol';
import { OrderNames } from '../core/order-names';
import type { VenueModule } from '../module';
import type { AccountEvent } from '../venue';
import { type DecodeContext, decodePublic, readFrame } from './decode';
import {
  type AccountContext,
  decodeAccount,
  decodeCollateral,
  decodeFill,
  decodePositions,
  decodeTokens,
  orderFills,
} from './decode-account';
import { decodeOrder } from './order-rows';
import { readAcknowledgement, readSubscription } from './subscription';

const PUBLIC = new Set(['trades', 'l2Book', 'bbo', 'candle', 'activeAssetCtx', 'activeSpotAssetCtx']);
/** Stands for a name without a unified form until the fact is made. */
const NAMELESS = '?/?' as Symbol;

type Context = AccountContext & DecodeContext & { readonly where: Where };

/** Reads frames of the one Hyperliquid socket: market data, accounts, replies. */
export const createReader: VenueModule['reader'] = (market, options) => {
  const where: Where = { exchange: 'hyperliquid', market };
  const listed = new Map((options.instruments ?? []).map((one) => [one.wireSymbol, one]));
  const instrument = (coin: string): Instrument => listed.get(coin) ?? guess(coin, where);
  const context: Context = {
    where,
    market,
    names: new OrderNames(),
    collateral: 'perpetuals',
    now: (): UnixMs => unixMs(options.now()),
    symbol: (coin) => instrument(coin).symbol,
    instrument,
  };
  return { read: (frame) => read(frame, context).map(named) };
};

function read(frame: string | Uint8Array, context: Context): readonly FrameFact[] {
  const { where } = context;
  const opened = readFrame(frame);
  if (opened === null) return [{ type: 'ack', ...where, what: 'connected', id: null }];
  const { channel, data } = opened;
  if (PUBLIC.has(channel)) return publicFacts(frame, data, context);
  switch (channel) {
    case 'userFills':
    case 'user':
      return userFacts(frame, fieldsOf(data, 'data'), context);
    case 'orderUpdates': {
      const news = decodeAccount(frame, context);
      return news?.kind === 'events' ? news.events.flatMap((event) => accountFacts(where, event)) : [];
    }
    case 'openOrders':
      return openOrderFacts(fieldsOf(data, 'data'), context);
    case 'clearinghouseState': {
      const fields = fieldsOf(data, 'data');
      return stateFacts(fieldsOf(fields.clearinghouseState, 'clearinghouseState'), context);
    }
    case 'spotState': {
      const balances = decodeTokens(fieldsOf(fieldsOf(data, 'data').spotState, 'spotState'));
      return accountFacts(where, { type: 'balances', balances, seenAt: context.now() });
    }
    case 'allMids':
      return midFacts(fieldsOf(fieldsOf(data, 'data').mids, 'mids'), context);
    case 'pong':
      return [{ type: 'pong', ...where }];
    case 'subscriptionResponse':
      return [ackFact(data, where)];
    case 'error':
      return [{ type: 'error', ...where, code: null, message: String(data).slice(0, 200) }];
    case 'post':
      return postFacts(fieldsOf(data, 'data'), where);
    default:
      return [unknownFact(where, frame)];
  }
}

function publicFacts(frame: string | Uint8Array, data: unknown, context: Context): readonly FrameFact[] {
  const message = decodePublic(frame, context);
  if (message.kind === 'control') return readOneSided(frame, data, context);
  if (message.kind === 'book') {
    const { bids, asks, time } = message.book;
    const head = { ...context.where, symbol: context.symbol(message.coin) ?? null, timestamp: time };
    return [{ type: 'book_snapshot', ...head, first: null, last: null, bids, asks }];
  }
  return message.events.flatMap((event) => marketFacts(context.where, event)).map(unsaid);
}

/** A best price of one side only; the other is told as unknown. An empty list of trades says nothing. */
function readOneSided(frame: string | Uint8Array, data: unknown, context: Context): readonly FrameFact[] {
  if (Array.isArray(data)) return [];
  const { coin, bbo, time } = fieldsOf(data, 'data');
  if (!Array.isArray(bbo)) return [unknownFact(context.where, frame)];
  const [bid, ask] = bbo.map((row) => (row === null ? null : fieldsOf(row, 'level')));
  const of = (row: Fields | null | undefined, name: string) =>
    row === null || row === undefined ? null : decimalOf(row, name);
  return [
    {
      type: 'ticker',
      ...context.where,
      symbol: context.symbol(String(coin)) ?? null,
      timestamp: timeOf({ time }, 'time'),
      last: null,
      bid: of(bid, 'px'),
      bid_amount: of(bid, 'sz'),
      ask: of(ask, 'px'),
      ask_amount: of(ask, 'sz'),
      change_percent: null,
      quote_volume: null,
    },
  ];
}

/** What only a living connection knows: whether a candle is over, and when the next funding is due. */
function unsaid(fact: FrameFact): FrameFact {
  if (fact.type === 'candle') return { ...fact, closed: null };
  return fact.type === 'funding' ? { ...fact, next_at: null } : fact;
}

// {"user":"0x…","isSnapshot":true,"fills":[…]} {"funding":{"time":…,"coin":"BTC","usdc":"-0.0085","szi":"0.01","fundingRate":"0.0000125"}}
function userFacts(frame: string | Uint8Array, data: Fields, context: Context): readonly FrameFact[] {
  if (data.fills !== undefined) {
    return orderFills(listOf(data.fills, 'fills')).flatMap((row) => {
      const fields = fieldsOf(row, 'fill');
      const fill = decodeFill(fields, context.instrument(String(fields.coin))!, context);
      // On the wire the id of a trade is `tid`; ours says more, to be unique.
      return accountFacts(context.where, { type: 'fill', fill }).map((fact) =>
        fact.type === 'fill' && fields.tid !== undefined ? { ...fact, id: String(fields.tid) } : fact,
      );
    });
  }
  if (data.funding !== undefined) {
    const paid = fieldsOf(data.funding, 'funding');
    const head = { ...context.where, symbol: context.symbol(String(paid.coin)) ?? null };
    const rate = decimalOf(paid, 'fundingRate');
    return [{ type: 'funding', ...head, timestamp: timeOf(paid, 'time'), rate, next_at: null }];
  }
  if (data.liquidation !== undefined) return [liquidationFact(context.where)];
  if (data.nonUserCancel !== undefined)
    return listOf(data.nonUserCancel, 'nonUserCancel').map((row) =>
      cancelFact(fieldsOf(row, 'cancel'), context),
    );
  return [unknownFact(context.where, frame)];
}

// {"liquidation":{"lid":12345,"liquidator":"0x…","liquidated_user":"0x…","liquidated_ntl_pos":"680.1",…}}: of the whole
// account, without saying what of which coin was sold; the fills that follow do.
const liquidationFact = (where: Where): FrameFact => ({
  type: 'liquidation',
  ...where,
  symbol: null,
  timestamp: null,
  side: null,
  price: null,
  amount: null,
});

// {"nonUserCancel":[{"coin":"BTC","oid":481029460001}]}
const cancelFact = (row: Fields, { where, symbol }: Context): FrameFact => ({
  type: 'order',
  ...where,
  symbol: symbol(String(row.coin)) ?? null,
  timestamp: null,
  order_id: idOf(row, 'oid'),
  client_order_id: null,
  side: null,
  status: 'cancelled',
  amount: null,
  filled: null,
  average: null,
  trigger_price: null,
  reduce_only: null,
});

// {"dex":"","user":"0x…","orders":[…]}
function openOrderFacts(data: Fields, context: Context): readonly FrameFact[] {
  return listOf(data.orders, 'orders').flatMap((row) => {
    const fields = fieldsOf(row, 'order');
    const symbol = context.symbol(String(fields.coin))!;
    const order = decodeOrder(fields, symbol, { status: 'open', at: null });
    return accountFacts(context.where, { type: 'order', order, note: null, seenAt: context.now() });
  });
}

function stateFacts(state: Fields, context: Context): readonly FrameFact[] {
  const seenAt = context.now();
  const told: readonly AccountEvent[] = [
    { type: 'balances', balances: decodeCollateral(state), seenAt },
    { type: 'positions', positions: decodePositions(state, context), seenAt },
  ];
  const timestamp = state.time === undefined ? null : timeOf(state, 'time');
  return told
    .flatMap((event) => accountFacts(context.where, event))
    .map((fact) => (fact.type === 'balance' || fact.type === 'position' ? { ...fact, timestamp } : fact));
}

const midFacts = (mids: Fields, context: Context): readonly FrameFact[] =>
  Object.entries(mids).map(([coin, mid]) => ({
    type: 'ticker',
    ...context.where,
    symbol: context.symbol(coin) ?? null,
    timestamp: null,
    last: toDecimal(mid, 'mid'),
    bid: null,
    bid_amount: null,
    ask: null,
    ask_amount: null,
    change_percent: null,
    quote_volume: null,
  }));

function ackFact(data: unknown, where: Where): FrameFact {
  const reply = readAcknowledgement(data);
  const { type, coin, user } = readSubscription(reply?.subscription);
  const what = [reply?.method, type, coin ?? user].filter((word) => typeof word === 'string').join(' ');
  return { type: 'ack', ...where, what: what === '' ? null : what, id: null };
}

// {"id":7,"response":{"type":"error","payload":"429 …"}} {"id":8,"response":{"type":"action","payload":{"status":"ok",…}}}
function postFacts(data: Fields, where: Where): readonly FrameFact[] {
  const { type, payload } = fieldsOf(data.response, 'response');
  const refused = type === 'error' || (type === 'action' && fieldsOf(payload, 'payload').status === 'err');
  if (!refused) return [{ type: 'ack', ...where, what: `post ${String(type)}`, id: String(data.id) }];
  const words = typeof payload === 'string' ? payload : fieldsOf(payload, 'payload').response;
  return [{ type: 'error', ...where, code: null, message: String(words).slice(0, 200) }];
}

/** "BTC" is a perpetual against USDC, "PURR/USDC" a pair; "@107" and "xyz:XYZ100" do not tell what they are. */
function guess(coin: string, where: Where): Instrument {
  const wire = where.market === 'future' ? `${coin.toUpperCase()}_USDC` : coin.replace('/', '_');
  const known = guessInstrument('hyperliquid', wire, where.market);
  const quiet = guessInstrument('hyperliquid', 'X_USDC', where.market)!;
  return { ...(known ?? { ...quiet, symbol: NAMELESS }), wireSymbol: coin };
}

const named = (fact: FrameFact): FrameFact =>
  'symbol' in fact && fact.symbol === NAMELESS ? { ...fact, symbol: null } : fact;
