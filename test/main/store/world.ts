import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { createRealSeams } from '#main/seams/index';
import { openStore, readMigrations, type Store } from '#main/store/index';

export { at } from './records';

export const seams = createRealSeams();
export const migrationsFolder = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../../resources/migrations',
);
export const migrations = readMigrations(seams.disk, migrationsFolder);

const undo: (() => void)[] = [];
afterEach(() => {
  for (const run of undo.splice(0).reverse()) run();
});

/** A folder of its own for one test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'wavedesk-store-'));
  undo.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Opens and closes at the end of the test. */
export function open(file = ':memory:', options: Partial<Parameters<typeof openStore>[0]> = {}): Store {
  const store = openStore({ file, seams, migrations, lockTimeoutMs: 50, ...options });
  undo.push(() => store.close());
  return store;
}
