import { expect } from '@playwright/test';
import { doctor, openPanel, PANELS, test } from './desk';

test('a wave goes from signal to a position whose stop the exchange has confirmed', async ({ desk }) => {
  const { page, stop } = await desk.start();

  await test.step('all nine panels are on the desk or one tab away', async () => {
    for (const name of PANELS) await openPanel(page, name);
  });

  await test.step('the mode is on the screen as a word', async () => {
    await expect(page.getByText('PRACTICE', { exact: true }).first()).toBeVisible();
  });

  await test.step('candles move', async () => {
    const chart = await openPanel(page, 'Chart');
    await expect(chart.locator('canvas').first()).toBeVisible();
    const first = await chart.innerText();
    await expect.poll(() => chart.innerText(), { timeout: 30_000 }).not.toBe(first);
  });

  await test.step('the wave is processed, and each signal has a fate in words', async () => {
    const signals = await openPanel(page, 'Signals');
    await expect(signals.getByRole('row').nth(2)).toBeVisible({ timeout: 120_000 });
  });

  await test.step('a position is open and its stop is on the exchange', async () => {
    const positions = await openPanel(page, 'Positions');
    const row = positions
      .getByRole('row')
      .filter({ hasText: /Stop on [A-Z]/ })
      .first();
    await expect(row).toBeVisible({ timeout: 120_000 });
  });

  await test.step('the stop order is shown as open', async () => {
    const orders = await openPanel(page, 'Orders');
    await expect(
      orders.getByRole('row').filter({ hasText: /stop/i }).filter({ hasText: /open/i }).first(),
    ).toBeVisible();
  });

  await test.step('Ctrl-C stops it cleanly and the journal is whole', async () => {
    expect(await stop()).toBe(0);
    const { code, report } = await doctor(desk.profile);
    expect(report.problems).toEqual([]);
    expect(code).toBe(0);
    expect(report.rows).toBeGreaterThan(20);
  });
});

test('the desk fits 1024 × 700 with every panel reachable and no sideways scroll', async ({ desk }) => {
  const { page } = await desk.start();
  await page.setViewportSize({ width: 1024, height: 700 });
  for (const name of PANELS) await openPanel(page, name);
  const [width, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(width).toBeLessThanOrEqual(inner);
});
