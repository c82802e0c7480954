import { join, resolve } from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import { app, MessageChannelMain, protocol } from 'electron';
import { createDesk, type Desk, parseDeskArguments, USAGE, UsageError } from './desk/index';
import { registerScheme, servePage } from './electron/page-protocol';
import { createWindow, setMenu } from './electron/window';
import { createRealSeams } from './seams/index';

const ROOT = resolve(import.meta.dirname, '../..');
const say = (line: string) => process.stdout.write(`${line}\n`);

app.enableSandbox();
registerScheme(protocol);

/** argv of a packaged app starts after the binary, of `electron .` after the folder. */
const ownArguments = () =>
  process.argv.slice(app.isPackaged ? 1 : 2).filter((word) => !word.startsWith('--remote-debugging'));

async function main(): Promise<void> {
  const args = parseDeskArguments(ownArguments(), process.env);
  if (!args) {
    say(USAGE);
    app.exit(0);
    return;
  }
  // Two windows on one profile meet in the store's lock anyway; this only brings the first one to the front.
  if (!app.requestSingleInstanceLock({ profile: args.profileDir })) {
    say('Wavedesk is already running; its window was brought to the front.');
    app.exit(0);
    return;
  }
  await app.whenReady();
  const seams = createRealSeams();
  servePage(protocol, seams.disk, join(ROOT, 'out/renderer'));
  const desk = await createDesk({
    ...args,
    seams,
    host: 'electron',
    resources: join(ROOT, 'resources'),
    say,
  });
  openWindow(desk);
  app.on('window-all-closed', () => app.quit());
  stopCleanly(desk);
}

function openWindow(desk: Desk): void {
  const handler = new RPCHandler(desk.api.router);
  const window = createWindow({ mode: desk.info.mode, preload: join(ROOT, 'out/preload/index.cjs') });
  app.on('second-instance', () => window.focus());
  window.on('close', (event) => {
    if (!desk.leaving.ask()) event.preventDefault();
  });
  desk.leaving.onAgreed(() => {
    if (!window.isDestroyed()) window.close();
  });
  // A reload makes a new page, and each page gets a port of its own; the old port closes with the old page.
  window.webContents.on('did-finish-load', () => {
    const { port1, port2 } = new MessageChannelMain();
    const opened = desk.api.openWindow();
    handler.upgrade(port1 as never, { context: opened.context });
    port1.on('close', opened.gone);
    port1.start();
    window.webContents.postMessage('wavedesk-port', null, [port2]);
  });
  setMenu();
}

function stopCleanly(desk: Desk): void {
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    if (!desk.leaving.ask()) return;
    void desk.close('the window was closed').then(() => {
      closed = true;
      desk.leaving.agree();
      app.quit();
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      for (const line of desk.protection()) say(line);
      desk.leaving.agree();
      app.quit();
    });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  app.exit(error instanceof UsageError ? 2 : 1);
});
