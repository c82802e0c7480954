import { describe, expect, it } from 'vitest';
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
  const accounts = createAccounts({
    venues,
    hasKey: async (key) => keys.has(key),
    post: () => {},
    warn: () => {},
  });
  const tell = (key: VenueKey, free: string): void => {
    const balances = [{ asset: 'USDT', free: d(free), locked: d('0') }];
    for (const listener of listeners.get(key) ?? [])
      listener({ type: 'balances', balances, seenAt: unixMs(1) });
  };
  const listening = (key: VenueKey): number => listeners.get(key)?.size ?? 0;
  return { accounts, keys, tell, listening };
}

describe('the accounts of a desk', () => {
  it('are asked to speak where there is a key, and left alone where there is none', async () => {
    const { accounts, listening } = scene();
    await accounts.open();
    expect(accounts.keyed()).toEqual(['binance_future']);
    expect(listening('bybit_future')).toBe(0);
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
