import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore, StoreError, type StoreErrorCode } from '#main/store/index';
import { note } from './records';
import { at, folder, migrations, open, seams } from './world';

/** The error of an opening that must fail. */
function refusal(file: string, options: Partial<Parameters<typeof openStore>[0]> = {}): StoreError {
  try {
    openStore({ file, seams, migrations, lockTimeoutMs: 50, ...options }).close();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return error as StoreError;
  }
  throw new Error('it was opened');
}
const refuses = (file: string, code: StoreErrorCode, words: RegExp) => {
  const error = refusal(file);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(words);
  expect(error.message).toContain(file);
};
/** A store with some rows in it, closed. */
function made(rows = 20): string {
  const file = `${folder()}/store.db`;
  const store = openStore({ file, seams, migrations });
  for (let n = 0; n < rows; n += 1) store.record([note(`row ${n} ${'x'.repeat(500)}`)], at(n));
  store.close();
  return file;
}

describe('opening a store', () => {
  it('makes folders and file for this account alone', () => {
    const file = `${folder()}/deep/profile/store.db`;
    open(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file)).filter((name) => name.includes('being-made'))).toEqual([]);
  });

  it('refuses a second instance fast and in words, and lets it in when the first is gone', () => {
    const file = made();
    const first = openStore({ file, seams, migrations });
    const start = performance.now();
    refuses(
      file,
      'locked',
      /^Another Wavedesk is using this profile \(.*\)\. Close it or choose another with --profile\.$/,
    );
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(first.record([note('still mine')], at(1))).toHaveLength(1);
    first.close();
    expect(open(file).journal(1, 100)).toHaveLength(21);
  });

  it('refuses a store of a newer version and leaves it byte for byte', () => {
    const file = made();
    const raw = new Database(file);
    raw.pragma('user_version = 99');
    raw.close();
    const bytes = readFileSync(file);
    refuses(file, 'newer-version', /newer Wavedesk.*schema 99/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('refuses an empty file, which may be all that is left of a store', () => {
    const file = `${folder()}/store.db`;
    writeFileSync(file, '');
    refuses(file, 'corrupt', /empty/);
    expect(statSync(file).size).toBe(0);
  });

  it('goes on where it was killed while making the file', () => {
    const file = `${folder()}/store.db`;
    writeFileSync(`${file}.being-made`, '');
    writeFileSync(file, '');
    open(file).record([note('first')], at(1));
    expect(existsSync(`${file}.being-made`)).toBe(false);
  });

  it('refuses a file that is no database, and leaves it', () => {
    const file = `${folder()}/store.db`;
    writeFileSync(file, 'my diary '.repeat(2_000));
    refuses(file, 'corrupt', /damaged/);
    expect(readFileSync(file, 'utf8')).toBe('my diary '.repeat(2_000));
  });

  it('refuses the database of another program, and leaves it', () => {
    const file = `${folder()}/store.db`;
    const other = new Database(file);
    other.exec('CREATE TABLE places (url TEXT)');
    other.close();
    const bytes = readFileSync(file);
    refuses(file, 'corrupt', /not of Wavedesk/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('refuses a folder', () => {
    const file = `${folder()}/store.db`;
    mkdirSync(file);
    refuses(file, 'not-writable', /folder/);
  });

  it.skipIf(process.platform === 'win32')('refuses a named pipe without hanging on it', () => {
    const file = `${folder()}/store.db`;
    execFileSync('mkfifo', [file]);
    refuses(file, 'io', /no ordinary file/);
  });

  it('refuses a profile that cannot be made', () => {
    const path = folder();
    writeFileSync(join(path, 'a file'), '');
    refuses(join(path, 'a file', 'store.db'), 'not-writable', /cannot be opened for writing/);
  });

  // Root may write everywhere: the test steps down to an account that may not.
  it.skipIf(process.platform !== 'linux' || process.geteuid?.() !== 0)(
    'refuses a store that this account may read but not write (skipped unless root can step down)',
    () => {
      const file = made();
      execFileSync('chmod', ['-R', 'a+rX', dirname(file)]);
      process.seteuid?.(65534);
      try {
        const error = refusal(file);
        expect(error.message).toMatch(/cannot be opened for writing/);
        expect(error.code).toBe('not-writable');
      } finally {
        process.seteuid?.(0);
      }
      expect(open(file).journal(1, 100)).toHaveLength(20);
    },
  );

  it('copies an existing store beside itself before it changes the schema, and the copy opens', () => {
    const file = made(3);
    const more = [...migrations, { name: '002_test.sql', sql: 'CREATE TABLE later (a TEXT) STRICT;' }];
    const store = open(file, { migrations: more });
    expect(store.verify().problems).toEqual([]);
    store.close();
    const copies = readdirSync(dirname(file)).filter((name) => name.endsWith('.backup'));
    expect(copies).toHaveLength(1);
    const copy = open(join(dirname(file), copies[0] ?? ''));
    expect(copy.journal(1, 10)).toHaveLength(3);
    expect(refusal(file).code).toBe('newer-version');
  });

  it('rolls a failed schema step back whole, names it, and the store still opens', () => {
    const file = made(3);
    const broken = [
      ...migrations,
      { name: '002_bad.sql', sql: 'CREATE TABLE half (a TEXT) STRICT; NONSENSE;' },
    ];
    expect(() => openStore({ file, seams, migrations: broken })).toThrow(/002_bad\.sql/);
    const store = open(file);
    expect(store.journal(1, 10)).toHaveLength(3);
    expect(store.verify().problems).toEqual([]);
  });

  it('refuses at the next start when one of the newest journal rows was edited', () => {
    const file = made(5);
    const raw = new Database(file);
    raw.exec('DROP TRIGGER journal_rows_never_change');
    raw.exec("UPDATE journal SET body = replace(body, 'row 2', 'row 9') WHERE seq = 3");
    raw.close();
    refuses(file, 'corrupt', /journal row 3 was changed/);
  });

  it('never opens silently empty after any part of the file was cut off or overwritten', () => {
    const file = made(60);
    const whole = readFileSync(file);
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 20_000 }),
        fc.boolean(),
        (start, length, cut) => {
          const broken = Buffer.from(whole);
          broken.fill(0xa5, start, Math.min(start + length, whole.length));
          writeFileSync(file, cut ? whole.subarray(0, start) : broken);
          const before = readFileSync(file);
          try {
            const store = openStore({ file, seams, migrations });
            const { rows } = store.verify();
            store.close();
            expect(rows).toBe(60);
          } catch (error) {
            expect(error).toBeInstanceOf(StoreError);
            expect(readFileSync(file).equals(before)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
