import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedItem } from '#shared/contract/feed';
import { applyFeedItem, type Feed } from '../../src/renderer/state/feed-reducer';

interface Row {
  readonly id: string;
  readonly value: number;
}
const idOf = (row: Row) => row.id;
const row = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.integer() });

describe('a list fed by the engine', () => {
  it('starts from a snapshot', () => {
    const feed = applyFeedItem(null, { seq: 7, kind: 'snapshot', rows: [{ id: 'a', value: 1 }] }, idOf);
    expect(feed).toEqual({ seq: 7, rows: new Map([['a', { id: 'a', value: 1 }]]) });
  });

  it('asks to start over when a change comes before any snapshot', () => {
    expect(applyFeedItem(null, { seq: 1, kind: 'change', put: [], gone: [] }, idOf)).toBe('gap');
  });

  it('asks to start over on a missing, a repeated and an older change', () => {
    const feed: Feed<Row> = { seq: 7, rows: new Map() };
    for (const seq of [6, 7, 9]) {
      expect(applyFeedItem(feed, { seq, kind: 'change', put: [], gone: [] }, idOf)).toBe('gap');
    }
  });

  it('holds the same rows as one that applied every change by hand', () => {
    const change = fc.record({ put: fc.array(row), gone: fc.array(fc.constantFrom('a', 'b', 'c', 'd')) });
    fc.assert(
      fc.property(fc.array(row), fc.array(change), (rows, changes) => {
        const expected = new Map(rows.map((one) => [one.id, one]));
        let feed = applyFeedItem<Row>(null, { seq: 1, kind: 'snapshot', rows }, idOf) as Feed<Row>;
        changes.forEach(({ put, gone }, index) => {
          for (const one of put) expected.set(one.id, one);
          for (const id of gone) expected.delete(id);
          const item: FeedItem<Row> = { seq: index + 2, kind: 'change', put, gone };
          feed = applyFeedItem(feed, item, idOf) as Feed<Row>;
        });
        expect([...feed.rows]).toEqual([...expected]);
      }),
    );
  });

  it('never changes the list that a panel already holds', () => {
    const before = applyFeedItem(
      null,
      { seq: 1, kind: 'snapshot', rows: [{ id: 'a', value: 1 }] },
      idOf,
    ) as Feed<Row>;
    applyFeedItem(before, { seq: 2, kind: 'change', put: [{ id: 'a', value: 2 }], gone: [] }, idOf);
    expect(before.rows.get('a')).toEqual({ id: 'a', value: 1 });
  });
});
