import { binanceWire } from './binance/index';
import type { WireModule } from './wire';

/** The exchanges whose protocol the practice exchange speaks. */
export const WIRES = { binance: binanceWire } as const satisfies Record<string, WireModule>;
export type WireName = keyof typeof WIRES;
