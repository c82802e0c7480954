import type { Decimal, UnixMs } from '#shared/domain/basics';
import type { ExchangeName } from '#shared/domain/exchange';
import type { MarketData, ReferenceData } from '../venues/venue';

/** Fees as fractions of the traded value: 0.0005 is 0.05 %. */
export interface PaperFees {
  readonly taker: Decimal;
  readonly maker: Decimal;
}

export interface PaperOptions {
  readonly exchange: ExchangeName;
  /** Public halves of the exchange's perpetual market. Nothing that could send an order is ever handed in. */
  readonly data: MarketData;
  readonly reference: ReferenceData;
  /** Wall clock: when something was seen, and how old a price is. */
  readonly now: () => UnixMs;
  /** The market's clock: what orders and fills are stamped with. */
  readonly marketNow: () => UnixMs;
  readonly timers: { after(delayMs: number, run: () => void): () => void };
  /** What `save` was last given, read back from disk; null opens a new account. */
  readonly saved: unknown;
  /** Puts a snapshot (plain JSON data) on disk before it returns. @throws when it could not */
  save(snapshot: unknown): void;
  /** Default: taker 0.05 %, maker 0.02 %. */
  readonly fees?: PaperFees;
  /** USDT that a new account begins with. Default 10,000. */
  readonly startBalance?: Decimal;
}
