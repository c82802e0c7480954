import type { Seams } from '#main/seams/seams';
import type { PracticeCore, PracticeKey, PracticeSymbol } from '../types';
import { createMarketView, type MarketView } from '../wire-kit/market-view';
import { randomText } from '../wire-kit/random-text';
import { type Digits, digitsOf } from './format';
import { createOrderMeter, type OrderMeter, type WireLimits } from './limits';
import type { Params } from './params';
import { invalidSymbol, toWireError } from './wire-error';

/** Everything the handlers of one market share. */
export interface WireMarket extends MarketView {
  readonly limits: WireLimits;
  readonly orders: OrderMeter;
  /** @throws WireError -1121 */
  symbolOf(params: Params): PracticeSymbol;
  digits(symbol: PracticeSymbol): Digits;
  /** A client id as Binance makes one when the caller sent none. */
  freshClientId(): string;
  /** Ids of cancels under way, by order: the private stream tells a cancel under its own id. */
  readonly cancelIds: Map<number, string>;
}

export function createWireMarket(options: {
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly limits: WireLimits;
  bug(error: unknown): void;
}): WireMarket {
  const { core, seams, limits } = options;
  const kind = core.market;
  const digits = new Map(core.symbols.map((one) => [one.symbol, digitsOf(kind, one)]));
  const known = <T>(value: T | undefined): T => {
    if (value === undefined) throw invalidSymbol();
    return value;
  };
  const view = createMarketView({
    ...options,
    nameOf: (symbol) => symbol.wireSymbol,
    // On futures a killed one is refused.
    tellKilled: kind === 'spot',
    refuse: (code, symbol) => toWireError(kind, code, symbol.minNotional),
  });
  view.wake();

  return {
    ...view,
    limits,
    orders:
      kind === 'spot'
        ? createOrderMeter(limits, 86_400_000, '1 DAY')
        : createOrderMeter(limits, 60_000, '1 MINUTE'),
    symbolOf: (params) => known(view.byWire(params.need('symbol'))),
    digits: (symbol) => known(digits.get(symbol.symbol)),
    cancelIds: new Map(),
    freshClientId: () => randomText(seams.random, 22),
  };
}
