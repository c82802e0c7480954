import { useState } from 'react';
import type { LinkStatus, StreamStatus } from '#shared/domain/connection';
import { reconnectLink } from '../../state/actions';
import { useClocks } from '../../state/clock';
import { useLinks } from '../../state/lists';
import { bytesText, countdownText, groupThousands, numberText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { exchangeText, LINK_STATES, sentence, venueText } from '../../ui/texts.en';
import { Age } from '../../ui/value';
import { ProviderNumbers } from './provider-numbers';
import { RecordButton } from './record-button';
import './connections.css';

export function ConnectionsPanel() {
  const rows = useLinks((list) => list.rows);
  const trouble = useLinks((list) => list.trouble);
  return (
    <Panel name="Connections">
      {rows === null ? (
        trouble === null ? (
          <Skeleton rows={4} />
        ) : (
          <Trouble
            what="The connections could not be loaded."
            detail={`${sentence(trouble)} Trying again.`}
          />
        )
      ) : rows.size === 0 ? (
        <Empty
          title="No connections yet."
          hint="They open when the engine needs an exchange or the signal server."
        />
      ) : (
        <div className="links">
          <table className="link-table" aria-label="Connections">
            <colgroup>
              <col />
              <col style={{ width: 84 }} />
              <col style={{ width: 50 }} />
              <col style={{ width: 54 }} />
              <col className="wide-col" style={{ width: 60 }} />
              <col className="wide-col" style={{ width: 88 }} />
              <col className="wide-col" style={{ width: 50 }} />
              <col className="action-col" />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Link</th>
                <th scope="col">State</th>
                <th scope="col" className="right" title="Since the last message">
                  Heard
                </th>
                <th scope="col" className="right" title="Messages per second over 10 s">
                  Rate<span className="unit">/s</span>
                </th>
                <th scope="col" className="right wide-only" title="Round trip of the last ping">
                  Ping<span className="unit">ms</span>
                </th>
                <th scope="col" className="right wide-only">
                  Reconnects
                </th>
                <th scope="col" className="right wide-only" title="Messages that could not be read">
                  Bad
                </th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            {[...rows.values()].sort(byKey).map((link) => (
              <Link key={link.key} link={link} />
            ))}
          </table>
          <RecordButton />
          <ProviderNumbers />
        </div>
      )}
    </Panel>
  );
}

/** A fixed place for each link, whatever order they were opened in. */
const byKey = (a: LinkStatus, b: LinkStatus): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** "binance_future public" reads "Binance futures, public". */
function linkName(key: string): string {
  if (key === 'signals') return 'Signal server';
  const [venue = '', ...rest] = key.split(' ');
  if (exchangeText(venue) === venue && !venue.includes('_')) return key;
  return rest.length === 0 ? venueText(venue) : `${venueText(venue)}, ${rest.join(' ')}`;
}

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

function Link({ link }: { link: LinkStatus }) {
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const problem = trouble ?? (link.state === 'live' ? null : link.problem);
  return (
    <tbody>
      <tr>
        <td>
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            <span className="twist" aria-hidden="true">
              {open ? '▾' : '▸'}
            </span>
            {linkName(link.key)}
          </button>
        </td>
        <td>
          <span className="link-state">
            <span className={`dot ${COLOURS[link.state]}`} />
            {LINK_STATES[link.state]}
          </span>
        </td>
        <td className="right num">
          <Age at={link.lastMessageAt} clock="wall" />
        </td>
        <td className="right num">{numberText(link.rate, 1)}</td>
        <td className="right num wide-only">{numberText(link.roundTripMs, 1)}</td>
        <td className="right num wide-only">{link.reconnects}</td>
        <td className={`right num wide-only ${link.badFrames > 0 ? 'warn' : ''}`}>{link.badFrames}</td>
        <td className="right">
          <button
            type="button"
            className="button"
            aria-label={`Reconnect ${linkName(link.key)}`}
            title="Close it and connect again now"
            onClick={async () => setTrouble(await reconnectLink(link.key))}
          >
            <span className="wide-only">Reconnect</span>
            <span className="icon-only" aria-hidden="true">
              ↻
            </span>
          </button>
        </td>
      </tr>
      {(problem !== null || link.state === 'waiting') && (
        <tr>
          <td colSpan={LEAST_COLUMNS} className="link-problem warn">
            {problem} {link.state === 'waiting' && <NextTry at={link.nextAttemptAt} />}
          </td>
        </tr>
      )}
      {open && (
        <tr>
          <td colSpan={LEAST_COLUMNS} className="link-more">
            <p className="soft num">
              {LINK_STATES[link.state]} for <Age at={link.since} clock="wall" /> ·{' '}
              {groupThousands(String(link.messages))} messages · {bytesText(link.bytes)} · ping{' '}
              {numberText(link.roundTripMs, 1)} ms · {link.reconnects} reconnects · {link.badFrames}{' '}
              unreadable messages
              {link.problem !== null && link.state === 'live' ? ` · last problem: ${link.problem}` : ''}
            </p>
            <Streams streams={link.streams} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function NextTry({ at }: { at: number | null }) {
  const clocks = useClocks();
  return at === null || clocks === null ? null : (
    <span className="num">Next try in {countdownText(at - clocks.wall)}.</span>
  );
}

function Streams({ streams }: { streams: readonly StreamStatus[] }) {
  if (streams.length === 0) return <p className="hint">No streams on it.</p>;
  return (
    <ul className="streams">
      {streams.map((stream) => (
        <li key={stream.name}>
          <span className="mono">{stream.name}</span>
          <span className="soft num">
            <Age at={stream.lastMessageAt} clock="wall" ago />
          </span>
        </li>
      ))}
    </ul>
  );
}
