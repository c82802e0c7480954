import { z } from 'zod';
import { Decimal } from './basics';
import { AnyExchange, MarketKind } from './exchange';

/** Unified symbol: "BTC/USDT" on spot, "BTC/USDT:USDT" for a linear perpetual. Compare only in this form. */
export const Symbol = z
  .string()
  .regex(/^[A-Z0-9]{1,24}\/[A-Z0-9]{1,12}(:[A-Z0-9]{1,12})?$/)
  .brand<'Symbol'>();
export type Symbol = z.infer<typeof Symbol>;

export const Instrument = z.object({
  exchange: AnyExchange,
  market: MarketKind,
  symbol: Symbol,
  /** The exchange's own spelling: "BTCUSDT". */
  wireSymbol: z.string(),
  base: z.string(),
  quote: z.string(),
  /** True when the exchange takes orders for it now. */
  active: z.boolean(),
  /** Smallest price step, in quote. */
  tickSize: Decimal,
  /** Smallest amount step, in base. */
  stepSize: Decimal,
  minAmount: Decimal,
  /** Null when the exchange sets no upper bound. */
  maxAmount: Decimal.nullable(),
  /** Largest amount of one market order, in base; absent or null when the exchange names none of its own. */
  maxMarketAmount: Decimal.nullable().optional(),
  /** Smallest order value in quote; null when the exchange names none. */
  minNotional: Decimal.nullable(),
  /** Largest value of one position (spot: of one order) in quote; absent or null when the exchange names none. */
  maxNotional: Decimal.nullable().optional(),
  /** Base units in one contract; absent where the exchange counts in base units itself. All amounts above are in base. */
  contractSize: Decimal.optional(),
});
export type Instrument = z.infer<typeof Instrument>;
