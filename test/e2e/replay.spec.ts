import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openPanel, ROOT, test } from './desk';

const JANUARY = join(ROOT, '../shared/data/btc-perp-1m-2022-01.csv.gz');

test('recorded prices of January 2022 are charted and waves trade on them', async ({ desk }) => {
  test.skip(!existsSync(JANUARY), 'the recorded candles are not beside the project (../shared/data)');
  const { page, stop } = await desk.start(['--replay', JANUARY, '--speed', '300']);
  const chart = await openPanel(page, 'Chart');
  await expect(chart.locator('canvas').first()).toBeVisible();
  await expect(chart.getByRole('combobox').first()).toHaveValue(/BTC\/USDT/);
  await expect(chart.getByText(/(Dec|Jan)/).first()).toBeVisible();
  const history = await openPanel(page, 'History');
  await expect(history.getByRole('row').filter({ hasText: /BTC/ }).first()).toBeVisible({ timeout: 120_000 });
  expect(await stop()).toBe(0);
});
