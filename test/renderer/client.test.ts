import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, connect, type Way } from '../../src/renderer/app/client';

/** A socket of the page that opens at once and is let in by whichever session the engine gave. */
class PageSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: PageSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  constructor() {
    super();
    PageSocket.all.push(this);
    queueMicrotask(() => {
      this.readyState = PageSocket.OPEN;
      this.dispatchEvent(new Event('open'));
    });
  }
  send(frame: string) {
    this.sent.push(frame);
    if (this.sent.length === 1)
      this.dispatchEvent(Object.assign(new Event('message'), { data: '{"ready":true}' }));
  }
  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

/** A page with an address bar, and an engine that takes one token. */
function openPage(hash: string) {
  const address = { protocol: 'http:', host: '127.0.0.1:8899', pathname: '/', search: '', hash };
  const page = new EventTarget();
  const asked: string[] = [];
  /** Answers of the engine are held back while this is set. */
  const engine = { token: 'right', held: null as Promise<void> | null };
  vi.stubGlobal('window', page);
  vi.stubGlobal('location', address);
  vi.stubGlobal('history', {
    replaceState: () => {
      address.hash = '';
    },
  });
  vi.stubGlobal('WebSocket', PageSocket);
  vi.stubGlobal('fetch', async (_path: string, { headers }: { headers: { authorization: string } }) => {
    const token = headers.authorization.replace('Bearer ', '');
    asked.push(token);
    await engine.held;
    return token === engine.token
      ? new Response(JSON.stringify({ session: `session-${asked.length}` }))
      : new Response('', { status: 401 });
  });
  return {
    address,
    asked,
    engine,
    /** What the browser does when an address differs in its fragment only: no script runs again. */
    paste(fragment: string) {
      address.hash = fragment;
      page.dispatchEvent(new Event('hashchange'));
    },
  };
}

let connection: Connection | undefined;
const follow = () => {
  const ways: Way['kind'][] = [];
  connection = connect((way) => ways.push(way.kind));
  return ways;
};
const settle = () => vi.advanceTimersByTimeAsync(2_000);

describe('the way to the engine in a browser', () => {
  beforeEach(() => {
    PageSocket.all = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    connection?.close();
    connection = undefined;
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('trades the token for a session and takes it out of the address', async () => {
    const page = openPage('#t=right');
    const ways = follow();
    await settle();
    expect(ways).toEqual(['live']);
    expect(page.address.hash).toBe('');
    expect(PageSocket.all[0]?.sent[0]).toBe('{"session":"session-1"}');
  });

  it('takes the address that is pasted into a tab which has lost its key', async () => {
    const page = openPage('');
    const ways = follow();
    await settle();
    expect(ways).toEqual(['no-key']);
    page.paste('#t=right');
    await settle();
    expect(ways).toEqual(['no-key', 'dropped', 'live']);
    expect(page.address.hash).toBe('');
  });

  it('says again that the key is not right when the pasted one is not, and takes the right one after it', async () => {
    const page = openPage('#t=of-another-start');
    const ways = follow();
    await settle();
    page.paste('#t=wrong');
    await settle();
    page.paste('#t=right');
    await settle();
    expect(ways).toEqual(['no-key', 'dropped', 'no-key', 'dropped', 'live']);
  });

  it('closes the connection it had when another address is pasted, and keeps one only', async () => {
    const page = openPage('#t=right');
    const ways = follow();
    await settle();
    page.paste('#t=right');
    await settle();
    expect(ways).toEqual(['live', 'dropped', 'live']);
    expect(PageSocket.all.map((socket) => socket.readyState)).toEqual([3, PageSocket.OPEN]);
  });

  it('lets an older answer that comes late neither speak nor touch the newer address', async () => {
    let release = () => {};
    const page = openPage('#t=of-another-start');
    page.engine.held = new Promise((done) => {
      release = done;
    });
    const ways = follow();
    await settle();
    page.paste('#t=right');
    expect(page.asked).toEqual(['of-another-start', 'right']);
    release();
    await settle();
    expect(ways).toEqual(['dropped', 'live']);
  });

  it('leaves a fragment without a token alone', async () => {
    const page = openPage('#t=right');
    const ways = follow();
    await settle();
    page.paste('#chart');
    await settle();
    expect(ways).toEqual(['live']);
    expect(page.asked).toEqual(['right']);
  });

  it('no longer listens once it is closed', async () => {
    const page = openPage('');
    const ways = follow();
    await settle();
    connection?.close();
    page.paste('#t=right');
    await settle();
    expect(ways).toEqual(['no-key']);
    expect(page.asked).toEqual([]);
  });
});
