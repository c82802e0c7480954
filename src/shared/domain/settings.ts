import { z } from 'zod';
import { Decimal, Percent } from './basics';
import { DEFAULT_PARAMS } from './params';
import { ProviderSettings } from './provider';
import { QuotingPreset } from './quoting';

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
  /** Caps outside the strategy; each refuses an entry and never an exit. */
  limits: z
    .object({
      /** Value of one entry. */
      maxOrderUsd: Decimal,
      /** Value at work in one symbol, all exchanges together. */
      maxSymbolUsd: Decimal,
      /** Value opened by one wave. */
      maxWaveUsd: Decimal,
      /** Value at work that came from the signal provider. */
      maxProviderUsd: Decimal,
      /** Orders sent in any 60 s; stops and exits are counted and never held back. */
      maxOrdersPerMinute: count(1, 600),
      /** How far the price may lie from the middle of bid and ask, or from the mark price. */
      collarPercent: Percent,
      /** Fall of equity below its highest. */
      drawdownPercent: Percent,
      /** Losing positions one after the other; 0 is no limit. */
      lossStreak: count(0, 100),
    })
    .default({
      maxOrderUsd: '1000' as Decimal,
      maxSymbolUsd: '1000' as Decimal,
      maxWaveUsd: '3000' as Decimal,
      maxProviderUsd: '5000' as Decimal,
      maxOrdersPerMinute: 60,
      collarPercent: '3' as Percent,
      drawdownPercent: '15' as Percent,
      lossStreak: 10,
    }),
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
  /** By provider id: the host of its signal server, or 'practice'. */
  providers: z.record(z.string().max(300), ProviderSettings).default({}),
  /** Wave positions that grow old without their trailing stop taking over (domain: aged positions). */
  aged: z
    .object({
      on: z.boolean(),
      /** Market hours. */
      afterHours: count(1, 240),
      graceHours: count(0, 240),
      lossPercentPerHour: Percent,
      maxLossPercent: Percent,
      commissionPercent: Percent,
    })
    .default({
      on: true,
      afterHours: 3,
      graceHours: 3,
      lossPercentPerHour: '0.5' as Percent,
      maxLossPercent: '10' as Percent,
      commissionPercent: '0.05' as Percent,
    }),
  /** Clean-up of orders that protect nothing. Dry-run reports only; it is where every account starts. */
  zombies: z
    .object({
      mode: z.enum(['off', 'dry-run', 'on']),
      protectedOrderIds: z.array(z.string().max(64)).max(500),
    })
    .default({ mode: 'dry-run', protectedOrderIds: [] }),
  /** Extras of the trailing stop, all off by default (spec M-103). */
  trailing: z
    .object({
      atr: z.boolean(),
      stepped: z.boolean(),
      breakeven: z.boolean(),
      timed: z.boolean(),
      momentum: z.boolean(),
    })
    .default({ atr: false, stepped: false, breakeven: false, timed: false, momentum: false }),
  /** Refuse entries above this spread instead of only warning. */
  strictSpread: z.boolean().default(false),
  maxSpreadPercent: Percent.default('0.5' as Percent),
  symbolFilter: z
    .object({
      useWhitelist: z.boolean(),
      whitelist: z.array(z.string().max(40)).max(2000),
      excludePatterns: z.array(z.string().max(40)).max(200),
      excludeIndexes: z.boolean(),
      excludeStablecoinPairs: z.boolean(),
      excludeLeveraged: z.boolean(),
      delisted: z.array(z.string().max(40)).max(2000),
    })
    .default({
      useWhitelist: false,
      whitelist: [],
      excludePatterns: [],
      excludeIndexes: true,
      excludeStablecoinPairs: true,
      excludeLeveraged: true,
      delisted: [],
    }),
  /** Saved sets of lines of the passive quoting strategy. */
  quotingPresets: z
    .array(QuotingPreset)
    .max(50)
    .refine(
      (list) => new Set(list.map(({ name }) => name)).size === list.length,
      'each name may stand only once',
    )
    .default([]),
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
