import { describe, expect, it } from 'vitest';
import type { Connector } from '#main/connectivity/index';
import { createAccounts } from '#main/desk/accounts';
import type { AccountEvent, Venue } from '#main/venues/index';
import type { Decimal } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';

const d = (text: string) => text as Decimal;

/** Two accounts of which one has a key, spoken to by hand. */
function scene(keys: Set<VenueKey> = new Set(['binance_future'])) {
  const listeners = new Map<VenueKey, Set<(event: AccountEvent) => void>>();
  const venues = new Map<VenueKey, Venue>(
    (['binance_future', 'bybit_future'] as const).map((key) => [
      key,
      {
        account: {
          subscribe(listener: (event: AccountEvent) => void) {
            const set = listeners.get(key) ?? new Set();
            listeners.set(key, set.add(listener));
            return () => set.delete(listener);
          },
          balances: async () => [],
        },
      } as unknown as Venue,
    ]),
  );
  const spot = { key: 'hyperliquid_spot', exchange: 'hyperliquid', market: 'spot' };
  venues.set('hyperliquid_spot', spot as unknown as Venue);
  const warnings: unknown[] = [];
  const strategies: string[] = [];
  const reconnected: string[] = [];
  const undos: (() => void)[] = [];
  const accounts = createAccounts({
    venues,
    strategies: {
      subscribe: async (id: string, connectors: readonly Connector[]) => {
        strategies.push(
          `${id}: ${connectors.map(({ exchange, marketType }) => `${exchange} ${marketType}`)}`,
        );
        undos.push(...connectors.map((connector) => connector.open([])));
        return { started: true, connected: [], failed: [], warning: null };
      },
      unsubscribe: () => {
        for (const undo of undos.splice(0)) undo();
      },
    },
    hasKey: async (key) => keys.has(key),
    reconnect: (link) => void reconnected.push(link),
    post: () => {},
    warn: (error) => void warnings.push(error),
  });
  const tell = (key: VenueKey, free: string): void => {
    const balances = [{ asset: 'USDT', free: d(free), locked: d('0') }];
    for (const listener of listeners.get(key) ?? [])
      listener({ type: 'balances', balances, seenAt: unixMs(1) });
  };
  const listening = (key: VenueKey): number => listeners.get(key)?.size ?? 0;
  return { accounts, keys, tell, listening, strategies, reconnected, warnings };
}

describe('the accounts of a desk', () => {
  it('are asked to speak where there is a key, and left alone where there is none', async () => {
    const { accounts, listening } = scene();
    await accounts.open();
    expect(accounts.keyed()).toEqual(['binance_future']);
    expect(listening('bybit_future')).toBe(0);
  });

  it('M-261 are the wave engine’s, subscribed for it as for any strategy, until the desk closes', async () => {
    const { accounts, listening, strategies } = scene();
    await accounts.open();
    expect(strategies).toEqual(['waves: binance future']);
    accounts.close();
    expect(listening('binance_future')).toBe(0);
  });

  it('M-306 take a new key without a restart of the desk, on a connection made anew', async () => {
    const { accounts, reconnected } = scene();
    await accounts.open();
    await accounts.restart('binance_future');
    expect(reconnected).toEqual(['binance_future private']);
  });

  it('join with their first key, and leave with it', async () => {
    const { accounts, keys, listening } = scene();
    await accounts.open();
    keys.add('bybit_future');
    await accounts.restart('bybit_future');
    expect(listening('bybit_future')).toBe(1);
    keys.delete('bybit_future');
    await accounts.restart('bybit_future');
    expect(listening('bybit_future')).toBe(0);
    expect(accounts.keyed()).toEqual(['binance_future']);
  });

  it('M-272 are refused by their type where a market has no private stream, and nothing is connected', async () => {
    const { accounts, keys, warnings, strategies } = scene();
    keys.add('hyperliquid_spot');
    await accounts.open();
    expect(strategies).toEqual(['waves: binance future']);
    await accounts.restart('hyperliquid_spot');
    expect(warnings).toMatchObject([{ name: 'VenueError', code: 'unsupported' }]);
    expect(accounts.keyed()).toEqual(['binance_future']);
  });

  it('forget what the account of another key held', async () => {
    const { accounts, tell } = scene();
    await accounts.open();
    tell('binance_future', '100');
    expect(accounts.balances().get('binance_future')).toMatchObject({ USDT: { free: '100' } });
    await accounts.restart('binance_future');
    expect(accounts.balances().get('binance_future')).toBeUndefined();
  });

  it('stay closed when a question about a key is answered too late', async () => {
    const { accounts, listening } = scene();
    const opening = accounts.open();
    accounts.close();
    await opening;
    expect(listening('binance_future')).toBe(0);
  });
});
