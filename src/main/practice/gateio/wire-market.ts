import type { MatchOrderView } from '#main/matching/types';
import type { Seams } from '#main/seams/seams';
import type { Decimal } from '#shared/domain/basics';
import { div, mul, neg, ONE } from '#shared/domain/decimal';
import type { PracticeCore, PracticeKey, PracticeSymbol } from '../types';
import { createMarketView, type MarketView } from '../wire-kit/market-view';
import type { Params } from '../wire-kit/params';
import { randomText } from '../wire-kit/random-text';
import { badParam, toWireError, WireError } from './wire-error';

/** Everything the handlers of one market share. */
export interface GateMarket extends MarketView {
  /** Base units of one contract: the amount step, so that every amount is a whole number of them. 1 on spot. */
  contractSize(symbol: PracticeSymbol): Decimal;
  /** Base units as a size of the wire: signed contracts on futures. */
  toSize(symbol: PracticeSymbol, amount: Decimal, side: 'buy' | 'sell'): Decimal;
  /** The symbol that a parameter names. @throws WireError */
  symbolOf(params: Params, name?: string): PracticeSymbol;
  /** A client id for an order without a text; it is shown as "apiv4". */
  freshText(): string;
  /** The number of a key's user, which futures channels are subscribed with. */
  userOf(account: string): number;
  /** The text of an order as its account sees it. */
  textOf(order: MatchOrderView, parent: MatchOrderView | null): string;
  /** Symbols on which an account has chosen isolated margin; told, while the margin itself is always cross. */
  readonly isolated: Set<string>;
}

const FIRST_USER = 20_011;
const NAMELESS = 'apiv4';

export const nameOf = (symbol: Pick<PracticeSymbol, 'base' | 'quote'>): string =>
  `${symbol.base}_${symbol.quote}`;

export function createGateMarket(options: {
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  bug(error: unknown): void;
}): GateMarket {
  const { core, seams, keys } = options;
  const spot = core.market === 'spot';
  const view = createMarketView({
    ...options,
    nameOf,
    tellKilled: true,
    refuse: (code, symbol) => toWireError(core.market, code, symbol.minNotional),
  });
  const contractSize = (symbol: PracticeSymbol): Decimal => (spot ? ONE : symbol.stepSize);
  return {
    ...view,
    contractSize,
    toSize(symbol, amount, side) {
      const size = spot ? amount : div(amount, contractSize(symbol));
      return spot || side === 'buy' ? size : neg(size);
    },
    symbolOf(params, name = spot ? 'currency_pair' : 'contract') {
      const wire = params.need(name);
      const symbol = view.byWire(wire);
      if (symbol !== undefined) return symbol;
      throw spot
        ? new WireError('INVALID_CURRENCY_PAIR', `Invalid currency pair ${wire.slice(0, 40)}`)
        : new WireError('CONTRACT_NOT_FOUND', `Contract ${wire.slice(0, 40)} not found`, 404);
    },
    freshText: () => `${NAMELESS}-${randomText(seams.random, 16)}`,
    userOf: (account) => FIRST_USER + keys.findIndex((key) => key.account === account),
    textOf(order, parent) {
      if (parent !== null) return `ao-${parent.orderId}`;
      return order.clientOrderId.startsWith('t-') ? order.clientOrderId : NAMELESS;
    },
    isolated: new Set(),
  };
}

/** A size of the wire in base units. @throws WireError when it is no whole number of contracts */
export function toBase(market: GateMarket, symbol: PracticeSymbol, size: Decimal): Decimal {
  if (market.kind === 'future' && !/^\d+$/.test(size)) throw badParam('Invalid size: not a whole number');
  return mul(size, market.contractSize(symbol));
}
