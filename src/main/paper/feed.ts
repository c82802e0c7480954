import type { UnixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { MarkEvent, MarketEvent, TradeEvent } from '#shared/domain/market';
import type { Channel, MarketData } from '../venues/venue';
import { PriceBook } from './price-book';

/** A silent instrument has no price: who trades on an old one is told a fairy tale. Wall ms, as the desk's default. */
const STALE_AFTER_MS = 15_000;

/** off: no stream. light: somebody watches. full: an order or a position depends on it, so the book comes too. */
export type FeedLevel = 'off' | 'light' | 'full';
type Kind = Exclude<Channel['kind'], 'candles'>;
const KINDS: Readonly<Record<FeedLevel, readonly Kind[]>> = {
  off: [],
  light: ['top', 'trades', 'mark'],
  full: ['top', 'trades', 'mark', 'book'],
};

/** The public streams of one instrument and the newest they said. Without streams it knows nothing. */
export interface Feed {
  want(level: FeedLevel): void;
  readonly book: PriceBook;
  readonly trade: TradeEvent | null;
  readonly mark: MarkEvent | null;
  /** True while the exchange has said anything lately. */
  isFresh(): boolean;
}

export function createFeed(
  parts: { readonly data: MarketData; readonly now: () => UnixMs },
  symbol: Symbol,
  listener: (event: MarketEvent) => void,
): Feed {
  const streams = new Map<Kind, () => void>();
  const book = new PriceBook();
  let trade: TradeEvent | null = null;
  let mark: MarkEvent | null = null;
  let heardAt: UnixMs | null = null;

  const receive = (event: MarketEvent): void => {
    if (event.symbol !== symbol) return;
    heardAt = parts.now();
    if (event.type === 'top') book.applyTop(event);
    else if (event.type === 'book-snapshot') book.applySnapshot(event);
    else if (event.type === 'book-delta') book.applyDelta(event);
    else if (event.type === 'trade') trade = event;
    else if (event.type === 'mark') mark = event;
    else return;
    listener(event);
  };
  const forget = (): void => {
    book.forget();
    trade = null;
    mark = null;
    heardAt = null;
  };

  return {
    book,
    get trade() {
      return trade;
    },
    get mark() {
      return mark;
    },
    isFresh: () => heardAt !== null && parts.now() - heardAt <= STALE_AFTER_MS,
    want(level) {
      const wanted = KINDS[level];
      for (const [kind, undo] of [...streams]) {
        if (wanted.includes(kind)) continue;
        streams.delete(kind);
        undo();
        if (kind === 'book') book.forgetBook();
      }
      if (level === 'off') forget();
      for (const kind of wanted) {
        if (streams.has(kind)) continue;
        // A source may answer inside the call, so the place is taken before it.
        streams.set(kind, () => {});
        streams.set(kind, parts.data.subscribe({ kind, symbol }, receive));
      }
    },
  };
}
