import { useState } from 'react';
import type { ParamsRow } from '#shared/contract/params';
import type { ParamsVersion } from '#shared/domain/params';
import { PARAM_NAMES as NAMES } from '#shared/domain/signal';
import { undo } from '../../app/commands';
import { rollBack } from '../../state/params-time';
import { groupThousands, signedText } from '../../ui/format';
import { Empty, Skeleton, Trouble } from '../../ui/panel';
import { paramText, paramWithUnit, SHORT_NAMES, VERSION_SOURCES } from '../../ui/params.en';
import { tell, tellFailure } from '../../ui/tell';
import { exchangeText, PARAM_NAMES } from '../../ui/texts.en';
import { Time } from '../../ui/value';
import { diffOf, valueOf } from './diff';
import { Timeline } from './timeline';
import { useVersions } from './use-versions';

/** Every set an exchange's params have had: a timeline, the difference of any two, and the way back. */
export function Versions({ row }: { row: ParamsRow }) {
  const { versions, total, trouble, reload } = useVersions(row);
  const [picked, setPicked] = useState<{ from: number | null; to: number | null }>({ from: null, to: null });
  if (versions === null)
    return trouble === null ? (
      <Skeleton rows={6} />
    ) : (
      <Trouble
        what="The versions could not be read."
        detail={trouble}
        action={
          <button type="button" className="button" onClick={reload}>
            Try again
          </button>
        }
      />
    );
  const newest = versions[0];
  if (newest === undefined)
    return (
      <Empty
        title="No versions yet."
        hint="The first wave that brings values, or your first lock, makes one."
      />
    );
  const to = versions.find((one) => one.version === picked.to) ?? newest;
  const from =
    versions.find((one) => one.version === picked.from) ?? versions.find((one) => one.version < to.version);
  return (
    <>
      <Timeline
        versions={versions}
        shown={to.version}
        onPick={(version) => setPicked({ from: null, to: version })}
      />
      <Diff
        versions={versions}
        from={from}
        to={to}
        current={newest.version}
        onPick={(part) => setPicked({ from: from?.version ?? null, to: to.version, ...part })}
      />
      <VersionList
        versions={versions}
        shown={to.version}
        onPick={(version) => setPicked({ from: null, to: version })}
      />
      {versions.length < total && (
        <p className="hint params-note">
          The newest {versions.length} of {groupThousands(String(total))} versions.
        </p>
      )}
    </>
  );
}

function Diff(props: {
  versions: readonly ParamsVersion[];
  from: ParamsVersion | undefined;
  to: ParamsVersion;
  current: number;
  onPick: (part: { from?: number; to?: number }) => void;
}) {
  const { versions, from, to, current } = props;
  const select = (label: string, value: number | undefined, pick: (version: number) => void) => (
    <select
      className="input"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => pick(Number(event.target.value))}
    >
      {value === undefined && <option value="">–</option>}
      {versions.map((one) => (
        <option key={one.version} value={one.version}>
          v{one.version}
          {one.version === current ? ' (now)' : ''}
        </option>
      ))}
    </select>
  );
  return (
    <div className="params-diff">
      <div className="params-diff-head">
        {select('Compare from version', from?.version, (version) => props.onPick({ from: version }))}
        <span className="hint">→</span>
        {select('Compare to version', to.version, (version) => props.onPick({ to: version }))}
        <span className="grow" />
        {to.version !== current && <RollBack version={to} current={current} />}
      </div>
      {from === undefined ? (
        <p className="hint params-note">The first version has nothing to be compared with.</p>
      ) : (
        <table
          className="params-table params-diff-table"
          aria-label={`Version ${from.version} to ${to.version}`}
        >
          <thead className="visually-hidden">
            <tr>
              <th scope="col">Value</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {diffOf(from, to).map((one) => (
              <tr key={one.name} className={one.significant ? 'significant' : undefined}>
                <th scope="row">
                  {PARAM_NAMES[one.name].name}
                  {one.locked && <span className="unit">locked</span>}
                </th>
                <td className="right num soft">{paramWithUnit(one.name, one.from)}</td>
                <td className="right num strong">{paramWithUnit(one.name, one.to)}</td>
                <td className="right num" title={one.significant ? 'Changed by more than 10 %' : undefined}>
                  {one.direction === 'same' ? (
                    <span className="hint">same</span>
                  ) : (
                    <span className={one.significant ? 'warn strong' : undefined}>
                      {one.direction === 'up' ? '▲' : one.direction === 'down' ? '▼' : ''}{' '}
                      {signedText(one.percent, 1)}
                      {one.percent === null ? '' : '\u2009%'}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function RollBack({ version, current }: { version: ParamsVersion; current: number }) {
  const [busy, setBusy] = useState(false);
  const go = async () => {
    if (busy) return;
    setBusy(true);
    const why = await rollBack(
      version.exchange,
      version.version,
      current,
      `Roll back to version ${version.version}`,
    );
    setBusy(false);
    if (why !== null) return tellFailure(`Version ${version.version} was not brought back`, why);
    tell(
      <>
        {exchangeText(version.exchange)}: version {version.version} holds again for the next wave. Open
        positions keep theirs.{' '}
        <button type="button" className="button" onClick={undo}>
          Undo
        </button>
      </>,
    );
  };
  return (
    <button
      type="button"
      className="button"
      disabled={busy}
      title="Brings its values back as a new version. Open positions keep theirs. Can be undone."
      onClick={go}
    >
      Bring back v{version.version}
    </button>
  );
}

function VersionList(props: {
  versions: readonly ParamsVersion[];
  shown: number;
  onPick: (version: number) => void;
}) {
  return (
    <table className="params-table version-table" aria-label="Versions, newest first">
      <thead>
        <tr>
          <th scope="col">Version</th>
          {NAMES.map((name) => (
            <th scope="col" className="right" key={name} title={PARAM_NAMES[name].means}>
              {SHORT_NAMES[name]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.versions.map((one) => (
          <tr key={one.version} className={one.version === props.shown ? 'selected' : undefined}>
            <td>
              <button
                type="button"
                className="link"
                aria-pressed={one.version === props.shown}
                onClick={() => props.onPick(one.version)}
              >
                v{one.version}
              </button>{' '}
              <span className="soft">
                {VERSION_SOURCES[one.source]}
                {one.source === 'wave' && one.waveTime !== null && (
                  <>
                    {' '}
                    <Time at={one.waveTime} show="minute" />
                  </>
                )}
              </span>
              <div className="hint" title="When it was stored, by this computer's clock">
                <Time at={one.changedAt} show="moment" />
              </div>
            </td>
            {NAMES.map((name) => (
              <td
                key={name}
                className={`right num ${one.significant.includes(name) ? 'warn strong' : ''}`}
                title={one.significant.includes(name) ? 'Changed by more than 10 %' : undefined}
              >
                {paramText(name, valueOf(one, name))}
                {one.locks[name] !== null && (
                  <span className="lock-mark" role="img" aria-label="locked" title="Locked by you">
                    •
                  </span>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
