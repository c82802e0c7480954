import type { ClientOrderId, Decimal, UnixMs, VenueOrderId } from '#shared/domain/basics';
import { div, isNegative, isZero, min, sub, sum, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill, OrderRequest, OrderStatus } from '#shared/domain/order';
import type {
  AccountView,
  MatchFill,
  MatchOrder,
  MatchOrderView,
  MatchStatus,
  MatchSymbol,
} from '../matching/types';
import type { Balance, VenueOrder, VenuePosition } from '../venues/venue';
import { ACCOUNT, ASSET } from './floor';
import type { PaperFees } from './types';

/** Public data does not tell margin tiers: what Binance asks of a small position, and its highest leverage. */
const MAINTENANCE_RATE = '0.01' as Decimal;
const MAX_LEVERAGE = 125;
/** Where an exchange sets no bound. */
const NO_MOST = '1000000000000' as Decimal;

/** The rules of a perpetual as the matching engine takes them. */
export const toSpec = (instrument: Instrument, fees: PaperFees): MatchSymbol => ({
  symbol: instrument.symbol,
  base: instrument.base,
  quote: instrument.quote,
  market: 'future',
  tickSize: instrument.tickSize,
  stepSize: instrument.stepSize,
  minAmount: instrument.minAmount,
  maxAmount: instrument.maxAmount ?? NO_MOST,
  minNotional: instrument.minNotional ?? ZERO,
  makerFee: fees.maker,
  takerFee: fees.taker,
  maintenanceRate: MAINTENANCE_RATE,
  maxLeverage: MAX_LEVERAGE,
});

export const toMatchOrder = (request: OrderRequest): MatchOrder => ({
  account: ACCOUNT,
  clientOrderId: request.clientOrderId,
  symbol: request.symbol,
  side: request.side,
  type: request.type,
  amount: request.amount,
  price: request.price,
  triggerPrice: request.triggerPrice,
  ...(request.callbackPercent === undefined
    ? {}
    : { callbackPercent: request.callbackPercent as string as Decimal }),
  timeInForce: request.timeInForce,
  reduceOnly: request.reduceOnly,
  closePosition: request.closePosition,
});

/** `triggered` reads as open: the order it became tells the rest under the same client id. */
const STATUS: Readonly<Record<MatchStatus, OrderStatus>> = {
  new: 'open',
  waiting: 'open',
  triggered: 'open',
  'partially-filled': 'partially_filled',
  filled: 'filled',
  cancelled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
};

export const toVenueOrder = (view: MatchOrderView): VenueOrder => ({
  venueOrderId: String(view.orderId) as VenueOrderId,
  clientOrderId: view.clientOrderId as ClientOrderId,
  symbol: view.symbol as Symbol,
  status: STATUS[view.status],
  filled: view.filled,
  averagePrice: isZero(view.filled) ? null : div(view.filledQuote, view.filled),
  side: view.side,
  amount: view.amount,
  triggerPrice: view.triggerPrice,
  reduceOnly: view.reduceOnly,
  updatedAt: view.updatedAt,
});

export const toFill = (venue: VenueKey, fill: MatchFill, seenAt: UnixMs): Fill => ({
  venue,
  symbol: fill.symbol as Symbol,
  tradeId: String(fill.tradeId),
  venueOrderId: String(fill.orderId) as VenueOrderId,
  clientOrderId: fill.clientOrderId as ClientOrderId,
  side: fill.side,
  price: fill.price,
  amount: fill.amount,
  fee: { cost: fill.fee, currency: fill.feeAsset },
  maker: fill.maker,
  venueTime: fill.at,
  seenAt,
});

/** Free is what an order may use: less than the wallet while positions lose, never more while they win. */
export function toBalances(view: AccountView): readonly Balance[] {
  const unrealised = sum(view.positions.map((position) => position.unrealised));
  return Object.entries(view.balances).map(([asset, { free, locked }]) => {
    if (asset !== ASSET || !isNegative(unrealised)) return { asset, free, locked };
    const loss = min(free, sub(ZERO, unrealised));
    return { asset, free: sub(free, loss), locked: sum([locked, loss]) };
  });
}

/** Open positions, and flat ones where `asked` names them. */
export const toPositions = (
  view: AccountView,
  asked: ReadonlySet<string> = new Set(),
): readonly VenuePosition[] =>
  view.positions
    .filter(({ symbol, amount }) => !isZero(amount) || asked.has(symbol))
    .map(({ symbol, amount, entryPrice, liquidationPrice }) => ({
      symbol: symbol as Symbol,
      amount,
      entryPrice: isZero(amount) ? null : entryPrice,
      liquidationPrice,
    }));
