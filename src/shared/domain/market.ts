import { z } from 'zod';
import { Decimal, type OrderSide, UnixMs } from './basics';
import { VenueKey } from './exchange';
import { Symbol } from './instrument';

export const Timeframe = z.enum(['1m', '3m', '5m', '15m', '30m', '1h', '4h', '1d']);
export type Timeframe = z.infer<typeof Timeframe>;
export const TIMEFRAME_MS: Record<Timeframe, number> = {
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** A candle to paint and to compute indicators on: numbers, not money. Volume in base units. */
export const Candle = z.object({
  openTime: UnixMs,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  closed: z.boolean(),
});
export type Candle = z.infer<typeof Candle>;

/** Best bid and ask with the last trade of one instrument. Null is unknown. `seenAt` is our wall clock. */
export const Quote = z.object({
  venue: VenueKey,
  symbol: Symbol,
  bid: Decimal.nullable(),
  ask: Decimal.nullable(),
  last: Decimal.nullable(),
  mark: Decimal.nullable(),
  /** Price change over 24 h in percent, and its volume in quote units. */
  change24h: z.number().nullable(),
  volume24h: z.number().nullable(),
  /** The exchange's time of the newest part. */
  venueTime: UnixMs.nullable(),
  seenAt: UnixMs,
  /** True for one from an earlier run of the desk: shown with its age, and nothing is computed from it. */
  kept: z.boolean().optional(),
});
export type Quote = z.infer<typeof Quote>;

/** [price, amount] */
export type Level = readonly [Decimal, Decimal];

interface MarketEventBase {
  readonly venue: VenueKey;
  readonly symbol: Symbol;
  /** Exchange time; null where the exchange sends none (Binance spot bookTicker). */
  readonly venueTime: UnixMs | null;
  readonly seenAt: UnixMs;
}
export interface TradeEvent extends MarketEventBase {
  readonly type: 'trade';
  readonly tradeId: string;
  readonly price: Decimal;
  readonly amount: Decimal;
  /** Side of the aggressor. */
  readonly side: OrderSide;
}
export interface TopEvent extends MarketEventBase {
  readonly type: 'top';
  readonly bid: Decimal;
  readonly bidAmount: Decimal;
  readonly ask: Decimal;
  readonly askAmount: Decimal;
}
export interface TickerEvent extends MarketEventBase {
  readonly type: 'ticker';
  readonly last: Decimal;
  readonly change24h: number | null;
  readonly volume24h: number | null;
}
export interface MarkEvent extends MarketEventBase {
  readonly type: 'mark';
  readonly mark: Decimal;
  readonly index: Decimal | null;
  readonly fundingRate: Decimal | null;
  readonly nextFundingAt: UnixMs | null;
}
export interface CandleEvent extends MarketEventBase {
  readonly type: 'candle';
  readonly timeframe: Timeframe;
  readonly candle: Candle;
}
/** Absolute amounts; "0" deletes a level. `previousLast` is null on venues whose ranges are contiguous. */
export interface BookDeltaEvent extends MarketEventBase {
  readonly type: 'book-delta';
  readonly first: number;
  readonly last: number;
  readonly previousLast: number | null;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
export interface BookSnapshotEvent extends MarketEventBase {
  readonly type: 'book-snapshot';
  readonly last: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
/** A position of somebody was closed by force. */
export interface LiquidationEvent extends MarketEventBase {
  readonly type: 'liquidation';
  /** Side of the order that closed it: 'sell' is a long that was liquidated. */
  readonly side: OrderSide;
  /** Bankruptcy or fill price, whichever the venue tells. */
  readonly price: Decimal;
  /** Base units. */
  readonly amount: Decimal;
}
/** Open interest in base units, both where the venue tells both, null where it does not tell one. */
export interface InterestEvent extends MarketEventBase {
  readonly type: 'interest';
  readonly base: Decimal | null;
  readonly quote: Decimal | null;
}
export type MarketEvent =
  | TradeEvent
  | TopEvent
  | TickerEvent
  | MarkEvent
  | CandleEvent
  | BookDeltaEvent
  | BookSnapshotEvent
  | LiquidationEvent
  | InterestEvent;
