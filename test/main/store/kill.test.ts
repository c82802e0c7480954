import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '#main/store/index';
import { folder, migrations, migrationsFolder, seams } from './world';

const KILLS = 25;
const here = dirname(fileURLToPath(import.meta.url));
// Inside the project, so that the child finds its packages.
const out = join(here, '../../../node_modules/.wavedesk-store-kill');

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: join(here, 'kill-child.ts'), outDir: out, emptyOutDir: true },
  });
}, 30_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Lets the child record until it has confirmed `rows` rows, then kills it. Returns what it had confirmed. */
function runAndKill(file: string, run: number, rows: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(out, 'kill-child.js'), file, migrationsFolder, String(run)]);
    let text = '';
    let trouble = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.split('\n').length > rows + 1) child.kill('SIGKILL');
    });
    child.stderr.on('data', (data: Buffer) => {
      trouble += data.toString();
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the child ended by itself: ${trouble}`));
      // A line cut by the kill was not confirmed in full.
      else resolve(text.slice(0, text.lastIndexOf('\n')).split('\n').slice(1));
    });
  });
}

describe.skipIf(process.platform === 'win32')('kill -9 in the middle of writing', () => {
  it(`loses no confirmed record in ${KILLS} kills, and the chain and tables stay whole`, {
    timeout: 60_000,
  }, async () => {
    const file = `${folder()}/store.db`;
    let confirmed = 0;
    for (let run = 0; run < KILLS; run += 1) {
      const lines = await runAndKill(file, run, run % 7 === 0 ? 0 : (run * 13) % 30);
      const store = openStore({ file, seams, migrations, lockTimeoutMs: 2_000 });
      for (const line of lines) {
        const [seq, id] = line.split(' ') as [string, string];
        expect(store.journal(Number(seq), 1)[0]?.record, line).toMatchObject({ kind: 'event', text: id });
      }
      confirmed += lines.length;
      // A batch is whole or absent: as many fills as notes, and the position carries the last of them.
      const rows = store.journal(1, 1_000_000);
      const notes = rows.filter((row) => row.record.kind === 'event');
      expect(store.fills({})).toHaveLength(notes.length);
      expect(rows).toHaveLength(notes.length * 4);
      expect(store.positions({})[0]?.note ?? undefined).toBe(
        (notes.at(-1)?.record as { text?: string } | undefined)?.text,
      );
      if (run % 8 === 0 || run === KILLS - 1) expect(store.verify().problems).toEqual([]);
      store.close();
    }
    expect(confirmed).toBeGreaterThan(150);
  });
});
