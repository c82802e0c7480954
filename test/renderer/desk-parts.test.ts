import { describe, expect, it } from 'vitest';
import { matchesShortcut } from '../../src/renderer/app/commands';
import { linesOf } from '../../src/renderer/panels/chart/lines';
import { marksOf } from '../../src/renderer/panels/chart/marks';
import { groupByWave } from '../../src/renderer/panels/signals/group';
import { search } from '../../src/renderer/panels/watchlist/watchlist-panel';
import { chartMarketOf, instrumentId, toRef, watchedIds } from '../../src/renderer/state/market';
import { parseScreen } from '../../src/renderer/state/screen';
import { bytesText } from '../../src/renderer/ui/format';
import { recordText } from '../../src/renderer/ui/journal.en';
import { safeFileName } from '../../src/renderer/ui/save-file';
import { sparkPoints } from '../../src/renderer/ui/spark';
import { sortRows } from '../../src/renderer/ui/table';
import { waveSummary } from '../../src/renderer/ui/texts.en';
import { instruments } from './fake-market';
import { decisions, fills, journal, positions, waves } from './fake-rows';

const byId = new Map(instruments.map((row) => [instrumentId(row), row]));

describe('the watchlist', () => {
  it('shows futures while nothing was saved', () => {
    const ids = watchedIds([], byId);
    expect(ids.length).toBeGreaterThan(5);
    expect(ids.every((id) => id.startsWith('binance_future|'))).toBe(true);
  });

  it('keeps the order that was saved, once each, and finds the venue of a bare symbol', () => {
    expect(
      watchedIds(['ETH/USDT:USDT', 'binance_spot|BTC/USDT', 'binance_future|ETH/USDT:USDT'], byId),
    ).toEqual(['binance_future|ETH/USDT:USDT', 'binance_spot|BTC/USDT']);
  });

  it('finds a coin before pairs that only contain its letters', () => {
    expect(search(instruments, 'btc')[0]?.base).toBe('BTC');
    expect(search(instruments, 'nothing-like-it')).toEqual([]);
  });

  it('gives the chart another market when the chosen one is not listed', () => {
    expect(chartMarketOf('binance_future|GONE/USDT:USDT', ['a'], byId)).toBe('a');
    expect(chartMarketOf('binance_spot|BTC/USDT', ['a'], byId)).toBe('binance_spot|BTC/USDT');
    expect(toRef('no venue')).toBeNull();
  });
});

describe('the chart', () => {
  const market = { exchange: 'binance', venue: 'binance_future', symbol: 'SOL/USDT:USDT' };

  it('marks signals and fills of its own market at the opening of their candle, oldest first', () => {
    const marks = marksOf(decisions, fills, market, '5m');
    expect(marks.map((mark) => mark.kind).sort()).toEqual(['buy-fill', 'buy-signal']);
    expect(marks.every((mark) => mark.time % 300_000 === 0)).toBe(true);
  });

  it('marks a refused signal as refused and says why', () => {
    const marks = marksOf(decisions, [], { ...market, symbol: 'NEAR/USDT:USDT' }, '1m');
    expect(marks).toHaveLength(1);
    expect(marks[0]?.kind).toBe('refused');
    expect(marks[0]?.words).toContain('Open interest');
  });

  it('draws entry, stop and what trailing waits for, of open positions alone', () => {
    expect(linesOf(positions, 'binance_future|SOL/USDT:USDT').map((line) => line.colour)).toEqual([
      'entry',
      'stop',
      'activation',
    ]);
    expect(linesOf(positions, 'binance_future|BTC/USDT:USDT').map((line) => line.colour)).toEqual([
      'entry',
      'stop',
      'wanted',
    ]);
    expect(linesOf(positions, 'binance_future|DOGE/USDT:USDT')).toEqual([]);
  });
});

describe('waves', () => {
  it('are newest first, their signals best first', () => {
    const groups = groupByWave(waves, decisions);
    expect(groups.map((group) => group.waveTime)).toEqual(
      groups.map((group) => group.waveTime).sort((a, b) => b - a),
    );
    const scores = groups[0]!.decisions.map(({ signal }) => signal.scoreWeek + signal.scoreMonth);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('M-117 that did not come read differently from waves in which nothing could be traded', () => {
    const [absent, barren] = [waves[2]!, waves[3]!];
    expect(waveSummary(absent)).not.toBe(waveSummary(barren));
    expect(waveSummary(barren)).toContain('no signal in it may be traded');
  });
});

describe('texts', () => {
  it('turn every journal row into a sentence without raw codes', () => {
    for (const { record } of journal.slice(0, 60)) {
      const text = recordText(record, 'utc');
      expect(text).toMatch(/[.]$/);
      expect(text).not.toMatch(/undefined|null|NaN|_loss|part_/);
    }
  });

  it('name sizes in decimal units', () => {
    expect([999, 21_000, 61_200_000].map(bytesText)).toEqual(['999 B', '21.0 kB', '61.2 MB']);
  });
});

describe('small parts', () => {
  it('read a saved screen with suspicion', () => {
    expect(parseScreen(null).timeframe).toBe('1m');
    expect(parseScreen('{"version":1,"timeframe":"4h"}').timeframe).toBe('4h');
    for (const text of ['', '[]', '{"version":2}', '{"version":1,"timeframe":"7m"}']) {
      expect(parseScreen(text)).toEqual(parseScreen(null));
    }
  });

  it('make file names that no system reads as a path', () => {
    expect(safeFileName('../../etc/passwd')).toBe('etc-passwd');
    expect(safeFileName('wavedesk-fills-2026-11-21.csv')).toBe('wavedesk-fills-2026-11-21.csv');
    expect(safeFileName('///')).toBe('wavedesk.csv');
  });

  it('sort unknown values last in both directions', () => {
    const columns = [
      { id: 'v', header: '', width: '', cell: () => null, sortBy: (row: number | null) => row },
    ];
    expect(sortRows([2, null, 3, 1], columns, { id: 'v', down: true })).toEqual([3, 2, 1, null]);
    expect(sortRows([2, null, 3, 1], columns, { id: 'v', down: false })).toEqual([1, 2, 3, null]);
    expect(sortRows([2, null, 3], columns, null)).toEqual([2, null, 3]);
  });

  it('draw a flat day as a line and a single value as nothing', () => {
    expect(sparkPoints([1], 10, 10)).toBeNull();
    expect(sparkPoints([1, 1], 10, 10)).not.toContain('NaN');
  });

  it('tell a shortcut from the same key with other modifiers', () => {
    const key = { key: 'K', ctrlKey: true, metaKey: false, shiftKey: true, altKey: false };
    expect(matchesShortcut(key, 'mod+shift+k')).toBe(true);
    expect(matchesShortcut({ ...key, shiftKey: false }, 'mod+shift+k')).toBe(false);
    expect(matchesShortcut({ ...key, ctrlKey: false, shiftKey: false, key: '5' }, '5')).toBe(true);
    expect(matchesShortcut({ ...key, key: '5', shiftKey: false }, '5')).toBe(false);
  });
});
