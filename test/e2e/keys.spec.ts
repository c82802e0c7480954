import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openPanel, test } from './desk';

const CANARY = 'canary-7f3a91e5d2c84b60-secret';
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString('base64').slice(0, 30),
  Buffer.from(CANARY).toString('hex'),
  encodeURIComponent(CANARY),
];

function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

test('a key goes in and never comes out: not in logs, database, traffic, page or files', async ({ desk }) => {
  const { page, url, output, stop } = await desk.start();
  const received: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => received.push(String(payload))),
  );
  // Away and back, so that every frame of this window is heard from its first one on.
  await page.goto('about:blank');
  await page.goto(url as string);

  const settings = await openPanel(page, 'Settings');
  const unlock = settings.getByRole('form', { name: 'Unlock the vault' });
  if (await unlock.isVisible()) {
    await unlock.getByLabel('Passphrase').fill('a long passphrase for the test');
    await unlock.getByRole('button', { name: 'Unlock' }).click();
    await expect(unlock).toBeHidden();
  }
  await settings.getByRole('button', { name: /add or replace a key/i }).click();
  const form = settings.getByRole('form', { name: 'Add a key' });
  await form.getByLabel('API key').fill('canary-public-key-1234');
  await form.getByLabel('Secret').fill(CANARY);
  await form.getByRole('button', { name: 'Store' }).click();
  await expect(settings.getByText(/1234/).first()).toBeVisible();

  const shown = await page.content();
  const values = await page.evaluate(() =>
    [...document.querySelectorAll('input')].map((input) => input.value).join('\n'),
  );
  expect(await stop()).toBe(0);
  const places = { page: shown, inputs: values, traffic: received.join('\n'), output: output() };
  for (const [place, text] of Object.entries(places))
    for (const form of FORMS) expect(text, `${place} holds the key`).not.toContain(form);
  for (const path of files(desk.profile)) {
    const bytes = readFileSync(path, 'latin1');
    for (const form of FORMS) expect(bytes.includes(form), `${path} holds the key`).toBe(false);
  }
});
