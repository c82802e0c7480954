import type { RejectCode } from '#main/matching/types';
import type { ParamWords } from '../wire-kit/params';

/** A refusal as MEXC words it. Spot says it with an HTTP status, futures with 200 and success false. */
export class WireError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = 400,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

export const invalidSymbol = (kind: 'spot' | 'future'): WireError =>
  kind === 'spot' ? new WireError(-1121, 'Invalid symbol.') : new WireError(1001, 'Contract does not exist');
export const unknownOrder = (): WireError => new WireError(-2011, 'Unknown order sent.');

const SPOT_WORDS: ParamWords = {
  missing: (name) =>
    new WireError(700004, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  invalid: (name) => new WireError(730002, `Your input param '${name}' is invalid.`),
  notDecimal: (name) => new WireError(700008, `Illegal characters found in parameter '${name}'.`),
  notPositive: (name) => new WireError(10102, `${name} cannot be zero or negative.`),
};
const FUTURE_WORDS: ParamWords = {
  missing: (name) => new WireError(600, `Parameter error: ${name} is missing`),
  invalid: (name) => new WireError(600, `Parameter error: ${name}`),
  notDecimal: (name) => new WireError(600, `Parameter error: ${name}`),
  notPositive: (name) => new WireError(2011, `Order quantity error: ${name}`),
};
export const wordsOf = (kind: 'spot' | 'future'): ParamWords => (kind === 'spot' ? SPOT_WORDS : FUTURE_WORDS);

type Refusals = Readonly<Record<RejectCode, readonly [code: number, text: string]>>;

// Codes: spot error table and ccxt 4.5.84's, futures error codes page of 2026-04.
const SPOT: Refusals = {
  'unknown-symbol': [-1121, 'Invalid symbol.'],
  'bad-tick': [10096, 'Price decimal places is too long.'],
  'bad-step': [10096, 'Amount decimal places is too long.'],
  'too-small': [30002, 'The minimum transaction volume cannot be less than the symbol allows.'],
  'too-large': [30003, 'The maximum transaction volume cannot be greater than the symbol allows.'],
  'notional-too-small': [30002, 'The minimum transaction volume cannot be less than：MIN'],
  'insufficient-balance': [30004, 'Insufficient position.'],
  'insufficient-margin': [30004, 'Insufficient position.'],
  'duplicate-client-id': [30026, 'Duplicate clientOrderId.'],
  'post-only-would-take': [30041, 'Current order type can not place order.'],
  'would-trigger-at-once': [30041, 'Current order type can not place order.'],
  'reduce-only-rejected': [30001, 'The current transaction direction is not allowed to place an order.'],
  'no-liquidity': [30025, 'No exist opponent order.'],
  'bad-price': [30010, 'No valid trade price.'],
  'unknown-order': [-2011, 'Unknown order sent.'],
  'bad-leverage': [730003, 'Unsupported operation.'],
};
const FUTURE: Refusals = {
  'unknown-symbol': [1001, 'Contract does not exist'],
  'bad-tick': [2015, 'The price or quantity accuracy is incorrect'],
  'bad-step': [2015, 'The price or quantity accuracy is incorrect'],
  'too-small': [2011, 'Order quantity error, please try to modify.'],
  'too-large': [2011, 'Order quantity error, please try to modify.'],
  'notional-too-small': [2011, 'Order quantity error, please try to modify.'],
  'insufficient-balance': [2005, 'Balance insufficient'],
  'insufficient-margin': [2005, 'Balance insufficient'],
  'duplicate-client-id': [2042, 'The externalOid is duplicated'],
  'post-only-would-take': [2007, 'The post-only price would be filled at once'],
  'would-trigger-at-once': [3004, 'The trigger price is already reached'],
  'reduce-only-rejected': [2009, 'Position is not exists or closed.'],
  'no-liquidity': [2004, 'There is nobody to trade with'],
  'bad-price': [2007, 'Price error'],
  'unknown-order': [2040, 'order not exist'],
  'bad-leverage': [2006, 'The leverage ratio is out of range'],
};

/** MEXC's words for a refusal of the matching engine. `least` completes spot's text about the value. */
export function toWireError(kind: 'spot' | 'future', code: RejectCode, least: string): WireError {
  const [number, text] = (kind === 'spot' ? SPOT : FUTURE)[code];
  return new WireError(number, text.replace('MIN', least));
}
