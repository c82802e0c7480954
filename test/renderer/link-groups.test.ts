import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkStatus } from '#shared/domain/connection';
import {
  accountOf,
  fullName,
  groupLinks,
  liveCount,
  offsetText,
  shortName,
  totalRate,
  worstClock,
} from '../../src/renderer/panels/connections/groups';
import { trendPath } from '../../src/renderer/panels/connections/trend';
import { links, venueClocks } from './fake-rows';

describe('links on the panel', () => {
  it('stand under their exchange, the signal server first, in an order that does not depend on when they were opened', () => {
    const names = groupLinks(links(), venueClocks()).map(({ name }) => name);
    expect(names).toEqual(['Signal server', 'Binance', 'Bybit', 'Gate', 'Hyperliquid', 'MEXC']);
    fc.assert(
      fc.property(fc.shuffledSubarray(links(), { minLength: links().length }), (shuffled) => {
        expect(groupLinks(shuffled, []).flatMap((group) => group.links.map(({ key }) => key))).toEqual(
          groupLinks(links(), []).flatMap((group) => group.links.map(({ key }) => key)),
        );
      }),
    );
  });
  it('are named in words', () => {
    expect(
      ['binance_future private', 'binance_spot public', 'binance_future market', 'signals'].map(shortName),
    ).toEqual(['Futures account', 'Spot public', 'Futures market', 'Waves']);
    expect(fullName('bybit_spot private')).toBe('Bybit, spot account');
    expect(fullName('signals')).toBe('Signal server');
  });
  it('lead to the keys of their account, or to none', () => {
    expect(['bybit_future private', 'signals', 'bybit_future public'].map(accountOf)).toEqual([
      'bybit_future',
      'signals',
      null,
    ]);
  });
  it('count only what is used, and an unknown rate is no zero', () => {
    const rows = links().slice(0, 2);
    expect(liveCount([...rows, { ...rows[0]!, users: 0, state: 'idle' }])).toEqual({ live: 2, used: 2 });
    expect(totalRate([{ rate: null } as LinkStatus])).toBeNull();
    expect(totalRate([{ rate: null } as LinkStatus, { rate: 2 } as LinkStatus])).toBe(2);
  });
  it('show the clock that is furthest off, whichever way', () => {
    expect(worstClock(venueClocks())!.venue).toBe('mexc_future');
    expect(worstClock(venueClocks().filter(({ offsetMs }) => offsetMs === null))).toBeNull();
    expect([12, -18, 1_420, -12_400].map(offsetText)).toEqual([
      '+12\u2009ms',
      '\u221218\u2009ms',
      '+1.4\u2009s',
      '\u221212.4\u2009s',
    ]);
  });
});

describe('a small chart', () => {
  it('stays in its box, ends at the right, and is drawn from zero', () => {
    const values = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })), { maxLength: 60 });
    fc.assert(
      fc.property(values, (list) => {
        const path = trendPath(list, 60, 16);
        const known = list.filter((value) => value !== null);
        if (known.length < 2) {
          expect(path).toBeNull();
          return;
        }
        const points = [...path!.line.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(
          ([, x, y]) => [Number(x), Number(y)] as const,
        );
        expect(points).toHaveLength(known.length);
        for (const [x, y] of points) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(100);
          expect(y).toBeGreaterThanOrEqual(1);
          expect(y).toBeLessThanOrEqual(15);
        }
        if (list.at(-1) !== null) expect(points.at(-1)![0]).toBe(100);
        expect(path!.most).toBe(Math.max(...known));
      }),
    );
    expect(trendPath([0, 0, 0], 3, 16)!.line).toBe('M0.0,15.0L50.0,15.0L100.0,15.0');
  });
});
