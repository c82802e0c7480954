import { z } from 'zod';
import { Decimal, Percent } from './basics';
import { DEFAULT_PARAMS } from './params';

const count = (min: number, max: number) => z.number().int().min(min).max(max);

/** Everything a user can set. Written whole; each field has the default that a careful stranger would choose. */
export const Settings = z.object({
  positionSizeUsd: Decimal.default('200' as Decimal),
  maxOpenPositions: count(1, 100).default(10),
  maxExposureUsd: Decimal.default('5000' as Decimal),
  minFreeBalanceUsd: Decimal.default('10' as Decimal),
  leverage: count(1, 2).default(1),
  dailyLossPercent: Percent.default('3' as Percent),
  maxTradesPerDay: count(1, 1000).default(50),
  defaultParams: z
    .object({
      maxTrades: count(1, 100),
      stopLoss: Percent,
      trailingActivation: Percent,
      trailingDistance: Percent,
    })
    .default(DEFAULT_PARAMS),
  waveCheckMinutes: z
    .array(count(0, 59))
    .min(1)
    .max(12)
    .refine((minutes) => new Set(minutes).size === minutes.length, 'each minute may stand only once')
    .transform((minutes) => [...minutes].sort((a, b) => a - b))
    .default([6, 20, 35, 50]),
  filters: z
    .object({
      openInterest: z.boolean(),
      minOpenInterestUsd: Decimal,
      volume: z.boolean(),
      minHourVolumeUsd: Decimal,
      priceChange: z.boolean(),
      maxFiveMinuteChangePercent: Percent,
    })
    .default({
      openInterest: true,
      minOpenInterestUsd: '1000000' as Decimal,
      volume: true,
      minHourVolumeUsd: '50000' as Decimal,
      priceChange: true,
      maxFiveMinuteChangePercent: '4' as Percent,
    }),
  stopList: z.array(z.string().max(40)).max(2000).default([]),
  staleAfterMs: count(500, 60_000).default(15_000),
  signalServer: z
    .object({
      url: z
        .string()
        .regex(/^wss?:\/\/[^\s/]+/, 'must start with ws:// or wss://')
        .max(300),
    })
    .default({ url: 'ws://localhost:8765' }),
  watchlist: z.array(z.string().max(60)).max(200).default([]),
});
export type Settings = z.infer<typeof Settings>;
export const DEFAULT_SETTINGS: Settings = Settings.parse({});
