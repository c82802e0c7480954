import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ProviderStatus } from '#shared/contract/signals';
import { ProviderMode } from '#shared/domain/provider';
import { PARAM_NAMES as NAMES, type ParamName } from '#shared/domain/signal';
import { undo } from '../../app/commands';
import { saveProvider, useProvider } from '../../state/provider';
import type { FieldErrors } from '../../state/settings';
import { Choice } from '../../ui/choice';
import { Skeleton } from '../../ui/panel';
import { PROVIDER_MODES, providerState } from '../../ui/provider.en';
import { tell } from '../../ui/tell';
import { PARAM_NAMES } from '../../ui/texts.en';
import { fromProviderDraft, type ProviderDraft, toProviderDraft } from './provider-draft';

/** How the provider of the signals is followed: what its signals may do, and whose values win. */
export function Provider() {
  const status = useProvider((state) => state.status);
  return (
    <div className="settings-section" id="provider">
      <h3>Signal provider</h3>
      {status === null ? <Skeleton rows={3} /> : <ProviderForm key={status.id} status={status} />}
    </div>
  );
}

function ProviderForm({ status }: { status: ProviderStatus }) {
  const saved = toProviderDraft(status.settings);
  const savedText = JSON.stringify(saved);
  const [draft, setDraft] = useState<ProviderDraft>(saved);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(draft) !== savedText;

  // What changes elsewhere comes through while nothing is being typed here.
  const base = useRef(savedText);
  useEffect(() => {
    const before = base.current;
    base.current = savedText;
    setDraft((draft) => (JSON.stringify(draft) === before ? JSON.parse(savedText) : draft));
  }, [savedText]);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const checked = fromProviderDraft(draft);
    setErrors(checked.errors);
    if (checked.settings === null) return;
    setBusy(true);
    const refused = await saveProvider(status.id, checked.settings);
    setBusy(false);
    setErrors(refused);
    if (Object.keys(refused).length > 0) return;
    setDraft(toProviderDraft(checked.settings));
    tell(
      <>
        {status.name}: {PROVIDER_MODES[checked.settings.mode].word.toLowerCase()}.{' '}
        <button type="button" className="button" onClick={undo}>
          Undo
        </button>
      </>,
    );
  };
  const number = (
    name: 'approveWithinSeconds' | 'maxAgeMinutes',
    label: string,
    unit: string,
    hint: string,
  ) => (
    <div className="field">
      <label htmlFor={`provider-${name}`}>
        {label}
        <span className="unit">{unit}</span>
      </label>
      <input
        id={`provider-${name}`}
        className="input num right"
        inputMode="numeric"
        autoComplete="off"
        aria-invalid={errors[name] !== undefined}
        value={draft[name]}
        onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
      />
      <p className={`field-note ${errors[name] === undefined ? 'hint' : 'warn'}`}>{errors[name] ?? hint}</p>
    </div>
  );
  return (
    <form onSubmit={save} noValidate aria-label="Provider form">
      <p className="soft">
        {status.name} <span className="hint">({providerState(status.state)})</span>
      </p>
      <div className="provider-modes">
        <Choice<ProviderMode>
          label="What its signals may do"
          value={draft.mode}
          onChange={(mode) => setDraft({ ...draft, mode })}
          options={ProviderMode.options.map((mode) => ({ value: mode, text: PROVIDER_MODES[mode].word }))}
        />
      </div>
      <p
        className={draft.mode === 'auto' || draft.mode === 'approve' ? undefined : 'soft'}
        aria-live="polite"
      >
        {PROVIDER_MODES[draft.mode].means}
      </p>
      {number(
        'maxAgeMinutes',
        'Too old after',
        'min',
        'After its candle closed, market time. Never traded late.',
      )}
      {number('approveWithinSeconds', 'Answer within', 's', 'Only when each is approved. Silence is a no.')}
      <table className="params-table layer-table" aria-label="Layers of params">
        <thead>
          <tr>
            <th scope="col">Values</th>
            <th scope="col" className="right" title="Used where a signal says nothing">
              Provider
            </th>
            <th scope="col" className="right">
              Mine
            </th>
          </tr>
        </thead>
        <tbody>
          {NAMES.map((name) => (
            <LayerRow key={name} name={name} draft={draft} errors={errors} onChange={setDraft} />
          ))}
        </tbody>
      </table>
      <div className="field">
        <label htmlFor="provider-missing">Use mine only if missing</label>
        <input
          id="provider-missing"
          type="checkbox"
          checked={draft.mineOnlyIfMissing}
          onChange={(event) => setDraft({ ...draft, mineOnlyIfMissing: event.target.checked })}
        />
        <p className="field-note hint">
          {draft.mineOnlyIfMissing
            ? 'Yours fill what neither the signal nor the provider layer says. Empty boxes say nothing.'
            : 'Yours win over the signal and the provider layer. Empty boxes say nothing.'}
        </p>
      </div>
      <div className="ticket-buttons">
        <span className={Object.keys(errors).length > 0 ? 'warn' : 'hint'} role="status">
          {errors[''] ??
            (Object.keys(errors).length > 0 ? 'Nothing was saved.' : changed ? 'Not saved.' : '')}
        </span>
        <button
          type="button"
          className="button"
          disabled={!changed}
          onClick={() => {
            setDraft(saved);
            setErrors({});
          }}
        >
          Discard
        </button>
        <button type="submit" className="button primary" disabled={!changed || busy}>
          Save provider
        </button>
      </div>
    </form>
  );
}

function LayerRow(props: {
  name: ParamName;
  draft: ProviderDraft;
  errors: FieldErrors;
  onChange: (draft: ProviderDraft) => void;
}) {
  const { name, draft, errors } = props;
  const { name: words, unit, means } = PARAM_NAMES[name];
  return (
    <tr>
      <th scope="row" title={means}>
        {words}
        {unit !== '' && <span className="unit">{unit}</span>}
      </th>
      {(['provider', 'mine'] as const).map((layer) => (
        <td key={layer} className="right">
          <input
            className="input num right"
            aria-label={`${words}, ${layer === 'mine' ? 'mine' : 'of the provider'}`}
            aria-invalid={errors[`${layer}.${name}`] !== undefined}
            title={errors[`${layer}.${name}`]}
            placeholder="–"
            inputMode="decimal"
            autoComplete="off"
            value={draft[layer][name]}
            onChange={(event) =>
              props.onChange({ ...draft, [layer]: { ...draft[layer], [name]: event.target.value } })
            }
          />
        </td>
      ))}
    </tr>
  );
}
