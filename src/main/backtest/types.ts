import type { WhatIf } from '#shared/contract/params';
import type { UnixMs } from '#shared/domain/basics';
import type { AnyExchange, ExchangeName, VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Candle } from '#shared/domain/market';
import type { EffectiveParams, StoredParams } from '#shared/domain/params';
import type { Settings } from '#shared/domain/settings';
import type { Signal } from '#shared/domain/signal';

/** One exchange's part of a stored wave and what it really ran on. */
export interface StoredWave {
  readonly waveTime: UnixMs;
  readonly signals: readonly Signal[];
  readonly params: EffectiveParams;
  /** Market time at which it was decided; left out, the check minute of the settings tells. */
  readonly at?: UnixMs;
}

export interface WhatIfOptions {
  readonly waves: readonly StoredWave[];
  /** The other set; a null value stays as the wave had it. */
  readonly other: { readonly exchange: ExchangeName; readonly values: StoredParams['values'] };
  readonly settings: Settings;
  readonly instruments: readonly Instrument[];
  /** Closed 1-minute candles with from <= openTime < to, ascending; empty is unknown. A rejection is unknown too. */
  candles(venue: VenueKey, symbol: Symbol, from: UnixMs, to: UnixMs): Promise<readonly Candle[]>;
  /** Whose candles stand for an exchange; null when none are kept. */
  venueOf(exchange: AnyExchange): VenueKey | null;
  /** Lets the event loop serve others between two pieces of work. */
  breathe(): Promise<void>;
  /** Market time at which what is still open is valued; left out, 24 hours after the last wave. */
  readonly until?: UnixMs;
  readonly signal?: AbortSignal;
}

/** Progress 0 to 1; the result comes with the last item and is null before. */
export interface WhatIfItem {
  readonly progress: number;
  readonly result: WhatIf | null;
}
