import { type CancelOutcome, type PlaceOutcome, VenueError, type VenueErrorCode } from '../venue';

/** ccxt's error classes, by name up the chain: "InsufficientFunds", "ExchangeError", "BaseError". */
function kindsOf(error: unknown): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (
    let at = error instanceof Error ? error.constructor : null;
    typeof at === 'function';
    at = Object.getPrototypeOf(at)
  )
    if (at.name !== '') kinds.add(at.name);
  return kinds;
}
const some = (kinds: ReadonlySet<string>, names: readonly string[]): boolean =>
  names.some((name) => kinds.has(name));
const words = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** Refusals that the exchange itself spoke: the order is not there. */
const REFUSED = [
  'InsufficientFunds',
  'InvalidOrder',
  'BadRequest',
  'AuthenticationError',
  'OperationRejected',
];
/** Found by ccxt before anything left. */
const NOT_SENT = ['NotSupported', 'ArgumentsRequired', 'InvalidAddress'];

/** Only a refusal that the exchange spoke counts as one. Everything else may have been carried out. */
export function placeFailure(error: unknown): PlaceOutcome {
  const kinds = kindsOf(error);
  if (some(kinds, NOT_SENT)) return { kind: 'not-sent', message: words(error) };
  // "Not found" says nothing of an order that was to be made.
  if (some(kinds, REFUSED) && !kinds.has('OrderNotFound'))
    return {
      kind: 'rejected',
      code: error instanceof Error ? error.constructor.name : 'refused',
      message: words(error),
    };
  return { kind: 'unknown', message: words(error) };
}

export function cancelFailure(error: unknown): CancelOutcome {
  return kindsOf(error).has('OrderNotFound')
    ? { kind: 'not-open', message: words(error) }
    : { kind: 'unknown', message: words(error) };
}

export function toVenueError(error: unknown): VenueError {
  if (error instanceof VenueError) return error;
  const kinds = kindsOf(error);
  const code: VenueErrorCode = kinds.has('AuthenticationError')
    ? 'auth'
    : kinds.has('InvalidNonce')
      ? 'clock'
      : some(kinds, ['RateLimitExceeded', 'DDoSProtection'])
        ? 'rate-limited'
        : kinds.has('BadSymbol')
          ? 'unknown-symbol'
          : kinds.has('NetworkError')
            ? 'network'
            : some(kinds, ['BadResponse', 'NullResponse'])
              ? 'bad-answer'
              : 'refused';
  return new VenueError(code, words(error));
}

export const isAuth = (error: unknown): boolean => kindsOf(error).has('AuthenticationError');
