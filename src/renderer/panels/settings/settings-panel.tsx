import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Settings } from '#shared/domain/settings';
import { undo } from '../../app/commands';
import { checkSettings, type FieldErrors, saveSettings, useSettings } from '../../state/settings';
import { Panel, Skeleton } from '../../ui/panel';
import { tell } from '../../ui/tell';
import { type Draft, type Field, fromDraft, mergeDraft, SECTIONS, toDraft } from './form';
import { Keys } from './keys';
import { Provider } from './provider-form';
import './settings.css';

export function SettingsPanel() {
  const settings = useSettings((state) => state.settings);
  return (
    <Panel name="Settings">
      <div className="settings">
        <Provider />
        <Keys />
        {settings === null ? <Skeleton rows={8} /> : <SettingsForm settings={settings} />}
      </div>
    </Panel>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState<Draft>(() => toDraft(settings));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const saved = toDraft(settings);
  const changed = Object.keys(draft).filter((path) => draft[path] !== saved[path]);

  // Settings that change elsewhere (another window, undo) come through; what is being typed stays.
  const base = useRef(saved);
  useEffect(() => {
    const [before, after] = [base.current, toDraft(settings)];
    base.current = after;
    setDraft((draft) => mergeDraft(draft, before, after));
  }, [settings]);

  const set = (path: string, value: string | boolean) => {
    const next = { ...draft, [path]: value };
    setDraft(next);
    // A message goes as soon as its field is right; a new one waits for Save.
    if (errors[path] !== undefined) setErrors(checkSettings(fromDraft(next, settings)).errors);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const checked = checkSettings(fromDraft(draft, settings));
    setErrors(checked.errors);
    if (checked.settings === null) return;
    setBusy(true);
    const refused = await saveSettings(checked.settings, 'Settings change');
    setBusy(false);
    setErrors(refused);
    if (Object.keys(refused).length > 0) return;
    setDraft(toDraft(checked.settings));
    tell(
      <>
        Settings saved.{' '}
        <button type="button" className="button" onClick={undo}>
          Undo
        </button>
      </>,
    );
  };
  const count = Object.keys(errors).length;
  return (
    <form className="settings-form" onSubmit={save} noValidate aria-label="Settings form">
      {SECTIONS.map((section) => (
        <fieldset key={section.title} className="settings-section">
          <legend>{section.title}</legend>
          {section.fields.map((field) => (
            <Box
              key={field.path}
              field={field}
              value={draft[field.path] ?? ''}
              error={errorOf(errors, field.path)}
              onChange={(value) => set(field.path, value)}
            />
          ))}
        </fieldset>
      ))}
      <div className="settings-save">
        <span className={count > 0 ? 'warn' : 'hint'} role="status">
          {errors[''] ?? (count > 0 ? 'Nothing was saved. See the fields above.' : unsaved(changed.length))}
        </span>
        <span className="grow" />
        <button
          type="button"
          className="button"
          disabled={changed.length === 0}
          onClick={() => {
            setDraft(saved);
            setErrors({});
          }}
        >
          Discard
        </button>
        <button type="submit" className="button primary" disabled={busy || changed.length === 0}>
          Save
        </button>
      </div>
    </form>
  );
}

const unsaved = (count: number): string =>
  count === 0 ? 'All saved.' : `${count} ${count === 1 ? 'change' : 'changes'} not saved.`;

/** Messages of list items ("waveCheckMinutes.2") belong to the list's box. */
const errorOf = (errors: FieldErrors, path: string): string | undefined =>
  errors[path] ?? Object.entries(errors).find(([key]) => key.startsWith(`${path}.`))?.[1];

function Box(props: {
  field: Field;
  value: string | boolean;
  error: string | undefined;
  onChange: (value: string | boolean) => void;
}) {
  const { field, error } = props;
  const id = `settings-${field.path}`;
  const describedBy =
    error !== undefined ? `${id}-error` : field.hint !== undefined ? `${id}-hint` : undefined;
  const wide = ['list', 'ids', 'text', 'minutes'].includes(field.kind);
  return (
    <div className={`field ${wide ? 'field-wide' : ''}`}>
      <label htmlFor={id}>
        {field.label}
        {field.unit !== undefined && <span className="unit">{field.unit}</span>}
      </label>
      {field.kind === 'switch' ? (
        <input
          id={id}
          type="checkbox"
          checked={props.value === true}
          onChange={(event) => props.onChange(event.target.checked)}
        />
      ) : field.kind === 'choice' ? (
        <select
          id={id}
          className="input"
          value={String(props.value)}
          onChange={(event) => props.onChange(event.target.value)}
        >
          {(field.options ?? []).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className={`input ${wide ? '' : 'num right'}`}
          value={String(props.value)}
          inputMode={field.kind === 'count' ? 'numeric' : field.kind === 'text' || wide ? 'text' : 'decimal'}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={error !== undefined}
          aria-describedby={describedBy}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
      {error !== undefined ? (
        <p id={`${id}-error`} className="field-note warn">
          {error}
        </p>
      ) : (
        field.hint !== undefined && (
          <p id={`${id}-hint`} className="field-note hint">
            {field.hint}
          </p>
        )
      )}
    </div>
  );
}
