import { useState } from 'react';
import type { QuoteLine } from '#shared/domain/quoting';
import { checkLines, runQuoting, savePreset, stopQuoting, useQuoting } from '../../state/quoting';
import { useSettings } from '../../state/settings';
import { Panel, Skeleton, Trouble } from '../../ui/panel';
import { sentence } from '../../ui/texts.en';
import { LineForm } from './line-form';
import { QuotesTable } from './quotes-table';
import './quoting.css';

const FIRST: QuoteLine = {
  id: 'a',
  venue: 'binance_spot',
  symbol: 'ETH/USDT' as QuoteLine['symbol'],
  timeoutS: 60,
  driftBps: 10,
  amount: '0.05' as QuoteLine['amount'],
  randomPercent: 10,
  spreadBps: 20,
  sides: 'both',
};
const LETTERS = 'abcdefghijklmnopqrst';
const freshId = (lines: readonly QuoteLine[]): string =>
  [...LETTERS].find((letter) => lines.every(({ id }) => id !== letter)) ?? `l${lines.length}`;

/** Passive quoting: its lines, its presets, what stands in the book. */
export function QuotingPanel() {
  const status = useQuoting((state) => state.status);
  const trouble = useQuoting((state) => state.trouble);
  const presets = useSettings((state) => state.settings?.quotingPresets);
  const [draft, setDraft] = useState<readonly QuoteLine[] | null>(null);
  const [name, setName] = useState('');
  const [said, setSaid] = useState<string | null>(null);
  if (status === null)
    return (
      <Panel name="Quoting">
        {trouble === null ? (
          <Skeleton rows={3} />
        ) : (
          <Trouble what="The quotes could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
        )}
      </Panel>
    );
  const running = status.lines.map(({ line }) => line);
  const lines = draft ?? (status.running && running.length > 0 ? running : [FIRST]);
  const wrong = checkLines(lines);
  const change = (at: number, line: QuoteLine | null): void =>
    setDraft(
      line === null ? lines.filter((_, n) => n !== at) : lines.map((each, n) => (n === at ? line : each)),
    );
  const save = async (kept: readonly QuoteLine[] | null) =>
    setSaid(Object.values(await savePreset(name.trim(), kept === null ? null : [...kept]))[0] ?? null);
  return (
    <Panel name="Quoting">
      <div className="quoting">
        <fieldset className="quoting-lines">
          <legend className="visually-hidden">Lines</legend>
          {lines.map((line, at) => (
            <LineForm key={line.id} line={line} onChange={(next) => change(at, next)} />
          ))}
        </fieldset>
        <div className="quoting-bar">
          <button
            type="button"
            className="button"
            onClick={() => setDraft([...lines, { ...FIRST, id: freshId(lines) }])}
          >
            Add a line
          </button>
          <select
            aria-label="Preset"
            value=""
            onChange={(event) => {
              const preset = presets?.find((each) => each.name === event.target.value);
              if (!preset) return;
              setDraft(preset.lines);
              setName(preset.name);
            }}
          >
            <option value="">Load a preset …</option>
            {presets?.map((preset) => (
              <option key={preset.name}>{preset.name}</option>
            ))}
          </select>
          <input
            aria-label="Name of the preset"
            placeholder="Name"
            maxLength={40}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button
            type="button"
            className="button"
            disabled={name.trim() === '' || wrong !== null}
            onClick={() => save(lines)}
          >
            Save preset
          </button>
          <button
            type="button"
            className="button"
            disabled={!presets?.some((preset) => preset.name === name.trim())}
            onClick={() => save(null)}
          >
            Delete preset
          </button>
        </div>
        <div className="quoting-bar">
          <button
            type="button"
            className="button primary"
            disabled={wrong !== null}
            title="Quotes are limit orders that only make; they pass the same risk gate as entries"
            onClick={async () => {
              setSaid(await runQuoting(lines));
              setDraft(null);
            }}
          >
            {status.running ? 'Apply changes' : 'Start quoting'}
          </button>
          <button
            type="button"
            className="button"
            disabled={!status.running}
            onClick={async () => setSaid(await stopQuoting())}
          >
            Stop and cancel
          </button>
          <span role="status" className="soft">
            {status.running
              ? 'Quoting.'
              : status.stopped === null
                ? 'Not running.'
                : `Stopped: ${status.stopped}.`}
          </span>
        </div>
        {(wrong ?? said) !== null && (
          <p className="field-note warn" role="alert">
            {wrong ?? said}
          </p>
        )}
        <QuotesTable status={status} />
      </div>
    </Panel>
  );
}
