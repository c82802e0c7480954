import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '#shared/domain/position';
import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import { type DeskClient, runToEnd, startDesk } from './desk-process';

let profile: string;
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'wavedesk-kill-'));
});
afterEach(() => rmSync(profile, { recursive: true, force: true }));

/** Resolves when one of the order images shown satisfies the test. */
async function orderShows(
  client: DeskClient,
  isIt: (order: { leg: string; status: string }) => boolean,
): Promise<void> {
  for await (const item of await client.orders.stream()) {
    const rows = item.kind === 'snapshot' ? item.rows : item.put;
    if (rows.some(isIt)) return;
  }
}

async function positionsWhen(
  client: DeskClient,
  isIt: (rows: readonly Position[]) => boolean,
): Promise<readonly Position[]> {
  const rows = new Map<string, Position>();
  for await (const item of await client.positions.stream()) {
    for (const row of item.kind === 'snapshot' ? item.rows : item.put) rows.set(row.id, row);
    if (isIt([...rows.values()])) return [...rows.values()];
  }
  throw new Error('the stream ended');
}

/** Nothing is under way any more: each position that was begun is protected, or has ended. */
const UNDER_WAY: ReadonlySet<string> = new Set(['pending_entry', 'entry_placed', 'pending_sl', 'closing']);
const settled = (rows: readonly Position[]) =>
  rows.length > 0 && rows.every((row) => !UNDER_WAY.has(row.status));

describe('kill -9 in the middle of an open', () => {
  it.each([
    ['right after the entry was written down', (order: { leg: string }) => order.leg === 'entry'],
    [
      'when the entry has filled',
      (order: { leg: string; status: string }) => order.leg === 'entry' && order.status === 'filled',
    ],
    ['when the first stop was written down', (order: { leg: string }) => order.leg === 'stop'],
  ])(
    '%s: nothing lost, nothing doubled, no position without a stop',
    async (_when, moment) => {
      const first = await startDesk(['--profile', profile]);
      await orderShows(first.client, moment);
      await first.kill();

      const second = await startDesk(['--profile', profile]);
      const rows = await positionsWhen(second.client, settled);
      const open = rows.filter((row) => OPEN_POSITION_STATUSES.has(row.status));
      expect(new Set(open.map((row) => row.symbol)).size).toBe(open.length);
      for (const row of open)
        if (row.status === 'active') expect(row.stop, `${row.symbol} has no stop`).not.toBeNull();
      const fills = await second.client.history.fills({ offset: 0, limit: 500 });
      expect(new Set(fills.rows.map((fill) => `${fill.symbol}|${fill.tradeId}`)).size).toBe(
        fills.rows.length,
      );
      expect((await second.stop()).code).toBe(0);

      const { code, output } = await runToEnd(['doctor', '--json', '--profile', profile], 'cli');
      expect(JSON.parse(output).problems).toEqual([]);
      expect(code).toBe(0);
    },
    120_000,
  );
});
