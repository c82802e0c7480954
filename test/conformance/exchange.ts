import type { binance } from 'ccxt';
import { type BinanceWire, createBinanceWire, type WireLimits } from '#main/practice/binance/index';
import type { RunningCore } from '#main/practice/core/index';
import type { OrderSide } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { openWorld, tradeAt as trade } from './world';

export interface Exchange {
  readonly wire: BinanceWire;
  readonly spot: RunningCore;
  readonly future: RunningCore;
  connect(market: MarketKind, more?: Record<string, unknown>): binance;
  close(): Promise<void>;
}

/** Binance's wire with limits of its own choosing, for what only Binance has. */
export async function openExchange(limits?: {
  spot?: Partial<WireLimits>;
  future?: Partial<WireLimits>;
}): Promise<Exchange> {
  const world = await openWorld<BinanceWire>('binance', {
    open: (options) => createBinanceWire({ ...options, ...(limits === undefined ? {} : { limits }) }),
  });
  return {
    wire: world.wire,
    ...world.cores,
    connect: (market, more) => world.connect(market, more) as binance,
    close: world.close,
  };
}

/** The outside market trades at a price, which moves the last price and fires triggers. */
export const tradeAt = (core: RunningCore, wireSymbol: string, side: OrderSide, price: string): void =>
  trade(core, wireSymbol.replace(/USDT$/, ''), side, price);
