import { type UnixMs, unixMs } from '#shared/domain/basics';
import { toNumber } from '#shared/domain/decimal';
import type { MarketKind } from '#shared/domain/exchange';
import type { MarketEvent } from '#shared/domain/market';
import { bad, decimalOf, type Fields, fieldsOf, integerOf, optionalDecimal, timeOf } from '../core/fields';
import type { Base } from './decode';

const TICKER_FIELDS = ['lastPrice', 'price24hPcnt', 'turnover24h'] as const;
const MARK_FIELDS = ['markPrice', 'indexPrice', 'fundingRate', 'nextFundingTime'] as const;
const INTEREST_FIELDS = ['openInterest', 'openInterestValue'] as const;

/**
 * The tickers of one market. A contract's ticker is a snapshot and then deltas, where a field that is missing is
 * unchanged; spot's are always whole. Each message tells only what it brings news of.
 */
export class Tickers {
  readonly #known = new Map<string, Fields>();

  /** @throws ProtocolError */
  take(frame: Fields, wire: string, market: MarketKind, base: Base): readonly MarketEvent[] {
    const news = fieldsOf(frame.data, 'data');
    if (news.symbol !== wire) throw bad(`a ticker of another symbol than ${wire}`, frame);
    const whole = this.#merge(frame, news, wire);
    if (whole === null) return [];
    const venueTime = timeOf(frame, 'ts');
    const brings = (names: readonly string[]): boolean => names.some((name) => news[name] !== undefined);
    const events: MarketEvent[] = [];
    if (brings(TICKER_FIELDS)) events.push(toTicker(whole, base, venueTime));
    if (market === 'spot') return events;
    if (brings(MARK_FIELDS)) events.push(toMark(whole, base, venueTime));
    if (brings(INTEREST_FIELDS)) events.push(toInterest(whole, base, venueTime));
    return events;
  }

  /** Null for a delta to a snapshot that has not come. */
  #merge(frame: Fields, news: Fields, wire: string): Fields | null {
    const before = this.#known.get(wire);
    if (frame.type !== 'snapshot' && frame.type !== 'delta') throw bad('a ticker of unknown type', frame);
    if (frame.type === 'delta' && before === undefined) return null;
    const whole = frame.type === 'delta' ? { ...before, ...news } : news;
    this.#known.set(wire, whole);
    return whole;
  }
}

function toTicker(fields: Fields, base: Base, venueTime: UnixMs): MarketEvent {
  const change = optionalDecimal(fields, 'price24hPcnt');
  const turnover = optionalDecimal(fields, 'turnover24h');
  return {
    ...base,
    type: 'ticker',
    venueTime,
    last: decimalOf(fields, 'lastPrice'),
    // Bybit tells a fraction.
    change24h: change === null ? null : toNumber(change) * 100,
    volume24h: turnover === null ? null : toNumber(turnover),
  };
}

const toMark = (fields: Fields, base: Base, venueTime: UnixMs): MarketEvent => ({
  ...base,
  type: 'mark',
  venueTime,
  mark: decimalOf(fields, 'markPrice'),
  index: optionalDecimal(fields, 'indexPrice'),
  fundingRate: optionalDecimal(fields, 'fundingRate'),
  nextFundingAt: nextFunding(fields),
});

/** "" and "0" where a contract has no funding (before its launch, say). */
function nextFunding(fields: Fields): UnixMs | null {
  const value = fields.nextFundingTime;
  if (value === undefined || value === '' || value === '0' || value === 0) return null;
  return unixMs(integerOf(fields, 'nextFundingTime'));
}

/** `openInterest` counts both sides in base. */
const toInterest = (fields: Fields, base: Base, venueTime: UnixMs): MarketEvent => ({
  ...base,
  type: 'interest',
  venueTime,
  base: optionalDecimal(fields, 'openInterest'),
  quote: optionalDecimal(fields, 'openInterestValue'),
});
