import { type VenueKey as Key, type MarketKind, VenueKey } from '#shared/domain/exchange';

/** What is known of the market somebody trades on: as configured, and as the library names its class and exchange. */
export interface MarketHints {
  readonly exchange: string;
  /** "spot", "future", "perp" …; left out, the names below decide. */
  readonly marketType?: string;
  readonly className?: string;
}
export type DetectedMarket = 'spot' | 'future' | 'perpetual';

const SAID: Readonly<Record<string, DetectedMarket>> = {
  future: 'future',
  futures: 'future',
  perpetual: 'perpetual',
  perp: 'perpetual',
};
/** Parts of names that libraries give to futures (binanceusdm, krakenfutures, delivery, linear swaps). */
const FUTURE_NAMES = /futures?|usdm|coinm|swap|linear|inverse|delivery/i;
const PERPETUAL_NAMES = /perp(etual)?s?/i;

/** Future and perpetual are said or named as such; everything else is spot. */
export function detectMarket({ exchange, marketType, className = '' }: MarketHints): DetectedMarket {
  if (marketType !== undefined) return SAID[marketType.trim().toLowerCase()] ?? 'spot';
  const names = `${className} ${exchange}`;
  if (PERPETUAL_NAMES.test(names)) return 'perpetual';
  return FUTURE_NAMES.test(names) ? 'future' : 'spot';
}

/** Perpetuals are traded on the futures side of an exchange and share its connection. */
const POOLED: Readonly<Record<DetectedMarket, MarketKind>> = {
  spot: 'spot',
  future: 'future',
  perpetual: 'future',
};

/** Library ids whose exchange goes by a shorter name here. */
const SAME_EXCHANGE: Readonly<Record<string, string>> = {
  binanceusdm: 'binance',
  binancecoinm: 'binance',
  gate: 'gateio',
};

/** "binance_future". @throws RangeError for an exchange that nobody here knows */
export function connectionKey(hints: MarketHints): Key {
  const id = hints.exchange.trim().toLowerCase();
  const key = VenueKey.safeParse(`${SAME_EXCHANGE[id] ?? id}_${POOLED[detectMarket(hints)]}`);
  if (!key.success) throw new RangeError(`no exchange is called "${hints.exchange}"`);
  return key.data as Key;
}

/** Name of the one private connection of a key in the pool. */
export const privateLink = (key: string): string => `${key} private`;
