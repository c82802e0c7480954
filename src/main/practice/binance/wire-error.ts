import type { RejectCode } from '#main/matching/types';

/** A refusal as Binance words it: its code, its text, the HTTP status and, when it limits, how long to wait. */
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
  body(): { readonly code: number; readonly msg: string } {
    return { code: this.code, msg: this.message };
  }
}

export const missing = (name: string): WireError =>
  new WireError(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
export const invalid = (name: string): WireError =>
  new WireError(-1130, `Data sent for parameter '${name}' is not valid.`);
export const unneeded = (name: string): WireError =>
  new WireError(-1106, `Parameter '${name}' sent when not required.`);
export const invalidSymbol = (): WireError => new WireError(-1121, 'Invalid symbol.');
/** For what Binance offers and this exchange does not: a plain no is better than a wrong yes. */
export const unsupported = (): WireError => new WireError(-1020, 'This operation is not supported.');
export const unknownOrder = (): WireError => new WireError(-2011, 'Unknown order sent.');
export const noSuchOrder = (): WireError => new WireError(-2013, 'Order does not exist.');

type Refusals = Readonly<Record<RejectCode, readonly [code: number, text: string]>>;

const BALANCE = 'Account has insufficient balance for requested action.';

// Texts: binance-spot-api-docs/errors.md, 2026-07.
const SPOT: Refusals = {
  'unknown-symbol': [-1121, 'Invalid symbol.'],
  'bad-tick': [-1013, 'Filter failure: PRICE_FILTER'],
  'bad-step': [-1013, 'Filter failure: LOT_SIZE'],
  'too-small': [-1013, 'Filter failure: LOT_SIZE'],
  'too-large': [-1013, 'Filter failure: LOT_SIZE'],
  'notional-too-small': [-1013, 'Filter failure: NOTIONAL'],
  'insufficient-balance': [-2010, BALANCE],
  'insufficient-margin': [-2010, BALANCE],
  'duplicate-client-id': [-2010, 'Duplicate order sent.'],
  'post-only-would-take': [-2010, 'Order would immediately match and take.'],
  'would-trigger-at-once': [-2010, 'Order would trigger immediately.'],
  'reduce-only-rejected': [-1106, "Parameter 'reduceOnly' sent when not required."],
  'no-liquidity': [-2010, 'Order book liquidity is less than LOT_SIZE filter minimum quantity.'],
  'bad-price': [-1013, 'Filter failure: PRICE_FILTER'],
  'unknown-order': [-2011, 'Unknown order sent.'],
  'bad-leverage': [-1020, 'This operation is not supported.'],
};

// Texts: USD-M error codes page, 2026-07.
const FUTURE: Refusals = {
  'unknown-symbol': [-1121, 'Invalid symbol.'],
  'bad-tick': [-4014, 'Price not increased by tick size.'],
  'bad-step': [-4023, 'Qty not increased by step size.'],
  'too-small': [-4004, 'Quantity less than or equal to min quantity.'],
  'too-large': [-4005, 'Quantity greater than max quantity.'],
  'notional-too-small': [
    -4164,
    "Order's notional must be no smaller than MIN (unless you choose reduce only).",
  ],
  'insufficient-balance': [-2019, 'Margin is insufficient.'],
  'insufficient-margin': [-2019, 'Margin is insufficient.'],
  'duplicate-client-id': [-4116, 'ClientOrderId is duplicated.'],
  'post-only-would-take': [
    -5022,
    'Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history',
  ],
  'would-trigger-at-once': [-2021, 'Order would immediately trigger.'],
  'reduce-only-rejected': [-2022, 'ReduceOnly Order is rejected.'],
  'no-liquidity': [-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit."],
  'bad-price': [-4001, 'Price less than 0.'],
  'unknown-order': [-2011, 'Unknown order sent.'],
  'bad-leverage': [-4028, 'Leverage is not valid.'],
};

/** Binance's words for a refusal of the matching engine. `minNotional` completes the futures text. */
export function toWireError(market: 'spot' | 'future', code: RejectCode, minNotional: string): WireError {
  const [number, text] = (market === 'spot' ? SPOT : FUTURE)[code];
  return new WireError(number, text.replace('MIN', minNotional));
}

export const fokKilled = (): WireError =>
  new WireError(
    -5021,
    'Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be recorded in the order history',
  );
