import type { Decimal } from '#shared/domain/basics';
import { add, gte, isNegative, mul, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import { profit } from '#shared/domain/pnl';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import type { DeskParts } from './parts';

const DOLLARS: ReadonlySet<string> = new Set(['USDT', 'USDC', 'FDUSD', 'BUSD', 'USD']);

export interface Equity {
  /** Free, locked and unrealised of all accounts of the class in USD; null when a part of it is unknown. */
  readonly equityUsd: Decimal | null;
  /** The first equity seen on this UTC market day; null before there was one. */
  readonly dayOpeningUsd: Decimal | null;
  /** Highest equity since the count began; null before any was known. */
  readonly peakUsd: Decimal | null;
}

/** Paper money and real money are never added: each class has an equity of its own. */
export function equityOf(parts: DeskParts, paper: boolean): Equity {
  const equity = equityUsd(parts, paper);
  return {
    equityUsd: equity,
    dayOpeningUsd: dayOpeningEquity(parts, equity, paper),
    peakUsd: peakEquity(parts, equity, paper),
  };
}

const isPaper = (venue: VenueKey): boolean => venue.endsWith('_paper');

/** Open positions of one class. */
export const openOf = (parts: DeskParts, paper: boolean): readonly Position[] =>
  parts.engine
    .positions()
    .filter((position) => OPEN_POSITION_STATUSES.has(position.status) && isPaper(position.venue) === paper);

function equityUsd(parts: DeskParts, paper: boolean): Decimal | null {
  const open = openOf(parts, paper);
  const balances = parts.balances();
  const accounts = parts.accounts().filter((key) => isPaper(key) === paper);
  // No account is no news of money, not a fortune of nothing.
  if (accounts.length === 0) return null;
  let total = ZERO;
  for (const venue of accounts) {
    const assets = balances.get(venue);
    if (!assets) return null;
    for (const [asset, { free, locked }] of Object.entries(assets)) {
      const amount = add(free, locked);
      if (DOLLARS.has(asset)) total = add(total, amount);
      else {
        if (amount === ZERO) continue;
        const price = parts.market.lastPriceInUsd(venue, asset);
        if (price === null) return null;
        total = add(total, mul(amount, price));
      }
    }
  }
  for (const position of open) {
    if (position.entryPrice === null || position.amount === ZERO || position.venue.endsWith('_spot'))
      continue;
    const quote = parts.market.quote(position.venue, position.symbol);
    const price = quote?.mark ?? quote?.last;
    if (price === null || price === undefined) return null;
    total = add(total, profit(position.side, position.amount, position.entryPrice, price));
  }
  return total;
}

const PEAK = { real: 'peak-equity', paper: 'peak-equity-paper' } as const;
const COUNT_FROM = 'losses-counted-from';
/** Further back than any streak that may be allowed. */
const STREAK_ROWS = 200;

/** Highest equity, remembered in the store so that a restart does not lift a limit. */
function peakEquity(parts: DeskParts, equity: Decimal | null, paper: boolean): Decimal | null {
  const key = paper ? PEAK.paper : PEAK.real;
  const stored = (parts.store.getMeta(key) as Decimal | null) || null;
  if (equity === null || (stored !== null && gte(stored, equity))) return stored;
  parts.store.setMeta(key, equity);
  return equity;
}

/** Positions closed at a loss one after the other since the count began, newest first. */
export interface Losses {
  streak(paper: boolean): number;
  /** Drawdown and losses count anew from here, by a person's word: the peak is what there is now. */
  countAnew(): void;
  close(): void;
}

/** Asks the store again only after a position has closed: hundreds of them are read for one number. */
export function createLosses(parts: DeskParts): Losses {
  const known = new Map<boolean, number>();
  const undo = parts.store.onCommit((rows) => {
    if (rows.some(({ record }) => record.kind === 'position_changed' && record.position.closedAt !== null))
      known.clear();
  });
  return {
    streak(paper) {
      const before = known.get(paper);
      if (before !== undefined) return before;
      const losses = lossStreak(parts, paper);
      known.set(paper, losses);
      return losses;
    },
    countAnew() {
      for (const key of Object.values(PEAK)) parts.store.setMeta(key, '');
      parts.store.setMeta(COUNT_FROM, String(parts.marketNow()));
      known.clear();
    },
    close: undo,
  };
}

function lossStreak(parts: DeskParts, paper: boolean): number {
  const from = Number(parts.store.getMeta(COUNT_FROM) ?? 0);
  let losses = 0;
  const closed = parts.store
    .positions({ open: false, limit: STREAK_ROWS })
    .filter(({ venue, closedAt }) => isPaper(venue) === paper && closedAt !== null)
    .sort((a, b) => (b.closedAt as number) - (a.closedAt as number));
  for (const { closedAt, realised } of closed) {
    if ((closedAt as number) < from || !isNegative(realised)) break;
    losses += 1;
  }
  return losses;
}

/** First equity seen on each UTC market day, remembered in the store so that a restart does not reset the day. */
function dayOpeningEquity(parts: DeskParts, equity: Decimal | null, paper: boolean): Decimal | null {
  const key = paper ? 'day-opening-equity-paper' : 'day-opening-equity';
  const day = new Date(parts.marketNow()).toISOString().slice(0, 10);
  const stored = parts.store.getMeta(key);
  if (stored?.startsWith(`${day} `)) return stored.slice(11) as Decimal;
  if (equity === null) return null;
  parts.store.setMeta(key, `${day} ${equity}`);
  return equity;
}
