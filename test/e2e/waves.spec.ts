import { expect } from '@playwright/test';
import { openPanel, test } from './desk';

/** A quarter hour takes fifteen seconds. */
const QUICK = ['--speed', '60'];

test('every decision is in the ledger and explains itself in one click', async ({ desk }) => {
  const { page } = await desk.start();
  const ledger = await openPanel(page, 'Ledger');
  await expect(ledger.getByRole('row').nth(3)).toBeVisible({ timeout: 120_000 });
  const refused = ledger
    .getByRole('row')
    .filter({ hasText: /Refused|Not used/ })
    .first();
  await refused.click();
  await expect(page.getByText(/What was known|Rules|Checks/i).first()).toBeVisible();
});

test('a wave stands as one object, with its money and its positions', async ({ desk }) => {
  const { page } = await desk.start();
  const waves = await openPanel(page, 'Waves');
  const first = waves.getByRole('list', { name: 'Waves, newest first' }).getByRole('listitem').first();
  await expect(first).toBeVisible({ timeout: 120_000 });
  const protection = await openPanel(page, 'Protection');
  await expect(protection.getByRole('row').nth(1)).toBeVisible({ timeout: 120_000 });
});

test('a locked value wins, shows its origin, and is let go again', async ({ desk }) => {
  const { page } = await desk.start();
  const params = await openPanel(page, 'Params');
  // Whichever exchange the first wave brought values for.
  const values = params
    .getByRole('table')
    .filter({ has: page.getByRole('row', { name: /Stop-loss.*wave/ }) })
    .first();
  await expect(values).toBeVisible({ timeout: 120_000 });
  const name = (await values.getAttribute('aria-label')) as string;
  const table = params.getByRole('table', { name, exact: true });
  await table.getByRole('button', { name: 'Lock Stop-loss' }).click();
  const box = table.getByLabel('Lock Stop-loss at');
  await box.fill('7.5');
  await box.press('Enter');
  const row = table.getByRole('row').filter({ hasText: 'Stop-loss' });
  await expect(row).toContainText('7.50');
  await table.getByRole('button', { name: 'Change the lock of Stop-loss' }).click();
  await table.getByRole('button', { name: 'Unlock Stop-loss' }).click();
  await expect(row).not.toContainText('7.50');
});

test('approve each: nothing is ordered before a yes, and a yes is an order with its stop', async ({
  desk,
}) => {
  const { page } = await desk.start(QUICK);
  const settings = await openPanel(page, 'Settings');
  const form = settings.getByRole('form', { name: 'Provider form' });
  await form.getByText('Approve', { exact: false }).first().click();
  await form.getByRole('button', { name: /save/i }).click();
  const cards = page.getByRole('region', { name: 'Approvals' });
  const yes = cards.getByRole('button', { name: /^Approve/ }).first();
  await expect(yes).toBeVisible({ timeout: 90_000 });
  await yes.click();
  const positions = await openPanel(page, 'Positions');
  await expect(
    positions
      .getByRole('row')
      .filter({ hasText: /Stop on [A-Z]/ })
      .first(),
  ).toBeVisible({ timeout: 60_000 });
});
