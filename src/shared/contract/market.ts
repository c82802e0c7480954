import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import { UnixMs } from '../domain/basics';
import { VenueKey } from '../domain/exchange';
import { type Instrument, Symbol } from '../domain/instrument';
import { type Candle, type Quote, Timeframe } from '../domain/market';
import type { FeedItem } from './feed';

export const InstrumentRef = z.object({
  venue: VenueKey,
  symbol: Symbol,
});
export type InstrumentRef = z.infer<typeof InstrumentRef>;

export interface CandlePage {
  readonly candles: readonly Candle[];
  /** True when they come from the local store because the exchange could not be asked. */
  readonly offline: boolean;
}

export const market = {
  instruments: oc.output(type<readonly Instrument[]>()),
  /** Quotes of everything watched; changes are merged, each market at most 20 times a second. Row id: venue|symbol. */
  quotes: oc.output(eventIterator(type<FeedItem<Quote>>())),
  /** Keeps quotes of these instruments flowing for this window, replacing its earlier list. */
  watch: oc.input(z.object({ instruments: z.array(InstrumentRef).max(200) })).output(type<null>()),
  candles: oc
    .input(
      InstrumentRef.extend({
        timeframe: Timeframe,
        before: UnixMs.optional(),
        limit: z.number().int().min(1).max(1000),
      }),
    )
    .output(type<CandlePage>())
    .errors({ UNAVAILABLE: { data: type<{ readonly why: string }>() } }),
  /** The open candle as it changes and each close, oldest first, at most 20 times a second. */
  candleUpdates: oc
    .input(InstrumentRef.extend({ timeframe: Timeframe }))
    .output(eventIterator(type<readonly Candle[]>())),
};
