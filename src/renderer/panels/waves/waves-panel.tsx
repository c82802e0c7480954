import { useMemo } from 'react';
import type { Decimal } from '#shared/domain/basics';
import { cmp } from '#shared/domain/decimal';
import type { WaveResult } from '#shared/domain/decision';
import type { Position } from '#shared/domain/position';
import { pauseWave } from '../../state/actions';
import { useDesk } from '../../state/desk';
import { marketId, useDecisions, useOrders, usePositions, useQuotes, useWaves } from '../../state/lists';
import { useScreen } from '../../state/screen';
import { useSettings } from '../../state/settings';
import { decimalText, minuteText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { isPaper, PaperWord } from '../../ui/paper';
import { REASON_NAMES } from '../../ui/reason-names.en';
import { tellFailure } from '../../ui/tell';
import { POSITION_STATUSES, sentence, venueText } from '../../ui/texts.en';
import { Signed, Time } from '../../ui/value';
import { isLookedFor, sourcesText, waveWord } from '../../ui/waves.en';
import { PnlCell, ProtectedBy, SymbolCell, useDigits } from '../positions/cells';
import { markOf, netResult } from '../positions/figures';
import { groupByWave, type WaveGroup } from '../signals/group';
import { FlattenButton } from './flatten';
import { isOverBudget, positionsOf, type WaveMoney, waveBudget, waveCounts, waveMoney } from './sums';
import './waves.css';

/** Each wave as one thing: what it brought, what was made of it, what it cost and what it earns now. */
export function WavesPanel() {
  const waves = useWaves((list) => list.rows);
  const decisions = useDecisions((list) => list.rows);
  const wavesTrouble = useWaves((list) => list.trouble);
  const decisionsTrouble = useDecisions((list) => list.trouble);
  const trouble = wavesTrouble ?? decisionsTrouble;
  const groups = useMemo(
    () => (waves === null || decisions === null ? null : groupByWave(waves.values(), decisions.values())),
    [waves, decisions],
  );
  return (
    <Panel name="Waves">
      {groups === null ? (
        trouble === null ? (
          <Skeleton rows={8} />
        ) : (
          <Trouble what="The waves could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
        )
      ) : groups.length === 0 ? (
        <NoWaves />
      ) : (
        <ol className="wave-list" aria-label="Waves, newest first">
          {groups.map((group) => (
            <WaveCard key={group.waveTime} {...group} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function NoWaves() {
  const next = useDesk((desk) => desk.status?.nextWaveCheckAt ?? null);
  const zone = useScreen((screen) => screen.zone);
  return (
    <Empty
      title="No waves yet."
      hint={
        next === null
          ? 'The time of the next one is not known yet.'
          : `Wavedesk looks for the next one at ${minuteText(next, zone)} market time.`
      }
    />
  );
}

function WaveCard({ waveTime, wave, decisions }: WaveGroup) {
  const rows = usePositions((list) => list.rows);
  const positions = useMemo(() => positionsOf(rows?.values() ?? [], waveTime), [rows, waveTime]);
  const counts = waveCounts(wave, decisions);
  const { word, means } = waveWord(wave);
  const bare = wave?.status === 'not_found';
  const paused = wave?.paused === true;
  const pausable = paused || counts.waiting > 0 || wave?.status === 'processing';
  return (
    <li
      className={`wave-card ${bare ? 'wave-bare' : ''}`}
      aria-label={`Wave ${new Date(waveTime).toISOString()}`}
    >
      <div className="wave-card-head">
        <span className="strong">
          Wave <Time at={waveTime} show="minute" />
        </span>
        <span
          className={`wave-status wave-${wave?.status ?? 'waiting'} ${paused ? 'warn' : ''}`}
          title={means}
        >
          {word}
        </span>
        <span className="grow" />
        {pausable && (
          <button
            type="button"
            className="button"
            title={
              paused
                ? 'Signals of this wave that still wait are decided again'
                : 'Signals of this wave that still wait are not opened. What is open stays open, with its stop.'
            }
            onClick={async () => {
              const why = await pauseWave(waveTime, !paused);
              if (why !== null)
                tellFailure(paused ? 'The wave does not go on' : 'The wave was not paused', why);
            }}
          >
            {paused ? 'Go on' : 'Pause the rest'}
          </button>
        )}
        <FlattenButton waveTime={waveTime} positions={positions} />
      </div>
      {bare || (wave !== null && isLookedFor(wave) && decisions.length === 0) ? (
        <p className="hint wave-line-note">{sentence(wave.note ?? means)}</p>
      ) : (
        <>
          <div className="wave-sums">
            <Counts {...counts} />
            <Money positions={positions} target={counts.target} executed={counts.executed} />
          </div>
          {counts.byReason.length > 0 && (
            <p className="soft wave-line-note">
              {counts.byReason.map(([reason, count]) => `${REASON_NAMES[reason]}\u00a0${count}`).join(' · ')}
            </p>
          )}
          {wave !== null && <Sources results={wave.results} />}
          {positions.length > 0 && <WavePositions positions={positions} />}
          {wave?.note != null && <p className="hint wave-line-note">{sentence(wave.note)}</p>}
        </>
      )}
    </li>
  );
}

function Counts(counts: ReturnType<typeof waveCounts>) {
  return (
    <dl className="wave-figures">
      <Figure name="Received" value={String(counts.received)} />
      <Figure name="Filtered" value={String(counts.filtered)} />
      <Figure
        name="Opened"
        value={counts.target === 0 ? String(counts.executed) : `${counts.executed} of ${counts.target}`}
        title="Positions opened, of the most that this wave may open"
      />
      <Figure name="Failed" value={String(counts.failed)} loud={counts.failed > 0} />
    </dl>
  );
}

const Figure = (props: { name: string; value: React.ReactNode; title?: string; loud?: boolean }) => (
  <div title={props.title}>
    <dt>{props.name}</dt>
    <dd className={`num ${props.loud ? 'warn' : ''}`}>{props.value}</dd>
  </div>
);

/** Budget and result, ticking with the prices. Paper and real money each have a line of their own. */
function Money(props: { positions: readonly Position[]; target: number; executed: number }) {
  const { positions, target } = props;
  const size = useSettings((state) => state.settings?.positionSizeUsd);
  const orders = useOrders((list) => list.rows);
  const quotes = useQuotes((list) => list.rows);
  const mine = useMemo(() => {
    const ids = new Set<string>(positions.map((row) => row.id));
    return [...(orders?.values() ?? [])].filter((row) => ids.has(row.positionId));
  }, [orders, positions]);
  const rows = waveMoney(positions, mine, (row) => markOf(quotes?.get(marketId(row))));
  const budget = waveBudget(target, size);
  const opened = positions.filter((row) => row.entryPrice !== null).length;
  return (
    <div>
      {rows.map((row, index) => (
        <MoneyLine
          key={`${row.paper}${row.quote}`}
          row={row}
          budget={rows.length === 1 ? budget : null}
          named={index === 0 || row.paper}
        />
      ))}
      {opened < props.executed && (
        <p className="hint wave-line-note">
          {opened} of {props.executed} positions are still listed here; the sums are of those. See Ledger and
          History for the rest.
        </p>
      )}
    </div>
  );
}

/** `named`: the line says what its figures are; the ones of further currencies stand below it without. */
function MoneyLine(props: { row: WaveMoney; budget: Decimal | null; named: boolean }) {
  const { row, budget } = props;
  const name = props.named ? undefined : 'visually-hidden';
  return (
    <dl className="wave-figures wave-money">
      <div title="What the entries cost, of positions per wave times position size as set now">
        <dt className={name}>
          Budget used <PaperWord venue={row.paper ? '_paper' : null} />
        </dt>
        <dd className="num">
          <span className={isOverBudget(row.used, budget) ? 'warn' : undefined}>
            {decimalText(row.used, 2)}
          </span>
          {budget !== null && <span className="soft"> of {decimalText(budget, 0)}</span>}
          <span className="unit">{row.quote}</span>
        </dd>
      </div>
      <div title="Realised after fees, plus open positions at the mark price">
        <dt className={name}>Result now</dt>
        <dd>
          <Signed value={row.total} places={2} unit={row.quote} />
          <div className="hint num wave-parts">
            realised <Signed value={row.realised} places={2} />, open{' '}
            <Signed value={row.unrealised} places={2} />
          </div>
        </dd>
      </div>
    </dl>
  );
}

function Sources({ results }: { results: Readonly<Record<string, WaveResult>> }) {
  const parts = sourcesText(results);
  return parts.length === 0 ? null : <p className="hint wave-line-note">{parts.join(' · ')}</p>;
}

function WavePositions({ positions }: { positions: readonly Position[] }) {
  return (
    <table className="wave-positions" aria-label="Positions of this wave">
      <colgroup>
        <col style={{ width: '24%' }} />
        <col style={{ width: 18 }} />
        <col style={{ width: '41%' }} />
        <col />
      </colgroup>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Symbol</th>
          <th scope="col">Side</th>
          <th scope="col">Result</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {positions.map((position) => (
          <tr key={position.id}>
            <td>
              <SymbolCell position={position} />
            </td>
            <td className={position.side === 'long' ? 'up' : 'down'}>
              {position.side === 'long' ? '▲' : '▼'}
            </td>
            <td className="right">
              {cmp(position.amount, '0' as Decimal) > 0 ? (
                <PnlCell position={position} />
              ) : (
                <Signed value={position.entryPrice === null ? null : netResult(position).net} places={2} />
              )}
            </td>
            <td className="wave-position-state">
              <WaveState position={position} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** In a narrow column: the stop that the exchange holds, or how it ended. */
function WaveState({ position }: { position: Position }) {
  const { price } = useDigits(position);
  const { stop, status } = position;
  const held = cmp(position.amount, '0' as Decimal) > 0;
  if (stop === null && held) return <ProtectedBy position={position} />;
  if (stop !== null && status === 'active')
    return (
      <span
        className={isPaper(position.venue) ? 'soft' : undefined}
        title={`On ${venueText(position.venue)}`}
      >
        Stop <span className="num">{decimalText(stop.price, price)}</span>
      </span>
    );
  return (
    <span className="soft" title={position.note ?? undefined}>
      {POSITION_STATUSES[status]}
    </span>
  );
}
