import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { places, toNumber } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import { useClocks } from '../../state/clock';
import { useQuotes } from '../../state/lists';
import {
  instrumentId,
  setWatchlist,
  useChartMarket,
  useInstrument,
  useMarket,
  useWatched,
} from '../../state/market';
import { showOnChart } from '../../state/screen';
import { useSession } from '../../state/session';
import { useSettings } from '../../state/settings';
import { loadSparks, useSparks } from '../../state/sparks';
import { decimalText, directionOf, durationText, signedNumberText, UNKNOWN } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { Spark } from '../../ui/spark';
import { type Column, Table } from '../../ui/table';
import { tellFailure } from '../../ui/tell';
import { exchangeText, sentence, venueText } from '../../ui/texts.en';
import { Flash } from '../../ui/value';
import { roughAgeText, staleAge } from './stale';
import './watchlist.css';

export function WatchlistPanel() {
  const watched = useWatched();
  const selected = useChartMarket();
  const [query, setQuery] = useState('');
  const ids = watched.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ids` is the content of `watched`
  useEffect(() => loadSparks(watched), [ids]);
  const rows = useMemo(() => watched.map((id) => ({ id })), [watched]);
  return (
    <Panel name="Watchlist" bar={<SearchBox query={query} onChange={setQuery} />}>
      {query.trim() !== '' ? (
        <Found query={query} watched={watched} onDone={() => setQuery('')} />
      ) : (
        <Watched rows={rows} selected={selected} watched={watched} />
      )}
    </Panel>
  );
}

function SearchBox(props: { query: string; onChange: (query: string) => void }) {
  return (
    <input
      className="input grow"
      type="search"
      placeholder="Find or add a market"
      aria-label="Find or add a market"
      value={props.query}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={(event) => event.key === 'Escape' && props.onChange('')}
    />
  );
}

interface WatchRow {
  readonly id: string;
}

function Watched(props: { rows: readonly WatchRow[]; selected: string | null; watched: readonly string[] }) {
  const instruments = useMarket((market) => market.instruments);
  const trouble = useMarket((market) => market.trouble);
  const settings = useSettings((state) => state.settings);
  if (props.rows.length === 0) {
    if (trouble !== null)
      return (
        <Trouble
          what="The list of markets could not be loaded."
          detail={`${sentence(trouble)} Trying again.`}
        />
      );
    if (instruments === null || settings === null) return <Skeleton rows={12} />;
    return <Empty title="Nothing watched." hint="Type a symbol above to add it." />;
  }
  return (
    <Table
      label="Watchlist"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={COLUMNS(props.watched)}
      minWidth={236}
      rowHeight={30}
      selected={props.selected}
      onOpen={(row) => showOnChart(row.id)}
    />
  );
}

const COLUMNS = (watched: readonly string[]): readonly Column<WatchRow>[] => [
  { id: 'symbol', header: 'Symbol', width: 'minmax(44px, 1fr)', cell: ({ id }) => <SymbolName id={id} /> },
  { id: 'spark', header: '24 h', width: '32px', cell: ({ id }) => <SparkCell id={id} /> },
  { id: 'last', header: 'Last', width: '80px', align: 'right', cell: ({ id }) => <Last id={id} /> },
  {
    id: 'change',
    header: '',
    unit: '%',
    hint: 'Change over 24 hours',
    width: '46px',
    align: 'right',
    cell: ({ id }) => (
      <>
        <Change id={id} />
        <Remove id={id} watched={watched} />
      </>
    ),
  },
];

export const baseOf = (id: string): string => id.slice(id.indexOf('|') + 1).split('/')[0] ?? id;

function SymbolName({ id }: { id: string }) {
  const instrument = useInstrument(id);
  const known = useMarket((market) => market.instruments !== null);
  const [venue = '', symbol = id] = id.split('|');
  const missing = known && instrument === undefined;
  return (
    <span
      className={missing ? 'strong warn' : 'strong'}
      title={missing ? `${symbol} is not listed on ${venueText(venue)}` : `${symbol} on ${venueText(venue)}`}
    >
      {baseOf(id)}
      <span className="unit">{placeOf(venue, symbol)}</span>
    </span>
  );
}

/** Where a row's market is, when that is not where most are: spot, or another exchange than the first. */
function placeOf(venue: string, symbol: string): string {
  const exchange = venue.startsWith('binance_') ? '' : exchangeText(venue);
  return `${exchange}${symbol.includes(':') ? '' : ' spot'}`.trim();
}

function Last({ id }: { id: string }) {
  const quote = useQuotes((quotes) => quotes.rows?.get(id));
  const instrument = useInstrument(id);
  const last = quote?.last ?? null;
  const decimals = instrument === undefined ? undefined : places(instrument.tickSize);
  return (
    <Stale seenAt={quote?.seenAt ?? null}>
      <Flash
        className="num"
        value={last === null ? null : toNumber(last)}
        text={decimalText(last, decimals)}
      />
    </Stale>
  );
}

/** How old a price is that has not been heard of for longer than the user's own limit; null for a fresh one. */
function useStaleAge(seenAt: number | null): number | null {
  const clocks = useClocks();
  const limit = useSettings((state) => state.settings?.staleAfterMs ?? 15_000);
  const lost = useSession((session) => session.phase === 'lost');
  return staleAge(clocks?.wall ?? null, seenAt, limit, lost);
}

/** Dims a price that is too old to act on. */
function Stale(props: { seenAt: number | null; children: ReactNode }) {
  const age = useStaleAge(props.seenAt);
  return (
    <span
      className={age === null ? undefined : 'soft'}
      title={age === null ? undefined : `Heard ${durationText(age)} ago`}
    >
      {props.children}
    </span>
  );
}

/** The change of a day; for a stale price, where it would mislead, how old the price is. */
function Change({ id }: { id: string }) {
  const quote = useQuotes((quotes) => quotes.rows?.get(id));
  const age = useStaleAge(quote?.seenAt ?? null);
  if (age !== null)
    return (
      <span
        className="num change warn"
        title={`Stale: heard ${durationText(age)} ago. No entry is made on it.`}
      >
        {roughAgeText(age)}
      </span>
    );
  const text = signedNumberText(quote?.change24h ?? null, 2);
  return <span className={`num change ${directionOf(text)}`}>{text}</span>;
}

function SparkCell({ id }: { id: string }) {
  const closes = useSparks((sparks) => sparks.closes.get(id));
  return closes === undefined ? <span className="hint">{UNKNOWN}</span> : <Spark values={closes} />;
}

function Remove(props: { id: string; watched: readonly string[] }) {
  return (
    <button
      type="button"
      className="watch-remove"
      aria-label={`Remove ${baseOf(props.id)} from the watchlist`}
      title="Remove"
      onClick={(event) => {
        event.stopPropagation();
        void keep(
          props.watched.filter((id) => id !== props.id),
          `Remove ${baseOf(props.id)} from the watchlist`,
        );
      }}
    >
      ×
    </button>
  );
}

async function keep(ids: readonly string[], label: string): Promise<void> {
  const why = await setWatchlist(ids, label);
  if (why !== null) tellFailure('Watchlist not changed', why);
}

const MOST_FOUND = 60;

function Found(props: { query: string; watched: readonly string[]; onDone: () => void }) {
  const instruments = useMarket((market) => market.instruments);
  const found = useMemo(
    () => search([...(instruments?.values() ?? [])], props.query),
    [instruments, props.query],
  );
  if (instruments === null) return <Skeleton />;
  if (found.length === 0)
    return (
      <Empty
        title={`No market matches “${props.query.trim()}”.`}
        hint="Try the coin's short name, like BTC."
      />
    );
  return (
    <ul className="found" aria-label="Markets found">
      {found.map((instrument) => {
        const id = instrumentId(instrument);
        const has = props.watched.includes(id);
        return (
          <li key={id}>
            <button
              type="button"
              className="found-show"
              onClick={() => {
                showOnChart(id);
                props.onDone();
              }}
            >
              <span className="strong">{instrument.symbol}</span>
              <span className="hint">
                {exchangeText(instrument.exchange)} {instrument.market === 'future' ? 'futures' : 'spot'}
                {instrument.active ? '' : ', not trading'}
              </span>
            </button>
            <button
              type="button"
              className="button"
              disabled={has}
              onClick={() => {
                void keep([...props.watched, id], `Add ${instrument.base} to the watchlist`);
                props.onDone();
              }}
            >
              {has ? 'added' : 'Add'}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Markets whose symbol contains the text; those that begin with it first. */
export function search(instruments: readonly Instrument[], query: string): readonly Instrument[] {
  const text = query.trim().toUpperCase();
  const rank = (instrument: Instrument) =>
    instrument.base === text ? 0 : instrument.symbol.startsWith(text) ? 1 : 2;
  return instruments
    .filter((row) => row.symbol.includes(text) || row.wireSymbol.toUpperCase().includes(text))
    .sort((a, b) => rank(a) - rank(b) || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, MOST_FOUND);
}
