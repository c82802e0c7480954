import type { DeskStatus } from '#shared/contract/app';
import type { Decimal } from '#shared/domain/basics';
import type { LinkStatus } from '#shared/domain/connection';
import { add, gte, mul, toFixed, ZERO } from '#shared/domain/decimal';
import type { Position } from '#shared/domain/position';
import { equityOf, openOf } from './equity';
import type { DeskParts } from './parts';

const NEEDS_STOP: ReadonlySet<Position['status']> = new Set(['pending_sl', 'active', 'closing']);

/** The figures of the top bar from what is known now. A figure with an unknown part is null, never a partial sum. */
export function deskStatus(parts: DeskParts, links: readonly LinkStatus[]): DeskStatus {
  const wall = parts.wallNow();
  const settings = parts.settings();
  const paper = parts.info.mode === 'paper';
  const open = openOf(parts, paper);
  const { equityUsd: equity, dayOpeningUsd: dayStart } = equityOf(parts, paper);
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
    unprotected: open.filter((position) => NEEDS_STOP.has(position.status) && !isCovered(position)).length,
    linksLive: wanted.filter((link) => link.state === 'live').length,
    linksWanted: wanted.length,
    nextWaveCheckAt: waves.nextCheckAt,
    nextWaveTime: waves.nextWaveTime,
    searchingWave: waves.searching,
    killed: parts.killed(),
    halted: parts.halted(),
    leaveAsked: parts.leaveAsked(),
    notices: parts.notices(),
  };
}

/** A stop over part of a position leaves the rest bare. */
const isCovered = ({ stop, amount }: Position): boolean => stop !== null && gte(stop.amount, amount);

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
