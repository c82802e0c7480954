import { ClientOrderId, type Decimal, type UnixMs, unixMs, VenueOrderId } from '#shared/domain/basics';
import { div, fromNumber, fromText, isZero, mul, ZERO } from '#shared/domain/decimal';
import type { MarketKind, VenueKey } from '#shared/domain/exchange';
import { namelessTradeId } from '#shared/domain/fill-identity';
import { type Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle, Level } from '#shared/domain/market';
import type { Fill, OrderStatus } from '#shared/domain/order';
import { bad } from '../core/fields';
import type { Balance, VenueOrder, VenuePosition } from '../venue';
import type { Unified } from './load';

/** ccxt's number, told as text so that no digit is lost; a bare one where a library of its own computed it. */
export function decimalOrNull(value: unknown): Decimal | null {
  try {
    if (typeof value === 'string' && value !== '') return fromText(value);
    if (typeof value === 'number') return fromNumber(value);
  } catch {
    // Not a number: said by whoever needs one.
  }
  return null;
}
const decimal = (row: Unified, name: string): Decimal => {
  const value = decimalOrNull(row[name]);
  if (value === null) throw bad(`field ${name} is not a decimal number`, row.info ?? row);
  return value;
};
export const timeOrNull = (value: unknown): UnixMs | null => {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? unixMs(number) : null;
};
const side = (row: Unified): 'buy' | 'sell' => {
  if (row.side === 'buy' || row.side === 'sell') return row.side;
  throw bad('unknown side', row.info ?? row);
};
const clientId = (value: unknown): ClientOrderId | null => {
  const read = ClientOrderId.safeParse(value);
  return read.success ? read.data : null;
};

/** A market of ccxt's with how many base units one of its amounts is. */
export interface GenericInstrument extends Instrument {
  readonly contractSize: Decimal;
}

/** Spot pairs and linear perpetuals; null for what has no place here (options, inverse, dated). */
export function toInstrument(
  market: Unified,
  exchange: Instrument['exchange'],
  kind: MarketKind,
): GenericInstrument | null {
  const wanted = kind === 'spot' ? market.spot === true : market.swap === true && market.linear === true;
  const symbol = Symbol.safeParse(market.symbol);
  if (!wanted || !symbol.success) return null;
  const precision = (market.precision ?? {}) as Unified;
  const limits = (market.limits ?? {}) as Readonly<Record<string, Unified | undefined>>;
  const contractSize = kind === 'spot' ? ('1' as Decimal) : decimalOrNull(market.contractSize);
  const [tickSize, step] = [decimalOrNull(precision.price), decimalOrNull(precision.amount)];
  if (contractSize === null || isZero(contractSize) || tickSize === null || step === null) return null;
  const base = (value: unknown): Decimal | null => {
    const told = decimalOrNull(value);
    return told === null ? null : mul(told, contractSize);
  };
  return {
    exchange,
    market: kind,
    symbol: symbol.data,
    wireSymbol: String(market.id),
    base: String(market.base),
    quote: String(market.quote),
    active: market.active !== false,
    tickSize,
    stepSize: mul(step, contractSize),
    minAmount: base(limits.amount?.min) ?? mul(step, contractSize),
    maxAmount: base(limits.amount?.max),
    minNotional: decimalOrNull(limits.cost?.min),
    contractSize,
  };
}

export interface PublicTrade {
  readonly id: string | null;
  readonly side: 'buy' | 'sell';
  readonly price: Decimal;
  readonly amount: Decimal;
  readonly venueTime: UnixMs | null;
}
export const toTrade = (row: Unified, { contractSize }: GenericInstrument): PublicTrade => ({
  id: typeof row.id === 'string' && row.id !== '' ? row.id : null,
  side: side(row),
  price: decimal(row, 'price'),
  amount: mul(decimal(row, 'amount'), contractSize),
  venueTime: timeOrNull(row.timestamp),
});

/**
 * An own trade. What ccxt does not know stays unknown: a missing fee is null, a trade without an id gets a name made of
 * what it says.
 */
export function toFill(row: Unified, venue: VenueKey, instrument: GenericInstrument, now: UnixMs): Fill {
  const venueTime = timeOrNull(row.timestamp);
  if (venueTime === null) throw bad('an own trade without a time', row.info ?? row);
  if (typeof row.order !== 'string' || row.order === '')
    throw bad('an own trade without its order', row.info ?? row);
  const base = {
    venue,
    symbol: instrument.symbol,
    venueOrderId: VenueOrderId.parse(row.order),
    clientOrderId: clientId(row.clientOrderId),
    side: side(row),
    price: decimal(row, 'price'),
    amount: mul(decimal(row, 'amount'), instrument.contractSize),
    venueTime,
  };
  const told = decimalOrNull(row.cost);
  return {
    ...base,
    tradeId: typeof row.id === 'string' && row.id !== '' ? row.id : namelessTradeId(base),
    // ccxt makes some costs up from price and amount; where contracts are counted it may forget their size.
    ...(told === null || instrument.market === 'future' ? {} : { cost: told }),
    fee: toFee(row),
    maker: row.takerOrMaker === 'maker' ? true : row.takerOrMaker === 'taker' ? false : null,
    seenAt: now,
  };
}

function toFee(row: Unified): Fill['fee'] {
  const list =
    Array.isArray(row.fees) && row.fees.length > 0
      ? (row.fees as Unified[])
      : [row.fee as Unified | undefined];
  // Of several coins none alone is the fee: unknown rather than a part.
  if (list.length !== 1 || !list[0]) return null;
  const cost = decimalOrNull(list[0].cost);
  const { currency } = list[0];
  return cost === null || typeof currency !== 'string' || currency === '' ? null : { cost, currency };
}

const STATUS: Readonly<Record<string, OrderStatus>> = {
  open: 'open',
  closed: 'filled',
  canceled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
};
/** Null for an order whose state ccxt cannot tell: nothing is concluded from it. */
export function toOrder(row: Unified, instrument: GenericInstrument, now: UnixMs): VenueOrder | null {
  const id = VenueOrderId.safeParse(row.id);
  const status = STATUS[String(row.status)];
  if (!id.success || status === undefined) return null;
  const filled = decimalOrNull(row.filled);
  const amount = decimalOrNull(row.amount);
  const total = filled === null ? ZERO : mul(filled, instrument.contractSize);
  return {
    venueOrderId: id.data,
    clientOrderId: clientId(row.clientOrderId),
    symbol: instrument.symbol,
    status: status === 'open' && !isZero(total) ? 'partially_filled' : status,
    filled: total,
    averagePrice: isZero(total) ? null : decimalOrNull(row.average),
    side: side(row),
    amount: amount === null ? null : mul(amount, instrument.contractSize),
    triggerPrice: decimalOrNull(row.triggerPrice),
    reduceOnly: row.reduceOnly === true,
    updatedAt: timeOrNull(row.lastUpdateTimestamp) ?? timeOrNull(row.timestamp) ?? now,
  };
}

/** Free and used by asset, zero ones left out. */
export function toBalances(answer: Unified): readonly Balance[] {
  const [free, used] = [(answer.free ?? {}) as Unified, (answer.used ?? {}) as Unified];
  return Object.keys({ ...free, ...used })
    .map((asset) => ({
      asset,
      free: decimalOrNull(free[asset]) ?? ZERO,
      locked: decimalOrNull(used[asset]) ?? ZERO,
    }))
    .filter((row) => !isZero(row.free) || !isZero(row.locked));
}

export function toPosition(row: Unified, { symbol, contractSize }: GenericInstrument): VenuePosition | null {
  const contracts = decimalOrNull(row.contracts);
  if (contracts === null || isZero(contracts)) return null;
  if (row.side !== 'long' && row.side !== 'short') throw bad('a position without a side', row.info ?? row);
  const amount = mul(contracts, contractSize);
  return {
    symbol,
    amount: (row.side === 'long' ? amount : mul(amount, '-1' as Decimal)) as Decimal,
    entryPrice: decimalOrNull(row.entryPrice),
    liquidationPrice: decimalOrNull(row.liquidationPrice),
  };
}

/** [time, open, high, low, close, volume] */
export function toCandle(row: readonly unknown[], closed: boolean): Candle {
  const [openTime, open, high, low, close, volume] = row.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (![openTime, open, high, low, close].every(Number.isFinite)) throw bad('unreadable candle', row);
  return {
    openTime: unixMs(openTime),
    open,
    high,
    low,
    close,
    volume: Number.isFinite(volume) ? volume : 0,
    closed,
  };
}

export const toLevels = (rows: unknown, { contractSize }: GenericInstrument): readonly Level[] =>
  (Array.isArray(rows) ? rows : []).flatMap((row: readonly unknown[]) => {
    const [price, amount] = [decimalOrNull(row[0]), decimalOrNull(row[1])];
    return price === null || amount === null ? [] : [[price, mul(amount, contractSize)] as const];
  });

/** Base units as ccxt wants them; null when they are no whole number of contracts. */
export function toContracts(amount: Decimal, { contractSize }: GenericInstrument): Decimal | null {
  const contracts = div(amount, contractSize);
  return mul(contracts, contractSize) === amount ? contracts : null;
}
