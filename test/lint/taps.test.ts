import { describe, expect, it } from 'vitest';
import { tapsIn, tapsUnder } from '../../scripts/lint/taps.mjs';

describe('the lint rule for the five taps', () => {
  it.each([
    ['const now = Date.now();', 'clock'],
    ['const now = new Date();', 'clock'],
    ['const t = performance.now();', 'clock'],
    ['setTimeout(() => {}, 5);', 'timers'],
    ['globalThis.setInterval(() => {}, 5);', 'timers'],
    ['const later = setTimeout;', 'timers'],
    ['run({ fetch });', 'network'],
    ['const x = Math.random();', 'random'],
    ["import { randomBytes } from 'node:crypto';", 'random'],
    ['const answer = await fetch("http://127.0.0.1");', 'network'],
    ['const socket = new WebSocket("ws://127.0.0.1");', 'network'],
    ["import WebSocket from 'ws';", 'network'],
    ["import { readFileSync } from 'node:fs';", 'disk'],
    ["const fs = await import('node:fs');", 'disk'],
  ])('finds a planted violation: %s', (text, tap) => {
    expect(tapsIn(text).map((hit) => hit.tap)).toContain(tap);
  });

  it.each([
    'const text = new Date(at).toISOString();',
    "import type { IncomingMessage } from 'node:http';",
    "import { createHmac, timingSafeEqual } from 'node:crypto';",
    'timers.after(5, () => {});',
    'const answer = await seams.network.fetch(url);',
  ])('leaves alone what opens no tap: %s', (text) => {
    expect(tapsIn(text)).toEqual([]);
  });

  it('finds no violation in src/main', () => {
    expect(tapsUnder(process.cwd())).toEqual([]);
  });
});
