import { useDesk } from '../state/desk';
import { useScreen } from '../state/screen';
import { retrySession, useSession } from '../state/session';
import { timeText } from '../ui/format';
import { plural } from '../ui/texts.en';
import { useLasting } from '../ui/use-lasting';
import { focusPanel } from './desk-api';

/**
 * Every opening is without a stop for the moment in which the exchange confirms it; a bar that came and went with it
 * would push the desk up and down and mean nothing. With the status every 250 ms it still shows within a second.
 */
const NAKED_FOR_MS = 500;

/** What must not be overlooked, across the whole desk, worst first. */
export function AlarmBar() {
  const phase = useSession((session) => session.phase);
  const since = useSession((session) => session.since);
  const zone = useScreen((screen) => screen.zone);
  const unprotected = useDesk((desk) => desk.status?.unprotected ?? 0);
  const naked = useLasting(unprotected > 0, NAKED_FOR_MS);
  const halted = useDesk((desk) => desk.status?.halted ?? null);
  const notices = useDesk((desk) => desk.status?.notices ?? NONE);
  return (
    <>
      {naked && (
        <div className="alarm alarm-danger" role="alert">
          <span className="grow">
            {plural(unprotected, 'position has', 'positions have')} no stop confirmed by an exchange. Nobody
            closes {unprotected === 1 ? 'it' : 'them'} if this computer stops. Wavedesk is placing{' '}
            {unprotected === 1 ? 'a stop' : 'stops'}.
          </span>
          <button type="button" className="button" onClick={() => focusPanel('Protection')}>
            Show protection
          </button>
        </div>
      )}
      {halted !== null && (
        <div className="alarm alarm-danger" role="alert">
          <span className="grow">
            Halted since {timeText(halted.since, zone)}: {halted.cause} No entries are made; exits and stops
            go on.
          </span>
          <button type="button" className="button" onClick={() => focusPanel('History')}>
            Show events
          </button>
        </div>
      )}
      {phase === 'lost' && (
        <div className="alarm alarm-danger" role="alert">
          <span className="grow">
            Connection to the engine lost since {timeText(since, zone)}. What you see is old. Positions with a
            stop on the exchange stay protected.
          </span>
          <button type="button" className="button" onClick={retrySession}>
            Try now
          </button>
        </div>
      )}
      {notices.map((notice) => (
        <div className="alarm alarm-warn" role="status" key={notice}>
          {notice}
        </div>
      ))}
    </>
  );
}
const NONE: readonly string[] = [];
