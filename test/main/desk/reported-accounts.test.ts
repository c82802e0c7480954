import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createReportedAccounts } from '#main/desk/reported-accounts';
import type { Store } from '#main/store/index';
import { copyDatabase, createFolder, createWorld, LONG_DAY, type World } from '../../simulation/world';

const folder = createFolder();
afterAll(() => folder.remove());
const MINUTE_MS = 60_000;
const overs = ({ desk }: World): string[] =>
  desk.store
    .searchEvents({ type: 'zombie_first_run_over', offset: 0, limit: 50 })
    .rows.flatMap(({ record }) => (record.kind === 'event' ? [String(record.data.venue)] : []))
    .sort();

function memory() {
  const kept = new Map<string, string>();
  return {
    getMeta: (key: string) => kept.get(key) ?? null,
    setMeta: (key: string, value: string) => void kept.set(key, value),
  } satisfies Pick<Store, 'getMeta' | 'setMeta'>;
}
const over = (venue: string) =>
  [{ record: { kind: 'event', type: 'zombie_first_run_over', data: { venue } } }] as never;

describe('accounts on which the cleaning has had its first run', () => {
  it('M-110 are kept by mode and account, and forgotten when the key changes', () => {
    const store = memory();
    const both = ['binance_future', 'bybit_future'] as const;
    createReportedAccounts(store, 'testnet').note(over('binance_future'));
    const again = createReportedAccounts(store, 'testnet');
    expect([...again.known(both)]).toEqual(['binance_future']);
    expect([...createReportedAccounts(store, 'paper').known(both)]).toEqual([]);
    again.forget('binance_future');
    expect([...again.known(both)]).toEqual([]);
  });

  it('M-110 a restart of the desk does not begin a dry run again', { timeout: 120_000 }, async () => {
    const place = join(folder.path, 'lives');
    mkdirSync(place);
    const first = await createWorld({ seed: 3, pace: LONG_DAY, databaseFile: join(place, 'wavedesk.db') });
    await first.seams.advance(5 * MINUTE_MS);
    const said = overs(first);
    expect(said.length).toBeGreaterThan(0);
    const disk = first.files();
    await first.close();

    const second = await createWorld({
      seed: 3,
      life: 1,
      pace: LONG_DAY,
      start: first.seams.clock.now(),
      disk,
      databaseFile: copyDatabase(join(place, 'wavedesk.db'), folder.path),
    });
    await second.seams.advance(5 * MINUTE_MS);
    expect(overs(second)).toEqual(said);
    // Another profile knows nothing of it: else the silence above would prove nothing.
    const stranger = await createWorld({
      seed: 3,
      life: 1,
      pace: LONG_DAY,
      start: first.seams.clock.now(),
      disk,
    });
    await stranger.seams.advance(5 * MINUTE_MS);
    expect(overs(stranger)).toEqual(said);
    await second.close();
    await stranger.close();
  });
});
