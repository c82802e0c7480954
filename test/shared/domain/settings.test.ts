import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, Settings } from '#shared/domain/settings';

const parse = (change: Record<string, unknown>) => Settings.safeParse({ ...DEFAULT_SETTINGS, ...change });

describe('the check minutes', () => {
  it('M-040 are 6, 20, 35 and 50 until somebody changes them', () => {
    expect(Settings.parse({}).waveCheckMinutes).toEqual([6, 20, 35, 50]);
  });
  it('M-040 are 1 to 12 different minutes from 0 to 59, and come out sorted', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(minutes, (waveCheckMinutes) => {
        const parsed = Settings.parse({ ...DEFAULT_SETTINGS, waveCheckMinutes });
        expect(parsed.waveCheckMinutes).toEqual([...waveCheckMinutes].sort((a, b) => a - b));
      }),
    );
  });
  it.each([
    ['none', []],
    ['thirteen', Array.from({ length: 13 }, (_, minute) => minute)],
    ['one twice', [6, 20, 6]],
    ['minute 60', [60]],
    ['minute -1', [-1]],
    ['half a minute', [6.5]],
    ['text', ['6']],
    ['nothing', [null]],
    ['not a number', [Number.NaN]],
  ])('M-040 are refused: %s', (_, waveCheckMinutes) => {
    expect(parse({ waveCheckMinutes }).success).toBe(false);
  });
});

describe('the address of the signal server', () => {
  it('M-012 is ws://localhost:8765 until somebody changes it', () => {
    expect(Settings.parse({}).signalServer.url).toBe('ws://localhost:8765');
  });
  it.each([
    ['ws://192.168.1.5:8765', true],
    ['wss://signals.example.org/feed', true],
    ['http://localhost:8765', false],
    ['localhost:8765', false],
    ['ws://', false],
    ['ws:// localhost', false],
    ['', false],
  ])('M-012 is a ws or wss address: %s %s', (url, good) => {
    expect(parse({ signalServer: { url } }).success).toBe(good);
  });
});

describe('params that nobody set', () => {
  it('M-059 are 5 positions, 4 %, 2 % and 0.5 % until somebody changes them', () => {
    expect(Settings.parse({}).defaultParams).toEqual({
      maxTrades: 5,
      stopLoss: '4',
      trailingActivation: '2',
      trailingDistance: '0.5',
    });
  });
});
