import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import { Percent, UnixMs } from '../domain/basics';
import { ExchangeName } from '../domain/exchange';
import type { EffectiveParams, ParamsVersion, StoredParams } from '../domain/params';
import { PARAM_NAMES } from '../domain/signal';
import type { FeedItem } from './feed';

/** What the next wave of an exchange would run on if it brought nothing new, and since when. */
export interface ParamsRow {
  readonly effective: EffectiveParams;
  /** Market time of the wave that last changed a value; null when none has. */
  readonly waveTime: UnixMs | null;
  /** Wall time of that change. */
  readonly updatedAt: UnixMs | null;
  readonly signalId: number | null;
  /** The row itself, with its locks; null while nothing was ever stored for the exchange. */
  readonly stored: StoredParams | null;
}

/** One line of an equity curve: market time and USD. */
export interface EquityPoint {
  readonly at: UnixMs;
  readonly equity: number;
}
/** The stored waves of a span run again through the engine under another set of params. */
export interface WhatIf {
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly waves: number;
  readonly actual: {
    readonly curve: readonly EquityPoint[];
    readonly trades: number;
    readonly profitUsd: number;
  };
  readonly other: {
    readonly curve: readonly EquityPoint[];
    readonly trades: number;
    readonly profitUsd: number;
  };
  /** What the comparison rests on, in words: candles used, waves left out for want of prices. */
  readonly notes: readonly string[];
}

export const params = {
  /** One row per exchange. Row id: exchange name. */
  stream: oc.output(eventIterator(type<FeedItem<ParamsRow>>())),
  /** Versions of one exchange's values, newest first. */
  history: oc
    .input(
      z.object({
        exchange: ExchangeName,
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(type<{ readonly rows: readonly ParamsVersion[]; readonly total: number }>()),
  /** A locked value wins over waves until it is unlocked; the wave's is recorded all the same. */
  lock: oc
    .input(
      z.object({
        exchange: ExchangeName,
        name: z.enum(PARAM_NAMES),
        value: z.union([z.number().int().min(1).max(100), Percent]),
      }),
    )
    .output(type<null>())
    .errors({ REFUSED: { data: type<{ readonly why: string }>() } }),
  unlock: oc.input(z.object({ exchange: ExchangeName, name: z.enum(PARAM_NAMES) })).output(type<null>()),
  /** Brings back the values of an earlier version as a new version. Open positions keep theirs. */
  rollback: oc
    .input(z.object({ exchange: ExchangeName, version: z.number().int().min(1) }))
    .output(type<null>())
    .errors({ REFUSED: { data: type<{ readonly why: string }>() } }),
  /** Progress 0 to 1, then the result. */
  whatIf: oc
    .input(z.object({ exchange: ExchangeName, version: z.number().int().min(1), from: UnixMs, to: UnixMs }))
    .output(eventIterator(type<{ readonly progress: number; readonly result: WhatIf | null }>()))
    .errors({ REFUSED: { data: type<{ readonly why: string }>() } }),
};
