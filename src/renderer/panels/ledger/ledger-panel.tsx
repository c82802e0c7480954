import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LedgerPage, LedgerRow } from '#shared/contract/signals';
import { ReasonCode, SignalFate } from '#shared/domain/decision';
import { ledgerPage } from '../../state/ledger';
import { useDecisions } from '../../state/lists';
import { useScreen } from '../../state/screen';
import { usePages } from '../../state/use-pages';
import { groupThousands, numberText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { REASON_NAMES } from '../../ui/reason-names.en';
import { REASONS } from '../../ui/reasons.en';
import { type Column, Table } from '../../ui/table';
import { exchangeText, FATES } from '../../ui/texts.en';
import { Time } from '../../ui/value';
import { Story } from '../signals/story';
import { spanOf } from './days';
import './ledger.css';

interface Filter {
  readonly reason: ReasonCode | '';
  readonly fate: SignalFate | '';
  readonly text: string;
  readonly from: string;
  readonly to: string;
}
const ALL: Filter = { reason: '', fate: '', text: '', from: '', to: '' };
const TYPING_PAUSE_MS = 200;

/** Every decision ever made, from the local store alone; a click tells the whole story of one. */
export function LedgerPanel() {
  const [filter, setFilter] = useState<Filter>(ALL);
  const [open, setOpen] = useState<number | null>(null);
  const text = useSettled(filter.text.trim());
  const zone = useScreen((screen) => screen.zone);
  const { reason, fate, from, to } = filter;
  const load = useCallback(
    (offset: number) =>
      ledgerPage({ reason: reason || null, fate: fate || null, text, ...spanOf(from, to, zone) }, offset),
    [reason, fate, text, from, to, zone],
  );
  const view = usePages<LedgerRow, LedgerPage>(load, 0);
  const live = useDecisions((list) => (open === null ? undefined : list.rows?.get(String(open))));
  if (open !== null) {
    return (
      <Panel name="Ledger">
        <Story signalId={open} decision={live} back="Ledger" onBack={() => setOpen(null)} />
      </Panel>
    );
  }
  const filtered = Object.values(filter).some((value) => value !== '');
  return (
    <Panel name="Ledger">
      <Filters filter={filter} counts={view.page?.reasons ?? {}} onChange={setFilter} />
      {view.rows === null ? (
        view.trouble === null ? (
          <Skeleton rows={8} />
        ) : (
          <Trouble
            what="The ledger could not be read."
            detail={view.trouble}
            action={
              <button type="button" className="button" onClick={view.reload}>
                Try again
              </button>
            }
          />
        )
      ) : view.rows.length === 0 ? (
        filtered ? (
          <Empty
            title="No decision matches."
            action={
              <button type="button" className="button" onClick={() => setFilter(ALL)}>
                Show all
              </button>
            }
          />
        ) : (
          <Empty
            title="No decisions yet."
            hint="Every signal gets one, kept on this computer for good: why it was traded, or why not."
          />
        )
      ) : (
        <>
          <Table
            label="Decision ledger"
            rows={view.rows}
            rowId={rowId}
            columns={COLUMNS}
            minWidth={330}
            rowHeight={42}
            total={view.total}
            onNearEnd={view.more}
            onOpen={(row) => setOpen(row.signalId)}
          />
          <div className="history-foot soft num">
            {groupThousands(String(view.rows.length))} of {groupThousands(String(view.total))} loaded
            {view.trouble !== null && (
              <span className="warn"> The rest could not be read: {view.trouble}</span>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}
const rowId = (row: LedgerRow): string => String(row.signalId);

/** A text once nothing was typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Filters(props: {
  filter: Filter;
  counts: LedgerPage['reasons'];
  onChange: (filter: Filter) => void;
}) {
  const { filter, counts } = props;
  const set = (part: Partial<Filter>) => props.onChange({ ...filter, ...part });
  const reasons = useMemo(
    () =>
      ReasonCode.options
        .filter((code) => (counts[code] ?? 0) > 0 || code === filter.reason)
        .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0)),
    [counts, filter.reason],
  );
  const withCount = (name: string, code: ReasonCode | SignalFate) =>
    `${name} (${groupThousands(String(counts[code] ?? 0))})`;
  return (
    <div className="ledger-filters">
      <select
        className="input"
        aria-label="Filter by fate"
        value={filter.fate}
        onChange={(event) => set({ fate: (event.target.value || '') as Filter['fate'] })}
      >
        <option value="">Every fate</option>
        {SignalFate.options.map((fate) => (
          <option key={fate} value={fate}>
            {withCount(FATES[fate], fate)}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label="Filter by reason"
        value={filter.reason}
        onChange={(event) => set({ reason: (event.target.value || '') as Filter['reason'] })}
      >
        <option value="">Every reason</option>
        {reasons.map((code) => (
          <option key={code} value={code}>
            {withCount(REASON_NAMES[code], code)}
          </option>
        ))}
      </select>
      <input
        className="input"
        type="search"
        aria-label="Search the ledger"
        placeholder="Search"
        title="Symbol, exchange or signal id"
        maxLength={100}
        value={filter.text}
        onChange={(event) => set({ text: event.target.value })}
      />
      <span className="ledger-dates">
        <input
          className="input"
          type="date"
          aria-label="From day, market time"
          title="From this day, market time"
          value={filter.from}
          max={filter.to || undefined}
          onChange={(event) => set({ from: event.target.value })}
        />
        <span className="hint">to</span>
        <input
          className="input"
          type="date"
          aria-label="To day, market time"
          title="To the end of this day, market time"
          value={filter.to}
          min={filter.from || undefined}
          onChange={(event) => set({ to: event.target.value })}
        />
      </span>
    </div>
  );
}

const COLUMNS: readonly Column<LedgerRow>[] = [
  {
    id: 'time',
    header: 'Decided',
    unit: 'market',
    hint: 'When it was decided, by the market clock, and the wave it belongs to',
    width: '106px',
    cell: (row) => (
      <>
        <Time at={row.decidedAt} show="moment" />
        <div className="hint">
          wave <Time at={row.waveTime} show="minute" />
        </div>
      </>
    ),
  },
  {
    id: 'signal',
    header: 'Signal',
    hint: 'Score of the week and the month together',
    width: 'minmax(110px, 0.5fr)',
    cell: (row) => (
      <>
        <span className="strong" title={row.symbol}>
          {row.symbol.split('/')[0]}
        </span>{' '}
        <span className={row.side === 'buy' ? 'up' : 'down'}>{row.side === 'buy' ? '▲ buy' : '▼ sell'}</span>
        <div className="hint num">
          {numberText(row.score, 1)} · {exchangeText(row.exchange)}
        </div>
      </>
    ),
  },
  {
    id: 'fate',
    header: 'Fate and reason',
    width: 'minmax(96px, 1fr)',
    cell: (row) => (
      <>
        <span className={`fate fate-word-${row.fate}`}>{FATES[row.fate]}</span>
        <div
          className="soft ledger-reason"
          title={row.reason === null ? undefined : REASONS[row.reason].plain}
        >
          {row.reason === null ? '' : REASON_NAMES[row.reason]}
        </div>
      </>
    ),
  },
];
