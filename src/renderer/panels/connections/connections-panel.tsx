import type { LinkStatus } from '#shared/domain/connection';
import { useLinks } from '../../state/lists';
import { useVenueClocks } from '../../state/venue-clocks';
import { numberText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { sentence } from '../../ui/texts.en';
import { ClockNote } from './clock-note';
import { groupLinks, type LinkGroup, liveCount, totalRate } from './groups';
import { LinkRow } from './link-row';
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
          <Links links={[...rows.values()]} />
          <RecordButton />
          <ProviderNumbers />
        </div>
      )}
    </Panel>
  );
}

function Links({ links }: { links: readonly LinkStatus[] }) {
  const clocks = useVenueClocks((state) => state.clocks);
  const { live, used } = liveCount(links);
  return (
    <>
      <p className="links-sum num" role="status">
        <span className={live < used ? 'warn' : ''}>
          {live} of {used} live
        </span>
        <span className="soft"> · {numberText(totalRate(links), 1)} messages/s</span>
      </p>
      <table className="link-table" aria-label="Connections">
        <colgroup>
          <col />
          <col className="state-col" />
          <col className="trend-col" />
          <col className="heard-col" />
          <col className="wide-col trend-col" />
          <col className="wide-col" style={{ width: 64 }} />
          <col className="wide-col" style={{ width: 52 }} />
          <col className="wide-col" style={{ width: 92 }} />
          <col className="wide-col" style={{ width: 44 }} />
          <col className="action-col" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Link</th>
            <th scope="col">State</th>
            <th scope="col" className="right" title="Messages a second: the last five minutes, and over 10 s">
              Rate<span className="unit">/s</span>
            </th>
            <th scope="col" className="right" title="Since the last message; a ping is none">
              Heard
            </th>
            <th
              scope="col"
              className="right wide-only"
              title="Round trip of a ping: the last five minutes, and the newest"
            >
              Ping<span className="unit">ms</span>
            </th>
            <th scope="col" className="right wide-only">
              Streams
            </th>
            <th scope="col" className="right wide-only" title="Who wants its streams">
              Users
            </th>
            <th scope="col" className="right wide-only" title="Reconnections that worked / that failed">
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
        {groupLinks(links, clocks).map((group) => (
          <Group key={group.id} group={group} />
        ))}
      </table>
    </>
  );
}

function Group({ group }: { group: LinkGroup }) {
  return (
    <tbody>
      <tr className="group-row">
        <th colSpan={5} scope="rowgroup">
          {group.name}
          <ClockNote clocks={group.clocks} />
        </th>
      </tr>
      {group.links.map((link) => (
        <LinkRow key={link.key} link={link} />
      ))}
    </tbody>
  );
}
