import type { UnixMs } from '#shared/domain/basics';
import { abs, isPositive, isZero, lte, sum, ZERO } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { MarkEvent, MarketEvent, TradeEvent } from '#shared/domain/market';
import type { OrderRequest } from '#shared/domain/order';
import type { MatchEvent, MatchSymbol } from '../matching/types';
import type { MarketData } from '../venues/venue';
import { createFeed } from './feed';
import { ACCOUNT, type Floor } from './floor';
import { type Grid, gridOf, onGrid, scaled, tradeOnGrid } from './grid';
import type { Ledger } from './ledger';
import type { Ladder } from './price-book';

const DEPTH = 20;
/** How long an order waits for the first price, or a large one for the whole book. Wall ms. */
const PRICE_WITHIN_MS = 2_000;

export interface LineParts {
  readonly data: MarketData;
  readonly now: () => UnixMs;
  readonly marketNow: () => UnixMs;
  readonly timers: { after(delayMs: number, run: () => void): () => void };
  readonly floor: Floor;
  readonly ledger: Ledger;
  /** Has the engine forget an instrument's prices of another hour. */
  forgetPrices(symbol: Symbol): void;
}

/**
 * Brings one instrument's public streams to the matching engine for as long as an order or a position depends on
 * them. In between the engine hears nothing and the streams are closed.
 */
export interface Line {
  /** Somebody decides by this instrument's prices, so its first order finds them here. Returns the undo. */
  watch(): () => void;
  /** Opens the streams for an order that is about to come; `done` lets them go when nothing depends on them. */
  begin(spec: MatchSymbol): void;
  done(): void;
  /** True when there is a price to trade the order on, false when none came in time or the line was closed. */
  priced(request: OrderRequest): Promise<boolean>;
  /** Books what an order of this instrument did; false when it could not be saved yet. */
  book(events: readonly MatchEvent[]): boolean;
  /** Closes the streams when nothing depends on them any more. */
  settle(): void;
  /** Brings the newest offers to the engine. */
  refresh(): void;
  /** The engine was replaced: it needs the offers anew. */
  requote(spec: MatchSymbol): void;
  close(): void;
}

export function createLine(parts: LineParts, symbol: Symbol): Line {
  const { floor, ledger, marketNow, timers } = parts;
  const waiters = new Set<() => void>();
  let grid: Grid | null = null;
  let watchers = 0;
  let orders = 0;
  let busy = false;
  let quotesAreOld = true;
  /** The engine has seen a trade since the streams were opened, if only our own. */
  let printed = false;
  let closed = false;
  let funding: { readonly at: UnixMs; readonly rate: MarkEvent['fundingRate'] } | null = null;

  const feed = createFeed(parts, symbol, (event) => onEvent(event));
  const open = () => floor.matching.openOrders(ACCOUNT, symbol);
  const position = () =>
    floor.matching.account(ACCOUNT).positions.find((entry) => entry.symbol === symbol)?.amount;
  const book = (events: readonly MatchEvent[]): boolean => {
    if (events.some((event) => event.type === 'trade')) printed = true;
    return ledger.apply(events);
  };

  const ladder = (): Ladder | null => {
    const offered = grid && feed.book.ladder(DEPTH);
    if (!grid || !offered) return null;
    return { bids: onGrid(offered.bids, 'bid', grid), asks: onGrid(offered.asks, 'ask', grid) };
  };
  const refresh = (): void => {
    if (!quotesAreOld) return;
    const offered = ladder();
    if (offered === null) return;
    quotesAreOld = false;
    book(floor.matching.marketQuotes(symbol, offered.bids, offered.asks, marketNow()));
  };
  /** Offers change many times a second; the engine needs them at once only where somebody could trade with them. */
  const isNeeded = (): boolean => {
    const waiting = open();
    if (waiting.length === 0) return false;
    if (waiting.some((order) => order.type === 'limit')) return true;
    // A stop that has fired and found nobody waits for offers.
    const { bids, asks } = floor.matching.book(symbol, 1);
    return bids.length === 0 || asks.length === 0;
  };

  const onTrade = ({ price, amount, side }: TradeEvent): void => {
    const print = grid && tradeOnGrid(price, amount, grid);
    if (!print) return;
    refresh();
    book(floor.matching.marketTrade(symbol, side, print[0], print[1], marketNow()));
    if (open().some((order) => order.type === 'trailing-stop')) ledger.saveSoon();
  };
  const onMark = (event: MarkEvent): void => {
    if (scaled(event.mark) === null || !isPositive(event.mark)) return;
    refresh();
    payFunding(event);
    book(floor.matching.mark(symbol, event.mark, marketNow()));
  };
  /** The rate last named before the hour is the one that is paid; the stream tells that the hour is over. */
  const payFunding = ({ nextFundingAt, fundingRate }: MarkEvent): void => {
    if (nextFundingAt === null) return;
    const due = funding;
    funding = { at: nextFundingAt, rate: fundingRate };
    if (due === null || due.rate === null || nextFundingAt <= due.at || marketNow() < due.at) return;
    if (scaled(due.rate) !== null) book(floor.matching.funding(symbol, due.rate, marketNow()));
  };

  const onEvent = (event: MarketEvent): void => {
    if (!busy) return;
    if (event.type === 'trade') onTrade(event);
    else if (event.type === 'mark') onMark(event);
    else {
      quotesAreOld = true;
      if (isNeeded()) refresh();
    }
    for (const wake of [...waiters]) wake();
    settle();
  };
  const settle = (): void => {
    if (!busy || orders > 0 || open().length > 0 || !isZero(position() ?? ZERO)) return;
    busy = false;
    feed.want(watchers > 0 ? 'light' : 'off');
  };

  /** What the order will trade against is known: all of the book, or enough of it. */
  const isReady = (request: OrderRequest): boolean => {
    if (!feed.isFresh()) return false;
    if (request.type !== 'market' && request.type !== 'limit')
      return printed || feed.trade !== null || feed.mark !== null;
    const offered = ladder();
    if (offered === null) return false;
    const side = request.side === 'buy' ? offered.asks : offered.bids;
    if (side.length === 0) return false;
    if (request.type === 'limit' || feed.book.whole) return true;
    const wanted = request.amount ?? abs(position() ?? ZERO);
    return lte(wanted, sum(side.map(([, amount]) => amount)));
  };
  const hasAnyPrice = (): boolean =>
    feed.isFresh() && (ladder() !== null || feed.trade !== null || feed.mark !== null);

  return {
    watch() {
      let on = true;
      watchers++;
      if (!busy) feed.want('light');
      return () => {
        if (!on) return;
        on = false;
        watchers--;
        if (!busy && watchers === 0) feed.want('off');
      };
    },
    begin(spec) {
      orders++;
      grid = gridOf(spec);
      if (busy) return;
      busy = true;
      printed = false;
      funding = null;
      parts.forgetPrices(symbol);
      quotesAreOld = true;
      feed.want('full');
      if (feed.mark) onMark(feed.mark);
      if (feed.trade) onTrade(feed.trade);
    },
    done() {
      orders--;
      settle();
    },
    priced(request) {
      if (isReady(request)) return Promise.resolve(true);
      return new Promise((resolve) => {
        const end = (priced: boolean): void => {
          undo();
          waiters.delete(wake);
          resolve(priced);
        };
        const wake = (): void => {
          if (closed) end(false);
          else if (isReady(request)) end(true);
        };
        const undo = timers.after(PRICE_WITHIN_MS, () => end(!closed && hasAnyPrice()));
        waiters.add(wake);
      });
    },
    book,
    settle,
    refresh,
    requote(spec) {
      grid = gridOf(spec);
      quotesAreOld = true;
      if (busy && isNeeded()) refresh();
    },
    close() {
      closed = true;
      busy = false;
      feed.want('off');
      for (const wake of [...waiters]) wake();
    },
  };
}
