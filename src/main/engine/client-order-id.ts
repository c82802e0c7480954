import type { ClientOrderId, PositionId, SignalId } from '#shared/domain/basics';
import { ClientOrderId as ClientOrderIdText } from '#shared/domain/basics';
import type { Mode } from '#shared/domain/exchange';
import type { OrderLeg } from '#shared/domain/order';

export interface OrderIdParts {
  readonly prefix: string;
  readonly mode: Mode;
  readonly positionId: PositionId;
  readonly leg: OrderLeg;
  readonly attempt: number;
}

// The letters travel on the wire and sit in exchanges' histories for ever: add new ones, never change old ones.
const MODE_LETTERS: Readonly<Record<Mode, string>> = { practice: 'p', paper: 'a', testnet: 't', live: 'l' };
const LEG_LETTERS: Readonly<Record<OrderLeg, string>> = { entry: 'e', stop: 's', exit: 'x' };

const modeOf = new Map(Object.entries(MODE_LETTERS).map(([mode, letter]) => [letter, mode as Mode]));
const legOf = new Map(Object.entries(LEG_LETTERS).map(([leg, letter]) => [letter, leg as OrderLeg]));

/** A signal opens at most one position, so its id names the position: "s" + the id in base 36. */
export const positionIdOf = (signalId: SignalId): PositionId => `s${signalId.toString(36)}` as PositionId;

/**
 * "w7k2p-s34h1-e1": install prefix and mode letter, position, leg letter and attempt in base 36.
 * @throws RangeError when a part does not fit the 36 characters exchanges allow.
 */
export function clientOrderIdOf(parts: OrderIdParts): ClientOrderId {
  const text = `${parts.prefix}${MODE_LETTERS[parts.mode]}-${parts.positionId}-${LEG_LETTERS[parts.leg]}${parts.attempt.toString(36)}`;
  if (parseClientOrderId(text) === null)
    throw new RangeError(`cannot be part of a client order id: ${text.slice(0, 60)}`);
  return text as ClientOrderId;
}

/** The parts of an id that some Wavedesk made, or null for anybody else's. Inverse of `clientOrderIdOf`. */
export function parseClientOrderId(text: string): OrderIdParts | null {
  if (!ClientOrderIdText.safeParse(text).success) return null;
  const match = /^([a-z0-9]{4})([a-z])-([a-z0-9]{1,20})-([a-z])([1-9a-z][0-9a-z]{0,4})$/.exec(text);
  if (!match) return null;
  const [, prefix, modeLetter, positionId, legLetter, attempt] = match;
  const mode = modeOf.get(modeLetter!);
  const leg = legOf.get(legLetter!);
  if (!mode || !leg) return null;
  return {
    prefix: prefix!,
    mode,
    positionId: positionId as PositionId,
    leg,
    attempt: Number.parseInt(attempt!, 36),
  };
}
