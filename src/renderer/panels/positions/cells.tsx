import type { Decimal } from '#shared/domain/basics';
import { cmp, isZero, places, toNumber } from '#shared/domain/decimal';
import type { Position } from '#shared/domain/position';
import { PARAM_NAMES as NAMES } from '#shared/domain/signal';
import { useClocks } from '../../state/clock';
import { marketId, useQuotes } from '../../state/lists';
import { listedId, useInstrument } from '../../state/market';
import { showOnChart } from '../../state/screen';
import { decimalText, durationText, signedText, UNKNOWN } from '../../ui/format';
import { isPaper, PaperWord } from '../../ui/paper';
import { exchangeText, PARAM_NAMES, POSITION_STATUSES, TRAILING, venueText } from '../../ui/texts.en';
import { Flash, Signed } from '../../ui/value';
import { baseCurrency, markOf, netResult, openFigures, quoteCurrency, resultAtStop } from './figures';

interface Of {
  readonly position: Position;
}

/** Decimals of prices and amounts of a position's market; its own digits until the market is known. */
export function useDigits(position: Position): { price: number | undefined; amount: number | undefined } {
  const instrument = useInstrument(marketId(position));
  return {
    price: instrument === undefined ? undefined : places(instrument.tickSize),
    amount: instrument === undefined ? undefined : places(instrument.stepSize),
  };
}
export const useMark = (position: Position): Decimal | null =>
  useQuotes((quotes) => markOf(quotes.rows?.get(marketId(position))));

export function SymbolCell({ position }: Of) {
  return (
    <button
      type="button"
      className="link strong"
      title={`${position.symbol} on ${venueText(position.venue)}: ${POSITION_STATUSES[position.status]}. Show on the chart.`}
      onClick={() => showOnChart(listedId(marketId(position)))}
    >
      {baseCurrency(position.symbol)}
      {isPaper(position.venue) ? (
        <span className="unit">
          <PaperWord venue={position.venue} />
        </span>
      ) : (
        <span className="unit">
          {quoteCurrency(position.symbol)}
          {position.symbol.includes(':') ? '' : ' spot'}
        </span>
      )}
      {position.imported === true && (
        <span className="unit" title="Found on the exchange without a record here, and protected since">
          found
        </span>
      )}
    </button>
  );
}

export function AmountCell({ position, asked }: Of & { asked?: boolean }) {
  const { amount } = useDigits(position);
  const value = asked ? position.intendedAmount : position.amount;
  const short = !asked && cmp(position.amount, position.intendedAmount) < 0;
  return (
    <span
      className={short && position.status !== 'closing' ? 'num warn' : 'num'}
      title={
        short
          ? `${decimalText(position.amount, amount)} of ${decimalText(position.intendedAmount, amount)} ${baseCurrency(position.symbol)}`
          : `${decimalText(value, amount)} ${baseCurrency(position.symbol)}`
      }
    >
      {decimalText(value, amount)}
    </span>
  );
}

export function PriceCell({ position, price }: Of & { price: Decimal | null | 'mark' }) {
  const { price: digits } = useDigits(position);
  const mark = useMark(position);
  if (price !== 'mark') return <span className="num">{decimalText(price, digits)}</span>;
  return (
    <Flash className="num" value={mark === null ? null : toNumber(mark)} text={decimalText(mark, digits)} />
  );
}

export function PnlCell({ position }: Of) {
  const { pnl, pnlPercent } = openFigures(position, useMark(position));
  if (pnl === null) return <span>{UNKNOWN}</span>;
  return (
    <span className="pnl">
      <Signed value={pnl} places={2} />
      <span className="pnl-percent">
        <Signed value={pnlPercent} places={2} unit="%" />
      </span>
    </span>
  );
}

export function NetCell({ position }: Of) {
  if (position.entryPrice === null) return <span>{UNKNOWN}</span>;
  const { net, otherFees } = netResult(position);
  const rest = otherFees.map(([currency, cost]) => `${decimalText(cost)} ${currency}`).join(', ');
  return (
    <span title={rest === '' ? 'After fees' : `After fees in quote; also paid: ${rest}`}>
      <Signed value={net} places={2} />
      {rest === '' ? '' : '*'}
    </span>
  );
}

export function StopCell({ position }: Of) {
  const { price } = useDigits(position);
  const clocks = useClocks();
  const { stop } = position;
  if (stop === null) return <span>{UNKNOWN}</span>;
  const age = clocks === null ? '' : ` ${durationText(clocks.wall - stop.confirmedAt)} ago`;
  const atStop = resultAtStop(position);
  return (
    <span
      className="num"
      title={`${isPaper(position.venue) ? 'The paper account' : exchangeText(position.venue)} confirmed it${age}. If it is hit at its price: ${signedText(atStop, 2)} ${quoteCurrency(position.symbol)} before fees.`}
    >
      {decimalText(stop.price, price)}
    </span>
  );
}

/** What the position was opened with: later waves never change it. */
export function ParamsCell({ position }: Of) {
  const { params, paramsVersion } = position;
  const values = NAMES.map(
    (name) =>
      `${PARAM_NAMES[name].name.toLowerCase()} ${params[name]}${PARAM_NAMES[name].unit === '' ? '' : ' %'}`,
  ).join(', ');
  return (
    <span className="num soft" title={`Opened with ${values}. Later changes do not touch it.`}>
      {paramsVersion === undefined ? UNKNOWN : `v${paramsVersion}`}
    </span>
  );
}

export function TrailingCell({ position }: Of) {
  const { price } = useDigits(position);
  const { trailing, aged } = position;
  if (aged != null) {
    return (
      <span
        className="warn"
        title={`Too old without its trailing stop taking over: ${aged.phase === 'grace' ? 'closes near its entry' : 'accepts a loss that grows each hour'}.`}
      >
        aged, at <span className="num">{decimalText(aged.target, price)}</span>
      </span>
    );
  }
  if (trailing === null) return <span>{UNKNOWN}</span>;
  const { state, activationPrice, wanted, updates, peak } = trailing;
  const detail = `Best price since entry ${decimalText(peak, price)}. The exchange accepted ${updates} ${updates === 1 ? 'change' : 'changes'}.`;
  if (state === 'active') {
    return (
      <span title={`${detail} It wants ${decimalText(wanted, price)}.`}>
        {TRAILING.active} <span className="num soft">{decimalText(wanted, price)}</span>
      </span>
    );
  }
  if (state === 'triggered') return <span title={detail}>{TRAILING.triggered}</span>;
  return (
    <span className="soft" title={`It starts to follow at ${decimalText(activationPrice, price)}. ${detail}`}>
      from <span className="num">{decimalText(activationPrice, price)}</span>
    </span>
  );
}

/** Who acts for this position if this computer dies now. */
export function ProtectedBy({ position }: Of) {
  const { price } = useDigits(position);
  const clocks = useClocks();
  const { stop, nakedSince, status } = position;
  if (isZero(position.amount)) {
    return <span className="hint">{status === 'closing' ? 'flat, closing' : 'nothing bought yet'}</span>;
  }
  if (stop !== null && isPaper(position.venue)) {
    return (
      <span className="soft" title="Paper: the stop is kept by this program. No real money.">
        Paper stop <span className="num">{decimalText(stop.price, price)}</span>
      </span>
    );
  }
  if (stop !== null && cmp(stop.amount, position.amount) < 0) {
    return (
      <span className="danger" title="The stop on the exchange covers only a part of the position.">
        Only {decimalText(stop.amount)} of {decimalText(position.amount)}
      </span>
    );
  }
  if (stop !== null) {
    return (
      <span
        title={`Stop at ${decimalText(stop.price, price)}, confirmed by the exchange; order ${stop.clientOrderId}`}
      >
        Stop on {exchangeText(position.venue)}
      </span>
    );
  }
  const since =
    clocks === null || nakedSince === null ? '' : ` for ${durationText(clocks.wall - nakedSince)}`;
  return (
    <span className="danger" role="alert">
      Nobody{since}
    </span>
  );
}
