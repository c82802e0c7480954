import { useEffect, useMemo, useRef, useState } from 'react';
import type { ParamsRow, WhatIf } from '#shared/contract/params';
import { useClocks } from '../../state/clock';
import { whyRefused } from '../../state/keys';
import { runWhatIf } from '../../state/params-time';
import { directionOf, numberText, signedNumberText } from '../../ui/format';
import { LineChart, type LineOf } from '../../ui/line-chart';
import { Empty, Skeleton } from '../../ui/panel';
import { plural, sentence } from '../../ui/texts.en';
import { Time } from '../../ui/value';
import { useVersions } from './use-versions';

const HOUR = 3_600_000;
const SPANS = [
  { hours: 6, text: 'the last 6 hours' },
  { hours: 24, text: 'the last day' },
  { hours: 168, text: 'the last week' },
  { hours: 720, text: 'the last 30 days' },
] as const;

type Run =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly part: number }
  | { readonly kind: 'done'; readonly result: WhatIf; readonly version: number }
  | { readonly kind: 'failed'; readonly why: string };

/** "What would last week have been under this set?": the stored waves again, through the same engine. */
export function WhatIfView({ row }: { row: ParamsRow }) {
  const { versions, trouble } = useVersions(row);
  const clocks = useClocks();
  const [hours, setHours] = useState<number>(168);
  const [version, setVersion] = useState<number | null>(null);
  const [run, setRun] = useState<Run>({ kind: 'idle' });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  if (versions === null)
    return trouble === null ? <Skeleton rows={4} /> : <p className="warn params-note">{trouble}</p>;
  if (versions.length === 0)
    return (
      <Empty title="No versions yet." hint="With the first version there is a set to try on the past." />
    );
  const chosen = version ?? versions[1]?.version ?? versions[0]?.version ?? 1;

  const start = async () => {
    if (clocks === null) return;
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setRun({ kind: 'running', part: 0 });
    const to = Math.floor(clocks.market);
    try {
      const result = await runWhatIf(
        { exchange: row.effective.exchange, version: chosen, from: to - hours * HOUR, to },
        (part) => abort.current === own && setRun({ kind: 'running', part }),
        own.signal,
      );
      if (abort.current !== own) return;
      setRun(
        result === null
          ? { kind: 'failed', why: 'It ended without a result.' }
          : { kind: 'done', result, version: chosen },
      );
    } catch (error) {
      if (abort.current === own) setRun({ kind: 'failed', why: whyRefused(error) });
    }
  };
  const cancel = () => {
    abort.current?.abort();
    abort.current = null;
    setRun({ kind: 'idle' });
  };
  return (
    <div className="what-if">
      <div className="what-if-ask">
        <span>What would</span>
        <select
          className="input"
          aria-label="Span"
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          {SPANS.map((span) => (
            <option key={span.hours} value={span.hours}>
              {span.text}
            </option>
          ))}
        </select>
        <span>have been under</span>
        <select
          className="input"
          aria-label="Version to try"
          value={chosen}
          onChange={(event) => setVersion(Number(event.target.value))}
        >
          {versions.map((one, index) => (
            <option key={one.version} value={one.version}>
              v{one.version}
              {index === 0 ? ' (now)' : ''}
            </option>
          ))}
        </select>
        {run.kind === 'running' ? (
          <button type="button" className="button" onClick={cancel}>
            Cancel
          </button>
        ) : (
          <button type="button" className="button primary" disabled={clocks === null} onClick={start}>
            Run
          </button>
        )}
      </div>
      {run.kind === 'idle' && (
        <p className="hint params-note">
          The stored waves of that time run again through the same engine, on stored prices. Nothing is
          ordered.
        </p>
      )}
      {run.kind === 'running' && <Progress part={run.part} />}
      {run.kind === 'failed' && (
        <p className="warn params-note" role="alert">
          Not answered: {sentence(run.why)}
        </p>
      )}
      {run.kind === 'done' && <Result result={run.result} version={run.version} />}
    </div>
  );
}

function Progress({ part }: { part: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, part)) * 100);
  return (
    <div className="what-if-progress">
      <progress value={percent} max={100} aria-label="Running the waves again" />
      <span className="num soft">{percent} %</span>
    </div>
  );
}

function Result({ result, version }: { result: WhatIf; version: number }) {
  const lines = useMemo<readonly LineOf[]>(
    () => [
      { name: 'as it was', colour: '--text-2', points: pointsOf(result.actual.curve) },
      { name: `under v${version}`, colour: '--accent', points: pointsOf(result.other.curve) },
    ],
    [result, version],
  );
  return (
    <>
      <table className="params-table comparison" aria-label="Comparison">
        <thead>
          <tr>
            <th scope="col">
              {plural(result.waves, 'wave')} since <Time at={result.from} show="moment" /> market
            </th>
            <th scope="col" className="right">
              Trades
            </th>
            <th scope="col" className="right">
              Profit<span className="unit">USD</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Side name="As it was" of={result.actual} />
          <Side name={`Under version ${version}`} of={result.other} />
        </tbody>
      </table>
      {lines.some((line) => line.points.length > 1) ? (
        <LineChart label="Equity, market time, USD" lines={lines} height={150} />
      ) : (
        <p className="hint params-note">No curve: there were no trades in that time.</p>
      )}
      {result.notes.length > 0 && (
        <ul className="what-if-notes hint">
          {result.notes.map((note) => (
            <li key={note}>{sentence(note)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Side({ name, of }: { name: string; of: WhatIf['actual'] }) {
  const profit = signedNumberText(of.profitUsd, 2);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="right num">{numberText(of.trades, 0)}</td>
      <td className={`right num strong ${directionOf(profit)}`}>{profit}</td>
    </tr>
  );
}

const pointsOf = (curve: WhatIf['actual']['curve']): LineOf['points'] =>
  curve.map((point) => ({ at: point.at, value: point.equity }));
