import { z } from 'zod';

const Saved = z.object({
  keys: z.object({ binance: z.object({ account: z.string() }) }),
  future: z.object({
    matching: z.object({
      accounts: z.array(
        z.object({
          name: z.string(),
          holdings: z.array(z.object({ symbol: z.string(), amount: z.string() })),
          orders: z.array(
            z.object({
              symbol: z.string(),
              clientOrderId: z.string(),
              side: z.enum(['buy', 'sell']),
              type: z.string(),
              reduceOnly: z.boolean(),
              closePosition: z.boolean(),
              amount: z.string().nullable(),
            }),
          ),
        }),
      ),
    }),
    history: z.record(
      z.string(),
      z.object({
        fills: z.array(z.object({ symbol: z.string(), tradeId: z.number(), amount: z.string() })),
      }),
    ),
  }),
});

/** What the exchange itself says of its futures account, read from the file it keeps, past all our own code. */
export interface ExchangeTruth {
  /** Signed base units per symbol, empty ones left out. */
  readonly holdings: ReadonlyMap<string, string>;
  readonly stops: readonly { readonly symbol: string; readonly clientOrderId: string }[];
  /** Orders that could still open or add to a position. */
  readonly entries: readonly string[];
  /** "symbol tradeId", oldest first. */
  readonly fills: readonly string[];
}

/** Every event of an account is in the file before anybody hears of it, so this is never behind. */
export function exchangeTruth(file: Uint8Array): ExchangeTruth {
  const saved = Saved.parse(JSON.parse(new TextDecoder().decode(file)));
  const name = saved.keys.binance.account;
  const account = saved.future.matching.accounts.find((one) => one.name === name);
  const orders = account?.orders ?? [];
  const reducing = orders.filter((order) => order.reduceOnly || order.closePosition);
  return {
    holdings: new Map(
      (account?.holdings ?? [])
        .filter(({ amount }) => Number(amount) !== 0)
        .map(({ symbol, amount }) => [symbol, amount]),
    ),
    stops: reducing.filter((order) => order.type === 'stop-market'),
    entries: orders.filter((order) => !reducing.includes(order)).map((order) => order.clientOrderId),
    fills: (saved.future.history[name]?.fills ?? []).map(({ symbol, tradeId }) => `${symbol} ${tradeId}`),
  };
}
