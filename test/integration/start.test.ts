import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runToEnd, startDesk } from './desk-process';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wavedesk-start-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});
const profile = () => ['--profile', join(folder, 'profile')];

describe('a start that cannot work says why in words and leaves nothing running', () => {
  it.each([
    [['--port', '99999'], /--port 99999: must be a whole number from 0 to 65535/],
    [['--port', 'eight'], /--port eight/],
    [['--speed', '0'], /--speed 0: must be a number from 1 to 1000/],
    [['--mode', 'demo'], /--mode demo: must be practice, paper or testnet/],
    [['--mode', 'live'], /--mode live: not open yet/],
    [['--seed', '-1'], /seed/],
    [['--colour', 'red'], /colour/],
  ])('%j is wrong usage', async (args, words) => {
    const { code, output } = await runToEnd([...profile(), ...args]);
    expect(output).toMatch(words);
    expect(code).toBe(2);
  });

  it('a port in use names the port and the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    const { code, output } = await runToEnd([...profile(), '--port', String(port)]);
    other.close();
    expect(output).toMatch(new RegExp(`port ${port} is already in use`, 'i'));
    expect(output).not.toContain('Wavedesk ready');
    expect(code).toBe(1);
  });

  it('a profile that is a file', async () => {
    writeFileSync(join(folder, 'profile'), 'not a folder');
    const { code, output } = await runToEnd(profile());
    expect(output).toMatch(/profile folder .* cannot be used/);
    expect(code).toBe(1);
  });

  it.skipIf(process.getuid?.() === 0)(
    'an unwritable profile (root may write anywhere, so root skips this)',
    async () => {
      chmodSync(folder, 0o500);
      const { code, output } = await runToEnd(profile());
      expect(output).toMatch(/cannot be used/);
      expect(code).toBe(1);
    },
  );

  it('a database from a newer version stays as it is', async () => {
    const first = await startDesk(profile());
    await first.stop();
    const file = join(folder, 'profile', 'wavedesk.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 9999');
    database.close();
    const { code, output } = await runToEnd(profile());
    expect(output).toMatch(/newer/i);
    expect(code).toBe(1);
  });

  it('a second desk on one profile is refused while the first goes on', async () => {
    const first = await startDesk(profile());
    const { code, output } = await runToEnd(profile());
    expect(output).toMatch(/profile/i);
    expect(output).toMatch(/another|already|in use/i);
    expect(code).toBe(1);
    expect((await first.client.app.info()).mode).toBe('practice');
    expect((await first.stop()).code).toBe(0);
  });

  it.each([
    [
      'timestamp,open,high,low,close,volume\n2022-01-01 00:00:00,1,2,0.5,1.5,10\n2022-01-01 00:01:00,1,abc,0.5,1.5,10\n',
      /line 3.*(column|high)/is,
    ],
    ['timestamp,open,high,low,close,volume\n2022-01-01 00:00:00,1,0.2,0.5,1.5,10\n', /line 2/],
    ['', /empty|no rows/i],
  ])('a broken replay file is named with its line', async (text, words) => {
    const file = join(folder, 'broken.csv');
    writeFileSync(file, text);
    const { code, output } = await runToEnd([...profile(), '--replay', file]);
    expect(output).toMatch(words);
    expect(output).toContain('broken.csv');
    expect(code).toBe(1);
  });

  it('a replay file that is not there', async () => {
    const { code, output } = await runToEnd([...profile(), '--replay', join(folder, 'none.csv')]);
    expect(output).toContain('none.csv');
    expect(code).toBe(1);
  });
});

describe('the command line', () => {
  it('tells its commands with --help and exits 0', async () => {
    const { code, output } = await runToEnd(['--help'], 'cli');
    expect(output).toMatch(/practice/);
    expect(output).toMatch(/doctor/);
    expect(code).toBe(0);
  });

  it('answers an unknown command with the list and exit code 2', async () => {
    const { code, output } = await runToEnd(['fly'], 'cli');
    expect(output).toMatch(/no command "fly"/);
    expect(code).toBe(2);
  });
});
