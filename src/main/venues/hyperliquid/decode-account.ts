import type { Decimal, UnixMs } from '#shared/domain/basics';
import { isNegative, isZero, sub, sum, ZERO } from '#shared/domain/decimal';
import { venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import type { AccountNews } from '../core/account-stream';
import {
  bad,
  decimalOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  optionalDecimal,
  positiveOrNull,
  textOf,
  timeOf,
} from '../core/fields';
import type { OrderNames } from '../core/order-names';
import type { AccountEvent, Balance, VenuePosition } from '../venue';
import { readFrame } from './decode';
import { clientIdOf, decodeOrder, noteOf, toSide, toVenueId } from './order-rows';

export interface AccountContext {
  readonly names: OrderNames;
  now(): UnixMs;
  /** Undefined for a coin of another market, which is not told here. */
  instrument(coin: string): Instrument | undefined;
  /** Where the account keeps its dollars: beside its perpetuals, or in one pot with its spot tokens. */
  readonly collateral: 'perpetuals' | 'spot';
}

/**
 * A private frame as ours; null for one that says nothing new: the greeting, a pong, an acknowledgement. The fills that
 * come with a subscription are history and are left out: they would be told again at every reconnect.
 * @throws ProtocolError
 */
export function decodeAccount(data: string | Uint8Array, context: AccountContext): AccountNews | null {
  const frame = readFrame(data);
  if (frame === null) return null;
  const seenAt = context.now();
  switch (frame.channel) {
    case 'userFills': {
      const { isSnapshot, fills } = fieldsOf(frame.data, 'data');
      const rows = listOf(fills, 'fills');
      return isSnapshot === true ? null : events(orderFills(rows).flatMap((row) => fillEvent(row, context)));
    }
    case 'orderUpdates':
      return events(listOf(frame.data, 'orders').flatMap((row) => orderEvent(row, context)));
    case 'clearinghouseState': {
      const state = fieldsOf(fieldsOf(frame.data, 'data').clearinghouseState, 'clearinghouseState');
      const positions: AccountEvent = {
        type: 'positions',
        positions: decodePositions(state, context),
        seenAt,
      };
      if (context.collateral === 'spot') return events([positions]);
      return events([{ type: 'balances', balances: decodeCollateral(state), seenAt }, positions]);
    }
    case 'spotState': {
      if (context.collateral !== 'spot') return null;
      const state = fieldsOf(fieldsOf(frame.data, 'data').spotState, 'spotState');
      return events([{ type: 'balances', balances: decodeTokens(state), seenAt }]);
    }
    case 'pong':
    case 'subscriptionResponse':
      return null;
    case 'error':
      throw bad('the exchange refused a frame', frame.data);
    default:
      throw bad('unknown channel', frame.channel);
  }
}

const events = (list: readonly AccountEvent[]): AccountNews => ({ kind: 'events', events: list });

function fillEvent(row: unknown, context: AccountContext): AccountEvent[] {
  const fields = fieldsOf(row, 'fill');
  const instrument = context.instrument(textOf(fields, 'coin'));
  if (instrument === undefined) return [];
  return [{ type: 'fill', fill: decodeFill(fields, instrument, context) }];
}

/**
 * Fills of one block share their time and come in any order: those of one coin follow each other by the position each
 * of them started from. What cannot be chained keeps its place.
 */
export function orderFills(rows: readonly unknown[]): readonly Fields[] {
  const waiting = rows.map((row) => fieldsOf(row, 'fill')).sort((a, b) => Number(a.time) - Number(b.time));
  const ordered: Fields[] = [];
  while (waiting.length > 0) {
    const { coin, time } = waiting[0]!;
    const block = waiting.filter((row) => row.time === time && row.coin === coin);
    const reached = new Set(block.map(positionAfter));
    // The first of a chain starts where none of the others ended; the next one starts where it ends.
    let next = block.find((row) => !reached.has(Number(row.startPosition))) ?? block[0];
    while (next !== undefined) {
      const end = positionAfter(next);
      ordered.push(next);
      waiting.splice(waiting.indexOf(next), 1);
      block.splice(block.indexOf(next), 1);
      next = block.find((row) => Number(row.startPosition) === end);
    }
  }
  return ordered;
}

/** For comparing only, so rounding away what floating numbers add is right. */
const positionAfter = ({ startPosition, sz, side }: Fields): number =>
  Number((Number(startPosition) + (side === 'B' ? 1 : -1) * Number(sz)).toPrecision(12));

/**
 * One execution. Its identity is more than `tid`: that is 0 for dust and settlements, and both sides of a trade with
 * oneself share it.
 * {"coin":"BTC","px":"68010.0","sz":"0.01","side":"A","time":1795187003000,"startPosition":"0.03","dir":"Close Long",
 *  "closedPnl":"6.2","hash":"0x6c…","oid":481029459465,"crossed":true,"fee":"0.306045","tid":17679709382320,
 *  "cloid":"0x…","feeToken":"USDC","twapId":null}
 */
export function decodeFill(
  row: Fields,
  { symbol, market }: Instrument,
  context: Pick<AccountContext, 'names' | 'now'>,
): Fill {
  const venueOrderId = toVenueId(row, 'oid');
  const side = toSide(row.side);
  const price = decimalOf(row, 'px');
  const amount = decimalOf(row, 'sz');
  const clientOrderId = clientIdOf(row) ?? context.names.get(symbol, venueOrderId) ?? null;
  if (clientOrderId !== null) context.names.set(symbol, venueOrderId, clientOrderId);
  return {
    venue: venueKey('hyperliquid', market),
    symbol,
    tradeId: tradeIdOf(row, side, price, amount),
    venueOrderId,
    clientOrderId,
    side,
    price,
    amount,
    fee: feeOf(row),
    maker: typeof row.crossed === 'boolean' ? !row.crossed : null,
    venueTime: timeOf(row, 'time'),
    seenAt: context.now(),
  };
}

function tradeIdOf(row: Fields, side: string, price: Decimal, amount: Decimal): string {
  const tid = row.tid === undefined || row.tid === null ? '0' : idOf(row, 'tid');
  const name = `${tid}-${timeOf(row, 'time')}-${idOf(row, 'oid')}-${side === 'buy' ? 'b' : 's'}`;
  return tid === '0' ? `${name}-${amount}-${price}` : name;
}

/** What the exchange took, the builder's share included (`builderFee` is part of `fee`). History of 2023 names no token. */
function feeOf(row: Fields): Fill['fee'] {
  const cost = optionalDecimal(row, 'fee');
  if (cost === null || typeof row.feeToken !== 'string' || row.feeToken === '') return null;
  return { cost, currency: row.feeToken.toUpperCase() };
}

// {"order":{"coin":"BTC","side":"B","limitPx":"67000.0","sz":"0.006","oid":481029460001,"timestamp":1795187004000,
//  "origSz":"0.01","cloid":"0x…"},"status":"open","statusTimestamp":1795187004120}
function orderEvent(row: unknown, context: AccountContext): AccountEvent[] {
  const update = fieldsOf(row, 'update');
  const fields = fieldsOf(update.order, 'order');
  const instrument = context.instrument(textOf(fields, 'coin'));
  if (instrument === undefined) return [];
  const order = decodeOrder(fields, instrument.symbol, {
    status: update.status,
    at: timeOf(update, 'statusTimestamp'),
  });
  const clientOrderId = order.clientOrderId ?? context.names.get(order.symbol, order.venueOrderId) ?? null;
  if (clientOrderId !== null) context.names.set(order.symbol, order.venueOrderId, clientOrderId);
  return [
    {
      type: 'order',
      order: { ...order, clientOrderId },
      note: noteOf(update.status),
      seenAt: context.now(),
    },
  ];
}

/**
 * Positions of a clearinghouseState; a flat coin is simply absent.
 * {"type":"oneWay","position":{"coin":"BTC","szi":"0.02","entryPx":"67390.0","liquidationPx":"17610.5",…}}
 * @throws ProtocolError
 */
export function decodePositions(
  state: Fields,
  { instrument }: Pick<AccountContext, 'instrument'>,
): VenuePosition[] {
  return listOf(state.assetPositions, 'assetPositions').flatMap((row) => {
    const position = fieldsOf(fieldsOf(row, 'asset position').position, 'position');
    const listed = instrument(textOf(position, 'coin'));
    const amount = decimalOf(position, 'szi');
    if (listed === undefined || isZero(amount)) return [];
    const { symbol } = listed;
    return [
      {
        symbol,
        amount,
        entryPrice: positiveOrNull(position, 'entryPx'),
        liquidationPrice: positiveOrNull(position, 'liquidationPx'),
      },
    ];
  });
}

/**
 * Dollars beside the perpetuals. `accountValue` counts profit that is not realised, which no wallet holds; free is what
 * may be withdrawn.
 * @throws ProtocolError
 */
export function decodeCollateral(state: Fields): Balance[] {
  const value = decimalOf(fieldsOf(state.marginSummary, 'marginSummary'), 'accountValue');
  const profits = listOf(state.assetPositions, 'assetPositions').map((row) =>
    decimalOf(fieldsOf(fieldsOf(row, 'asset position').position, 'position'), 'unrealizedPnl'),
  );
  const wallet = sub(value, sum(profits));
  const free = decimalOf(state, 'withdrawable');
  const locked = sub(wallet, free);
  return [{ asset: 'USDC', free, locked: isNegative(locked) ? ZERO : locked }];
}

/** {"balances":[{"coin":"USDC","token":0,"total":"894.08","hold":"140.43","entryNtl":"0.0"}]} @throws ProtocolError */
export const decodeTokens = (state: Fields): Balance[] =>
  listOf(state.balances, 'balances').map((row) => {
    const fields = fieldsOf(row, 'balance');
    const locked = decimalOf(fields, 'hold');
    return {
      asset: textOf(fields, 'coin').toUpperCase(),
      free: sub(decimalOf(fields, 'total'), locked),
      locked,
    };
  });
