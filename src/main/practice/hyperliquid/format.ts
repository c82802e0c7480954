import type { Decimal } from '#shared/domain/basics';

/** Prices and amounts are printed with one place at least: "68010.0". */
export const printed = (value: Decimal | string): string => (value.includes('.') ? value : `${value}.0`);
/** A number to look at, such as a candle's, without the tail of floating arithmetic. */
export const printedNumber = (value: number, digits: number): string => {
  const text = value.toFixed(digits);
  return digits === 0 ? `${text}.0` : text.replace(/(\.\d+?)0+$/, '$1');
};
/** 32 bytes in hex that stand for a transaction of the chain. */
export const hashOf = (value: number | bigint): string => `0x${BigInt(value).toString(16).padStart(64, '0')}`;
