import { useMemo, useState } from 'react';
import type { Decision } from '#shared/domain/decision';
import { useDesk } from '../../state/desk';
import { useDecisions, useWaves } from '../../state/lists';
import { useScreen } from '../../state/screen';
import { useSettings } from '../../state/settings';
import { minuteText, numberText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { reasonText } from '../../ui/reasons.en';
import { exchangeText, FATES, sentence, WAVE_STATUSES, waveSummary } from '../../ui/texts.en';
import { Time } from '../../ui/value';
import { groupByWave, type WaveGroup } from './group';
import { ProviderBar } from './provider-bar';
import { Story } from './story';
import './signals.css';

export function SignalsPanel() {
  const waves = useWaves((list) => list.rows);
  const decisions = useDecisions((list) => list.rows);
  const trouble = useWaves((list) => list.trouble);
  const [open, setOpen] = useState<number | null>(null);
  const groups = useMemo(
    () => groupByWave(waves?.values() ?? [], decisions?.values() ?? []),
    [waves, decisions],
  );
  const opened = open === null ? undefined : decisions?.get(String(open));

  return (
    <Panel name="Signals" bar={<ProviderBar />}>
      {opened !== undefined ? (
        <Story signalId={opened.signal.id} decision={opened} back="Waves" onBack={() => setOpen(null)} />
      ) : waves === null || decisions === null ? (
        trouble === null ? (
          <Skeleton rows={9} />
        ) : (
          <Trouble what="The waves could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
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
  return (
    <Empty title="No waves yet." hint={`${next}${url === undefined ? '' : ` Signals come from ${url}.`}`} />
  );
}

/** One table; each wave is a row group with a heading row. The reason is a cell of its row, on a line of its own. */
function WaveTable(props: { groups: readonly WaveGroup[]; onOpen: (signalId: number) => void }) {
  return (
    <div className="waves">
      {/* biome-ignore-start lint/a11y/useSemanticElements: a <tr> cannot put one of its cells on a second line */}
      {/* biome-ignore-start lint/a11y/useFocusableInteractive: headers do nothing, rows take the focus themselves */}
      <div role="table" aria-label="Signals by wave" className="wave-table">
        <div role="rowgroup" className="wave-columns">
          <div role="row" className="signal-grid">
            <div role="columnheader">Symbol</div>
            <div role="columnheader">Side</div>
            <div role="columnheader" className="right" title="Score of the week and of the month">
              Week + month
            </div>
            <div role="columnheader" className="right" title="Their sum: the best are opened first">
              Score
            </div>
            <div role="columnheader" className="right">
              Fate
            </div>
            <div role="columnheader" className="visually-hidden">
              Why
            </div>
          </div>
        </div>
        {props.groups.map((group) => (
          <div role="rowgroup" key={group.waveTime}>
            <WaveHead {...group} />
            {group.decisions.map((decision) => (
              <SignalRow key={decision.signal.id} decision={decision} onOpen={props.onOpen} />
            ))}
          </div>
        ))}
      </div>
      {/* biome-ignore-end lint/a11y/useFocusableInteractive: see above */}
      {/* biome-ignore-end lint/a11y/useSemanticElements: see above */}
    </div>
  );
}

function WaveHead({ waveTime, wave, decisions }: WaveGroup) {
  const executed = decisions.filter((decision) => decision.fate === 'executed').length;
  const received = wave?.signalCount ?? decisions.length;
  const summary = wave === null ? 'Received; not decided yet.' : waveSummary(wave);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see WaveTable
    // biome-ignore lint/a11y/useFocusableInteractive: nothing to do on it
    <div role="row" className="wave-head">
      {/* biome-ignore lint/a11y/useSemanticElements: see WaveTable */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to do on it */}
      <div role="rowheader" aria-colspan={6}>
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
      </div>
    </div>
  );
}

function SignalRow(props: { decision: Decision; onOpen: (signalId: number) => void }) {
  const { decision } = props;
  const { signal } = decision;
  const reason = reasonText(decision);
  const open = () => props.onOpen(signal.id);
  const buy = signal.action === 'buy';
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: see WaveTable
    <div
      role="row"
      className="signal signal-grid"
      tabIndex={0}
      title="Show the whole story"
      onClick={open}
      onKeyDown={(event) => event.key === 'Enter' && open()}
    >
      <div role="cell">
        <span className="strong">{signal.symbol.split('/')[0]}</span>{' '}
        <span className="hint">{exchangeText(signal.exchange)}</span>
      </div>
      <div role="cell" className={buy ? 'up' : 'down'}>
        {buy ? '▲ buy' : '▼ sell'}
      </div>
      <div role="cell" className="right num soft">
        {numberText(signal.scoreWeek, 1)} + {numberText(signal.scoreMonth, 1)}
      </div>
      <div role="cell" className="right num strong">
        {numberText(signal.scoreWeek + signal.scoreMonth, 1)}
      </div>
      <div role="cell" className={`right fate fate-word-${decision.fate}`}>
        {FATES[decision.fate]}
      </div>
      {reason !== null && (
        <div role="cell" className="reason">
          {reason}
        </div>
      )}
    </div>
    // biome-ignore-end lint/a11y/useSemanticElements: see WaveTable
  );
}
