import { expect } from '@playwright/test';
import { openPanel, test } from './desk';

test('M-305 every connection is seen live, with its last minutes as charts and all its figures on demand', async ({
  desk,
}) => {
  const { page } = await desk.start();
  const panel = await openPanel(page, 'Connections');
  const table = panel.getByRole('table', { name: 'Connections' });
  await expect(table.getByRole('rowgroup').filter({ hasText: 'Signal server' })).toBeVisible({
    timeout: 60_000,
  });
  await expect(panel.getByRole('status').first()).toHaveText(/^(\d+) of \1 live/, { timeout: 60_000 });
  await expect(table.getByText(/^clock [+−]\d/).first()).toBeVisible({ timeout: 30_000 });

  const market = table.getByRole('button', { name: 'Binance, futures market', exact: true });
  await market.click();
  // Two full slots of five seconds make a line.
  await expect(table.getByRole('img', { name: /^Messages over five minutes: now/ })).toBeVisible({
    timeout: 40_000,
  });
  await expect(table.getByRole('table', { name: 'Streams' })).toContainText('@markPrice@1s');
  await market.click();
  await expect(table.getByRole('table', { name: 'Streams' })).toHaveCount(0);

  const account = 'Binance, futures account';
  await table.getByRole('button', { name: `Reconnect ${account}` }).click();
  await table.getByRole('button', { name: account, exact: true }).click();
  await expect(table.locator('dl div').filter({ hasText: 'Reconnected' })).toContainText('1', {
    timeout: 30_000,
  });
  await expect(panel.getByRole('status').first()).toHaveText(/^(\d+) of \1 live/, { timeout: 30_000 });
});
