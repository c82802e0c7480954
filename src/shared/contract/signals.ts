import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import { type Decimal, UnixMs } from '../domain/basics';
import { type Decision, ReasonCode, SignalFate, type Wave } from '../domain/decision';
import type { ExchangeName } from '../domain/exchange';
import type { JournalRow } from '../domain/journal';
import type { ProviderSettings } from '../domain/provider';
import type { FeedItem } from './feed';

/** All that is known about one signal: the decision and every journal row of its correlation, oldest first. */
export interface SignalStory {
  readonly decision: Decision;
  readonly rows: readonly JournalRow[];
}

/** One line of the decision ledger; the whole decision comes with `story`. */
export interface LedgerRow {
  readonly signalId: number;
  readonly symbol: string;
  readonly exchange: ExchangeName;
  readonly side: 'buy' | 'sell';
  readonly waveTime: UnixMs;
  readonly fate: SignalFate;
  readonly reason: ReasonCode | null;
  /** Week and month score together. */
  readonly score: number;
  readonly price: Decimal | null;
  readonly decidedAt: UnixMs;
}
export interface LedgerPage {
  readonly rows: readonly LedgerRow[];
  readonly total: number;
  /** How many decisions of the whole ledger have each reason and each fate, whatever is filtered. */
  readonly reasons: Readonly<Partial<Record<ReasonCode | SignalFate, number>>>;
}

export interface ProviderStatus {
  readonly id: string;
  readonly name: string;
  readonly settings: ProviderSettings;
  /** Of the line to its server; null while there is none. */
  readonly state: string | null;
  readonly connectedAt: UnixMs | null;
  readonly lastSignalAt: UnixMs | null;
  readonly signalsReceived: number;
  /** Signals that could not be read, by reason code. */
  readonly bad: Readonly<Record<string, number>>;
  readonly reconnections: number;
  readonly bytesReceived: number;
  readonly buffered: number;
  /** Seconds and minutes the server named at the handshake. */
  readonly queryIntervalSeconds: number | null;
  readonly signalWindowMinutes: number | null;
  /** Sequence numbers that never came; null when the server does not count. */
  readonly missedFrames: number | null;
}

export const signals = {
  /** Newest 20 waves. Row id: wave time as text. */
  waves: oc.output(eventIterator(type<FeedItem<Wave>>())),
  /** Signals of those waves with their fate. Row id: signal id as text. */
  decisions: oc.output(eventIterator(type<FeedItem<Decision>>())),
  /** Every signal ever received, newest first, from the local store alone. */
  ledger: oc
    .input(
      z.object({
        reason: ReasonCode.optional(),
        fate: SignalFate.optional(),
        text: z.string().max(100).optional(),
        from: UnixMs.optional(),
        to: UnixMs.optional(),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(type<LedgerPage>()),
  /** A person's answer to an approval card; silence becomes a no at its expiry. */
  approve: oc
    .input(z.object({ signalId: z.number().int(), yes: z.boolean() }))
    .output(type<{ readonly taken: true }>())
    .errors({ NOT_AWAITING: { message: 'This signal does not wait for an answer any more.' } }),
  /** Calls the rest of a wave off, or lets it go on. */
  pauseWave: oc
    .input(z.object({ waveTime: UnixMs, on: z.boolean() }))
    .output(type<{ readonly taken: true }>()),
  /** Closes every open position of a wave at market, reduce-only. Results come with the positions. */
  flattenWave: oc
    .input(z.object({ waveTime: UnixMs, ticket: z.string().min(8).max(64) }))
    .output(type<{ readonly taken: true; readonly positions: number }>()),
  /** What the signal server says of itself, and what was wrong with what it sent. */
  provider: oc.output(eventIterator(type<ProviderStatus>())),
  story: oc
    .input(z.object({ signalId: z.number().int() }))
    .output(type<SignalStory>())
    .errors({ NOT_FOUND: { message: 'No signal with this id was ever received.' } }),
};
