import type { ExchangeName } from '#shared/domain/exchange';
import { binanceWire } from './binance/index';
import { bitgetWire } from './bitget/index';
import { bybitWire } from './bybit/index';
import { gateioWire } from './gateio/index';
import { hyperliquidWire } from './hyperliquid/index';
import { mexcWire } from './mexc/index';
import type { WireModule } from './wire';

/** The exchanges whose protocol the practice exchange speaks. */
export const WIRES = {
  binance: binanceWire,
  bitget: bitgetWire,
  bybit: bybitWire,
  hyperliquid: hyperliquidWire,
  gateio: gateioWire,
  mexc: mexcWire,
} as const satisfies Partial<Record<ExchangeName, WireModule>>;
export type WireName = keyof typeof WIRES;
