import type { QuoteLine } from '#shared/domain/quoting';

type NumberField = 'timeoutS' | 'driftBps' | 'randomPercent' | 'spreadBps';
const NUMBERS: readonly { readonly name: NumberField; readonly label: string; readonly unit: string }[] = [
  { name: 'spreadBps', label: 'Spread', unit: 'bps' },
  { name: 'driftBps', label: 'Drift', unit: 'bps' },
  { name: 'timeoutS', label: 'Timeout', unit: 's' },
  { name: 'randomPercent', label: 'Random', unit: '%' },
];

/** One line as fields; what is typed goes up as it is, and is checked there. */
export function LineForm({
  line,
  onChange,
}: {
  readonly line: QuoteLine;
  readonly onChange: (line: QuoteLine | null) => void;
}) {
  const text = (name: 'venue' | 'symbol' | 'amount', label: string, unit: string | null) => (
    <label>
      {label}
      {unit !== null && <span className="unit">{unit}</span>}
      <input
        value={line[name]}
        spellCheck={false}
        onChange={(event) => onChange({ ...line, [name]: event.target.value.trim() } as QuoteLine)}
      />
    </label>
  );
  return (
    <div className="quoting-line">
      {text('venue', 'Account', null)}
      {text('symbol', 'Symbol', null)}
      {text('amount', 'Amount', line.symbol.split('/')[0] ?? null)}
      {NUMBERS.map(({ name, label, unit }) => (
        <label key={name}>
          {label}
          <span className="unit">{unit}</span>
          <input
            type="number"
            step="any"
            value={Number.isFinite(line[name]) ? line[name] : ''}
            onChange={(event) => onChange({ ...line, [name]: event.target.valueAsNumber })}
          />
        </label>
      ))}
      <label>
        Sides
        <select
          value={line.sides}
          onChange={(event) => onChange({ ...line, sides: event.target.value as QuoteLine['sides'] })}
        >
          <option value="both">both</option>
          <option value="bid">bid</option>
          <option value="offer">offer</option>
        </select>
      </label>
      <button
        type="button"
        className="button"
        aria-label={`Remove line ${line.id}`}
        onClick={() => onChange(null)}
      >
        ✕
      </button>
    </div>
  );
}
