import type { MatchOrder, MatchOrderView } from '#main/matching/types';
import type { Seams } from '#main/seams/seams';
import type { Decimal, UnixMs } from '#shared/domain/basics';
import { places } from '#shared/domain/decimal';
import type { PracticeCore, PracticeKey, PracticeSymbol } from '../types';
import { pad } from '../wire-kit/digits';
import { createMarketView, type MarketView } from '../wire-kit/market-view';
import type { Params } from '../wire-kit/params';
import { randomText } from '../wire-kit/random-text';
import type { WireLimits } from './limits';
import { toWireError, unknownSymbol } from './wire-error';

/** Everything the handlers of one market share. */
export interface WireMarket extends MarketView {
  readonly category: 'spot' | 'linear';
  readonly limits: WireLimits;
  /** The symbol a call must name. @throws WireError 10001 */
  symbolOf(params: Params): PracticeSymbol;
  /** Of the symbol in the market's list. */
  placeOf(symbol: PracticeSymbol): number;
  price(symbol: PracticeSymbol, value: Decimal): string;
  amount(symbol: PracticeSymbol, value: Decimal): string;
  /** A client id for an order that came without one; never shown. */
  freshClientId(): string;
  /**
   * Orders that Bybit takes and cancels at once where the engine refuses them: post-only ones that would take, market
   * ones that find nobody.
   */
  readonly stillborn: {
    add(order: MatchOrder, reason: string): MatchOrderView;
    of(account: string): readonly MatchOrderView[];
    onAdd(listener: (order: MatchOrderView) => void): () => void;
  };
}

/** Client ids of ours begin so; a trader's cannot. */
const UNNAMED = '~';
export const isUnnamed = (clientOrderId: string): boolean =>
  clientOrderId.startsWith(UNNAMED) || clientOrderId.startsWith('autoclose-');
/** Opened by the exchange to close a position by force. */
export const isForced = (clientOrderId: string): boolean => clientOrderId.startsWith('autoclose-');

const STILLBORN_FROM = 900_000_000_000;
const MOST_STILLBORN = 500;

export function createWireMarket(options: {
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly limits: WireLimits;
  bug(error: unknown): void;
}): WireMarket {
  const { core, seams, limits } = options;
  const kind = core.market;
  const view = createMarketView({
    ...options,
    nameOf: (symbol) => symbol.wireSymbol,
    tellKilled: true,
    refuse: (code, symbol) => toWireError(kind, code, symbol.minNotional, null),
  });
  const order = new Map(core.symbols.map((one, at) => [one.symbol, at]));

  let ghosts: MatchOrderView[] = [];
  let born = 0;
  const listeners = new Set<(order: MatchOrderView) => void>();
  return {
    ...view,
    category: kind === 'spot' ? 'spot' : 'linear',
    limits,
    symbolOf(params) {
      const name = params.need('symbol');
      const symbol = view.byWire(name);
      if (symbol === undefined) throw unknownSymbol(name);
      return symbol;
    },
    placeOf: (symbol) => order.get(symbol.symbol) ?? 0,
    price: (symbol, value) => pad(value, places(symbol.tickSize)),
    amount: (symbol, value) => pad(value, places(symbol.stepSize)),
    freshClientId: () => `${UNNAMED}${randomText(seams.random, 20)}`,
    stillborn: {
      add(placed, reason) {
        const now: UnixMs = core.clock.now();
        const ghost: MatchOrderView = {
          ...placed,
          orderId: STILLBORN_FROM + ++born,
          status: 'expired',
          filled: '0' as Decimal,
          filledQuote: '0' as Decimal,
          createdAt: now,
          updatedAt: now,
          expireReason: reason,
          childOrderId: null,
        };
        ghosts = [...ghosts.slice(-MOST_STILLBORN + 1), ghost];
        for (const listener of [...listeners]) listener(ghost);
        return ghost;
      },
      of: (account) => ghosts.filter((one) => one.account === account),
      onAdd(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}
