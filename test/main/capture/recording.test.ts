import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRecorder,
  createScrubber,
  type RecordedFrame,
  readLine,
  readRecording,
  scrubRecording,
  writeLine,
} from '#main/capture/index';
import type { TappedFrame } from '#main/connectivity/types';
import { createSimulatedSeams } from '#main/seams/index';
import type { Recording } from '#shared/domain/recording';

const T0 = Date.UTC(2026, 10, 21, 10, 7);
const FILE = '/profile/recordings/frames.jsonl.gz';
const PRIVATE = 'binance_future private';

const anyFrame: fc.Arbitrary<RecordedFrame> = fc.record({
  at: fc.integer({ min: T0, max: T0 + 1e9 }),
  link: fc.constantFrom('binance_spot public', PRIVATE, 'signals'),
  direction: fc.constantFrom('in' as const, 'out' as const),
  frame: fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()),
});

function world() {
  const seams = createSimulatedSeams(1, T0);
  const listeners = new Set<(frame: TappedFrame) => void>();
  const states: Recording[] = [];
  const recorder = createRecorder({
    seams,
    tap: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    mode: 'practice',
    instruments: () => [],
    onChange: (state) => states.push(state),
  });
  const pass = (frame: Partial<TappedFrame>) => {
    for (const listener of [...listeners])
      listener({
        at: seams.clock.now(),
        link: 'binance_spot public',
        direction: 'in',
        frame: '{}',
        ...frame,
      });
  };
  const read = async () => {
    const frames: RecordedFrame[] = [];
    for await (const line of readRecording(seams.disk, FILE))
      if (line.kind === 'frame') frames.push(line.frame);
    return frames;
  };
  return { seams, recorder, states, pass, read, listeners };
}

describe('a line of a recording', () => {
  it('comes back as it was written, text of any letters and bytes alike', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const line = { kind: 'frame' as const, frame };
        expect(readLine(writeLine(line))).toEqual(line);
      }),
    );
  });
  it.each([
    '',
    '{',
    '[]',
    '{"t":1}',
    '{"t":1,"k":"a","d":"in","f":"x","b":"eA=="}',
    '{"wavedesk":"frames","version":2}',
  ])('is refused in words when it is %j', (text) =>
    expect(() => readLine(text)).toThrow(/not one JSON document|no line of a recording/),
  );
});

describe('recording', () => {
  it('keeps every frame from start to stop, in order, and none after', async () => {
    const w = world();
    w.pass({ frame: 'before' });
    w.recorder.start(FILE, { scrub: false });
    for (let n = 0; n < 300; n++) {
      w.pass({ frame: `{"n":${n}}` });
      if (n % 50 === 0) await w.seams.advance(1_000);
    }
    w.recorder.stop();
    w.pass({ frame: 'after' });
    expect(w.listeners.size).toBe(0);
    expect((await w.read()).map(({ frame }) => frame)).toEqual(
      Array.from({ length: 300 }, (_, n) => `{"n":${n}}`),
    );
    expect(w.recorder.state()).toMatchObject({
      kind: 'idle',
      last: { fileName: 'frames.jsonl.gz', frames: 300, problem: null },
    });
  });

  it('is a whole file after each second, so that a crash loses no more than one', async () => {
    const w = world();
    w.recorder.start(FILE, { scrub: false });
    w.pass({ frame: '1' });
    await w.seams.advance(1_000);
    w.pass({ frame: '2' });
    expect((await w.read()).map(({ frame }) => frame)).toEqual(['1']);
  });

  it('ends by itself when the disk refuses, says why, and keeps what it has', async () => {
    const w = world();
    w.recorder.start(FILE, { scrub: false });
    w.pass({ frame: '1' });
    await w.seams.advance(1_000);
    w.seams.disk.fail('the disk is full');
    w.pass({ frame: '2' });
    await w.seams.advance(1_000);
    expect(w.recorder.state()).toMatchObject({
      kind: 'idle',
      last: { problem: expect.stringMatching(/the disk is full/) },
    });
    expect(w.listeners.size).toBe(0);
    w.seams.disk.fail(null);
    expect(await w.read()).toHaveLength(1);
  });

  it('names file and line of what is no recording', async () => {
    const { disk } = createSimulatedSeams(1, T0);
    const first = async (file: string) => {
      for await (const line of readRecording(disk, file)) return line;
      return null;
    };
    disk.write('/a', 'hello\n');
    await expect(first('/a')).rejects.toThrow('/a, line 1: not one JSON document: hello');
    disk.write('/b', '{"t":1,"k":"a","d":"in","f":"x"}\n');
    await expect(first('/b')).rejects.toThrow('/b, line 1: a recording begins with its head');
    disk.write('/c', '');
    await expect(first('/c')).rejects.toThrow('/c: is empty');
  });
});

const FILL = {
  e: 'ORDER_TRADE_UPDATE',
  T: T0,
  o: {
    s: 'BTCUSDT',
    c: 'w7k2p-s34h1-e1',
    S: 'SELL',
    X: 'FILLED',
    x: 'TRADE',
    i: 8886774,
    t: 12345678,
    l: '0.010',
    z: '0.010',
    L: '64999.10',
    q: '0.010',
    N: 'USDT',
    n: '0.26',
    T: T0,
    m: false,
  },
};

describe('scrubbing', () => {
  const secret = new Uint8Array(32).fill(7);
  const scrub = (frame: unknown, { account = true, link = PRIVATE, direction = 'in' as 'in' | 'out' } = {}) =>
    createScrubber(secret, { account }).scrub({
      at: T0,
      link,
      direction,
      frame: typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame),
    });

  it.each([
    [
      'a listen key',
      { e: 'listenKeyExpired', listenKey: 'pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sd' },
    ],
    [
      'a signed subscription',
      {
        id: '1',
        method: 'userDataStream.subscribe.signature',
        params: { apiKey: 'pqia91ma19a5s61cv6a81', signature: 'pqia91ma19a5s61cv6a81' },
      },
    ],
    ['a sign-in by arguments', { op: 'auth', args: ['pqia91ma19a5s61cv6a81', T0, 'pqia91ma19a5s61cv6a81'] }],
    [
      'a login with a passphrase',
      {
        op: 'login',
        args: [
          {
            apiKey: 'pqia91ma19a5s61cv6a81',
            passphrase: 'pqia91ma19a5s61cv6a81',
            sign: 'pqia91ma19a5s61cv6a81',
          },
        ],
      },
    ],
    [
      'a header inside a frame',
      {
        channel: 'spot.orders',
        auth: { method: 'api_key', KEY: 'pqia91ma19a5s61cv6a81', SIGN: 'pqia91ma19a5s61cv6a81' },
      },
    ],
  ])('takes the credentials out of %s, asked for or not, on any link', (_, frame) => {
    for (const account of [true, false])
      for (const link of [PRIVATE, 'gateio_spot public']) {
        const text = String(scrub(frame, { account, link, direction: 'out' })?.frame);
        expect(text).not.toContain('pqia91ma');
        expect(text).toContain('scrubbed');
      }
  });

  it('makes ids, amounts and prices of an account others of the same shape, equal ones equal, times as they were', () => {
    const once = JSON.parse(String(scrub(FILL)!.frame)) as typeof FILL;
    const twice = JSON.parse(String(scrub(FILL)!.frame)) as typeof FILL;
    expect(twice).toEqual(once);
    const { c, i, t, L, n, l, z } = once.o;
    expect([c, i, t, L, n]).not.toEqual([FILL.o.c, FILL.o.i, FILL.o.t, FILL.o.L, FILL.o.n]);
    expect(c).not.toBe(FILL.o.c);
    expect(i).not.toBe(FILL.o.i);
    expect(t).not.toBe(FILL.o.t);
    expect(L).not.toBe(FILL.o.L);
    expect(c).toMatch(/^[a-z]\d[a-z]\d[a-z]-[a-z]\d\d[a-z]\d-[a-z]\d$/);
    expect(L).toMatch(/^\d{5}\.\d\d$/);
    expect(l).toBe(z);
    expect(once).toMatchObject({
      e: FILL.e,
      T: T0,
      o: { s: 'BTCUSDT', S: 'SELL', X: 'FILLED', x: 'TRADE', N: 'USDT', T: T0 },
    });
  });

  it('leaves what the market says as it came, to the byte', () => {
    const frame = '{ "e":"trade", "p":"65000.01000000", "t":5012345678 }';
    expect(scrub(frame, { link: 'binance_spot public' })!.frame).toBe(frame);
  });

  it('leaves account data in where it was not asked for', () => {
    expect(JSON.parse(String(scrub(FILL, { account: false })!.frame))).toEqual(FILL);
  });

  it('leaves out what it cannot read: bytes and broken text of an account', () => {
    expect(scrub(new Uint8Array([1, 2, 3]))).toBeNull();
    expect(scrub('{"broken')).toBeNull();
    expect(scrub('pong')!.frame).toBe('pong');
  });

  it('takes account data out of an existing recording, and says what was left out', async () => {
    const w = world();
    w.recorder.start(FILE, { scrub: false });
    w.pass({ link: PRIVATE, frame: JSON.stringify(FILL) });
    w.pass({ link: PRIVATE, frame: new Uint8Array([9]) });
    w.pass({ frame: '{"e":"trade"}' });
    w.recorder.stop();
    const done = await scrubRecording(w.seams, FILE, '/out.gz');
    expect(done).toMatchObject({ frames: 2, leftOut: 1 });
    const lines = [];
    for await (const line of readRecording(w.seams.disk, '/out.gz')) lines.push(line);
    expect(lines[0]).toMatchObject({ kind: 'head', head: { scrubbed: true } });
    expect(JSON.stringify(lines)).not.toMatch(/w7k2p|8886774|64999/);
  });
});
