import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { UnixMs } from '#shared/domain/basics';
import { isZero, sum } from '#shared/domain/decimal';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { flattenWave, newTicket } from '../../state/actions';
import { marketId, useQuotes } from '../../state/lists';
import { decimalText, UNKNOWN } from '../../ui/format';
import { HoldButton } from '../../ui/hold-button';
import { ModeWord } from '../../ui/panel';
import { isPaper, PaperWord } from '../../ui/paper';
import { CLOSE_REASONS, exchangeText, POSITION_STATUSES, plural } from '../../ui/texts.en';
import { Signed, Time } from '../../ui/value';
import { useDigits } from '../positions/cells';
import { baseCurrency, estimatedResult, markOf, netResult, quoteCurrency } from '../positions/figures';

const isOpen = (position: Position): boolean => OPEN_POSITION_STATUSES.has(position.status);

/** Closes what is open of a wave, after showing it; the button is held, and each result is shown as it comes. */
export function FlattenButton(props: { waveTime: UnixMs; positions: readonly Position[] }) {
  const { waveTime, positions } = props;
  const [ask, setAsk] = useState<{ ticket: string; ids: ReadonlySet<string> } | null>(null);
  const [sent, setSent] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const open = positions.filter(isOpen);
  const show = () => {
    setAsk({ ticket: newTicket(), ids: new Set(open.map((row) => row.id)) });
    setSent(false);
    setTrouble(null);
  };
  const go = async () => {
    if (ask === null || sent) return;
    setSent(true);
    setTrouble(await flattenWave(waveTime, ask.ticket));
  };
  // What was open when it was asked stays listed, so that its end can be read here.
  const listed = ask === null ? [] : positions.filter((row) => isOpen(row) || ask.ids.has(row.id));
  const left = listed.filter(isOpen).length;
  return (
    <>
      {open.length > 0 && (
        <button type="button" className="button" onClick={show}>
          Flatten…
        </button>
      )}
      <Modal
        opened={ask !== null}
        onClose={() => setAsk(null)}
        centered
        size={560}
        transitionProps={{ duration: 0 }}
        title={
          <span>
            Flatten wave <Time at={waveTime} show="minute" /> <ModeWord />
          </span>
        }
      >
        <p className="dialog-text">
          {sent && trouble === null
            ? left === 0
              ? 'All its positions are closed.'
              : `Asked. ${plural(left, 'position is', 'positions are')} not closed yet.`
            : `${plural(left, 'position is', 'positions are')} closed at market, reduce only. Each stop is cancelled once its position is flat.`}
        </p>
        <FlattenTable positions={listed} sent={sent && trouble === null} />
        {trouble !== null && (
          <p className="warn" role="alert">
            Not taken: {trouble} Nothing is known to have been sent.
          </p>
        )}
        <div className="ticket-buttons">
          <button type="button" className="button" onClick={() => setAsk(null)}>
            {sent ? 'Close this window' : 'Keep them open'}
          </button>
          {!sent && left > 0 && (
            <HoldButton
              kind="danger"
              label={`Flatten: hold for one second to close ${plural(left, 'position')} at market`}
              onHeld={go}
            >
              Hold to flatten {left}
            </HoldButton>
          )}
        </div>
      </Modal>
    </>
  );
}

function FlattenTable({ positions, sent }: { positions: readonly Position[]; sent: boolean }) {
  const quotes = useQuotes((list) => list.rows);
  const markFor = (row: Position) => markOf(quotes?.get(marketId(row)));
  const sums = (['real', 'paper'] as const).map((kind) => {
    const rows = positions.filter((row) => isOpen(row) && isPaper(row.venue) === (kind === 'paper'));
    const known = rows.map((row) => estimatedResult(row, markFor(row))).filter((value) => value !== null);
    return { kind, count: rows.length, sum: known.length === rows.length ? sum(known) : null };
  });
  const allOpen = positions.every(isOpen);
  return (
    <table className="dialog-table" aria-label="Positions to close">
      <thead>
        <tr>
          <th scope="col">Position</th>
          <th scope="col" className="right">
            Size
          </th>
          <th scope="col" className="right">
            Price
          </th>
          <th scope="col" className="right">
            {allOpen ? 'Estimated result' : 'Result'}
          </th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {positions.map((row) => (
          <FlattenRow key={row.id} position={row} sent={sent} />
        ))}
      </tbody>
      <tfoot>
        {sums
          .filter((one) => one.count > 0)
          .map((one) => (
            <tr key={one.kind}>
              <td colSpan={3}>
                {one.count} open {one.kind === 'paper' && <PaperWord venue="_paper" />}
                <span className="hint"> estimated after fees, without slippage</span>
              </td>
              <td className="right">
                <Signed value={one.sum} places={2} unit="USD" />
              </td>
              <td />
            </tr>
          ))}
      </tfoot>
    </table>
  );
}

function FlattenRow({ position, sent }: { position: Position; sent: boolean }) {
  const { price, amount } = useDigits(position);
  const mark = useQuotes((quotes) => markOf(quotes.rows?.get(marketId(position))));
  const open = isOpen(position);
  return (
    <tr>
      <td>
        <span className={position.side === 'long' ? 'up' : 'down'}>
          {position.side === 'long' ? '▲' : '▼'}
        </span>{' '}
        <span className="strong">{baseCurrency(position.symbol)}</span>{' '}
        <span className="hint">
          {exchangeText(position.venue)} {quoteCurrency(position.symbol)}
        </span>{' '}
        <PaperWord venue={position.venue} />
      </td>
      <td className="right num">{decimalText(open ? position.amount : position.intendedAmount, amount)}</td>
      <td className="right num">
        {open ? decimalText(mark, price) : decimalText(position.exitPrice, price)}
      </td>
      <td className="right">
        {open ? (
          <Signed value={estimatedResult(position, mark)} places={2} />
        ) : position.entryPrice === null ? (
          UNKNOWN
        ) : (
          <Signed value={netResult(position).net} places={2} />
        )}
      </td>
      <td className={open ? 'soft' : undefined} title={position.note ?? undefined}>
        {position.closeReason !== null && !open
          ? CLOSE_REASONS[position.closeReason]
          : isZero(position.amount) && open
            ? 'flat, closing'
            : sent && position.status === 'active'
              ? 'asked'
              : POSITION_STATUSES[position.status]}
      </td>
    </tr>
  );
}
