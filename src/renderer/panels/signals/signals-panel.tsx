import { useMemo, useState } from 'react';
import type { Decision } from '#shared/domain/decision';
import { useDesk } from '../../state/desk';
import { useDecisions, useWaves } from '../../state/lists';
import { useScreen } from '../../state/screen';
import { useSettings } from '../../state/settings';
import { minuteText, numberText, UNKNOWN } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { reasonText } from '../../ui/reasons.en';
import { exchangeText, FATES, WAVE_STATUSES, waveSummary } from '../../ui/texts.en';
import { Time } from '../../ui/value';
import { groupByWave, type WaveGroup } from './group';
import { Story } from './story';
import './signals.css';

export function SignalsPanel() {
  const waves = useWaves((list) => list.rows);
  const decisions = useDecisions((list) => list.rows);
  const trouble = useWaves((list) => list.trouble);
  const [open, setOpen] = useState<number | null>(null);
  const groups = useMemo(() => groupByWave(waves?.values() ?? [], decisions?.values() ?? []), [waves, decisions]);
  const opened = open === null ? undefined : decisions?.get(String(open));

  return (
    <Panel name="Signals">
      {opened !== undefined ? (
        <Story decision={opened} onBack={() => setOpen(null)} />
      ) : waves === null || decisions === null ? (
        trouble === null ? (
          <Skeleton rows={9} />
        ) : (
          <Trouble what="The waves could not be loaded." detail={trouble} />
        )
      ) : groups.length === 0 ? (
        <NoWaves />
      ) : (
        <WaveTable groups={groups} onOpen={setOpen} />
      )}
    </Panel>
  );
}

function NoWaves() {
  const status = useDesk((desk) => desk.status);
  const zone = useScreen((screen) => screen.zone);
  const url = useSettings((state) => state.settings?.signalServer.url);
  const next =
    status?.searchingWave != null
      ? `Looking for the wave of ${minuteText(status.searchingWave, zone)} now.`
      : status?.nextWaveCheckAt != null
        ? `The next look is at ${minuteText(status.nextWaveCheckAt, zone)} market time.`
        : 'The time of the next wave is not known yet.';
  return <Empty title="No waves yet." hint={`${next}${url === undefined ? '' : ` Signals come from ${url}.`}`} />;
}

/** One table; each wave is a row group with a heading row. */
function WaveTable(props: { groups: readonly WaveGroup[]; onOpen: (signalId: number) => void }) {
  return (
    <div className="waves">
      <table className="wave-table" aria-label="Signals by wave">
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            <th scope="col">Side</th>
            <th scope="col" className="right" title="Score of the week, of the month, and their sum">
              Week + month
            </th>
            <th scope="col" className="right">
              Score
            </th>
            <th scope="col" className="right">
              Fate
            </th>
          </tr>
        </thead>
        {props.groups.map(({ waveTime, wave, decisions }) => (
          <tbody key={waveTime}>
            <WaveHead waveTime={waveTime} wave={wave} decisions={decisions} />
            {decisions.map((decision) => (
              <SignalRow key={decision.signal.id} decision={decision} onOpen={props.onOpen} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function WaveHead({ waveTime, wave, decisions }: WaveGroup) {
  const executed = decisions.filter((decision) => decision.fate === 'executed').length;
  const received = wave?.signalCount ?? decisions.length;
  const summary = wave === null ? 'Received; not decided yet.' : waveSummary(wave);
  return (
    <tr className="wave-head">
      <th scope="rowgroup" colSpan={5}>
        <div className="wave-line">
          <span className="strong">
            Wave <Time at={waveTime} show="minute" />
          </span>
          <span className={`wave-status wave-${wave?.status ?? 'waiting'}`}>
            {wave === null ? 'waiting' : WAVE_STATUSES[wave.status]}
          </span>
          <span className="grow" />
          {wave?.status !== 'not_found' && (
            <span className="num soft" title={`${received} signals received, ${executed} opened`}>
              {received} → <span className="strong">{executed}</span>
            </span>
          )}
        </div>
        {summary !== '' && <div className="wave-note">{summary}</div>}
      </th>
    </tr>
  );
}

function SignalRow(props: { decision: Decision; onOpen: (signalId: number) => void }) {
  const { decision } = props;
  const { signal } = decision;
  const reason = reasonText(decision);
  const open = () => props.onOpen(signal.id);
  const buy = signal.action === 'buy';
  return (
    <tr
      className={`signal fate-${decision.fate} ${reason === null ? '' : 'with-reason'}`}
      tabIndex={0}
      title="Show the whole story"
      onClick={open}
      onKeyDown={(event) => event.key === 'Enter' && open()}
    >
      <td>
        <span className="strong">{signal.symbol.split('/')[0]}</span>{' '}
        <span className="hint">{exchangeText(signal.exchange)}</span>
        {reason !== null && <div className="reason">{reason}</div>}
      </td>
      <td className={buy ? 'up' : 'down'}>{buy ? '▲ buy' : '▼ sell'}</td>
      <td className="right num soft">
        {numberText(signal.scoreWeek, 1)} + {numberText(signal.scoreMonth, 1)}
      </td>
      <td className="right num strong">{numberText(signal.scoreWeek + signal.scoreMonth, 1)}</td>
      <td className="right">
        <span className={`fate fate-word-${decision.fate}`}>{FATES[decision.fate] ?? UNKNOWN}</span>
      </td>
    </tr>
  );
}
