import { type FormEvent, useState } from 'react';
import type { ParamsRow } from '#shared/contract/params';
import type { ParamValues } from '#shared/domain/params';
import { PARAM_NAMES as NAMES, type ParamName } from '#shared/domain/signal';
import { undo } from '../../app/commands';
import { lockParam } from '../../state/params-time';
import { paramText, paramWithUnit } from '../../ui/params.en';
import { tell } from '../../ui/tell';
import { exchangeText, ORIGINS, PARAM_NAMES } from '../../ui/texts.en';
import { Age, Time } from '../../ui/value';

/** The values that hold now, each with its origin and its lock. */
export function ExchangeParams({ row }: { row: ParamsRow }) {
  const name = exchangeText(row.effective.exchange);
  const version = row.effective.version ?? row.stored?.version;
  return (
    <table className="params-table" aria-label={`Params of ${name}`}>
      <thead>
        <tr>
          <th scope="col">
            {name}
            {version !== undefined && <span className="unit">v{version}</span>}
          </th>
          <th scope="col" className="right">
            Value
          </th>
          <th scope="col">Comes from</th>
          <th scope="col">
            <span className="visually-hidden">Lock</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {NAMES.map((param) => (
          <ParamRow key={param} param={param} row={row} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={4}>
            {row.updatedAt === null ? (
              'Nothing has changed them yet.'
            ) : (
              <>
                Changed <Age at={row.updatedAt} clock="wall" ago />
                {row.waveTime !== null && (
                  <>
                    . Values by the wave of <Time at={row.waveTime} show="minute" />
                    {row.signalId === null ? '' : `, signal ${row.signalId}`}
                  </>
                )}
              </>
            )}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function ParamRow({ param, row }: { param: ParamName; row: ParamsRow }) {
  const { values, origins, exchange } = row.effective;
  const [editing, setEditing] = useState(false);
  const origin = ORIGINS[origins[param]];
  const { name, unit, means } = PARAM_NAMES[param];
  const lock = row.stored?.locks[param] ?? null;
  const locked = lock !== null || origins[param] === 'lock';

  const change = async (value: ParamValues[ParamName] | null): Promise<string | null> => {
    const label = value === null ? `Unlock of ${name.toLowerCase()}` : `Lock of ${name.toLowerCase()}`;
    const why = await lockParam(exchange, param, value, lock, label);
    if (why !== null) return why;
    setEditing(false);
    tell(
      <>
        {value === null
          ? `${name} is unlocked: waves set it again.`
          : `${name} is locked at ${paramWithUnit(param, value)}.`}{' '}
        Open positions keep theirs.{' '}
        <button type="button" className="button" onClick={undo}>
          Undo
        </button>
      </>,
    );
    return null;
  };
  return (
    <tr>
      <th scope="row" title={means}>
        {name}
        {unit !== '' && <span className="unit">{unit}</span>}
      </th>
      {editing ? (
        <td colSpan={3}>
          <LockForm
            param={param}
            start={String(values[param])}
            locked={locked}
            onLock={change}
            onCancel={() => setEditing(false)}
          />
        </td>
      ) : (
        <>
          <td className="right num strong">{paramText(param, values[param])}</td>
          <td className={`origin ${locked ? 'origin-lock' : 'soft'}`} title={origin.means}>
            {origin.word}
          </td>
          <td className="right params-lock">
            <button
              type="button"
              className="button quiet"
              aria-label={locked ? `Change the lock of ${name}` : `Lock ${name}`}
              title="Your value wins over every wave until you unlock it"
              onClick={() => setEditing(true)}
            >
              {locked ? 'Edit' : 'Lock'}
            </button>
          </td>
        </>
      )}
    </tr>
  );
}

/** What was typed as the contract wants it; null when it is no number. A decimal comma is a point. */
export function typedValue(param: ParamName, text: string): ParamValues[ParamName] | null {
  const plain = text.trim().replace(',', '.');
  if (param === 'maxTrades') return /^\d{1,3}$/.test(plain) ? Number(plain) : null;
  return /^\d+(\.\d{1,4})?$/.test(plain) ? (plain as ParamValues[ParamName]) : null;
}

function LockForm(props: {
  param: ParamName;
  start: string;
  locked: boolean;
  /** Null unlocks. */
  onLock: (value: ParamValues[ParamName] | null) => Promise<string | null>;
  onCancel: () => void;
}) {
  const [text, setText] = useState(props.start);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { name, unit } = PARAM_NAMES[props.param];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const value = typedValue(props.param, text);
    if (value === null)
      return setTrouble(
        props.param === 'maxTrades' ? 'A whole number from 1 to 100.' : 'A percentage, like 2.5.',
      );
    setBusy(true);
    const why = await props.onLock(value);
    setBusy(false);
    setTrouble(why);
  };
  return (
    <form className="lock-form" onSubmit={submit} noValidate>
      <input
        className="input num right"
        aria-label={`Lock ${name} at`}
        aria-invalid={trouble !== null}
        // biome-ignore lint/a11y/noAutofocus: it appears where the trader just pressed
        autoFocus
        value={text}
        inputMode="decimal"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && props.onCancel()}
        onFocus={(event) => event.target.select()}
      />
      <span className="hint">{unit}</span>
      <button type="submit" className="button primary" disabled={busy}>
        Lock
      </button>
      {props.locked && (
        <button
          type="button"
          className="button"
          aria-label={`Unlock ${name}`}
          title="Waves set it again"
          onClick={async () => setTrouble(await props.onLock(null))}
        >
          Unlock
        </button>
      )}
      <button type="button" className="button quiet" onClick={props.onCancel}>
        Cancel
      </button>
      {trouble !== null && (
        <span className="warn" role="alert">
          {trouble}
        </span>
      )}
    </form>
  );
}
