import { add, mul, ZERO } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';
import { decimalOf, type Fields, fieldsOf, integerOf, optionalDecimal, textOf, timeOf } from '../core/fields';
import { accountFacts, type FrameFact, type Where } from '../core/frame-facts';
import { decodePosition } from './account';
import { levelsOf } from './levels';
import type { FundingNews } from './messages';

// {"channel":"spot@private.account.v3.api.pb","privateAccount":{"vcoinName":"USDT","balanceAmount":"1624.7125","frozenAmount":"0","time":…}}
export function spotBalance(where: Where, frame: Fields): FrameFact {
  const row = fieldsOf(frame.privateAccount, 'account');
  return {
    type: 'balance',
    ...where,
    asset: textOf(row, 'vcoinName'),
    free: optionalDecimal(row, 'balanceAmount') ?? ZERO,
    locked: optionalDecimal(row, 'frozenAmount') ?? ZERO,
    timestamp: timeOf(row, 'time'),
  };
}

// {"currency":"USDT","positionMargin":0.5,"frozenBalance":0.5,"availableBalance":9,"bonus":0}
export const assetBalance = (where: Where, row: Fields, frame: Fields): FrameFact => ({
  type: 'balance',
  ...where,
  asset: textOf(row, 'currency'),
  free: decimalOf(row, 'availableBalance'),
  locked: add(decimalOf(row, 'frozenBalance'), optionalDecimal(row, 'positionMargin') ?? ZERO),
  timestamp: frame.ts === undefined ? null : timeOf(frame, 'ts'),
});

export function positionFact(where: Where, row: Fields, instrument: Instrument): FrameFact {
  const position = decodePosition(row, instrument);
  const [fact] = accountFacts(where, {
    type: 'positions',
    positions: [position],
    seenAt: timeOf(row, 'updateTime'),
  });
  return { ...fact!, timestamp: timeOf(row, 'updateTime') } as FrameFact;
}

export const fundingFact = (
  where: Where,
  { rate, nextFundingAt, venueTime }: FundingNews,
  instrument: Instrument,
) => ({
  type: 'funding' as const,
  ...where,
  symbol: instrument.symbol,
  timestamp: venueTime,
  rate,
  next_at: nextFundingAt,
});

/** push.depth.full: whole pictures of the best levels. */
export function depthSnapshot(where: Where, frame: Fields, instrument: Instrument): FrameFact {
  const data = fieldsOf(frame.data, 'depth');
  return {
    type: 'book_snapshot',
    ...where,
    symbol: instrument.symbol,
    timestamp: timeOf(frame, 'ts'),
    first: null,
    last: String(integerOf(data, 'version')),
    bids: levelsOf(data.bids, instrument),
    asks: levelsOf(data.asks, instrument),
  };
}

/** The best prices stand without their amounts. The change is told as a fraction. */
export function tickerFact(where: Where, data: Fields, known: (row: Fields) => Instrument): FrameFact {
  const change = optionalDecimal(data, 'riseFallRate');
  return {
    type: 'ticker',
    ...where,
    symbol: known(data).symbol,
    timestamp: data.timestamp === undefined ? null : timeOf(data, 'timestamp'),
    last: optionalDecimal(data, 'lastPrice'),
    bid: optionalDecimal(data, 'bid1'),
    bid_amount: null,
    ask: optionalDecimal(data, 'ask1'),
    ask_amount: null,
    change_percent: change === null ? null : mul(change, '100' as typeof change),
    quote_volume: optionalDecimal(data, 'amount24'),
  };
}
