import type { DeskStatus } from '#shared/contract/app';
import type { Decimal } from '#shared/domain/basics';
import type { LinkStatus } from '#shared/domain/connection';
import { add, mul, toFixed, ZERO } from '#shared/domain/decimal';
import type { Mode, VenueKey } from '#shared/domain/exchange';
import { profit } from '#shared/domain/pnl';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import type { DeskParts } from './parts';

const DOLLARS: ReadonlySet<string> = new Set(['USDT', 'USDC', 'FDUSD', 'BUSD', 'USD']);
const NEEDS_STOP: ReadonlySet<Position['status']> = new Set(['pending_sl', 'active', 'closing']);

/** The figures of the top bar from what is known now. A figure with an unknown part is null, never a partial sum. */
export function deskStatus(parts: DeskParts, links: readonly LinkStatus[]): DeskStatus {
  const wall = parts.wallNow();
  const settings = parts.settings();
  const all = parts.engine.positions().filter((position) => OPEN_POSITION_STATUSES.has(position.status));
  // Paper money is never added to real money.
  const counts = countedIn(parts.info.mode);
  const open = all.filter((position) => counts(position.venue));
  const equity = equityUsd(parts, open);
  const dayStart = dayOpeningEquity(parts, equity);
  const waves = parts.waves();
  const wanted = links.filter((link) => link.users > 0);
  return {
    wall,
    market: parts.marketNow(),
    speed: parts.info.speed,
    equityUsd: cents(equity),
    dayPnlUsd:
      equity !== null && dayStart !== null ? cents(add(equity, mul(dayStart, '-1' as Decimal))) : null,
    dayLossLimitUsd:
      dayStart === null
        ? null
        : cents(mul(dayStart, mul(settings.dailyLossPercent as string as Decimal, '0.01' as Decimal))),
    exposureUsd: cents(exposureUsd(parts, open)),
    maxExposureUsd: settings.maxExposureUsd,
    openPositions: open.length,
    unprotected: open.filter((position) => NEEDS_STOP.has(position.status) && position.stop === null).length,
    linksLive: wanted.filter((link) => link.state === 'live').length,
    linksWanted: wanted.length,
    nextWaveCheckAt: waves.nextCheckAt,
    nextWaveTime: waves.nextWaveTime,
    searchingWave: waves.searching,
    killed: parts.killed(),
    halted: parts.halted(),
    notices: parts.notices(),
  };
}

/** Venues whose money the figures are about. */
const countedIn =
  (mode: Mode) =>
  (venue: VenueKey): boolean =>
    venue.endsWith('_paper') === (mode === 'paper');

const cents = (value: Decimal | null): Decimal | null =>
  value === null ? null : (toFixed(value, 2) as Decimal);

function exposureUsd(parts: DeskParts, open: readonly Position[]): Decimal | null {
  let total = ZERO;
  for (const position of open) {
    const quote = parts.market.quote(position.venue, position.symbol);
    const price = quote?.mark ?? quote?.last ?? position.entryPrice;
    const amount =
      position.status === 'pending_entry' || position.status === 'entry_placed'
        ? position.intendedAmount
        : position.amount;
    if (price === null || price === undefined) return null;
    total = add(total, mul(amount, price));
  }
  return total;
}

function equityUsd(parts: DeskParts, open: readonly Position[]): Decimal | null {
  const balances = parts.balances();
  let total = ZERO;
  for (const venue of parts.info.venues.filter(countedIn(parts.info.mode))) {
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

/** First equity seen on each UTC market day, remembered in the store so that a restart does not reset the day. */
function dayOpeningEquity(parts: DeskParts, equity: Decimal | null): Decimal | null {
  const day = new Date(parts.marketNow()).toISOString().slice(0, 10);
  const stored = parts.store.getMeta('day-opening-equity');
  if (stored?.startsWith(`${day} `)) return stored.slice(11) as Decimal;
  if (equity === null) return null;
  parts.store.setMeta('day-opening-equity', `${day} ${equity}`);
  return equity;
}
