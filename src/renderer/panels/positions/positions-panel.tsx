import { useMemo, useState } from 'react';
import { toNumber } from '#shared/domain/decimal';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { useDesk } from '../../state/desk';
import { usePositions } from '../../state/lists';
import { useScreen } from '../../state/screen';
import { Choice } from '../../ui/choice';
import { minuteText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { type Column, Table } from '../../ui/table';
import { CLOSE_REASONS, exchangeText, POSITION_STATUSES, sentence } from '../../ui/texts.en';
import { Age, Time } from '../../ui/value';
import {
  AmountCell,
  NetCell,
  ParamsCell,
  PnlCell,
  PriceCell,
  ProtectedBy,
  StopCell,
  SymbolCell,
  TrailingCell,
} from './cells';
import { CloseButton } from './close-button';
import { netResult } from './figures';

type Show = 'open' | 'closed';

export function PositionsPanel() {
  const rows = usePositions((list) => list.rows);
  const trouble = usePositions((list) => list.trouble);
  const [show, setShow] = useState<Show>('open');
  const { open, closed } = useMemo(() => split(rows), [rows]);
  return (
    <Panel
      name="Positions"
      bar={
        <Choice<Show>
          label="Which positions"
          value={show}
          onChange={setShow}
          options={[
            { value: 'open', text: `Open ${rows === null ? '' : open.length}` },
            { value: 'closed', text: `Closed today ${rows === null ? '' : closed.length}` },
          ]}
        />
      }
    >
      {rows === null ? (
        trouble === null ? (
          <Skeleton rows={4} />
        ) : (
          <Trouble what="The positions could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
        )
      ) : show === 'open' ? (
        <OpenPositions rows={open} />
      ) : (
        <ClosedPositions rows={closed} />
      )}
    </Panel>
  );
}

/** Open ones oldest first, so that rows keep their place; ended ones newest first. */
function split(rows: ReadonlyMap<string, Position> | null): { open: Position[]; closed: Position[] } {
  const all = [...(rows?.values() ?? [])];
  return {
    open: all.filter((row) => OPEN_POSITION_STATUSES.has(row.status)).sort((a, b) => a.openedAt - b.openedAt),
    closed: all
      .filter((row) => !OPEN_POSITION_STATUSES.has(row.status))
      .sort((a, b) => (b.closedAt ?? b.openedAt) - (a.closedAt ?? a.openedAt)),
  };
}

function OpenPositions({ rows }: { rows: readonly Position[] }) {
  const status = useDesk((desk) => desk.status);
  const zone = useScreen((screen) => screen.zone);
  if (rows.length === 0) {
    const next = status?.nextWaveTime ?? null;
    return (
      <Empty
        title={`No positions.${next === null ? '' : ` The next wave is of ${minuteText(next, zone)}.`}`}
        hint={
          status?.killed
            ? 'Entries are stopped. Hold Resume in the top bar to trade it.'
            : 'Its best signals are opened on their own, each with a stop on the exchange.'
        }
      />
    );
  }
  return (
    <Table
      label="Open positions"
      rows={rows}
      rowId={(row) => row.id}
      columns={OPEN_COLUMNS}
      minWidth={1050}
      rowHeight={30}
    />
  );
}

const OPEN_COLUMNS: readonly Column<Position>[] = [
  {
    id: 'symbol',
    header: 'Symbol',
    width: 'minmax(70px, 1fr)',
    cell: (row) => <SymbolCell position={row} />,
    sortBy: (row) => row.symbol,
  },
  { id: 'side', header: 'Side', width: '46px', cell: (row) => <Side position={row} /> },
  {
    id: 'size',
    header: 'Size',
    width: 'minmax(50px, 0.9fr)',
    align: 'right',
    cell: (row) => <AmountCell position={row} />,
  },
  {
    id: 'entry',
    header: 'Entry',
    width: 'minmax(62px, 0.8fr)',
    align: 'right',
    cell: (row) => <PriceCell position={row} price={row.entryPrice} />,
  },
  {
    id: 'mark',
    header: 'Mark',
    width: 'minmax(62px, 0.8fr)',
    align: 'right',
    cell: (row) => <PriceCell position={row} price="mark" />,
  },
  {
    id: 'pnl',
    header: 'Unrealised',
    unit: 'quote',
    hint: 'Profit and loss at the mark price, before fees, in quote currency and percent of the entry',
    width: 'minmax(104px, 1.2fr)',
    align: 'right',
    cell: (row) => <PnlCell position={row} />,
  },
  {
    id: 'stop',
    header: 'Stop',
    hint: 'The stop order that the exchange holds',
    width: 'minmax(62px, 0.8fr)',
    align: 'right',
    cell: (row) => <StopCell position={row} />,
  },
  {
    id: 'trailing',
    header: 'Trailing',
    width: 'minmax(92px, 1.3fr)',
    cell: (row) => <TrailingCell position={row} />,
  },
  {
    id: 'params',
    header: 'Params',
    hint: 'Version of the params it was opened with',
    width: '42px',
    cell: (row) => <ParamsCell position={row} />,
  },
  {
    id: 'age',
    header: 'Age',
    hint: 'By the market clock',
    width: '52px',
    align: 'right',
    cell: (row) => <Age at={row.openedAt} clock="market" />,
    sortBy: (row) => -row.openedAt,
  },
  {
    id: 'protected',
    header: 'Protected by',
    hint: 'Who closes it at a loss limit if this computer stops now',
    width: 'minmax(146px, 1.7fr)',
    cell: (row) => <ProtectedBy position={row} />,
  },
  { id: 'close', header: '', width: '64px', align: 'right', cell: (row) => <CloseButton position={row} /> },
];

function Side({ position }: { position: Position }) {
  const long = position.side === 'long';
  return <span className={long ? 'up' : 'down'}>{long ? '▲ long' : '▼ short'}</span>;
}

function ClosedPositions({ rows }: { rows: readonly Position[] }) {
  if (rows.length === 0) return <Empty title="Nothing was closed in the last 24 hours." />;
  return (
    <Table
      label="Positions closed today"
      rows={rows}
      rowId={(row) => row.id}
      columns={CLOSED_COLUMNS}
      minWidth={820}
      rowHeight={30}
    />
  );
}

const CLOSED_COLUMNS: readonly Column<Position>[] = [
  {
    id: 'closed',
    header: 'Closed',
    hint: 'By the market clock',
    width: '64px',
    cell: (row) => <Time at={row.closedAt} />,
    sortBy: (row) => row.closedAt,
  },
  {
    id: 'symbol',
    header: 'Symbol',
    width: 'minmax(92px, 1fr)',
    cell: (row) => <SymbolCell position={row} />,
    sortBy: (row) => row.symbol,
  },
  { id: 'venue', header: 'Exchange', width: '70px', cell: (row) => exchangeText(row.venue) },
  { id: 'side', header: 'Side', width: '52px', cell: (row) => <Side position={row} /> },
  {
    id: 'size',
    header: 'Size asked',
    width: 'minmax(80px, 0.8fr)',
    align: 'right',
    cell: (row) => <AmountCell position={row} asked />,
  },
  {
    id: 'entry',
    header: 'Entry',
    width: 'minmax(70px, 0.8fr)',
    align: 'right',
    cell: (row) => <PriceCell position={row} price={row.entryPrice} />,
  },
  {
    id: 'exit',
    header: 'Exit',
    width: 'minmax(70px, 0.8fr)',
    align: 'right',
    cell: (row) => <PriceCell position={row} price={row.exitPrice} />,
  },
  {
    id: 'net',
    header: 'Result',
    unit: 'quote',
    hint: 'Realised, after fees',
    width: 'minmax(84px, 0.9fr)',
    align: 'right',
    cell: (row) => <NetCell position={row} />,
    sortBy: (row) => (row.entryPrice === null ? null : toNumber(netResult(row).net)),
  },
  {
    id: 'why',
    header: 'Why it ended',
    width: 'minmax(150px, 1.8fr)',
    cell: (row) => <Ended position={row} />,
  },
];

function Ended({ position }: { position: Position }) {
  const why =
    position.closeReason === null ? POSITION_STATUSES[position.status] : CLOSE_REASONS[position.closeReason];
  const good = position.status === 'closed';
  return (
    <span className={good ? undefined : 'warn'} title={position.note ?? undefined}>
      {why}
      {position.note !== null && !good ? `: ${position.note}` : ''}
    </span>
  );
}
