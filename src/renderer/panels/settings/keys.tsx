import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { VaultStatus } from '#shared/contract/keys';
import { Mode, PUBLIC_ONLY } from '#shared/domain/exchange';
import { useDesk } from '../../state/desk';
import { closeKeyForm, useKeyForm } from '../../state/key-form';
import { removeKey, storeKey, unlockVault, useVault } from '../../state/keys';
import { HoldButton } from '../../ui/hold-button';
import { Skeleton } from '../../ui/panel';
import { tell, tellFailure } from '../../ui/tell';
import { keyPartsOf, MODES, venueText } from '../../ui/texts.en';
import { Time } from '../../ui/value';

const nameText = (name: string): string => (name === 'signals' ? 'Signal server' : venueText(name));

/** Keys per exchange: they go in and never come out; only the last four characters are shown. */
export function Keys() {
  const vault = useVault((state) => state.vault);
  const [adding, setAdding] = useState(false);
  const wanted = useKeyForm((state) => state.wanted);
  const section = useRef<HTMLDivElement>(null);
  // Another panel asks for a key: the form comes into sight with that account chosen.
  useEffect(() => {
    if (wanted !== null) section.current?.scrollIntoView({ block: 'start' });
  }, [wanted]);
  const done = () => {
    setAdding(false);
    closeKeyForm();
  };
  return (
    <div className="settings-section" ref={section}>
      <h3>Keys</h3>
      {vault === null ? <Skeleton rows={2} /> : <Vault vault={vault} />}
      {vault !== null &&
        !vault.locked &&
        (adding || wanted !== null ? (
          <KeyForm key={wanted} wanted={wanted} onDone={done} />
        ) : (
          <button type="button" className="button" onClick={() => setAdding(true)}>
            Add or replace a key
          </button>
        ))}
    </div>
  );
}

const DRIVERS: Record<VaultStatus['driver'], string> = {
  keychain: 'Kept in the keychain of this computer.',
  passphrase: 'Kept in a file that your passphrase encrypts.',
  none: 'Kept in memory only.',
};

function Vault({ vault }: { vault: VaultStatus }) {
  return (
    <>
      <p className={vault.driver === 'none' ? 'warn' : 'hint'}>
        {DRIVERS[vault.driver]} {vault.note}
      </p>
      {((vault.locked && vault.driver === 'passphrase') || vault.driver === 'none') && <Unlock />}
      {!vault.locked && vault.keys.length === 0 && (
        <p className="soft">No keys stored. Practice and paper mode need none.</p>
      )}
      {vault.keys.length > 0 && (
        <table className="params-table keys-table" aria-label="Stored keys">
          <thead>
            <tr>
              <th scope="col">For</th>
              <th scope="col">Ends in</th>
              <th scope="col">Mode</th>
              <th scope="col" className="wide-only">
                Stored
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {vault.keys.map((key) => (
              <tr key={key.name}>
                <th scope="row">{nameText(key.name)}</th>
                <td className="mono num">…{key.last4}</td>
                <td>
                  <span className={`mode mode-${key.mode}`}>{MODES[key.mode].word}</span>
                </td>
                <td className="wide-only">
                  <Time at={key.storedAt} show="moment" />
                </td>
                <td className="right">
                  <HoldButton
                    kind="plain"
                    label={`Remove the key of ${nameText(key.name)}: hold for one second`}
                    onHeld={async () => {
                      const why = await removeKey(key.name);
                      if (why !== null) tellFailure('Key not removed', why);
                    }}
                  >
                    Remove
                  </HoldButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Unlock() {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setTrouble(await unlockVault(String(new FormData(form).get('passphrase'))));
    setBusy(false);
    form.reset();
  };
  return (
    <form className="key-form" onSubmit={submit} aria-label="Unlock the vault">
      <label htmlFor="vault-passphrase">Passphrase</label>
      <input
        id="vault-passphrase"
        name="passphrase"
        className="input"
        type="password"
        autoComplete="off"
        minLength={8}
        required
      />
      <p className="field-note hint">At least 8 characters. The first time, it makes the vault.</p>
      {trouble !== null && (
        <p className="field-note warn" role="alert">
          {trouble}
        </p>
      )}
      <button type="submit" className="button primary" disabled={busy}>
        {busy ? 'Unlocking' : 'Unlock'}
      </button>
    </form>
  );
}

/** A paper account trades in this computer and has no key; a market without an account has none either. */
const hasKey = (venue: string): boolean => !venue.endsWith('_paper') && !PUBLIC_ONLY.has(venue);

/** The boxes are read from the form once, when sent, and emptied: no key stays in the page's state. */
function KeyForm(props: { wanted: string | null; onDone: () => void }) {
  const info = useDesk((desk) => desk.info);
  const [name, setName] = useState<string>(props.wanted ?? info?.venues[0] ?? 'signals');
  const [mode, setMode] = useState<Mode>(info?.mode ?? 'practice');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const isToken = name === 'signals';
  const parts = keyPartsOf(name);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const box = (field: string) => String(new FormData(form).get(field) ?? '').trim();
    const passphrase = box('passphrase');
    setBusy(true);
    const why = await storeKey({
      name,
      apiKey: isToken ? 'token' : box('apiKey'),
      secret: box('secret'),
      ...(passphrase === '' ? {} : { passphrase }),
      mode,
    });
    setBusy(false);
    form.reset();
    setTrouble(why);
    if (why !== null) return;
    tell(`Key of ${nameText(name)} stored.`);
    props.onDone();
  };
  const secretBox = (field: string, label: string, required: boolean) => (
    <>
      <label htmlFor={`key-${field}`}>{label}</label>
      <input
        id={`key-${field}`}
        name={field}
        className="input"
        type="password"
        autoComplete="off"
        spellCheck={false}
        required={required}
        maxLength={10_000}
      />
    </>
  );
  return (
    <form className="key-form" onSubmit={submit} autoComplete="off" aria-label="Add a key">
      <label htmlFor="key-name">For</label>
      <select id="key-name" className="input" value={name} onChange={(event) => setName(event.target.value)}>
        {(info?.venues ?? []).filter(hasKey).map((venue) => (
          <option key={venue} value={venue}>
            {venueText(venue)}
          </option>
        ))}
        <option value="signals">Signal server (token)</option>
      </select>
      <label htmlFor="key-mode">Mode</label>
      <select
        id="key-mode"
        className="input"
        value={mode}
        onChange={(event) => setMode(Mode.parse(event.target.value))}
      >
        {Mode.options.map((option) => (
          <option key={option} value={option}>
            {MODES[option].word}
          </option>
        ))}
      </select>
      {!isToken && secretBox('apiKey', parts.apiKey, true)}
      {secretBox('secret', isToken ? 'Token' : parts.secret, true)}
      {!isToken && parts.passphrase !== null && secretBox('passphrase', parts.passphrase, true)}
      <p className="field-note hint">
        {MODES[mode].means} The key goes straight to the vault and is never shown again.
        {isToken ? '' : ` ${parts.hint}`}
      </p>
      {trouble !== null && (
        <p className="field-note warn" role="alert">
          Not stored: {trouble}
        </p>
      )}
      <div className="ticket-buttons">
        <button type="button" className="button" onClick={props.onDone}>
          Cancel
        </button>
        <button type="submit" className="button primary" disabled={busy}>
          Store
        </button>
      </div>
    </form>
  );
}
