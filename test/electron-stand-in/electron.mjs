// As much of the `electron` module as our host uses, with Debian's Chromium as the window. The built main, preload
// and renderer bundles run unchanged. WAVEDESK_CDP is the address of a running Chromium's debugging port.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** Chromium knows no app:// scheme without Electron; requests to this origin never leave the browser. */
const ORIGIN = 'http://wavedesk.localhost';
const handlers = new Map();
const windows = new Set();

class App extends EventEmitter {
  isPackaged = false;
  enableSandbox() {}
  requestSingleInstanceLock() {
    return true;
  }
  whenReady() {
    return Promise.resolve();
  }
  opened(window) {
    windows.add(window);
  }
  closed(window) {
    windows.delete(window);
    if (windows.size === 0) this.emit('window-all-closed');
  }
  quit() {
    let prevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) this.exit(0);
  }
  exit(code) {
    process.exit(code);
  }
}
export const app = new App();

/**
 * What a person does outside the page, one word a line on stdin: "close" is the × of the window, "quit" the menu's or the
 * system's way to end the program.
 */
process.stdin.on('data', (words) => {
  for (const word of String(words).split('\n')) {
    if (word === 'close') for (const window of [...windows]) window.close();
    if (word === 'quit') app.quit();
  }
});
process.stdin.unref?.();

export const protocol = {
  registerSchemesAsPrivileged() {},
  handle: (scheme, handler) => handlers.set(scheme, handler),
};

class PortMain extends EventEmitter {
  other = null;
  #started = false;
  #waiting = [];
  postMessage(data) {
    const { other } = this;
    queueMicrotask(() => other.receive(data));
  }
  receive(data) {
    if (this.#started) this.emit('message', { data });
    else this.#waiting.push(data);
  }
  start() {
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.emit('message', { data });
  }
  close() {
    this.emit('close');
  }
}
export class MessageChannelMain {
  constructor() {
    this.port1 = new PortMain();
    this.port2 = new PortMain();
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

/** Runs in the page before its own scripts: the preload bundle with an ipcRenderer that knows one channel. */
const pageSide = (preload) => `(() => {
  const listeners = new Map();
  const ports = new Map();
  const ipcRenderer = { on: (channel, listener) => listeners.set(channel, listener) };
  Object.defineProperty(window, '__standIn', { value: {
    open(id, channel) {
      const { port1, port2 } = new MessageChannel();
      ports.set(id, port1);
      port1.onmessage = (event) => window.__standInSend(id, event.data);
      listeners.get(channel)?.({ ports: [port2] });
    },
    deliver: (id, data) => ports.get(id)?.postMessage(data),
  } });
  const require = (name) => { if (name === 'electron') return { ipcRenderer }; throw new Error('preload asked for ' + name); };
  const module = { exports: {} };
  ((require, module, exports) => { ${preload}\n })(require, module, module.exports);
})();`;

class WebContents extends EventEmitter {
  session = { setPermissionRequestHandler() {}, setPermissionCheckHandler() {} };
  page = null;
  #ports = new Map();
  #next = 1;
  setWindowOpenHandler() {}
  postMessage(channel, _message, [port]) {
    const id = this.#next++;
    this.#ports.set(id, port);
    const { page } = this;
    const tell = (...words) =>
      page.evaluate(([name, ...rest]) => window.__standIn[name](...rest), words).catch(() => port.close());
    port.on('message', ({ data }) => tell('deliver', id, data));
    tell('open', id, channel).then(() => port.start());
  }
  fromPage(id, data) {
    this.#ports.get(id)?.postMessage(data);
  }
  gone() {
    for (const port of this.#ports.values()) port.other.close();
    this.#ports.clear();
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents();
  #options;
  constructor(options) {
    super();
    this.#options = options;
    app.opened(this);
  }
  #destroyed = false;
  show() {}
  focus() {}
  isDestroyed() {
    return this.#destroyed;
  }
  close() {
    let prevented = false;
    this.emit('close', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (prevented) return;
    this.#destroyed = true;
    void this.webContents.page?.close();
  }
  async loadURL(url) {
    const browser = await chromium.connectOverCDP(process.env.WAVEDESK_CDP);
    const context = browser.contexts()[0];
    const page = await context.newPage();
    this.webContents.page = page;
    await page.exposeFunction('__standInSend', (id, data) => this.webContents.fromPage(id, data));
    await page.addInitScript({
      content: pageSide(readFileSync(this.#options.webPreferences.preload, 'utf8')),
    });
    await page.route(`${ORIGIN}/**`, async (route) => {
      const answer = await handlers.get('app')(
        new Request(route.request().url().replace(ORIGIN, 'app://wavedesk')),
      );
      const body = Buffer.from(await answer.arrayBuffer());
      await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
    });
    page.on('load', () => {
      this.webContents.gone();
      this.webContents.emit('did-finish-load');
    });
    page.on('close', () => {
      this.#destroyed = true;
      this.webContents.gone();
      app.closed(this);
    });
    await page.goto(url.replace('app://wavedesk', ORIGIN));
    this.emit('ready-to-show');
    process.stdout.write(`Stand-in window at ${page.url()}\n`);
  }
}

export const Menu = { buildFromTemplate: (template) => template, setApplicationMenu() {} };
