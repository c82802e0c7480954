import { type Decimal, entrySide, type OrderSide, type PositionSide } from '#shared/domain/basics';
import { add, div, gt, isPositive, isZero, max, mul, sub, toStep, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';

/** What the fills of one position add up to. Amounts in base units, money in quote. */
export interface Ledger {
  readonly entryAmount: Decimal;
  readonly exitAmount: Decimal;
  /** Entry minus exit; negative only when more was closed than opened, which the invariants report. */
  readonly net: Decimal;
  readonly entryPrice: Decimal | null;
  readonly exitPrice: Decimal | null;
  /** Before fees, against the average entry. Exact when flat. */
  readonly realised: Decimal;
  readonly fees: Readonly<Record<string, Decimal>>;
}

/** Sum and average price of fills; null price when there are none. */
export function totalOf(fills: Iterable<Fill>): { amount: Decimal; cost: Decimal; price: Decimal | null } {
  let amount: Decimal = ZERO;
  let cost: Decimal = ZERO;
  for (const fill of fills) {
    amount = add(amount, fill.amount);
    cost = add(cost, mul(fill.amount, fill.price));
  }
  return priced({ amount, cost });
}

/** Running sums of a list of fills, so that the ten-thousandth costs what the first did. */
interface Sums {
  /** How many of the list are in the sums. */
  count: number;
  readonly bySide: Record<OrderSide, { amount: Decimal; cost: Decimal }>;
  readonly fees: Record<string, Decimal>;
  readonly byOrder: Map<
    string,
    { readonly like: Pick<Fill, 'clientOrderId' | 'venueOrderId'>; amount: Decimal; cost: Decimal }
  >;
}
const NOTHING = { amount: ZERO, cost: ZERO };
const summed = new WeakMap<readonly Fill[], Sums>();

/** Lists of fills only grow at their end, and sums of decimals are exact: what was added stays added. */
function sumsOf(fills: readonly Fill[]): Sums {
  let sums = summed.get(fills);
  if (sums === undefined || sums.count > fills.length) {
    sums = { count: 0, bySide: { buy: NOTHING, sell: NOTHING }, fees: {}, byOrder: new Map() };
    summed.set(fills, sums);
  }
  for (; sums.count < fills.length; sums.count++) {
    const fill = fills[sums.count]!;
    const cost = mul(fill.amount, fill.price);
    const side = sums.bySide[fill.side];
    sums.bySide[fill.side] = { amount: add(side.amount, fill.amount), cost: add(side.cost, cost) };
    const { fee, clientOrderId, venueOrderId } = fill;
    if (fee) sums.fees[fee.currency] = add(sums.fees[fee.currency] ?? ZERO, fee.cost);
    const key = `${clientOrderId ?? ''}|${venueOrderId}`;
    const order = sums.byOrder.get(key) ?? { like: { clientOrderId, venueOrderId }, ...NOTHING };
    sums.byOrder.set(key, {
      like: order.like,
      amount: add(order.amount, fill.amount),
      cost: add(order.cost, cost),
    });
  }
  return sums;
}

const priced = ({ amount, cost }: { amount: Decimal; cost: Decimal }) => ({
  amount,
  cost,
  price: isPositive(amount) ? div(cost, amount) : null,
});

/** Same as {@link totalOf} over the fills that `belongs` picks by their order, for a list that grows at its end only. */
export function totalOfOrder(
  fills: readonly Fill[],
  belongs: (fill: Pick<Fill, 'clientOrderId' | 'venueOrderId'>) => boolean,
): ReturnType<typeof totalOf> {
  let { amount, cost } = NOTHING;
  for (const order of sumsOf(fills).byOrder.values()) {
    if (!belongs(order.like)) continue;
    amount = add(amount, order.amount);
    cost = add(cost, order.cost);
  }
  return priced({ amount, cost });
}

/**
 * Books fills of one position. The result does not depend on their order; each fill must be given once. `outside` is
 * what the exchange holds beyond them: more counts as entered at its price, less makes the entry smaller, because at
 * which price it went nobody told, so no profit is claimed for it.
 */
export function ledgerOf(side: PositionSide, fills: readonly Fill[], outside?: Position['outside']): Ledger {
  const opening = entrySide(side);
  const { bySide, fees } = sumsOf(fills);
  const entry = withOutside(priced(bySide[opening]), outside ?? null);
  const exit = priced(bySide[opening === 'buy' ? 'sell' : 'buy']);
  return {
    entryAmount: entry.amount,
    exitAmount: exit.amount,
    net: sub(entry.amount, exit.amount),
    entryPrice: entry.price,
    exitPrice: exit.price,
    realised: realisedOf(side, entry, exit),
    // Sorted, so that the image does not depend on the order in which fills arrived.
    fees: Object.fromEntries(Object.entries(fees).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

type Total = ReturnType<typeof totalOf>;

function withOutside(entry: Total, outside: Position['outside'] | null): Total {
  if (!outside || isZero(outside.amount)) return entry;
  const amount = add(entry.amount, outside.amount);
  if (!isPositive(amount)) return { amount, cost: ZERO, price: entry.price };
  const price = isPositive(outside.amount) ? (outside.price ?? entry.price) : entry.price;
  const cost = add(entry.cost, mul(outside.amount, price ?? ZERO));
  return { amount, cost, price: isPositive(outside.amount) ? div(cost, amount) : entry.price };
}

function realisedOf(
  side: PositionSide,
  entry: { amount: Decimal; cost: Decimal },
  exit: { amount: Decimal; cost: Decimal },
): Decimal {
  if (!isPositive(entry.amount) || !isPositive(exit.amount)) return ZERO;
  // Multiplying first keeps a complete exit exact: cost x amount / amount.
  const spent = div(mul(entry.cost, exit.amount), entry.amount);
  return side === 'long' ? sub(exit.cost, spent) : sub(spent, exit.cost);
}

/** The position image with what its fills add up to. */
export function withLedger(position: Position, ledger: Ledger): Position {
  return {
    ...position,
    amount: max(ledger.net, ZERO),
    entryPrice: ledger.entryPrice,
    exitPrice: ledger.exitPrice,
    realised: ledger.realised,
    fees: ledger.fees,
  };
}

/**
 * How much of a position an order can close: whole steps only, and on spot without what was paid as fee in the
 * coin itself (one cannot sell what the exchange kept). Base units.
 */
export function closableAmount(
  position: Position,
  venue: VenueKey,
  instrument: Instrument | undefined,
): Decimal {
  if (!instrument) return position.amount;
  const kept = venue.endsWith('_spot') ? (position.fees[instrument.base] ?? ZERO) : ZERO;
  const free = sub(position.amount, kept);
  return gt(free, ZERO) ? toStep(free, instrument.stepSize, 'down') : ZERO;
}
