import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { ProviderStatus } from '#shared/contract/signals';
import { DEFAULT_SETTINGS } from '#shared/domain/settings';
import { ConnectionsPanel } from '../../src/renderer/panels/connections/connections-panel';
import { provider } from './fake-waves';

/** A page that is drawn once has no subscriptions, so the stores are stood in for. */
const shown = vi.hoisted(() => ({ status: null as unknown }));
vi.mock('../../src/renderer/state/provider', () => ({
  useProvider: (select: (state: object) => unknown) => select({ status: shown.status, trouble: null }),
}));
vi.mock('../../src/renderer/state/clock', () => ({ useClocks: () => null }));
vi.mock('../../src/renderer/state/lists', () => ({
  useLinks: (select: (state: object) => unknown) =>
    select({
      rows: new Map([
        [
          'signals',
          {
            key: 'signals',
            state: 'live',
            since: 1,
            users: 1,
            streams: [],
            lastMessageAt: 1,
            messages: 1,
            bytes: 1,
            rate: 1,
            reconnects: 0,
            badFrames: 0,
            nextAttemptAt: null,
            roundTripMs: 1,
            problem: null,
          },
        ],
      ]),
      trouble: null,
    }),
}));

function draw(change: Partial<ProviderStatus> | null): string {
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
