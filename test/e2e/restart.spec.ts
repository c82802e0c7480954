import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from '@playwright/test';
import { doctor, openPanel, test } from './desk';

interface Row {
  id: string;
  venue: string;
  symbol: string;
  status: string;
  stop: { price: string } | null;
}

/** Positions as the store holds them, read from the file while no desk runs. */
function positions(profile: string): Row[] {
  const database = new DatabaseSync(join(profile, 'wavedesk.db'), { readOnly: true });
  const rows = database
    .prepare("SELECT body FROM journal WHERE kind = 'position_changed' ORDER BY seq")
    .all() as { body: string }[];
  database.close();
  const latest = new Map<string, Row>();
  for (const { body } of rows) {
    const { position } = JSON.parse(body) as { position: Row };
    latest.set(position.id, position);
  }
  return [...latest.values()];
}
const isOpen = (row: Row) =>
  ['pending_entry', 'entry_placed', 'pending_sl', 'active', 'closing'].includes(row.status);

test('kill -9 with open positions: the same positions come back, each with its stop', async ({ desk }) => {
  const first = await desk.start();
  const panel = await openPanel(first.page, 'Positions');
  await expect(
    panel
      .getByRole('row')
      .filter({ hasText: /Stop on [A-Z]/ })
      .first(),
  ).toBeVisible({ timeout: 120_000 });
  await first.kill();
  const before = positions(desk.profile).filter(isOpen);

  const second = await desk.start();
  const list = await openPanel(second.page, 'Positions');
  await expect(
    list
      .getByRole('row')
      .filter({ hasText: /Stop on [A-Z]/ })
      .first(),
  ).toBeVisible({ timeout: 120_000 });
  await expect(list.getByText('Nobody')).toHaveCount(0, { timeout: 60_000 });
  expect(await second.stop()).toBe(0);

  const after = positions(desk.profile);
  for (const row of before) expect(after.map((each) => each.id)).toContain(row.id);
  const open = after.filter(isOpen);
  expect(new Set(open.map((row) => `${row.venue} ${row.symbol}`)).size).toBe(open.length);
  expect(open.filter((row) => row.status === 'active' && row.stop === null)).toEqual([]);
  expect((await doctor(desk.profile)).report.problems).toEqual([]);
});
