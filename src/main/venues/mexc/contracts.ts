import type { Decimal } from '#shared/domain/basics';
import { div, eq, fromText, isZero, mul, ONE } from '#shared/domain/decimal';
import type { Instrument } from '#shared/domain/instrument';

type Sized = Pick<Instrument, 'contractSize' | 'stepSize'>;

const sizeOf = ({ contractSize }: Sized): Decimal => contractSize ?? ONE;

/** Base units of a number of contracts, exactly. */
export const toBase = (contracts: Decimal, instrument: Sized): Decimal => mul(contracts, sizeOf(instrument));

/** Contracts in an amount of base units, or null where it is no whole number of the exchange's volume steps. */
export function toContracts(amount: Decimal, instrument: Sized): Decimal | null {
  const contracts = div(amount, sizeOf(instrument));
  if (!eq(mul(contracts, sizeOf(instrument)), amount)) return null;
  const steps = isZero(instrument.stepSize) ? contracts : div(amount, instrument.stepSize);
  return steps.includes('.') ? null : contracts;
}

/**
 * A decimal for a JSON body, where MEXC documents numbers. One that a double cannot print back digit for digit goes as
 * text, which its parser takes as well.
 */
export function toWireNumber(value: Decimal): number | string {
  const number = Number(value);
  const printed = String(number);
  return !/e/i.test(printed) && fromText(printed) === fromText(value) ? number : value;
}
