import { useState } from 'react';
import { hasTradeId } from '#shared/domain/fill-identity';
import type { JournalRow } from '#shared/domain/journal';
import { type Fill, fillKey } from '#shared/domain/order';
import { exportCsv } from '../../app/commands';
import type { HistoryKind } from '../../state/history';
import { useScreen } from '../../state/screen';
import { Choice } from '../../ui/choice';
import { decimalText, groupThousands, UNKNOWN } from '../../ui/format';
import { KIND_NAMES, recordText, severityOf } from '../../ui/journal.en';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { type Column, Table } from '../../ui/table';
import { Time } from '../../ui/value';
import {
  AmountText,
  ORDER_COLUMNS,
  OrderSideText,
  PriceText,
  SymbolText,
  VenueText,
} from '../orders/orders-panel';
import { type HistoryView, useHistory } from './use-history';

export function HistoryPanel() {
  const [kind, setKind] = useState<HistoryKind>('fills');
  const [text, setText] = useState('');
  return (
    <Panel
      name="History"
      bar={
        <>
          <Choice<HistoryKind>
            label="What history"
            value={kind}
            onChange={setKind}
            options={[
              { value: 'fills', text: 'Fills' },
              { value: 'orders', text: 'Orders' },
              { value: 'events', text: 'Events' },
            ]}
          />
          <input
            className="input grow"
            type="search"
            style={{ maxWidth: 280 }}
            placeholder={PLACEHOLDERS[kind]}
            aria-label="Search history"
            value={text}
            maxLength={100}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="grow" />
          <button type="button" className="button" onClick={() => exportCsv(kind, text.trim())}>
            Export CSV
          </button>
        </>
      }
    >
      {kind === 'fills' ? (
        <List key="fills" kind="fills" text={text} columns={FILL_COLUMNS} rowId={fillKey} minWidth={964} />
      ) : kind === 'orders' ? (
        <List
          key="orders"
          kind="orders"
          text={text}
          columns={HISTORY_ORDER_COLUMNS}
          rowId={(row) => row.request.clientOrderId}
          minWidth={1090}
        />
      ) : (
        <List
          key="events"
          kind="events"
          text={text}
          columns={EVENT_COLUMNS}
          rowId={(row) => String(row.seq)}
          minWidth={620}
        />
      )}
    </Panel>
  );
}

const PLACEHOLDERS: Record<HistoryKind, string> = {
  fills: 'Symbol, order or trade id',
  orders: 'Symbol or order id',
  events: 'Any word of an event',
};

function List<K extends HistoryKind>(props: {
  kind: K;
  text: string;
  columns: readonly Column<RowOf<K>>[];
  rowId: (row: RowOf<K>) => string;
  minWidth: number;
}) {
  const view: HistoryView<RowOf<K>> = useHistory(props.kind, props.text.trim());
  if (view.rows === null) {
    return view.trouble === null ? (
      <Skeleton rows={6} />
    ) : (
      <Trouble
        what="The history could not be read."
        detail={view.trouble}
        action={
          <button type="button" className="button" onClick={view.reload}>
            Try again
          </button>
        }
      />
    );
  }
  if (view.rows.length === 0) {
    return props.text.trim() === '' ? (
      <Empty
        title={NOTHING[props.kind]}
        hint="It is kept on this computer and can be read without a network."
      />
    ) : (
      <Empty title={`Nothing found for “${props.text.trim()}”.`} hint="Fewer letters find more." />
    );
  }
  return (
    <>
      <Table
        label={TABLE_NAMES[props.kind]}
        rows={view.rows}
        rowId={props.rowId}
        columns={props.columns}
        minWidth={props.minWidth}
        total={view.total}
        onNearEnd={view.more}
      />
      <div className="history-foot soft num">
        {groupThousands(String(view.rows.length))} of {groupThousands(String(view.total))} loaded
        {view.trouble !== null && <span className="warn"> The rest could not be read: {view.trouble}</span>}
      </div>
    </>
  );
}
type RowOf<K extends HistoryKind> = import('../../state/history').HistoryRows[K];

const NOTHING: Record<HistoryKind, string> = {
  fills: 'No fills yet.',
  orders: 'No orders yet.',
  events: 'No events yet.',
};
const TABLE_NAMES: Record<HistoryKind, string> = {
  fills: 'Fills',
  orders: 'Order history',
  events: 'Events',
};

const FILL_COLUMNS: readonly Column<Fill>[] = [
  {
    id: 'time',
    header: 'Time',
    unit: 'market',
    hint: "The exchange's time",
    width: '112px',
    cell: (row) => <Time at={row.venueTime} show="moment" />,
  },
  {
    id: 'symbol',
    header: 'Symbol',
    width: 'minmax(90px, 0.8fr)',
    cell: (row) => <SymbolText symbol={row.symbol} />,
  },
  { id: 'venue', header: 'Exchange', width: '70px', cell: (row) => <VenueText venue={row.venue} /> },
  {
    id: 'side',
    header: 'Side',
    width: '48px',
    cell: (row) => <OrderSideText side={row.side} />,
  },
  {
    id: 'amount',
    header: 'Amount',
    width: 'minmax(80px, 0.8fr)',
    align: 'right',
    cell: (row) => <AmountText market={row} amount={row.amount} />,
  },
  {
    id: 'price',
    header: 'Price',
    width: 'minmax(80px, 0.8fr)',
    align: 'right',
    cell: (row) => <PriceText market={row} price={row.price} />,
  },
  {
    id: 'fee',
    header: 'Fee',
    hint: 'Positive is paid',
    width: 'minmax(110px, 1fr)',
    align: 'right',
    cell: (row) => (
      <span className="num">
        {row.fee === null ? UNKNOWN : decimalText(row.fee.cost)}
        {row.fee !== null && <span className="unit">{row.fee.currency}</span>}
      </span>
    ),
  },
  {
    id: 'maker',
    header: 'As',
    width: '50px',
    cell: (row) => (row.maker === null ? UNKNOWN : row.maker ? 'maker' : 'taker'),
  },
  {
    id: 'source',
    header: 'Learnt by',
    hint: 'Which way the fill was learnt first: told by the private stream, or asked for afterwards',
    width: '64px',
    cell: (row) => (row.source === undefined ? UNKNOWN : row.source === 'stream' ? 'stream' : 'asking'),
  },
  {
    id: 'trade',
    header: 'Trade id',
    width: 'minmax(80px, 0.8fr)',
    cell: (row) => (
      <span className="mono hint" title={`Order ${row.venueOrderId}`}>
        {hasTradeId(row) ? row.tradeId : UNKNOWN}
      </span>
    ),
  },
  {
    id: 'order',
    header: 'Our order id',
    width: 'minmax(120px, 1fr)',
    cell: (row) => <span className="mono hint">{row.clientOrderId ?? UNKNOWN}</span>,
  },
];

const HISTORY_ORDER_COLUMNS = ORDER_COLUMNS.map((column) =>
  column.id === 'time'
    ? {
        ...column,
        width: '112px',
        cell: (row: Parameters<typeof column.cell>[0]) => <Time at={row.intendedAt} show="moment" />,
      }
    : column,
).map(({ sortBy: _, ...column }) => column);

const EVENT_COLUMNS: readonly Column<JournalRow>[] = [
  {
    id: 'time',
    header: 'Time',
    unit: 'computer',
    hint: "This computer's clock; the market clock may run faster in practice",
    width: '116px',
    cell: (row) => <Time at={row.at.wall} show="moment" />,
  },
  {
    id: 'kind',
    header: 'About',
    width: '72px',
    cell: (row) => <span className="soft">{KIND_NAMES[row.record.kind]}</span>,
  },
  {
    id: 'text',
    header: 'What happened',
    width: 'minmax(300px, 1fr)',
    cell: (row) => <EventText row={row} />,
  },
  {
    id: 'seq',
    header: 'No.',
    width: '60px',
    align: 'right',
    cell: (row) => <span className="soft num">{row.seq}</span>,
  },
];

function EventText({ row }: { row: JournalRow }) {
  const zone = useScreen((screen) => screen.zone);
  const text = recordText(row.record, zone);
  return (
    <span className={`severity-${severityOf(row.record)}`} title={text}>
      {text}
    </span>
  );
}
