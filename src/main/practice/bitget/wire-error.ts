import type { RejectCode } from '#main/matching/types';
import type { ParamWords } from '../wire-kit/params';

/** A refusal as Bitget words it: a code, which is text, a message and the HTTP status. */
export class WireError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

/** What every REST reply is wrapped in; `requestTime` is a number. */
export const envelope = (now: number, data: unknown, code = '00000', msg = 'success') => ({
  code,
  msg,
  requestTime: now,
  data,
});

const check = (text: string): WireError => new WireError('40017', `Parameter verification failed ${text}`);
export const words: ParamWords = {
  missing: (name) => new WireError('40019', `Parameter ${name} cannot be empty`),
  invalid: check,
  notDecimal: check,
  notPositive: (name) => new WireError('43011', `The parameter does not meet the specification ${name} <= 0`),
};
export const invalid = check;
/** For what Bitget offers and this exchange does not: a plain no is better than a wrong yes. */
export const unsupported = (what: string): WireError =>
  new WireError('40020', `Parameter ${what} error: the practice exchange does not offer it`);
export const unknownSymbol = (symbol: string): WireError =>
  new WireError('40034', `Parameter ${symbol} does not exist`);
export const notFound = (): WireError => new WireError('40404', 'Request URL NOT FOUND', 404);
export const noSuchPlan = (): WireError => new WireError('43025', 'Plan order does not exist');

type Refusals = Readonly<Record<RejectCode, readonly [code: string, text: string]>>;

// Codes: error code pages of the v2 interface, 2025-12.
const SPOT: Refusals = {
  'unknown-symbol': ['40034', 'Parameter does not exist'],
  'bad-tick': ['41103', 'param price scale error error'],
  'bad-step': ['40808', 'Parameter verification exception size checkBDScale error'],
  'too-small': ['43006', 'The number of orders is less than the minimum order quantity'],
  'too-large': ['45113', 'Maximum order value limit triggered'],
  'notional-too-small': ['45110', 'less than the minimum amount MIN USDT'],
  'insufficient-balance': ['43012', 'Insufficient balance'],
  'insufficient-margin': ['43012', 'Insufficient balance'],
  'duplicate-client-id': ['43118', 'clientOrderId duplicate'],
  'post-only-would-take': ['40815', 'The post only order would take'],
  'would-trigger-at-once': ['45122', 'The trigger price is on the wrong side of the market price'],
  'reduce-only-rejected': ['22002', 'No position to close'],
  'no-liquidity': ['40815', 'Order price verification exceed the price limit'],
  'bad-price': ['40815', 'Order price verification exceed the price limit'],
  'unknown-order': ['43001', 'The order does not exist'],
  'bad-leverage': ['40797', 'Exceeded the maximum settable leverage'],
};
const FUTURE: Refusals = {
  ...SPOT,
  'too-small': ['40808', 'Parameter verification exception size is less than the minimum order quantity'],
  'too-large': ['40762', 'The order size is greater than the max open size'],
  'insufficient-balance': ['40762', 'The order amount exceeds the balance'],
  'insufficient-margin': ['40762', 'The order amount exceeds the balance'],
  'duplicate-client-id': ['40786', 'Duplicate clientOid'],
  'would-trigger-at-once': ['40917', 'Stop price for long positions please < mark price'],
  'unknown-order': ['40768', 'Order does not exist'],
};

/** Bitget's words for a refusal of the matching engine; `minNotional` completes one of them. */
export function toWireError(market: 'spot' | 'future', code: RejectCode, minNotional: string): WireError {
  const [number, text] = (market === 'spot' ? SPOT : FUTURE)[code];
  return new WireError(number, text.replace('MIN', minNotional));
}
