import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { ProviderStatus } from '#shared/contract/signals';
import type { LinkStatus, VenueClock } from '#shared/domain/connection';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { ConnectionsPanel } from '../../src/renderer/panels/connections/connections-panel';
import { links, venueClocks } from './fake-rows';
import { provider } from './fake-waves';

/** A page that is drawn once has no subscriptions, so the stores are stood in for. */
const shown = vi.hoisted(() => ({
  status: null as unknown,
  links: [] as LinkStatus[],
  clocks: [] as VenueClock[],
}));
vi.mock('../../src/renderer/state/provider', () => ({
  useProvider: (select: (state: object) => unknown) => select({ status: shown.status, trouble: null }),
}));
vi.mock('../../src/renderer/state/clock', () => ({ useClocks: () => null }));
vi.mock('../../src/renderer/state/lists', () => ({
  useLinks: (select: (state: object) => unknown) =>
    select({ rows: new Map(shown.links.map((link) => [link.key, link])), trouble: null }),
}));
vi.mock('../../src/renderer/state/venue-clocks', () => ({
  useVenueClocks: (select: (state: object) => unknown) => select({ clocks: shown.clocks }),
}));
vi.mock('../../src/renderer/app/open-key-form', () => ({ openKeyForm: () => {} }));

function draw(change: Partial<ProviderStatus> | null): string {
  shown.links = links().filter(({ key }) => key === 'signals');
  shown.clocks = [];
  shown.status = change === null ? null : { ...provider(DEFAULT_SETTINGS), ...change };
  return renderToStaticMarkup(createElement(ConnectionsPanel)).replaceAll(/<[^>]+>/g, '|');
}

describe('the connections panel', () => {
  it('M-015 shows how often the signal server asks and how long it keeps signals', () => {
    const page = draw({ queryIntervalSeconds: 45, signalWindowMinutes: 33 });
    expect(page).toMatch(/Asks its source every\|+45 s\|/);
    expect(page).toMatch(/Signal window\|+33 min\|/);
  });
  it('M-015 shows a dash for what the server did not say', () => {
    const page = draw({ queryIntervalSeconds: null, signalWindowMinutes: null });
    expect(page).toMatch(/Asks its source every\|+–\|/);
    expect(page).toMatch(/Signal window\|+–\|/);
  });
  it('shows nothing of a signal server that it has not heard of', () => {
    expect(draw(null)).not.toContain('Signal window');
  });
});

/** The words of the panel with these links, one line an element. */
function panelOf(rows: readonly LinkStatus[], clocks: readonly VenueClock[] = []): string {
  shown.links = [...rows];
  shown.clocks = [...clocks];
  shown.status = null;
  return renderToStaticMarkup(createElement(ConnectionsPanel));
}
const wordsOf = (markup: string): string => markup.replaceAll(/<[^>]+>/g, '|').replaceAll(/\|+/g, '|');
const one = (key: string): LinkStatus => links().find((link) => link.key === key)!;

describe('a connection on the panel', () => {
  it('M-280 shows why the exchange refused a key, that nobody tries again, and the way to the keys', () => {
    const markup = panelOf([one('bybit_future private')]);
    const words = wordsOf(markup);
    expect(words).toContain('refused');
    expect(words).toContain('Bybit refused to sign in: API key is invalid (10003).');
    expect(words).toContain('It is not tried again by itself.');
    expect(markup).toContain('aria-label="Open the keys for Bybit, futures account"');
    expect(words).toContain('Open keys');
  });
  it('M-280 offers no keys where none are needed', () => {
    const refused = { ...one('binance_future public'), state: 'refused' as const, problem: 'no such host' };
    expect(panelOf([refused])).not.toContain('Open the keys');
  });
  it('M-281 shows the clock difference of each exchange, loudly from 10 s on', () => {
    const words = (venue: string, offset: number | null) =>
      wordsOf(
        panelOf(
          [one('mexc_future public')],
          [{ ...venueClocks()[0]!, venue: venue as never, offsetMs: offset }],
        ),
      );
    expect(words('mexc_future', 120)).toContain('clock +120\u2009ms');
    expect(words('mexc_future', -1_500)).toContain('clock \u22121.5\u2009s, made up for in signatures');
    expect(words('mexc_future', 10_001)).toContain('set this computer’s clock');
    expect(words('mexc_future', 10_000)).not.toContain('set this computer');
    expect(words('mexc_future', null)).toContain('not measured');
    expect(words('bybit_future', 120)).not.toContain('clock');
  });
  it('M-305 draws rate and round trip of the last minutes beside their newest values', () => {
    const markup = panelOf([one('binance_future public')]);
    expect(markup).toMatch(/aria-label="Messages a second over five minutes: now [\d.]+, at most [\d.]+"/);
    expect(markup).toMatch(
      /aria-label="Round trip in milliseconds over five minutes: now [\d.]+, at most [\d.]+"/,
    );
    expect(markup.match(/class="trend-line"/g)).toHaveLength(2);
    // Nothing measured is nothing drawn, not a line at zero.
    const never = panelOf([one('bybit_future private')]);
    expect(never).not.toContain('trend-line');
    expect(never).toContain('Messages a second: nothing to draw yet');
  });
  it('counts what is live of what is wanted, groups by exchange, and says when the next try is', () => {
    const words = wordsOf(panelOf(links()));
    expect(words).toContain('6 of 10 live');
    expect(words.indexOf('Signal server')).toBeLessThan(words.indexOf('Binance'));
    expect(words).toContain('The exchange refuses 1 stream on it; the others flow.');
    expect(words).toContain('No data of sub.ticker.BTC_USDT: asked for again.');
  });
});
