import { Popover } from '@mantine/core';
import { useState } from 'react';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { closePosition, newTicket } from '../../state/actions';
import { decimalText } from '../../ui/format';
import { ModeWord } from '../../ui/panel';
import { PaperWord } from '../../ui/paper';
import { exchangeText } from '../../ui/texts.en';
import { Signed } from '../../ui/value';
import { useDigits, useMark } from './cells';
import { baseCurrency, estimatedResult, quoteCurrency } from './figures';
import './positions.css';

/** Asks for a market exit after showing size, price, result and mode. One opening of the dialog is one ticket. */
export function CloseButton({ position }: { position: Position }) {
  const [ticket, setTicket] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const closing = position.status === 'closing';
  const shut = () => setTicket(null);
  const open = () => {
    setTicket(newTicket());
    setSent(false);
    setTrouble(null);
  };
  const confirm = async () => {
    if (ticket === null || sent) return;
    setSent(true);
    const why = await closePosition(position.id, ticket);
    if (why === null) return shut();
    setTrouble(why);
  };
  return (
    <Popover
      opened={ticket !== null}
      onDismiss={shut}
      onChange={(opened) => !opened && shut()}
      position="top-end"
      width={320}
      shadow="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <button
          type="button"
          className="button"
          disabled={closing || !OPEN_POSITION_STATUSES.has(position.status)}
          aria-label={`Close ${position.symbol}`}
          onClick={ticket === null ? open : shut}
        >
          {closing ? 'Closing' : 'Close'}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="ticket" aria-label={`Close ${position.symbol} at market`}>
        <Ticket position={position} />
        {trouble !== null && (
          <p className="warn" role="alert">
            {trouble}
          </p>
        )}
        <div className="ticket-buttons">
          <button type="button" className="button" onClick={shut}>
            Keep it open
          </button>
          <button type="button" className="button primary" disabled={sent} onClick={confirm} data-autofocus>
            {sent && trouble === null ? 'Asked' : 'Close at market'}
          </button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Ticket({ position }: { position: Position }) {
  const { price, amount } = useDigits(position);
  const mark = useMark(position);
  const quote = quoteCurrency(position.symbol);
  return (
    <>
      <p className="ticket-title">
        Close {position.symbol} on {exchangeText(position.venue)} <ModeWord />{' '}
        <PaperWord venue={position.venue} />
      </p>
      <dl className="facts">
        <dt>Order</dt>
        <dd>
          {position.side === 'long' ? 'Sell' : 'Buy'} {decimalText(position.amount, amount)}{' '}
          {baseCurrency(position.symbol)} at market, reduce only
        </dd>
        <dt>Price now</dt>
        <dd className="num">{decimalText(mark, price)}</dd>
        <dt>Estimated result</dt>
        <dd>
          <Signed value={estimatedResult(position, mark)} places={2} unit={quote} />
          <span className="hint"> after fees, without slippage</span>
        </dd>
        <dt>Afterwards</dt>
        <dd>Its stop is cancelled once it is flat.</dd>
      </dl>
    </>
  );
}
