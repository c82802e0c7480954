import { useMemo } from 'react';
import type { Decimal } from '#shared/domain/basics';
import { places } from '#shared/domain/decimal';
import type { Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import { marketId, useOrders } from '../../state/lists';
import { useInstrument } from '../../state/market';
import { decimalText } from '../../ui/format';
import { Empty, Panel, Skeleton, Trouble } from '../../ui/panel';
import { isPaper, PaperWord } from '../../ui/paper';
import { type Column, Table } from '../../ui/table';
import { exchangeText, LEGS, ORDER_STATUSES, ORDER_TYPES, sentence, TIMES_IN_FORCE } from '../../ui/texts.en';
import { Age, Time } from '../../ui/value';

export function OrdersPanel() {
  const rows = useOrders((list) => list.rows);
  const trouble = useOrders((list) => list.trouble);
  const sorted = useMemo(() => inOrder(rows), [rows]);
  return (
    <Panel name="Orders">
      {rows === null ? (
        trouble === null ? (
          <Skeleton rows={5} />
        ) : (
          <Trouble what="The orders could not be loaded." detail={`${sentence(trouble)} Trying again.`} />
        )
      ) : sorted.length === 0 ? (
        <Empty
          title="No orders yet."
          hint="Each one appears here before it is sent, and stays with what became of it."
        />
      ) : (
        <Table
          label="Orders"
          rows={sorted}
          rowId={(row) => row.request.clientOrderId}
          columns={ORDER_COLUMNS}
          minWidth={1040}
          rowClass={(row) => (isEnded(row.status) ? 'dim' : undefined)}
        />
      )}
    </Panel>
  );
}

/** Living orders first, then the ended, each newest first. */
function inOrder(rows: ReadonlyMap<string, Order> | null): readonly Order[] {
  return [...(rows?.values() ?? [])].sort(
    (a, b) => Number(isEnded(a.status)) - Number(isEnded(b.status)) || b.intendedAt - a.intendedAt,
  );
}

interface Market {
  readonly venue: string;
  readonly symbol: string;
}
/** A price with the decimals of its market's tick. */
export function PriceText({ market, price }: { market: Market; price: Decimal | null }) {
  const instrument = useInstrument(marketId(market));
  return <span className="num">{decimalText(price, instrument && places(instrument.tickSize))}</span>;
}
/** An amount with the decimals of its market's step. */
export function AmountText({ market, amount }: { market: Market; amount: Decimal | null }) {
  const instrument = useInstrument(marketId(market));
  return <span className="num">{decimalText(amount, instrument && places(instrument.stepSize))}</span>;
}
function Asked({ order: { request } }: { order: Order }) {
  return request.amount === null && request.closePosition ? (
    <span title="Closes the whole position">all</span>
  ) : (
    <AmountText market={request} amount={request.amount} />
  );
}

export function OrderState({ order }: { order: Order }) {
  const { word, means } = ORDER_STATUSES[order.status];
  const loud = order.status === 'unknown' || order.status === 'rejected' || order.status === 'absent';
  return (
    <span
      className={loud ? 'warn strong' : undefined}
      title={order.note === null ? means : `${means} ${order.note}`}
    >
      {word}
      {order.note !== null && loud ? `: ${order.note}` : ''}
    </span>
  );
}

const base = (symbol: string): string => symbol.split('/')[0] ?? symbol;
const rest = (symbol: string): string =>
  `${symbol.split('/')[1]?.split(':')[0] ?? ''}${symbol.includes(':') ? '' : ' spot'}`;

/** Coin and, quieter, what it is priced in; the exchange's full name for the pair in the tooltip. */
export function SymbolText({ symbol }: { symbol: string }) {
  return (
    <span className="strong" title={symbol}>
      {base(symbol)}
      <span className="unit">{rest(symbol)}</span>
    </span>
  );
}
/** The exchange, or PAPER for what never reaches one. */
export const VenueText = ({ venue }: { venue: string }) =>
  isPaper(venue) ? <PaperWord venue={venue} /> : exchangeText(venue);
export function OrderSideText({ side }: { side: Order['request']['side'] }) {
  return <span className={side === 'buy' ? 'up' : 'down'}>{side === 'buy' ? '▲ buy' : '▼ sell'}</span>;
}

/** Also used by History; every field of an order has its column or its tooltip. */
export const ORDER_COLUMNS: readonly Column<Order>[] = [
  {
    id: 'time',
    header: 'Written',
    hint: "When it was written to disk, before it was sent, by this computer's clock",
    width: '60px',
    cell: (row) => <Time at={row.intendedAt} />,
    sortBy: (row) => row.intendedAt,
  },
  {
    id: 'symbol',
    header: 'Symbol',
    width: 'minmax(84px, 0.8fr)',
    cell: (row) => <SymbolText symbol={row.request.symbol} />,
    sortBy: (row) => row.request.symbol,
  },
  { id: 'venue', header: 'Exchange', width: '58px', cell: (row) => <VenueText venue={row.request.venue} /> },
  {
    id: 'leg',
    header: 'Leg',
    width: '38px',
    cell: (row) => <span title={`Attempt ${row.attempt}`}>{LEGS[row.leg]}</span>,
  },
  { id: 'side', header: 'Side', width: '46px', cell: (row) => <OrderSideText side={row.request.side} /> },
  { id: 'type', header: 'Type', width: '88px', cell: (row) => <TypeText order={row} /> },
  {
    id: 'amount',
    header: 'Amount',
    width: 'minmax(58px, 0.7fr)',
    align: 'right',
    cell: (row) => <Asked order={row} />,
  },
  {
    id: 'price',
    header: 'Price',
    hint: 'Limit or trigger price',
    width: 'minmax(68px, 0.7fr)',
    align: 'right',
    cell: (row) => <PriceText market={row.request} price={row.request.triggerPrice ?? row.request.price} />,
  },
  {
    id: 'filled',
    header: 'Filled',
    width: 'minmax(58px, 0.7fr)',
    align: 'right',
    cell: (row) => <AmountText market={row.request} amount={row.filled} />,
  },
  {
    id: 'average',
    header: 'Average',
    width: 'minmax(68px, 0.7fr)',
    align: 'right',
    cell: (row) => <PriceText market={row.request} price={row.averagePrice} />,
  },
  {
    id: 'status',
    header: 'Status',
    width: 'minmax(110px, 2fr)',
    cell: (row) => <OrderState order={row} />,
    sortBy: (row) => row.status,
  },
  {
    id: 'changed',
    header: 'Changed',
    width: '62px',
    align: 'right',
    cell: (row) => <Age at={row.updatedAt} clock="wall" />,
  },
  {
    id: 'id',
    header: 'Our id',
    width: 'minmax(96px, 0.9fr)',
    cell: (row) => (
      <span
        className="mono hint"
        title={`Ours ${row.request.clientOrderId}; the exchange's ${row.venueOrderId ?? 'not known'}`}
      >
        {row.request.clientOrderId}
      </span>
    ),
  },
];

function TypeText({ order: { request } }: { order: Order }) {
  const limits = [
    request.reduceOnly ? 'reduce' : request.closePosition ? 'close' : '',
    request.timeInForce === null ? '' : TIMES_IN_FORCE[request.timeInForce],
  ].filter((text) => text !== '');
  return (
    <span title={limits.includes('reduce') ? 'Reduce only: it can close, never open' : undefined}>
      {ORDER_TYPES[request.type]}
      <span className="unit">{limits.join(' ')}</span>
    </span>
  );
}
