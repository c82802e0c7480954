import type { PositionId, UnixMs } from '#shared/domain/basics';
import type { ReasonCode } from '#shared/domain/decision';
import type { VenueKey } from '#shared/domain/exchange';
import type { EffectiveParams } from '#shared/domain/params';
import type { Signal } from '#shared/domain/signal';
import type { Verdict } from './filters';
import type { EngineEvent, SignalFacts } from './types';

export interface Candidate {
  readonly signal: Signal;
  readonly facts: SignalFacts;
  readonly params: EffectiveParams;
  readonly rank: number;
  readonly verdict: Verdict;
  /** Wall time until which a missing price is waited for; null when it was there. */
  readonly priceBy: number | null;
  /** Wall time until which the venue may answer that the leverage is set; null before it was asked. */
  leverageBy: number | null;
}

/** One exchange's part of a wave while it is being opened. */
export interface WaveRun {
  readonly waveTime: UnixMs;
  readonly venue: VenueKey;
  readonly queue: Candidate[];
  /** Signals a person is asked about, and those that got their yes and wait for their turn. */
  readonly awaiting: Map<number, { readonly candidate: Candidate; readonly expiresAt: number }>;
  readonly approved: Candidate[];
  /** What a pause called off, in order, in case it goes on. */
  readonly parked: Candidate[];
  readonly provider: ProviderRule;
  readonly target: number;
  /** Would have been opened, had the provider not only been observed. */
  observed: number;
  executed: number;
  failed: number;
  /** Highest rank that was tried. */
  reached: number;
  /** Refused at the second look, by reason. */
  readonly refused: Partial<Record<ReasonCode, number>>;
  opening: PositionId | null;
  lastOrderAt: UnixMs | null;
}

export type ProviderRule = NonNullable<Extract<EngineEvent, { type: 'wave' }>['provider']>;
/** A wave that does not say how its provider is followed is traded as before there were modes. */
export const AUTO: ProviderRule = {
  mode: 'auto',
  approveWithinMs: 60_000,
  maxAgeMs: Number.MAX_SAFE_INTEGER,
};
