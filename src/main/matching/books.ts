import type { Decimal } from '#shared/domain/basics';
import { BookSide } from './book-side';
import { least, MONEY_QUANTUM, PLACES, power, toScaled, toText } from './scaled';
import type { Book } from './state';
import type { MatchSymbol } from './types';

const placesOf = (step: Decimal): number => {
  const text = toText(toScaled(step));
  const dot = text.indexOf('.');
  return dot < 0 ? 0 : text.length - dot - 1;
};

/** An empty book. @throws RangeError when the symbol's rules make no sense or need more than 12 places. */
export function createBook(spec: MatchSymbol): Book {
  const places = placesOf(spec.tickSize) + placesOf(spec.stepSize);
  if (places > PLACES) throw new RangeError(`${spec.symbol}: tick and step need more than ${PLACES} places`);
  const tick = toScaled(spec.tickSize);
  const step = toScaled(spec.stepSize);
  if (tick <= 0n || step <= 0n) throw new RangeError(`${spec.symbol}: tick and step must be above 0`);
  if (spec.market === 'future' && (!Number.isInteger(spec.maxLeverage) || spec.maxLeverage < 1))
    throw new RangeError(`${spec.symbol}: maximum leverage must be a whole number from 1`);
  return {
    spec,
    tick,
    step,
    minAmount: toScaled(spec.minAmount),
    maxAmount: toScaled(spec.maxAmount),
    minNotional: toScaled(spec.minNotional),
    makerFee: toScaled(spec.makerFee),
    takerFee: toScaled(spec.takerFee),
    maintenanceRate: toScaled(spec.maintenanceRate),
    costQuantum: least(MONEY_QUANTUM, power(PLACES - places)),
    bids: new BookSide('bid'),
    asks: new BookSide('ask'),
    waiting: new Set(),
    fired: new Set(),
    lastTradeId: 0,
    last: null,
    mark: null,
  };
}
