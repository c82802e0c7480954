import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFeed, createLatest } from '#main/api/feed';
import type { FeedItem } from '#shared/contract/feed';

interface Row {
  id: string;
  value: number;
}
const apply = (rows: Map<string, Row>, item: FeedItem<Row>) => {
  if (item.kind === 'snapshot') {
    rows.clear();
    for (const row of item.rows) rows.set(row.id, row);
    return;
  }
  for (const row of item.put) rows.set(row.id, row);
  for (const id of item.gone) rows.delete(id);
};

describe('a feed', () => {
  it('gives a snapshot first, then numbered changes', async () => {
    const feed = createFeed<Row>((row) => row.id);
    feed.put([{ id: 'a', value: 1 }]);
    const reader = feed.follow(undefined);
    expect((await reader.next()).value).toEqual({ seq: 0, kind: 'snapshot', rows: [{ id: 'a', value: 1 }] });
    feed.put([{ id: 'b', value: 2 }]);
    expect((await reader.next()).value).toEqual({
      seq: 1,
      kind: 'change',
      put: [{ id: 'b', value: 2 }],
      gone: [],
    });
    feed.remove(['a']);
    expect((await reader.next()).value).toEqual({ seq: 2, kind: 'change', put: [], gone: ['a'] });
  });

  it('merges what a slow reader missed into one message with the newest values', async () => {
    const feed = createFeed<Row>((row) => row.id);
    const reader = feed.follow(undefined);
    await reader.next();
    for (let value = 0; value < 1000; value++) feed.put([{ id: 'a', value }]);
    expect((await reader.next()).value).toEqual({
      seq: 1,
      kind: 'change',
      put: [{ id: 'a', value: 999 }],
      gone: [],
    });
  });

  it('ends when its reader goes', async () => {
    const feed = createFeed<Row>((row) => row.id);
    const gone = new AbortController();
    const reader = feed.follow(gone.signal);
    await reader.next();
    const next = reader.next();
    gone.abort();
    expect((await next).done).toBe(true);
  });

  it('always leaves a reader with the rows of the feed, however reads and writes interleave', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('put' as const), id: fc.constantFrom('a', 'b', 'c'), value: fc.nat(9) }),
      fc.record({ do: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ do: fc.constant('read' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const feed = createFeed<Row>((row) => row.id);
        const seen = new Map<string, Row>();
        const reader = feed.follow(undefined);
        apply(seen, (await reader.next()).value as FeedItem<Row>);
        let dirty = false;
        for (const each of steps) {
          if (each.do === 'put') {
            feed.put([{ id: each.id, value: each.value }]);
            dirty = true;
          } else if (each.do === 'remove') {
            dirty ||= feed.rows().some((row) => row.id === each.id);
            feed.remove([each.id]);
          } else if (dirty) {
            apply(seen, (await reader.next()).value as FeedItem<Row>);
            dirty = false;
          }
        }
        if (dirty) apply(seen, (await reader.next()).value as FeedItem<Row>);
        const sorted = (rows: Iterable<Row>) => [...rows].sort((x, y) => x.id.localeCompare(y.id));
        expect(sorted(seen.values())).toEqual(sorted(feed.rows()));
      }),
    );
  });
});

describe('a latest value', () => {
  it('gives the value there is, then each newer one, skipping what nobody read', async () => {
    const latest = createLatest<number>();
    latest.set(1);
    const reader = latest.follow(undefined);
    expect((await reader.next()).value).toBe(1);
    latest.set(2);
    latest.set(3);
    expect((await reader.next()).value).toBe(3);
  });

  it('waits for the first value and ends with its reader', async () => {
    const latest = createLatest<number>();
    const gone = new AbortController();
    const reader = latest.follow(gone.signal);
    const first = reader.next();
    latest.set(7);
    expect((await first).value).toBe(7);
    const second = reader.next();
    gone.abort();
    expect((await second).done).toBe(true);
  });
});
