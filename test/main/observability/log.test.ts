import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, type LogFields, type LogOptions, scrub } from '#main/observability/index';
import type { Disk } from '#main/seams/seams';
import { Secret } from '#main/secrets/index';
import { unixMs } from '#shared/domain/basics';

function memoryDisk() {
  const files = new Map<string, string>();
  const state = { full: false };
  const refuse = () => {
    if (state.full) throw new Error('the disk is full');
  };
  const disk: Disk = {
    read: (path) => (files.has(path) ? Buffer.from(files.get(path) ?? '') : null),
    write(path, data) {
      refuse();
      files.set(path, typeof data === 'string' ? data : Buffer.from(data).toString());
    },
    append(path, data) {
      refuse();
      files.set(path, (files.get(path) ?? '') + data);
    },
    remove: (path) => void files.delete(path),
    exists: (path) => files.has(path),
    makeFolder: () => {},
    list: () => [],
    stream: () => {
      throw new Error('not here');
    },
  };
  return { disk, files, state };
}

function openLog(options: Partial<LogOptions> = {}) {
  const world = memoryDisk();
  const clock = { now: () => unixMs(1_700_000_000_000), monotonic: () => 0 };
  const log = createLog({ seams: { disk: world.disk, clock }, file: 'log', level: 'info', ...options });
  const text = () => world.files.get('log') ?? '';
  const lines = () =>
    text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, text, ...world };
}

describe('the log', () => {
  it('writes one JSON line per event with level, time from the seam, text and allowed fields', () => {
    const { log, lines } = openLog();
    log.info('socket open', { link: 'binance_spot public', attempt: 2, state: 'live' });
    expect(lines()).toEqual([
      {
        level: 'info',
        time: '2023-11-14T22:13:20.000Z',
        link: 'binance_spot public',
        attempt: 2,
        state: 'live',
        text: 'socket open',
      },
    ]);
  });

  it('leaves out what is below its level, which can be switched at run time', () => {
    const { log, lines } = openLog();
    log.debug('one');
    log.setLevel('debug');
    log.debug('two');
    log.setLevel('error');
    log.warn('three');
    expect(lines().map((line) => line.text)).toEqual(['two']);
  });

  it('drops a field that is not allowed, and names it', () => {
    const { log, lines, text } = openLog();
    log.info('request', { headers: { 'X-MBX-APIKEY': 'CANARY' }, apiSecret: 'CANARY', code: 7 } as LogFields);
    expect(lines()[0]).toMatchObject({ code: 7, dropped: ['headers', 'apiSecret'] });
    expect(text()).not.toContain('CANARY');
  });

  it('keeps a percent sign and a line break as they are', () => {
    const { log, lines } = openLog();
    log.info('up 5 %s and 3 %d\nnext', { reason: '100 %' });
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ text: 'up 5 %s and 3 %d\nnext', reason: '100 %' });
  });

  it('prints an error by what it says and where, never by what hangs on it', () => {
    const { log, text } = openLog();
    const error = Object.assign(new Error('refused', { cause: new Error('ECONNREFUSED') }), {
      request: { headers: { 'X-MBX-APIKEY': 'CANARY' } },
    });
    log.error('cannot connect', { error });
    expect(text()).toMatch(/refused.*log\.test.*because: ECONNREFUSED/);
    expect(text()).not.toContain('CANARY');
  });

  it('turns the file over at its cap and keeps one older file', () => {
    const { log, files } = openLog({ maxBytes: 1_000 });
    for (let n = 0; n < 100; n += 1) log.info(`line ${n}`);
    expect([...files.keys()].sort()).toEqual(['log', 'log.1']);
    for (const file of files.values()) expect(file.length).toBeLessThanOrEqual(1_000);
    expect(files.get('log')).toContain('line 99');
  });

  it('goes on counting the size of a file it found', () => {
    const { log, files } = openLog({ maxBytes: 300 });
    files.set('log', `${'x'.repeat(280)}\n`);
    log.info('new');
    expect(files.get('log.1')).toHaveLength(281);
    expect(files.get('log')).toContain('new');
  });

  it('never throws on a full disk and says afterwards how many lines were lost', () => {
    const { log, lines, state } = openLog();
    state.full = true;
    log.info('a');
    log.info('b');
    state.full = false;
    log.info('c');
    expect(lines().map((line) => line.text)).toEqual(['2 log lines were lost: the disk refused', 'c']);
  });
});

const CANARY = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A';
const SHORT = 'c4n4ry-Sh0rt';

/** Ways in which a secret has got into the logs of trading programs. */
const LEAKS: readonly ((secret: string) => string)[] = [
  (s) => `GET https://api.binance.com/api/v3/account?timestamp=1&signature=${s}`,
  (s) => `https://x/fapi/v1/order?signature=${s}&symbol=BTCUSDT failed`,
  (s) => `wss://fstream.binance.com/private/ws?listenKey=${s}`,
  (s) => `ready http://127.0.0.1:8899/#t=${s}`,
  (s) => `ws://host/signals?token=${s}#part`,
  (s) => `headers { 'X-MBX-APIKEY': '${s}', accept: '*/*' }`,
  (s) => `X-MBX-APIKEY: ${s}`,
  (s) => `{"type":"auth","token":"${s}"}`,
  (s) => `{"apiKey": "${s}", "secret":"${s}"}`,
  (s) => `Authorization: Bearer ${s}`,
  (s) => `connect to wss://user:${s}@host:443/path`,
  (s) => `api_secret=${s}, retrying`,
  (s) => `X-BAPI-SIGN: ${s}; OK-ACCESS-PASSPHRASE`,
  (s) => `ACCESS-PASSPHRASE passphrase=${s}`,
  (s) => `-----BEGIN PRIVATE KEY-----\n${s}\n-----END PRIVATE KEY-----`,
];

describe('secrets', () => {
  it('stay out of every line, in whatever request, header or frame they arrive', () => {
    for (const secret of [CANARY, SHORT]) {
      for (const leak of LEAKS) {
        const { log, text } = openLog();
        log.error(leak(secret), { url: leak(secret), error: new Error(leak(secret)), reason: leak(secret) });
        expect(text(), leak('…')).toContain('[hidden]');
        expect(text(), leak('…')).not.toContain(secret);
      }
    }
  });

  it('are hidden by their length alone where nothing names them', () => {
    const { log, text } = openLog();
    log.info(`unexpected frame ${CANARY}`, { reason: `(${CANARY})` });
    log.info('private socket', { url: `wss://stream/ws/${CANARY}` });
    const base64 = 'kq9/Zb+1mR7x/Qw2LpV0/aT8uYcN4/eHs6JdG3/fKo5BiX9/rWvM1z/t7uPqL0';
    log.info(`key ${base64}==`);
    expect(text()).not.toContain('kq9/Zb');
    expect(text()).not.toContain(CANARY);
  });

  it('are hidden in four writings once the log was told of them', () => {
    const { log, text } = openLog();
    const odd = 'p+ss/w rd';
    log.hide(odd);
    log.hide('abc');
    const forms = [
      odd,
      encodeURIComponent(odd),
      Buffer.from(odd).toString('base64'),
      Buffer.from(odd).toString('hex'),
    ];
    for (const form of forms) log.info(`seen ${form} abc`, { reason: form });
    for (const form of forms) expect(text()).not.toContain(form);
    expect(text()).toContain('abc');
  });

  it('print as dots when a Secret is handed over', () => {
    const { log, text } = openLog();
    log.info(`key ${new Secret(CANARY)}`, { reason: new Secret(CANARY) });
    expect(text()).toContain('•••• Eh8A');
    expect(text()).not.toContain(CANARY.slice(0, 20));
  });

  it('never survive in random surroundings behind a telling name', () => {
    const name = fc.constantFrom(
      'signature=',
      'listenKey=',
      'token=',
      'apiKey=',
      '"secret":"',
      'X-MBX-APIKEY: ',
    );
    const secret = fc.string({ unit: fc.constantFrom(...'abcdefXYZ0189-_'), minLength: 6, maxLength: 70 });
    const around = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(
        around,
        name,
        secret,
        fc.constantFrom('', ' ', '&x=1', '"', ','),
        (before, label, key, after) => {
          fc.pre(!before.includes(key) && !'[hidden]'.includes(key));
          expect(scrub(`${before}?${label}${key}${after}`)).not.toContain(key);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('are not seen in what a trader needs to read', () => {
    const plain = [
      'order wd1a-5247877-entry-1 filled at 60000.5 for binance_future',
      'https://api.binance.com/api/v3/order?symbol=BTCUSDT&orderId=9007199254740993',
      'wave 1760000000000 completed, 5 of 8 executed, token pair BTC/USDT:USDT',
      'b8f7c9d2-3a51-4c1e-9f3e-0d2a7b6c5e41 closed: stop_loss',
      '/home/someone/.config/Wavedesk/profiles/practice/store.db is damaged',
      'session of 3 hours; start=5',
    ];
    for (const line of plain) expect(scrub(line)).toBe(line);
  });
});
