import type { Disk } from '../seams/seams';
import { type Feed, MINUTE_MS } from './core/index';
import { createGeneratedFeeds, HISTORY_DAYS } from './generator/index';
import { openReplay, type VolumeUnit } from './replay/index';

/** Which market an exchange shows, before its origin is known. */
export interface MarketSource {
  /** Names the market for ever: an account kept under another name belongs to another market. */
  readonly name: string;
  readonly title: string;
  /** Where a new market begins. */
  readonly origin: number;
  /** Where it ends; undefined goes on for ever. */
  readonly end: number | undefined;
  feeds(origin: number): { readonly spot: readonly Feed[]; readonly future: readonly Feed[] };
}

export function generatedSource(seed: string, wallNow: number): MarketSource {
  return {
    name: `generated|${seed}`,
    title: `a generated market, seed ${seed}`,
    origin: wallNow,
    end: undefined,
    feeds: (origin) =>
      createGeneratedFeeds(seed, Math.floor(origin / MINUTE_MS) * MINUTE_MS - HISTORY_DAYS * 86_400_000),
  };
}

/** @throws ReplayError naming file, line, column and what was expected there. */
export async function replaySource(
  disk: Pick<Disk, 'exists' | 'stream'>,
  path: string,
  seed: string,
  how: { readonly symbol?: string; readonly volumeUnit?: VolumeUnit } = {},
): Promise<MarketSource> {
  const replay = await openReplay({ disk, path, seed, ...how });
  return {
    name: `replay|${replay.title}|${seed}`,
    title: `a replay of ${replay.title}`,
    origin: replay.origin,
    end: replay.end,
    feeds: () => ({ spot: replay.spot, future: replay.future }),
  };
}
