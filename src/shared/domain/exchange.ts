import { z } from 'zod';

/** Exchange ids as the signal server numbers them. An id outside this table is an error, never a default. */
export const EXCHANGE_IDS = {
  1: 'binance',
  2: 'bybit',
  3: 'mexc',
  4: 'gateio',
  5: 'bitget',
  6: 'hyperliquid',
} as const;

export const ExchangeName = z.enum(['binance', 'bybit', 'mexc', 'gateio', 'bitget', 'hyperliquid']);
export type ExchangeName = z.infer<typeof ExchangeName>;

export const exchangeById = (id: number): ExchangeName | undefined =>
  (EXCHANGE_IDS as Record<number, ExchangeName>)[id];
export const idOfExchange = (name: ExchangeName): number =>
  Number(Object.entries(EXCHANGE_IDS).find(([, value]) => value === name)![0]);

export const MarketKind = z.enum(['spot', 'future']);
export type MarketKind = z.infer<typeof MarketKind>;

/** Where orders of an exchange may go: a market of its own, or 'paper', the perpetual traded in process on its public prices. */
export const AccountKind = z.enum(['spot', 'future', 'paper']);
export type AccountKind = z.infer<typeof AccountKind>;

/** One account on one market of one exchange: "binance_future". At most one public and one private socket each. */
export const VenueKey = z.templateLiteral([ExchangeName, '_', AccountKind]);
export type VenueKey = `${ExchangeName}_${AccountKind}`;
export const venueKey = (exchange: ExchangeName, account: AccountKind): VenueKey => `${exchange}_${account}`;

export const Mode = z.enum(['practice', 'paper', 'testnet', 'live']);
export type Mode = z.infer<typeof Mode>;
