import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Access, createAccess } from '#main/headless/access';
import { createSimulatedSeams } from '#main/seams/index';

const PORT = 8899;
const request = (headers: Record<string, string | undefined>) => ({ headers }) as unknown as IncomingMessage;

describe('who may speak to the headless desk', () => {
  let access: Access;
  let advance: (ms: number) => unknown;
  beforeEach(() => {
    const seams = createSimulatedSeams(1, 0);
    advance = (ms) => seams.advance(ms);
    access = createAccess({ clock: seams.clock, random: seams.random, port: () => PORT });
  });

  it.each([
    [{ host: '127.0.0.1:8899' }, false],
    [{ host: 'localhost:8899' }, false],
    [{ host: '127.0.0.1:8899', origin: 'http://127.0.0.1:8899' }, true],
    [{ host: '127.0.0.1:8899', 'sec-fetch-site': 'none' }, false],
  ])('lets its own page through: %j', (headers, needsOrigin) => {
    expect(access.refuses(request(headers), needsOrigin)).toBeNull();
  });

  it.each([
    [{}, false],
    [{ host: 'evil.test' }, false],
    [{ host: 'evil.test:8899' }, false],
    [{ host: '127.0.0.1.evil.test:8899' }, false],
    [{ host: 'LOCALHOST:8899' }, false],
    [{ host: '127.0.0.1:8900' }, false],
    [{ host: '127.0.0.1' }, false],
    [{ host: 'evil.test:8899', origin: 'http://evil.test:8899' }, true],
    [{ host: '127.0.0.1:8899' }, true],
    [{ host: '127.0.0.1:8899', origin: 'null' }, true],
    [{ host: '127.0.0.1:8899', origin: 'http://localhost:8899' }, true],
    [{ host: '127.0.0.1:8899', origin: 'https://127.0.0.1:8899' }, true],
    [{ host: '127.0.0.1:8899', origin: 'http://evil.test' }, false],
    [{ host: '127.0.0.1:8899', origin: 'http://127.0.0.1:8899', 'sec-fetch-site': 'cross-site' }, true],
    [{ host: '127.0.0.1:8899', 'sec-fetch-site': 'cross-site' }, false],
  ])('refuses anything else: %j', (headers, needsOrigin) => {
    expect(access.refuses(request(headers), needsOrigin)).not.toBeNull();
  });

  it('opens a session for the right token only, and knows its sessions', () => {
    const session = access.openSession(access.token);
    expect(access.isSession(session)).toBe(true);
    expect(access.openSession('wrong')).toBeNull();
    expect(access.openSession(access.token.slice(0, -1))).toBeNull();
    expect(access.isSession(access.token)).toBe(false);
    expect(access.isSession(undefined)).toBe(false);
  });

  it('answers nobody for 30 s after five wrong tries', async () => {
    for (let tries = 0; tries < 5; tries++) access.openSession('wrong');
    expect(access.openSession(access.token)).toBeNull();
    await advance(30_001);
    expect(access.openSession(access.token)).not.toBeNull();
  });
});
