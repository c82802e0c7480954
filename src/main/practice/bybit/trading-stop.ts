import type { MatchOrder, MatchOrderView } from '#main/matching/types';
import type { Decimal } from '#shared/domain/basics';
import { abs, div, isZero, mul } from '#shared/domain/decimal';
import type { PracticeSymbol } from '../types';
import { isConditional } from '../wire-kit/order-state';
import type { Call } from './call';
import { optionalPrice } from './order-input';
import { badParam, WireError } from './wire-error';
import type { WireMarket } from './wire-market';

/** Stops that belong to a position carry such client ids; nobody sees them. */
const POSITION_STOP = '~position-';
type Kind = 'stopLoss' | 'takeProfit' | 'trailingStop';
const KINDS: readonly Kind[] = ['stopLoss', 'takeProfit', 'trailingStop'];

/**
 * Stop, target and trailing stop of a whole position. Each one that is named replaces the one before; 0 takes it
 * away. They are orders without a name of the trader's, which end with the position.
 */
export function createTradingStop(market: WireMarket) {
  const { core } = market;
  const nameOf = (kind: Kind): string => `${POSITION_STOP}${kind}-`;
  const openOf = (account: string, symbol: PracticeSymbol, kind: Kind): MatchOrderView[] =>
    core.matching
      .openOrders(account, symbol.symbol)
      .filter((order) => isConditional(order) && order.clientOrderId.startsWith(nameOf(kind)));

  const orderOf = (
    call: Call,
    symbol: PracticeSymbol,
    kind: Kind,
    value: Decimal,
    held: Decimal,
  ): MatchOrder => {
    const common = {
      account: call.account,
      symbol: symbol.symbol,
      side: held.startsWith('-') ? 'buy' : 'sell',
      clientOrderId: `${nameOf(kind)}${market.freshClientId().slice(1)}`,
      price: null,
      timeInForce: null,
    } as const;
    if (kind !== 'trailingStop') {
      const type = kind === 'stopLoss' ? 'stop-market' : 'take-profit-market';
      return { ...common, type, amount: null, triggerPrice: value, reduceOnly: false, closePosition: true };
    }
    // The engine follows by percent, Bybit by a distance in price.
    const last = core.ticker24h(symbol.symbol).last;
    const callbackPercent = div(mul(value, '100' as Decimal), last);
    return {
      ...common,
      type: 'trailing-stop',
      amount: abs(held),
      triggerPrice: optionalPrice(call.params, 'activePrice'),
      callbackPercent,
      reduceOnly: true,
      closePosition: false,
    };
  };

  return (call: Call) => {
    const { params, account } = call;
    const symbol = market.symbolOf(params);
    const held = core.matching.account(account).positions.find((one) => one.symbol === symbol.symbol)?.amount;
    if (held === undefined || isZero(held)) throw badParam('can not set tp/sl/ts for zero position');
    const named = KINDS.filter((kind) => params.text(kind) !== undefined);
    if (named.length === 0) throw new WireError(34_040, 'not modified');
    for (const kind of named) {
      for (const old of openOf(account, symbol, kind))
        market.command(symbol, (matching, now) =>
          matching.cancel(account, symbol.symbol, { orderId: old.orderId }, now),
        );
      const value = optionalPrice(params, kind);
      if (value === null) continue;
      const order = orderOf(call, symbol, kind, value, held);
      market.command(symbol, (matching, now) => matching.place(order, now));
    }
    return {};
  };
}
