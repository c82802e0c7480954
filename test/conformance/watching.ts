import type { binance } from 'ccxt';
import { vi } from 'vitest';

/** Until ccxt has a socket open whose url contains `part`; an event before that would be missed. */
export const connected = (client: binance, part: string): Promise<void> =>
  vi.waitFor(
    () => {
      const open = Object.values(
        client.clients as Record<string, { url: string; connection?: { readyState: number } }>,
      )
        .filter(({ url }) => url.includes(part))
        .some(({ connection }) => connection?.readyState === 1);
      if (!open) throw new Error(`no open socket at …${part}`);
    },
    { timeout: 5_000, interval: 10 },
  );

/** Watches until a value is the one looked for; each call of `watch` is the next push. */
export async function eventually<T>(watch: () => Promise<T>, found: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await watch();
    if (found(value)) return value;
  }
}

/** An order's id; ccxt types it as possibly absent. */
export const idOf = (order: { readonly id: string | undefined }): string => {
  if (order.id === undefined) throw new Error('the order has no id');
  return order.id;
};
