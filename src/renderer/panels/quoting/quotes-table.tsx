import type { QuotingStatus } from '#shared/domain/quoting';
import { decimalText, UNKNOWN } from '../../ui/format';
import { venueText } from '../../ui/texts.en';
import { Age } from '../../ui/value';

/** What stands in the book for each line, and why a line does not quote. */
export function QuotesTable({ status }: { readonly status: QuotingStatus }) {
  if (status.lines.length === 0) return null;
  return (
    <table className="quotes" aria-label="Quotes">
      <thead>
        <tr>
          <th scope="col">Market</th>
          <th scope="col">Side</th>
          <th scope="col" className="right">
            Price
          </th>
          <th scope="col" className="right">
            Amount
          </th>
          <th scope="col" className="right">
            Filled
          </th>
          <th scope="col">State</th>
          <th scope="col" className="right">
            Age
          </th>
        </tr>
      </thead>
      {status.lines.map(({ line, quotes, note }) => (
        <tbody key={line.id}>
          {quotes.map((quote) => (
            <tr key={quote.clientOrderId} title={quote.clientOrderId}>
              <td>
                {line.symbol} <span className="soft">{venueText(line.venue)}</span>
              </td>
              <td>{quote.side === 'buy' ? 'bid' : 'offer'}</td>
              <td className="right num">{quote.price === null ? UNKNOWN : decimalText(quote.price)}</td>
              <td className="right num">{quote.amount === null ? UNKNOWN : decimalText(quote.amount)}</td>
              <td className="right num">{decimalText(quote.filled)}</td>
              <td>{quote.leaving ? 'leaving' : quote.status.replace('_', ' ')}</td>
              <td className="right num">
                <Age at={quote.placedAt} clock="wall" />
              </td>
            </tr>
          ))}
          {note !== null && (
            <tr>
              <td colSpan={7} className="warn">
                {line.symbol}: {note}
              </td>
            </tr>
          )}
        </tbody>
      ))}
    </table>
  );
}
