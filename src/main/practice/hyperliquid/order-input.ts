import type { MatchOrder } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { fromText, isPositive, places, toStep } from '#shared/domain/decimal';
import type { TimeInForce } from '#shared/domain/order';
import type { Listed } from './names';
import { OrderRefusal, unreadable } from './refusal';

type Json = Readonly<Record<string, unknown>>;
const FIGURES = 5;

/** A decimal as actions carry it: digits, no trailing zeros, at most eight places. @throws HttpRefusal */
function decimal(value: unknown): Decimal {
  if (typeof value !== 'string' || !/^\d+(\.\d{1,8})?$/.test(value)) throw unreadable();
  return fromText(value);
}

/** At most five significant figures and 6 (spot 8) less the decimals of the size; whole numbers always. @throws OrderRefusal */
function checkPrice(price: Decimal, { kind, sizeDecimals, asset }: Listed): void {
  const most = (kind === 'spot' ? 8 : 6) - sizeDecimals;
  const figures = price.replace('.', '').replace(/^0+/, '').length;
  const whole = !price.includes('.');
  if (!isPositive(price) || (!whole && (figures > FIGURES || places(price) > most)))
    throw new OrderRefusal(`Price must be divisible by tick size. asset=${asset}`);
}

const TIF: Readonly<Record<string, TimeInForce>> = {
  Gtc: 'gtc',
  Ioc: 'ioc',
  FrontendMarket: 'ioc',
  Alo: 'post-only',
};

/**
 * An order of an action, {"a","b","p","s","r","t","c"?}. The shared market has fixed ticks, some coarser than the
 * exchange's rule: a valid price between two of them is moved to the one that is better for its trader.
 * @throws HttpRefusal for another shape, OrderRefusal for values the exchange refuses
 */
export function readOrder(row: Json, listed: Listed, account: string, freshId: () => string): MatchOrder {
  const { symbol, asset, kind, sizeDecimals } = listed;
  const { b, p, s, r, t, c } = row;
  if (typeof b !== 'boolean' || typeof r !== 'boolean') throw unreadable();
  const price = decimal(p);
  const amount = decimal(s);
  checkPrice(price, listed);
  if (!isPositive(amount)) throw new OrderRefusal(`Order has zero size. asset=${asset}`);
  if (places(amount) > sizeDecimals) throw new OrderRefusal(`Order has invalid size. asset=${asset}`);
  if (c !== undefined && c !== null && (typeof c !== 'string' || !/^0x[0-9a-fA-F]{32}$/.test(c)))
    throw unreadable();
  const base = {
    account,
    clientOrderId: typeof c === 'string' ? c.toLowerCase() : freshId(),
    symbol: symbol.symbol,
    side: b ? 'buy' : 'sell',
    amount,
    reduceOnly: r && kind === 'future',
    closePosition: false,
  } as const;
  return { ...base, ...readType(t, price, b, listed) };
}

type Kind = Pick<MatchOrder, 'type' | 'price' | 'triggerPrice' | 'timeInForce'> &
  Partial<Pick<MatchOrder, 'triggerBy'>>;

function readType(value: unknown, price: Decimal, buy: boolean, listed: Listed): Kind {
  const { limit, trigger } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    Json
  >;
  const { tickSize } = listed.symbol;
  if (typeof limit === 'object') {
    const timeInForce = TIF[String(limit.tif)];
    if (timeInForce === undefined) throw unreadable();
    const onTick = toStep(price, tickSize, buy ? 'down' : 'up');
    return { type: 'limit', price: onTick, triggerPrice: null, timeInForce };
  }
  if (typeof trigger !== 'object' || (trigger.tpsl !== 'sl' && trigger.tpsl !== 'tp')) throw unreadable();
  const triggerPx = decimal(trigger.triggerPx);
  checkPrice(triggerPx, listed);
  if (trigger.isMarket !== true)
    throw new OrderRefusal(`The practice exchange offers no stop-limit orders. asset=${listed.asset}`);
  return {
    type: trigger.tpsl === 'sl' ? 'stop-market' : 'take-profit-market',
    price: null,
    triggerPrice: toStep(triggerPx, tickSize, 'half-up'),
    timeInForce: null,
    // Perpetuals trigger on the mark; spot has none.
    triggerBy: listed.kind === 'future' ? 'mark' : 'last',
  };
}
