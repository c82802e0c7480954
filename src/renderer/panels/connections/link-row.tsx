import { useState } from 'react';
import type { LinkStatus } from '#shared/domain/connection';
import { openKeyForm } from '../../app/open-key-form';
import { reconnectLink } from '../../state/actions';
import { useClocks } from '../../state/clock';
import { countdownText, numberText } from '../../ui/format';
import { LINK_STATES, plural, sentence } from '../../ui/texts.en';
import { Age } from '../../ui/value';
import { accountOf, fullName, shortName } from './groups';
import { LinkDetails } from './link-details';
import { Trend } from './trend-chart';

/** Columns of a narrow panel: a longer span would make the table keep room for the hidden ones. */
const LEAST_COLUMNS = 5;

const COLOURS: Record<LinkStatus['state'], string> = {
  idle: 'idle',
  connecting: 'worry',
  authenticating: 'worry',
  live: '',
  stale: 'worry',
  waiting: 'worry',
  refused: 'bad',
  closed: 'idle',
};

/** One connection: a line of figures, its trouble beneath it, and all of it on demand. */
export function LinkRow({ link }: { link: LinkStatus }) {
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const reconnect = async () => setTrouble(await reconnectLink(link.key));
  return (
    <>
      <tr className={open ? 'open-row' : undefined}>
        <th scope="row">
          <button
            type="button"
            className="link"
            aria-expanded={open}
            aria-label={fullName(link.key)}
            onClick={() => setOpen(!open)}
          >
            <span className="twist" aria-hidden="true">
              {open ? '▾' : '▸'}
            </span>
            {shortName(link.key)}
          </button>
        </th>
        <td>
          <span className="link-state">
            <span className={`dot ${COLOURS[link.state]}`} />
            {LINK_STATES[link.state]}
          </span>
        </td>
        <td>
          <div className="trend-cell">
            <Trend what="Messages a second" values={link.trend.rate} height={16} />
            <span className="num">{numberText(link.rate, 1)}</span>
          </div>
        </td>
        <td className="right num">
          <Age at={link.lastMessageAt} clock="wall" />
        </td>
        <td className="wide-only">
          <div className="trend-cell">
            <Trend what="Round trip in milliseconds" values={link.trend.roundTripMs} height={16} />
            <span className="num">{numberText(link.roundTripMs, 1)}</span>
          </div>
        </td>
        <td className="right num wide-only">{link.streams.length}</td>
        <td className="right num wide-only">{link.users}</td>
        <td className="right num wide-only">
          {link.reconnected}
          <span className={link.reconnectsFailed > 0 ? 'warn' : 'soft'}> / {link.reconnectsFailed}</span>
        </td>
        <td className={`right num wide-only ${link.badFrames > 0 ? 'warn' : ''}`}>{link.badFrames}</td>
        <td className="right">
          <button
            type="button"
            className="button row-action"
            aria-label={`Reconnect ${fullName(link.key)}`}
            title="Close it and connect again now"
            onClick={reconnect}
          >
            <span className="wide-only">Reconnect</span>
            <span className="icon-only" aria-hidden="true">
              ↻
            </span>
          </button>
        </td>
      </tr>
      <TroubleRow link={link} trouble={trouble} />
      {open && (
        <tr className="open-row">
          <td colSpan={LEAST_COLUMNS} className="link-more">
            <LinkDetails link={link} />
          </td>
        </tr>
      )}
    </>
  );
}

/** What is wrong with a link and what can be done about it; nothing for one that is well. */
function TroubleRow({ link, trouble }: { link: LinkStatus; trouble: string | null }) {
  const account = accountOf(link.key);
  const refusedStreams = link.streams.filter(({ refused }) => refused !== null).length;
  const isUp = link.state === 'live';
  if (trouble === null && isUp && refusedStreams === 0) return null;
  if (trouble === null && !isUp && link.problem === null && link.state !== 'waiting') return null;
  return (
    <tr>
      <td colSpan={LEAST_COLUMNS} className={`link-problem ${link.state === 'refused' ? 'bad' : 'warn'}`}>
        {trouble ?? (isUp ? null : sentence(link.problem ?? ''))}
        {isUp && refusedStreams > 0 && (
          <>The exchange refuses {plural(refusedStreams, 'stream')} on it; the others flow.</>
        )}{' '}
        {link.state === 'waiting' && <NextTry at={link.nextAttemptAt} />}
        {link.state === 'refused' && (
          <>
            It is not tried again by itself.
            {account !== null && (
              <>
                {' '}
                <button
                  type="button"
                  className="button"
                  aria-label={`Open the keys for ${fullName(link.key)}`}
                  onClick={() => openKeyForm(account)}
                >
                  {account === 'signals' ? 'Enter another token' : 'Open keys'}
                </button>
              </>
            )}
          </>
        )}
      </td>
    </tr>
  );
}

function NextTry({ at }: { at: number | null }) {
  const clocks = useClocks();
  return at === null || clocks === null ? null : (
    <span className="num">Next try in {countdownText(at - clocks.wall)}.</span>
  );
}
