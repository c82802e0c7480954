import type Database from 'better-sqlite3';
import { z } from 'zod';
import { Quote } from '#shared/domain/market';
import type { Clock } from '../seams/seams';
import { canonicalJson } from './canonical';
import type { Statements } from './queries';
import type { Store } from './types';

/** More than a chart ever holds; older candles of a series go when newer ones are saved. */
const KEPT_CANDLES = 5_000;

/** Last prices rest together under this name, the newest so many. */
const PRICES = 'last-prices';
const KEPT_PRICES = 500;

const keyOf = (quote: Quote): string => `${quote.venue}|${quote.symbol}`;

/** What cannot be read is no loss: the next price replaces it. */
function readPrices(statements: Statements): readonly Quote[] {
  const row = statements('SELECT value FROM meta WHERE key = ?').get(PRICES) as { value: string } | undefined;
  try {
    return z.array(Quote).parse(JSON.parse(row?.value ?? '[]'));
  } catch {
    return [];
  }
}

interface CandleRow {
  readonly open_time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly closed: number;
}

/** Last known candles and instruments: numbers to paint when there is no network, never a source for money. */
export function createMarketCache(
  db: Database.Database,
  statements: Statements,
  clock: Clock,
): Pick<Store, 'saveCandles' | 'candles' | 'savePrices' | 'prices' | 'saveInstruments' | 'instruments'> {
  const inOneGo = db.transaction((run: () => void) => run());

  return {
    saveCandles: (venue, symbol, timeframe, candles) =>
      inOneGo.immediate(() => {
        const put = statements('INSERT OR REPLACE INTO candles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
        for (const c of candles) {
          put.run(
            venue,
            symbol,
            timeframe,
            c.openTime,
            c.open,
            c.high,
            c.low,
            c.close,
            c.volume,
            Number(c.closed),
          );
        }
        const series = 'venue = ? AND symbol = ? AND timeframe = ?';
        statements(
          `DELETE FROM candles WHERE ${series} AND open_time <= (SELECT open_time FROM candles WHERE ${series}
           ORDER BY open_time DESC LIMIT 1 OFFSET ${KEPT_CANDLES})`,
        ).run(venue, symbol, timeframe, venue, symbol, timeframe);
      }),

    candles(venue, symbol, timeframe, limit) {
      const rows = statements(
        `SELECT * FROM candles WHERE venue = ? AND symbol = ? AND timeframe = ?
         ORDER BY open_time DESC LIMIT ?`,
      ).all(venue, symbol, timeframe, Math.max(0, limit)) as CandleRow[];
      return rows.reverse().map(({ open_time, open, high, low, close, volume, closed }) => ({
        openTime: open_time as never,
        open,
        high,
        low,
        close,
        volume,
        closed: closed === 1,
      }));
    },

    savePrices: (quotes) =>
      inOneGo.immediate(() => {
        const all = new Map([...readPrices(statements), ...quotes].map((quote) => [keyOf(quote), quote]));
        const newest = [...all.values()].toSorted((a, b) => b.seenAt - a.seenAt).slice(0, KEPT_PRICES);
        statements(
          'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        ).run(PRICES, JSON.stringify(newest));
      }),
    prices: () => readPrices(statements),

    saveInstruments: (instruments) =>
      inOneGo.immediate(() => {
        const put = statements('INSERT OR REPLACE INTO instruments VALUES (?, ?, ?, ?, ?)');
        for (const one of instruments) {
          put.run(one.exchange, one.market, one.symbol, clock.now(), canonicalJson(one));
        }
      }),

    instruments(exchange) {
      const rows = statements(
        `SELECT image FROM instruments WHERE exchange = coalesce(?, exchange) ORDER BY exchange, market, symbol`,
      ).all(exchange ?? null) as { image: string }[];
      return rows.map((row) => JSON.parse(row.image));
    },
  };
}
