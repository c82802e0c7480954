import type { Undo } from '#main/seams/seams';
import type { UnixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import { type Fill, fillKey } from '#shared/domain/order';
import type { Account, AccountEvent } from '../venue';
import type { GenericParts } from './data';
import type { CcxtPro, Unified } from './load';
import { toBalances, toFill, toOrder, toPosition } from './map';
import { toVenueError } from './outcome';
import { createLoop } from './streams';

const PAGE = 100;
const MOST_PAGES = 200;

/** The account of any exchange: fills by `watchMyTrades`, and by `fetchMyTrades` for what no stream told. */
export function createGenericAccount(parts: GenericParts, has: CcxtPro['has'], isFuture: boolean): Account {
  const { timers, clock } = parts.seams;
  const guarded = async <T>(ask: (exchange: CcxtPro) => Promise<T>): Promise<T> => {
    try {
      return await ask(await parts.ready());
    } catch (error) {
      throw toVenueError(error);
    }
  };
  const fillOf = (row: Unified): Fill =>
    toFill(row, parts.key, parts.instrument(String(row.symbol)), clock.now());

  const account: Account = {
    subscribe(listener: (event: AccountEvent) => void): Undo {
      const undo: Undo[] = [];
      const loop = (
        what: string,
        next: (exchange: CcxtPro) => Promise<unknown>,
        take: (row: Unified) => void,
      ): void => {
        undo.push(
          createLoop({
            timers,
            next: async () => next(await parts.ready()),
            take: (rows) => {
              for (const row of rows as readonly Unified[]) take(row);
            },
            live: () => listener({ type: 'resumed', seenAt: clock.now() }),
            trouble: (error) => parts.trouble(what, error),
          }),
        );
      };
      if (has.watchMyTrades === true)
        loop(
          'own trades',
          (exchange) => exchange.watchMyTrades(),
          (row) => listener({ type: 'fill', fill: fillOf(row) }),
        );
      if (has.watchOrders === true)
        loop(
          'orders',
          (exchange) => exchange.watchOrders(),
          (row) => {
            const order = toOrder(row, parts.instrument(String(row.symbol)), clock.now());
            if (order !== null) listener({ type: 'order', order, note: null, seenAt: clock.now() });
          },
        );
      return () => {
        for (const stop of undo) stop();
      };
    },
    fillsSince: (symbol, since) => guarded((exchange) => fillsSince(exchange, symbol, since, fillOf)),
    balances: () => guarded(async (exchange) => toBalances(await exchange.fetchBalance())),
  };
  if (!isFuture || has.fetchPositions !== true) return account;
  return {
    ...account,
    positions: () =>
      guarded(async (exchange) =>
        (await exchange.fetchPositions()).flatMap(
          (row) => toPosition(row, parts.instrument(String(row.symbol))) ?? [],
        ),
      ),
  };
}

/** All pages: asked on from the newest until no new trade appears. Some exchanges answer newest first. */
async function fillsSince(
  exchange: CcxtPro,
  symbol: Symbol,
  since: UnixMs,
  fillOf: (row: Unified) => Fill,
): Promise<readonly Fill[]> {
  const found = new Map<string, Fill>();
  let from: number = since;
  for (let page = 0; page < MOST_PAGES; page++) {
    const fills = (await exchange.fetchMyTrades(symbol, from, PAGE)).map(fillOf);
    const before = found.size;
    for (const fill of fills) {
      if (fill.venueTime >= since && fill.symbol === symbol) found.set(fillKey(fill), fill);
      from = Math.max(from, fill.venueTime);
    }
    if (found.size === before) break;
  }
  return [...found.values()].sort((a, b) => a.venueTime - b.venueTime);
}
