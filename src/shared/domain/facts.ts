import type { Decimal, UnixMs } from './basics';
import type { Instrument } from './instrument';

/** What was known about one instrument when asked. Null is unknown. */
export interface MarketFacts {
  readonly instrument: Instrument | null;
  readonly price: Decimal | null;
  /** Wall time of the price. */
  readonly priceSeenAt: UnixMs | null;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly openInterestUsd: Decimal | null;
  /** Quote volume of the 1 h candle that holds the signal; asked without a signal's time, of the running one. */
  readonly hourVolumeUsd: Decimal | null;
  /** Over the five minutes before the signal; asked without a signal's time, up to now. */
  readonly fiveMinuteChangePercent: number | null;
}
