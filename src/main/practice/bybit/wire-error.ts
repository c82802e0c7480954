import type { RejectCode } from '#main/matching/types';
import type { OrderSide } from '#shared/domain/basics';

/** A refusal as Bybit words it: its code, its text, and the HTTP status, which is 200 for most. */
export class WireError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = 200,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

export const badParam = (what: string): WireError => new WireError(10_001, `params error: ${what}`);
export const unknownSymbol = (symbol: string): WireError =>
  badParam(`Symbol Is Invalid ${symbol}`.slice(0, 80));
/** For what Bybit offers and this exchange does not: a plain no is better than a wrong yes. */
export const unsupported = (what: string): WireError => badParam(`${what} is not supported here`);

export const noSuchOrder = (kind: 'spot' | 'future'): WireError =>
  kind === 'spot'
    ? new WireError(170_213, 'Order does not exist.')
    : new WireError(110_001, 'order not exists or too late to cancel');
export const duplicateId = (kind: 'spot' | 'future'): WireError =>
  kind === 'spot'
    ? new WireError(170_141, 'Duplicate clientOrderId')
    : new WireError(110_072, 'OrderLinkedID is duplicate');
/** The trigger price lies on the side of the last price that was passed already. */
export const passedTrigger = (rises: boolean): WireError =>
  rises
    ? new WireError(110_092, 'expect Rising, but trigger_price <= current')
    : new WireError(110_093, 'expect Falling, but trigger_price >= current');

type Refusals = Readonly<Partial<Record<RejectCode, readonly [code: number, text: string]>>>;

// Texts: Bybit's table of error codes, 2026-07.
const SPOT: Refusals = {
  'bad-tick': [170_134, 'Order price decimal too long.'],
  'bad-step': [170_137, 'Order volume decimal too long.'],
  'too-small': [170_140, 'Order value exceeded lower limit.'],
  'too-large': [170_135, 'Order quantity exceeded upper limit.'],
  'notional-too-small': [170_140, 'Order value exceeded lower limit.'],
  'insufficient-balance': [170_131, 'Insufficient balance.'],
  'insufficient-margin': [170_131, 'Insufficient balance.'],
  'bad-price': [170_132, 'Order price too high.'],
};
const FUTURE: Refusals = {
  'bad-tick': [10_001, 'params error: price invalid'],
  'bad-step': [10_001, 'params error: Qty invalid'],
  'too-small': [110_017, 'orderQty will be truncated to zero.'],
  'too-large': [10_001, 'The number of contracts exceeds maximum limit allowed: too large'],
  'notional-too-small': [110_094, 'Order does not meet minimum order value MINUSDT'],
  'insufficient-balance': [110_007, 'ab not enough for new order'],
  'insufficient-margin': [110_007, 'ab not enough for new order'],
  'reduce-only-rejected': [110_017, 'current position is zero, cannot fix reduce-only order qty'],
  'bad-price': [110_003, 'Order price exceeds the allowable range.'],
  'bad-leverage': [110_013, 'cannot set leverage gt maxLeverage by risk limit'],
};

/** Bybit's words for a refusal of the matching engine. `minNotional` completes one of them. */
export function toWireError(
  kind: 'spot' | 'future',
  code: RejectCode,
  minNotional: string,
  side: OrderSide | null,
): WireError {
  if (code === 'unknown-order') return noSuchOrder(kind);
  if (code === 'duplicate-client-id') return duplicateId(kind);
  if (code === 'would-trigger-at-once') return passedTrigger(side === 'buy');
  const [number, text] = (kind === 'spot' ? SPOT : FUTURE)[code] ?? [10_001, `params error: ${code}`];
  return new WireError(number, text.replace('MIN', minNotional));
}
