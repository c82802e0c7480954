import { closeSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createSimulatedSeams } from '#main/seams/index';
import { openStore, type Store } from '#main/store/index';
import { openDatabase } from '#main/store/open-database';
import { examine } from '#main/store/slow-check';
import { decision, note, order } from './records';
import { at, folder, migrations, seams } from './world';

/** As a bad disk would have it: the index tells of other rows than the table has. */
const WRONG_INDEX =
  "UPDATE sqlite_schema SET sql = 'CREATE INDEX decisions_by_moment ON decisions (score)' WHERE name = 'decisions_by_moment'";

/** A closed store with enough rows for several slices. */
function made(): string {
  const file = `${folder()}/store.db`;
  const store = openStore({ file, seams, migrations });
  store.record(
    Array.from({ length: 300 }, (_, n) => [
      note(`row ${n} ${'x'.repeat(900)}`),
      { kind: 'decision_made', decision: decision(n + 1) } as const,
      { kind: 'order_changed', order: order(`wd-${n}-e1`), fact: 'intended', why: '' } as const,
    ]).flat(),
    at(1),
  );
  store.close();
  return file;
}
function problemsOf(file: string): string[] {
  const db = openDatabase({ file, seams, migrations, examinePages: 0 });
  const problems: string[] = [];
  for (const _ of examine(db, (problem) => problems.push(problem)));
  db.close();
  return problems;
}
const damage = (file: string, sql: string): void => {
  const raw = new Database(file);
  raw.unsafeMode(true);
  raw.pragma('writable_schema = ON');
  raw.exec(sql);
  raw.close();
};

describe('the examination in slices', () => {
  it('finds nothing in a sound store, and reads it in many small steps', () => {
    const db = openDatabase({ file: made(), seams, migrations });
    const problems: string[] = [];
    let steps = 0;
    for (const _ of examine(db, (problem) => problems.push(problem))) steps += 1;
    expect(problems).toEqual([]);
    expect(steps).toBeGreaterThan(20);
    db.close();
  });

  it('finds an old journal row that was changed, far behind those that every start proves', () => {
    const file = made();
    const store = openStore({ file, seams, migrations });
    store.record(
      Array.from({ length: 1_100 }, (_, n) => note(`later ${n}`)),
      at(2),
    );
    store.close();
    damage(file, 'DROP TRIGGER journal_rows_never_change');
    damage(file, "UPDATE journal SET body = replace(body, 'row 7 ', 'row 8 ') WHERE seq = 22");
    expect(problemsOf(file)).toEqual(['journal row 22 was changed']);
  });

  it('finds a row that an index does not hold', () => {
    const file = made();
    damage(file, WRONG_INDEX);
    expect(problemsOf(file)).toEqual(['the index decisions_by_moment lacks row 1 of decisions']);
  });

  it('finds pages that were overwritten, names the table and goes on with the others', () => {
    const file = made();
    const raw = new Database(file);
    const { pageno } = raw
      .prepare("SELECT pageno FROM dbstat WHERE name = 'orders' AND pagetype = 'leaf' LIMIT 1 OFFSET 3")
      .get() as { pageno: number };
    const size = raw.pragma('page_size', { simple: true }) as number;
    raw.close();
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(size, 0xa5), 0, size, (pageno - 1) * size);
    closeSync(handle);
    expect(problemsOf(file)).toEqual([expect.stringMatching(/^orders cannot be read: .*malformed/)]);
  });
});

describe('a store too large to be examined before the start', () => {
  const openLarge = (file: string, world = createSimulatedSeams(1, 1_000)) => {
    const store: Store = openStore({
      file,
      seams: { ...seams, timers: world.timers },
      migrations,
      examinePages: 0,
    });
    return { store, world };
  };

  it('opens at once, and tells what is wrong a little later', async () => {
    const file = made();
    damage(file, WRONG_INDEX);
    const { store, world } = openLarge(file);
    const problems: string[] = [];
    store.examineRest((problem) => problems.push(problem));
    expect(problems).toEqual([]);
    await world.advance(60_000);
    expect(problems).toHaveLength(1);
    store.close();
  });

  it('is written to meanwhile, which is no damage', async () => {
    const { store, world } = openLarge(made());
    const problems: string[] = [];
    store.examineRest((problem) => problems.push(problem));
    for (let n = 0; n < 40; n += 1) {
      store.record(
        [note(`meanwhile ${n}`), { kind: 'decision_made', decision: decision(n + 1, { fate: 'unused' }) }],
        at(n),
      );
      await world.advance(100);
    }
    await world.advance(60_000);
    expect(problems).toEqual([]);
    store.close();
  });

  it('is no longer looked at once it was told to stop', async () => {
    const file = made();
    damage(file, WRONG_INDEX);
    const { store, world } = openLarge(file);
    const problems: string[] = [];
    store.examineRest((problem) => problems.push(problem))();
    store.close();
    await world.advance(60_000);
    expect(problems).toEqual([]);
  });
});
