import { expect, type Page } from '@playwright/test';
import { doctor, openPanel, type RunningDesk, test } from './desk';

/** A desk with a position that its exchange protects. */
async function trading(desk: RunningDesk): Promise<void> {
  const positions = await openPanel(desk.page, 'Positions');
  const row = positions.getByRole('row').filter({ hasText: /Stop on \w/ });
  await expect(row.first()).toBeVisible({ timeout: 120_000 });
}
const listOn = (page: Page) => page.getByRole('dialog', { name: /Before you close/ });

test('the × of the window shows who protects what first, and closes once that was read', async ({ desk }) => {
  const running = await desk.start();
  const { page, outside, ended } = running;
  await trading(running);
  const list = listOn(page);

  await test.step('the window stays and shows the list', async () => {
    await expect(list).toBeHidden();
    await outside?.('close');
    await expect(list).toBeVisible();
    await expect(list.getByText('PRACTICE', { exact: true })).toBeVisible();
    await expect(
      list
        .getByRole('row')
        .filter({ hasText: /Stop [\d\s.]+confirmed/ })
        .first(),
    ).toBeVisible();
    expect(page.isClosed()).toBe(false);
  });

  await test.step('"Close this window" ends the program cleanly', async () => {
    await list.getByRole('button', { name: 'Close this window' }).click();
    expect(await ended).toBe(0);
  });

  await test.step('the journal is whole and says why it ended', async () => {
    const { report } = await doctor(desk.profile);
    expect(report.problems).toEqual([]);
  });
});

test('"Quit" in the menu shows the same list; who stays goes on trading, and may still quit', async ({
  desk,
}) => {
  const running = await desk.start();
  const { page, outside, output, stop } = running;
  await trading(running);
  const list = listOn(page);
  await outside?.('quit');
  await expect(list).toBeVisible();
  await list.getByRole('button', { name: 'Stay' }).click();
  await expect(list).toBeHidden();
  await outside?.('quit');
  await expect(list, 'who stayed is asked anew').toBeVisible();
  await list.getByRole('button', { name: 'Stay' }).click();

  await test.step('prices still move: nothing was stopped behind the list', async () => {
    const chart = await openPanel(page, 'Chart');
    const before = await chart.innerText();
    await expect.poll(() => chart.innerText()).not.toBe(before);
  });

  await test.step('Ctrl-C names who protects what where it was started', async () => {
    expect(await stop()).toBe(0);
    expect(output()).toMatch(/protected by its stop on the exchange at \d/);
  });
});

test('who insists is not held back by a page that shows nothing any more', async ({ desk }) => {
  const running = await desk.start();
  const { page, outside, ended } = running;
  await trading(running);
  await outside?.('close');
  await expect(listOn(page)).toBeVisible();
  await outside?.('close');
  expect(await ended).toBe(0);
});
