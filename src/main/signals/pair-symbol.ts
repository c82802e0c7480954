import type { MarketKind } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';

/** Longest first, so that BTCFDUSD does not read as BTCF/DUSD. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'BTC', 'ETH', 'BNB', 'EUR', 'TRY'] as const;
const LONGEST_BASE = 24;

/** "BTCUSDT" -> "BTC/USDT" on spot, "BTC/USDT:USDT" as a perpetual. Null when it is not such a pair. */
export function toSymbol(pair: string, market: MarketKind): Symbol | null {
  if (!/^[A-Za-z0-9]+$/.test(pair)) return null;
  const wire = pair.toUpperCase();
  const quote = QUOTES.find((known) => wire.endsWith(known));
  if (quote === undefined) return null;
  const base = wire.slice(0, -quote.length);
  if (base === '' || base.length > LONGEST_BASE) return null;
  return `${base}/${quote}${market === 'future' ? `:${quote}` : ''}` as Symbol;
}
