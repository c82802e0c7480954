import { isZero, lt } from '#shared/domain/decimal';
import type { Quote } from '#shared/domain/market';
import { useClocks } from '../../state/clock';
import { marketId, useQuotes } from '../../state/lists';
import { decimalText, durationText, UNKNOWN } from '../../ui/format';
import { PaperWord } from '../../ui/paper';
import { liveText, localText } from '../../ui/protection.en';
import { exchangeText, plural } from '../../ui/texts.en';
import { Age, Signed } from '../../ui/value';
import { AmountCell, SymbolCell, useDigits } from '../positions/cells';
import { markOf, quoteCurrency } from '../positions/figures';
import type { ProtectionRow } from './exits';
import { type WorstCase, worstCase, worstOfAll } from './worst-case';
import './protection.css';

type Quotes = ReadonlyMap<string, Quote> | null;
const worstOf = (row: ProtectionRow, quotes: Quotes): WorstCase =>
  worstCase(row.position, markOf(quotes?.get(marketId(row.position))));

/** One account kind's open positions: what would act without this program, what would not, and what that can cost. */
export function ProtectionTable(props: { label: string; rows: readonly ProtectionRow[]; paper: boolean }) {
  const quotes = useQuotes((list) => list.rows);
  const worst = props.rows.map((row) => worstOf(row, quotes));
  const bare = props.rows.filter((row) => row.bare).length;
  return (
    <table className="protection-table" aria-label={props.label}>
      <thead>
        <tr>
          <th scope="col">
            Position <PaperWord venue={props.paper ? '_paper' : null} />
          </th>
          <th scope="col" className="right">
            Size
          </th>
          <th scope="col" title="Acts even when this computer is off">
            {props.paper ? 'On an exchange' : 'On the exchange now'}
          </th>
          <th scope="col" title="Would only be done by Wavedesk while it runs">
            Only on this computer
          </th>
          <th
            scope="col"
            className="right"
            title="The result if nobody returns: from entry and stop, fees included, before slippage"
          >
            Worst case<span className="unit">USD</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row, index) => (
          <Row key={row.position.id} row={row} worst={worst[index] as WorstCase} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={4}>
            {plural(props.rows.length, props.paper ? 'paper position' : 'position')} in all
            {bare > 0 ? (
              <span className="danger"> · {bare} without a full stop</span>
            ) : props.paper ? (
              ''
            ) : (
              <span className="soft"> · each stop lives on its exchange</span>
            )}
          </td>
          <td className="right">
            <Worst of={worstOfAll(worst)} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Row({ row, worst }: { row: ProtectionRow; worst: WorstCase }) {
  const { position, live, local, bare } = row;
  const { price, amount } = useDigits(position);
  const long = position.side === 'long';
  return (
    <tr className={bare ? 'protection-bare' : undefined}>
      <td>
        <SymbolCell position={position} /> <span className={long ? 'up' : 'down'}>{long ? '▲' : '▼'}</span>
        <div className="hint">
          {exchangeText(position.venue)} {position.side}
        </div>
      </td>
      <td className="right">
        <AmountCell position={position} />
      </td>
      <td>
        {live.length === 0 && <Nobody row={row} />}
        {live.map((exit) => (
          <div key={exit.clientOrderId}>
            {liveText(exit)} <span className="num">{decimalText(exit.price, price)}</span>
            {exit.amount !== null && lt(exit.amount, position.amount) && (
              <span className="danger num">
                {' '}
                for {decimalText(exit.amount, amount)} of {decimalText(position.amount, amount)}
              </span>
            )}
            <div className="hint protection-order">
              confirmed <Age at={exit.confirmedAt} clock="wall" ago /> ·{' '}
              <span
                className="mono"
                title={`${exit.venueOrderId === null ? '' : `Order ${exit.venueOrderId}, `}ours ${exit.clientOrderId}`}
              >
                {exit.venueOrderId ?? exit.clientOrderId}
              </span>
            </div>
          </div>
        ))}
      </td>
      <td className="soft">
        {local.length === 0 && <span className="hint">nothing</span>}
        {local.map((exit) => (
          <div
            key={`${exit.what}${exit.detail}`}
            className={exit.what === 'in-doubt' || exit.what === 'stop-unsent' ? 'warn' : undefined}
          >
            {localText(exit, (value) => decimalText(value, price))}
          </div>
        ))}
      </td>
      <td className="right">
        <Worst of={worst} />
        <div className="hint">{quoteCurrency(position.symbol)}</div>
      </td>
    </tr>
  );
}

function Nobody({ row: { position, bare } }: { row: ProtectionRow }) {
  const clocks = useClocks();
  if (position.venue.endsWith('_paper')) return <span className="hint">none; no real money</span>;
  if (!bare) {
    return (
      <span className="soft">
        {isZero(position.amount) && position.status === 'closing' ? 'flat, closing' : 'nothing bought yet'}
      </span>
    );
  }
  const since =
    clocks === null || position.nakedSince === null
      ? ''
      : ` for ${durationText(clocks.wall - position.nakedSince)}`;
  return <span className="danger">Nobody{since}</span>;
}

/** A result with its sign; a loss without a bound is never shown as a number. */
function Worst({ of }: { of: WorstCase }) {
  switch (of.kind) {
    case 'flat':
      return <span className="soft">none</span>;
    case 'unknown':
      return <span title="A price is not known">{UNKNOWN}</span>;
    case 'not-bounded':
      return (
        <span className="danger" title="A short without a stop can lose more than it is worth">
          not bounded
        </span>
      );
    case 'result':
      return (
        <span
          title={
            of.assumedFee
              ? "The fee is not known; 0.1 % is assumed. A jump past the stop's price can make it worse."
              : "Fees included. A jump past the stop's price can make it worse."
          }
        >
          <Signed value={of.value} places={2} />
          {of.assumedFee ? '*' : ''}
        </span>
      );
  }
}
