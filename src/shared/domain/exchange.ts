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

/** One account on one market of one exchange: "binance_future". At most one public and one private socket each. */
export const VenueKey = z.templateLiteral([ExchangeName, '_', MarketKind]);
export type VenueKey = `${ExchangeName}_${MarketKind}`;
export const venueKey = (exchange: ExchangeName, market: MarketKind): VenueKey => `${exchange}_${market}`;

export const Mode = z.enum(['practice', 'paper', 'testnet', 'live']);
export type Mode = z.infer<typeof Mode>;
