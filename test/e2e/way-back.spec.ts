import { expect } from '@playwright/test';
import { openPanel, test } from './desk';

test('a reloaded window says that it has lost its key, and the printed address pasted into it brings the desk back', async ({
  desk,
}) => {
  const { page, url, stop } = await desk.start();
  const lost = page.getByRole('heading', { name: 'This window has lost its key.' });
  await openPanel(page, 'Positions');

  await test.step('the token is gone from the address bar, so a reload has none', async () => {
    expect(new URL(page.url()).hash).toBe('');
    await page.reload();
    await expect(lost).toBeVisible();
  });

  await test.step('an address of another start is refused in words', async () => {
    await page.goto(`${(url as string).split('#')[0]}#t=of-another-start`);
    await expect(lost).toBeVisible();
  });

  await test.step('the right address in the same tab opens the desk', async () => {
    await page.goto(url as string);
    await openPanel(page, 'Positions');
    await expect(lost).toBeHidden();
    expect(new URL(page.url()).hash).toBe('');
  });

  await test.step('and it is alive: the mode is there and a list is read', async () => {
    await expect(page.getByText('PRACTICE', { exact: true }).first()).toBeVisible();
    await expect((await openPanel(page, 'Watchlist')).getByRole('row').nth(2)).toBeVisible();
  });
  expect(await stop()).toBe(0);
});
