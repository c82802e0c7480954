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

/**
 * Any other exchange that ccxt knows, served by the generic adapter: "ccxt-kraken". No signal and no params are about
 * one, so they stay outside the table above. See decision 021.
 */
export const GenericExchange = z.templateLiteral(['ccxt-', z.string().regex(/^[a-z0-9]{2,40}$/)]);
export type GenericExchange = `ccxt-${string}`;
export const AnyExchange = z.union([ExchangeName, GenericExchange]);
export type AnyExchange = ExchangeName | GenericExchange;
export const isGeneric = (name: string): name is GenericExchange => name.startsWith('ccxt-');

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
export const VenueKey = z.union([
  z.templateLiteral([ExchangeName, '_', AccountKind]),
  z.templateLiteral([GenericExchange, '_', AccountKind]),
]);
export type VenueKey = `${AnyExchange}_${AccountKind}`;
export const venueKey = (exchange: AnyExchange, account: AccountKind): VenueKey => `${exchange}_${account}`;

/** Markets that are looked at only: no order of ours goes there, so there is no account and no key. */
export const PUBLIC_ONLY: ReadonlySet<string> = new Set<VenueKey>(['hyperliquid_spot']);

export const Mode = z.enum(['practice', 'paper', 'testnet', 'live']);
export type Mode = z.infer<typeof Mode>;
