import type { ReactNode } from 'react';
import type { LinkStatus, StreamStatus } from '#shared/domain/connection';
import { bytesText, groupThousands, numberText, UNKNOWN } from '../../ui/format';
import { Age } from '../../ui/value';
import { LargeTrend } from './trend-chart';

const count = (value: number): string => groupThousands(String(value));

/** Everything that is known of one link. */
export function LinkDetails({ link }: { link: LinkStatus }) {
  return (
    <div className="link-details">
      <div className="large-trends">
        <LargeTrend what="Messages" unit="/s" values={link.trend.rate} height={36} />
        <LargeTrend what="Round trip" unit=" ms" values={link.trend.roundTripMs} height={36} />
      </div>
      <dl>
        <Figure name="Host" wide>
          <span className="mono">{link.host ?? UNKNOWN}</span>
        </Figure>
        <Figure name="Up since">
          <Age at={link.connectedAt} clock="wall" ago />
        </Figure>
        <Figure name="Users">{count(link.users)}</Figure>
        <Figure name="Messages">{count(link.messages)}</Figure>
        <Figure name="Received">{bytesText(link.bytes)}</Figure>
        <Figure name="Round trip">{numberText(link.roundTripMs, 1)} ms</Figure>
        <Figure name="Reconnected" title="Reconnections that worked, planned renewals among them">
          {count(link.reconnected)}
        </Figure>
        <Figure name="Failed attempts" loud={link.reconnectsFailed > 0}>
          {count(link.reconnectsFailed)}
        </Figure>
        <Figure name="Unreadable" loud={link.badFrames > 0}>
          {count(link.badFrames)}
        </Figure>
        {link.circuit !== 'closed' && (
          <Figure
            name="Circuit"
            loud
            title="Five failures in ten minutes: one attempt a minute until a connection holds for 30 s"
          >
            {link.circuit === 'open' ? 'open, probed once a minute' : 'being probed'}
          </Figure>
        )}
      </dl>
      {link.problem !== null && <p className="soft">Last problem: {link.problem}</p>}
      <Streams streams={link.streams} />
    </div>
  );
}

const Figure = (props: {
  name: string;
  title?: string;
  loud?: boolean;
  wide?: boolean;
  children: ReactNode;
}) => (
  <div title={props.title} className={props.wide ? 'wide-figure' : undefined}>
    <dt>{props.name}</dt>
    <dd className={`num ${props.loud ? 'warn' : ''}`}>{props.children}</dd>
  </div>
);

/** What is wrong comes first; the rest in the order of names. */
const rank = ({ refused, silent }: StreamStatus): number => (refused !== null ? 0 : silent ? 1 : 2);

function Streams({ streams }: { streams: readonly StreamStatus[] }) {
  if (streams.length === 0) return <p className="hint">No streams on it.</p>;
  const sorted = streams.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  return (
    <table className="stream-table" aria-label="Streams">
      <thead>
        <tr>
          <th scope="col">{streams.length} streams</th>
          <th scope="col" className="right">
            Users
          </th>
          <th scope="col" className="right">
            Heard
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((stream) => (
          <tr key={stream.name}>
            <th scope="row">
              <span className="mono">{stream.name}</span>
              {stream.refused !== null && <span className="warn"> refused: {stream.refused}</span>}
              {stream.silent && <span className="warn"> silent, asked for again</span>}
            </th>
            <td className="right num">{stream.users}</td>
            <td className="right num">
              <Age at={stream.lastMessageAt} clock="wall" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
