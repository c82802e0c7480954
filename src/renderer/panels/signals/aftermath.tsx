import type { SignalStory } from '#shared/contract/signals';
import { isZero } from '#shared/domain/decimal';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { usePositions } from '../../state/lists';
import { decimalText } from '../../ui/format';
import { orderText } from '../../ui/journal.en';
import { CLOSE_REASONS, LEGS, ORDER_STATUSES, POSITION_STATUSES, sentence } from '../../ui/texts.en';
import { Signed, Time } from '../../ui/value';
import { netResult, quoteCurrency } from '../positions/figures';
import { followUp } from './follow-up';

/** Orders, fills and the end of what a signal led to. */
export function Aftermath({ story }: { story: SignalStory }) {
  const { orders, fills, position: last } = followUp(story.rows);
  const live = usePositions((list) =>
    story.decision.positionId === null ? undefined : list.rows?.get(story.decision.positionId),
  );
  const position = live ?? last;
  if (orders.length === 0 && fills.length === 0 && position === null)
    return <p className="hint">Nothing was ordered.</p>;
  return (
    <ol className="rows">
      {orders.map((order) => (
        <li key={order.request.clientOrderId}>
          <Time at={order.intendedAt} />
          <span title={`${order.request.clientOrderId}, attempt ${order.attempt}`}>
            {orderText(order)} <span className="hint">{LEGS[order.leg]}</span>:{' '}
            {ORDER_STATUSES[order.status].word}
            {order.averagePrice !== null && (
              <span className="num">
                , {decimalText(order.filled)} at {decimalText(order.averagePrice)}
              </span>
            )}
            {order.note !== null && <span className="check-numbers warn">{sentence(order.note)}</span>}
          </span>
        </li>
      ))}
      {fills.map((fill) => (
        <li key={`${fill.venue}${fill.tradeId}`}>
          <Time at={fill.seenAt} />
          <span className="num">
            {fill.side === 'buy' ? 'Bought' : 'Sold'} {decimalText(fill.amount)} at {decimalText(fill.price)}
            {fill.fee !== null && (
              <span className="hint">
                {' '}
                fee {decimalText(fill.fee.cost)} {fill.fee.currency}
              </span>
            )}
          </span>
        </li>
      ))}
      {position !== null && (
        <li>
          <Time at={position.closedAt ?? position.openedAt} />
          <span>
            <End position={position} />
          </span>
        </li>
      )}
    </ol>
  );
}

function End({ position }: { position: Position }) {
  const open = OPEN_POSITION_STATUSES.has(position.status);
  if (open)
    return (
      <>
        The position is {POSITION_STATUSES[position.status]}
        {isZero(position.amount) ? '.' : `: ${decimalText(position.amount)} held.`}
      </>
    );
  return (
    <>
      {position.closeReason === null
        ? `The position: ${POSITION_STATUSES[position.status]}.`
        : `${CLOSE_REASONS[position.closeReason]}.`}{' '}
      {position.entryPrice !== null && (
        <>
          Result <Signed value={netResult(position).net} places={2} unit={quoteCurrency(position.symbol)} />{' '}
          <span className="hint">after fees</span>
        </>
      )}
    </>
  );
}
