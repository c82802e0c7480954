import { CLOCK_COMPENSATED_MS, CLOCK_WARNING_MS, type VenueClock } from '#shared/domain/connection';
import { useClocks } from '../../state/clock';
import { durationText } from '../../ui/format';
import { venueText } from '../../ui/texts.en';
import { offsetText, worstClock } from './groups';

/** How far the clock of an exchange is from this computer's, and what is done about it. */
export function ClockNote({ clocks }: { clocks: readonly VenueClock[] }) {
  const now = useClocks();
  if (clocks.length === 0) return null;
  const worst = worstClock(clocks);
  const offset = worst?.offsetMs ?? null;
  const tooltip = clocks
    .map((clock) => {
      const name = venueText(clock.venue);
      if (clock.offsetMs === null) return `${name}: ${clock.problem ?? 'not measured yet'}`;
      const age = now === null || clock.measuredAt === null ? null : now.wall - clock.measuredAt;
      const trip = clock.roundTripMs === null ? '' : `, round trip ${Math.round(clock.roundTripMs)} ms`;
      const failed = clock.problem === null ? '' : `; the newest try failed: ${clock.problem}`;
      return `${name}: ${offsetText(clock.offsetMs)} against this computer, measured ${durationText(age)} ago${trip}${failed}`;
    })
    .join('\n');
  const size = offset === null ? 0 : Math.abs(offset);
  return (
    <span className={`clock-note num ${size > CLOCK_WARNING_MS ? 'warn' : 'soft'}`} title={tooltip}>
      clock {offset === null ? 'not measured' : offsetText(offset)}
      {size > CLOCK_WARNING_MS
        ? ': set this computer’s clock'
        : size > CLOCK_COMPENSATED_MS && ', made up for in signatures'}
    </span>
  );
}
