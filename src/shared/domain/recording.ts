import type { UnixMs } from './basics';

/** What the recorder of raw frames does. `leftOut`: frames that could not be freed of account data. */
export type Recording =
  | { readonly kind: 'idle'; readonly last: EndedRecording | null }
  | {
      readonly kind: 'recording';
      readonly fileName: string;
      readonly startedAt: UnixMs;
      readonly frames: number;
      /** On disk so far. */
      readonly bytes: number;
      readonly leftOut: number;
      readonly scrubbed: boolean;
    };

export interface EndedRecording {
  readonly fileName: string;
  readonly frames: number;
  readonly bytes: number;
  /** Why it ended by itself; null when a person stopped it. */
  readonly problem: string | null;
}
