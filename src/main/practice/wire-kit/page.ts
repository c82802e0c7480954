/** A page of history: by id, by time, or simply the newest. */
export interface Page {
  /** Inclusive; -Infinity and Infinity when not asked. */
  readonly start: number;
  readonly end: number;
  readonly fromId: number | null;
  readonly limit: number;
  /** True when the page starts somewhere and runs forward; false for "the newest". */
  readonly forward: boolean;
}

/** The rows of a page; `rows` oldest first, and so is the answer. */
export function cut<T>(
  rows: readonly T[],
  page: Page,
  key: { readonly id: (row: T) => number; readonly at: (row: T) => number },
): readonly T[] {
  const inside = rows.filter((row) => {
    const at = key.at(row);
    return at >= page.start && at <= page.end && (page.fromId === null || key.id(row) >= page.fromId);
  });
  return page.forward ? inside.slice(0, page.limit) : inside.slice(-page.limit);
}
