import type { RejectCode } from '#main/matching/types';
import type { ParamWords } from '../wire-kit/params';

/** A refusal as Gate words it: a label, a text and an HTTP status. Some of the futures say `detail`, not `message`. */
export class WireError extends Error {
  constructor(
    readonly label: string,
    message: string,
    readonly status = 400,
    readonly field: 'message' | 'detail' = 'message',
  ) {
    super(message);
    this.name = 'WireError';
  }
  body(): Readonly<Record<string, string>> {
    return { label: this.label, [this.field]: this.message };
  }
}

export const badParam = (message: string): WireError => new WireError('INVALID_PARAM_VALUE', message);
export const orderNotFound = (): WireError =>
  new WireError('ORDER_NOT_FOUND', 'Order with ID not found', 404);
export const triggerNotFound = (): WireError =>
  new WireError('AUTO_ORDER_NOT_FOUND', 'Price-triggered order not found', 404);
export const notServed = (name: string): WireError =>
  new WireError('NOT_FOUND', `${name} is not served by the practice exchange`, 404);

export const PARAM_WORDS: ParamWords = {
  missing: (name) => new WireError('MISSING_REQUIRED_PARAM', `Missing required parameter: ${name}`),
  invalid: (name) => badParam(`Invalid ${name}`),
  notDecimal: (name) => badParam(`Invalid ${name}: not a decimal number`),
  notPositive: (name) => badParam(`Invalid ${name}: must be above zero`),
};

type Refusals = Readonly<Record<RejectCode, readonly [label: string, text: string]>>;

// Labels: Gate API v4 documentation, 2026-04; futures have their own words for funds, size and post-only.
const SPOT: Refusals = {
  'unknown-symbol': ['INVALID_CURRENCY_PAIR', 'Invalid currency pair'],
  'bad-tick': ['INVALID_PRECISION', 'Price precision is too large'],
  'bad-step': ['INVALID_PRECISION', 'Amount precision is too large'],
  'too-small': ['AMOUNT_TOO_LITTLE', 'Order amount is too small'],
  'too-large': ['INVALID_PARAM_VALUE', 'Order amount is too large'],
  'notional-too-small': ['INVALID_PARAM_VALUE', 'Your order size is too small. The minimum is MIN USDT'],
  'insufficient-balance': ['BALANCE_NOT_ENOUGH', 'Not enough balance'],
  'insufficient-margin': ['BALANCE_NOT_ENOUGH', 'Not enough balance'],
  'duplicate-client-id': ['INVALID_PARAM_VALUE', 'Duplicate text of an open order'],
  'post-only-would-take': ['POC_FILL_IMMEDIATELY', 'Order would match and take immediately so its cancelled'],
  'would-trigger-at-once': [
    'INVALID_PARAM_VALUE',
    'The trigger price is on the wrong side of the last price',
  ],
  'reduce-only-rejected': ['INVALID_PARAM_VALUE', 'Reduce-only does not exist on spot'],
  'no-liquidity': ['INVALID_PARAM_VALUE', 'Not enough depth'],
  'bad-price': ['INVALID_PARAM_VALUE', 'Invalid price'],
  'unknown-order': ['ORDER_NOT_FOUND', 'Order with ID not found'],
  'bad-leverage': ['INVALID_PARAM_VALUE', 'Invalid leverage'],
};
const FUTURE: Refusals = {
  ...SPOT,
  'unknown-symbol': ['CONTRACT_NOT_FOUND', 'Contract not found'],
  'bad-step': ['INVALID_PARAM_VALUE', 'Size is not a whole number of contracts'],
  'too-small': ['SIZE_TOO_SMALL', 'Size is too small'],
  'too-large': ['INVALID_PARAM_VALUE', 'Size is too large'],
  'insufficient-balance': ['INSUFFICIENT_AVAILABLE', 'Insufficient available balance'],
  'insufficient-margin': ['INSUFFICIENT_AVAILABLE', 'Insufficient available balance'],
  'post-only-would-take': ['ORDER_POC_IMMEDIATE', 'order price 0 while counter exists'],
  'reduce-only-rejected': ['INCREASE_POSITION', 'Reduce-only order would increase the position'],
  'no-liquidity': ['LIQUIDATE_IMMEDIATELY', 'No counterpart in the book'],
};

/** Gate's words for a refusal of the matching engine. */
export function toWireError(market: 'spot' | 'future', code: RejectCode, minNotional: string): WireError {
  const [label, text] = (market === 'spot' ? SPOT : FUTURE)[code];
  const status = code === 'unknown-order' ? 404 : 400;
  const field = label === 'ORDER_POC_IMMEDIATE' ? 'detail' : 'message';
  return new WireError(label, text.replace('MIN', minNotional), status, field);
}
