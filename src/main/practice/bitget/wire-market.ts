import type { Seams } from '#main/seams/seams';
import type { PracticeCore, PracticeKey, PracticeSymbol } from '../types';
import { createMarketView, type MarketView } from '../wire-kit/market-view';
import type { Params } from '../wire-kit/params';
import { toWireError, unknownSymbol } from './wire-error';

export const PRODUCT = { spot: 'SPOT', future: 'USDT-FUTURES' } as const;
/** Families of trigger orders as lists name them, and exactly. */
export type PlanType = 'normal_plan' | 'track_plan' | 'loss_plan' | 'profit_plan' | 'pos_loss' | 'pos_profit';

/** What the handlers of one market share. */
export interface WireMarket extends MarketView {
  /** @throws WireError 40034 */
  symbolOf(params: Params): PracticeSymbol;
  /** The symbols a call is about: one, or all. @throws WireError 40034 */
  symbolsOf(params: Params): readonly PracticeSymbol[];
  /** Which family a trigger order was sent to, by its order id; lost with the process, then guessed by its shape. */
  readonly planTypes: Map<number, PlanType>;
}

export function createWireMarket(options: {
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  bug(error: unknown): void;
}): WireMarket {
  const { core } = options;
  const view = createMarketView({
    ...options,
    nameOf: (symbol) => symbol.wireSymbol,
    tellKilled: true,
    refuse: (code, symbol) => toWireError(core.market, code, symbol.minNotional),
  });
  const symbolOf = (params: Params): PracticeSymbol => {
    // Some of the exchange's own samples write small letters.
    const name = params.need('symbol').toUpperCase();
    const symbol = view.byWire(name);
    if (symbol === undefined) throw unknownSymbol(name);
    return symbol;
  };
  return {
    ...view,
    symbolOf,
    symbolsOf: (params) => (params.text('symbol') === undefined ? core.symbols : [symbolOf(params)]),
    planTypes: new Map(),
  };
}
