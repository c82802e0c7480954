import type { Seams } from '#main/seams/seams';
import { unixMs } from '#shared/domain/basics';
import { mul } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import { type MarketEvent, TIMEFRAME_MS } from '#shared/domain/market';
import type { Channel, MarketData } from '../venue';
import type { CcxtPro, Unified } from './load';
import { decimalOrNull, type GenericInstrument, timeOrNull, toCandle, toLevels, toTrade } from './map';
import { toVenueError } from './outcome';
import { createLoop, createSeen } from './streams';

export interface GenericParts {
  readonly key: VenueKey;
  readonly seams: Pick<Seams, 'clock' | 'timers'>;
  /** The exchange with its markets loaded. @throws VenueError */
  ready(): Promise<CcxtPro>;
  /** @throws VenueError for one that the exchange does not list */
  instrument(symbol: string): GenericInstrument;
  trouble(what: string, error: unknown): void;
}

const NEEDS: Readonly<Partial<Record<Channel['kind'], string>>> = {
  trades: 'watchTrades',
  top: 'watchTicker',
  ticker: 'watchTicker',
  book: 'watchOrderBook',
  candles: 'watchOHLCV',
};

/** Public streams of any exchange, as far as ccxt has them. */
export function createGenericData(parts: GenericParts, has: CcxtPro['has']): MarketData {
  const channels = new Set<Channel['kind']>(
    (Object.keys(NEEDS) as Channel['kind'][]).filter((kind) => has[NEEDS[kind]!] === true),
  );
  return {
    channels,
    subscribe(channel, listener) {
      if (!channels.has(channel.kind)) throw new RangeError(`${parts.key} has no stream of ${channel.kind}`);
      const read = reader(parts, channel);
      return createLoop({
        timers: parts.seams.timers,
        next: async () => watch(await parts.ready(), channel),
        take: (news) => {
          for (const event of read(news)) listener(event);
        },
        trouble: (error) => parts.trouble(`${channel.kind} of ${channel.symbol}`, error),
      });
    },
    async candles(symbol, timeframe, { before, since, limit }) {
      try {
        const exchange = await parts.ready();
        const step = TIMEFRAME_MS[timeframe];
        const from = since ?? (before === undefined ? undefined : unixMs(before - limit * step));
        const rows = await exchange.fetchOHLCV(symbol, timeframe, from, Math.min(limit, 1_000));
        const now = parts.seams.clock.now();
        const candles = rows.map((row) => toCandle(row, Number(row[0]) + step <= now));
        return candles.filter(({ openTime }) => before === undefined || openTime < before).slice(-limit);
      } catch (error) {
        throw toVenueError(error);
      }
    },
  };
}

function watch(exchange: CcxtPro, channel: Channel): Promise<unknown> {
  const { symbol } = channel;
  if (channel.kind === 'candles') return exchange.watchOHLCV(symbol, channel.timeframe);
  if (channel.kind === 'trades') return exchange.watchTrades(symbol);
  return channel.kind === 'book' ? exchange.watchOrderBook(symbol) : exchange.watchTicker(symbol);
}

/** What one news of a channel says; each subscriber has a reader of its own, which remembers what it told. */
function reader(parts: GenericParts, channel: Channel): (news: unknown) => readonly MarketEvent[] {
  const symbol = channel.symbol as Symbol;
  const base = (venueTime: unknown) => ({
    venue: parts.key,
    symbol,
    venueTime: timeOrNull(venueTime),
    seenAt: parts.seams.clock.now(),
  });
  const isNew = createSeen();
  switch (channel.kind) {
    case 'trades':
      return (news) =>
        (news as readonly Unified[])
          .map((row) => toTrade(row, parts.instrument(symbol)))
          .filter(({ id }) => isNew(id))
          .map(({ id, venueTime, ...rest }) => ({
            ...base(venueTime),
            type: 'trade' as const,
            tradeId: id ?? `${venueTime ?? parts.seams.clock.now()}`,
            ...rest,
          }));
    case 'candles':
      return (news) =>
        (news as readonly (readonly unknown[])[]).slice(-1).map((row) => ({
          ...base(row[0]),
          type: 'candle' as const,
          timeframe: channel.timeframe,
          // ccxt never says that a candle is over: the next one does.
          candle: toCandle(row, false),
        }));
    case 'book': {
      let last = 0;
      // ccxt keeps the book itself: whole pictures with numbers of our own.
      return (news) => {
        const book = news as Unified;
        const instrument = parts.instrument(symbol);
        const [bids, asks] = [toLevels(book.bids, instrument), toLevels(book.asks, instrument)];
        return [{ ...base(book.timestamp), type: 'book-snapshot', last: ++last, bids, asks }];
      };
    }
    case 'top':
      return (news) => {
        const row = news as Unified;
        const { contractSize } = parts.instrument(symbol);
        const [bid, ask] = [decimalOrNull(row.bid), decimalOrNull(row.ask)];
        const [bidVolume, askVolume] = [decimalOrNull(row.bidVolume), decimalOrNull(row.askVolume)];
        // A price without its amount would have to be told with an invented one.
        if (bid === null || ask === null || bidVolume === null || askVolume === null) return [];
        const [bidAmount, askAmount] = [mul(bidVolume, contractSize), mul(askVolume, contractSize)];
        return [{ ...base(row.timestamp), type: 'top', bid, ask, bidAmount, askAmount }];
      };
    default:
      return (news) => {
        const row = news as Unified;
        const last = decimalOrNull(row.last);
        if (last === null) return [];
        const number = (value: unknown) => (decimalOrNull(value) === null ? null : Number(value));
        return [
          {
            ...base(row.timestamp),
            type: 'ticker',
            last,
            change24h: number(row.percentage),
            volume24h: number(row.quoteVolume),
          },
        ];
      };
  }
}
