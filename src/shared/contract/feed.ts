/**
 * How every list reaches the screen: a snapshot, then numbered changes. A reader that sees a gap in `seq` starts
 * over. Rows are keyed by `id`; `put` replaces whole rows.
 */
export type FeedItem<T> =
  | { readonly seq: number; readonly kind: 'snapshot'; readonly rows: readonly T[] }
  | {
      readonly seq: number;
      readonly kind: 'change';
      readonly put: readonly T[];
      readonly gone: readonly string[];
    };
