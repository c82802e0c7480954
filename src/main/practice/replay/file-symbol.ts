import { COINS } from '../generator/symbols';

const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'ETH', 'BTC', 'BNB', 'USD'];
const KNOWN = new Set([...COINS.map((coin) => coin.base), 'BNB', 'SUI', 'TRX', 'BCH', 'MATIC', 'UNI']);

export interface Pair {
  readonly base: string;
  readonly quote: string;
}

/**
 * The pair a replay file is about, from its name: "btc-perp-1m.csv" is BTC/USDT, "binance-xrpeth-trades.json"
 * XRP/ETH, "ETHUSDT-aggTrades-2023-02-02.csv" ETH/USDT. BTC/USDT when the name says nothing.
 */
export function pairFromFileName(path: string): Pair {
  const name = (path.split(/[\\/]/).at(-1) ?? '').toUpperCase();
  const words = name.split(/[^A-Z0-9]+/).filter((word) => word.length > 0);
  for (const word of words) {
    const quote = QUOTES.find((end) => word.endsWith(end) && word.length > end.length);
    const base = quote && word.slice(0, -quote.length);
    if (
      quote &&
      base &&
      (KNOWN.has(base) || /^USD|^BUSD|^FDUSD/.test(quote)) &&
      /^[A-Z0-9]{2,12}$/.test(base)
    )
      return { base, quote: quote === 'USD' ? 'USDT' : quote };
  }
  const base = words.find((word) => KNOWN.has(word));
  return { base: base ?? 'BTC', quote: 'USDT' };
}

/** "BTC/USDT" or "BTCUSDT" as a pair, or null when it is neither. */
export function pairFromText(text: string): Pair | null {
  const upper = text.toUpperCase().split(':')[0] ?? '';
  const [base, quote] = upper.split('/');
  if (base && quote && /^[A-Z0-9]{1,12}$/.test(base) && /^[A-Z0-9]{1,12}$/.test(quote))
    return { base, quote };
  const end = QUOTES.find((item) => upper.endsWith(item) && upper.length > item.length);
  return end && /^[A-Z0-9]+$/.test(upper) ? { base: upper.slice(0, -end.length), quote: end } : null;
}
