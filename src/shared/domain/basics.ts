import { z } from 'zod';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const UnixMs = z.number().int().brand<'UnixMs'>();
export type UnixMs = z.infer<typeof UnixMs>;
export const unixMs = (value: number): UnixMs => value as UnixMs;

/**
 * The two clocks a decision may look at. Live they agree; in practice and replay the market's clock runs
 * faster. Rules about the market (waves, trailing, ageing) read `market`; doubts about the wire (time-outs,
 * retries, freshness of a price) read `wall`.
 */
export const Moment = z.object({ wall: UnixMs, market: UnixMs });
export type Moment = z.infer<typeof Moment>;

/** An exact decimal as canonical text: no exponent, no leading plus, at most 40 digits. Made only in `decimal.ts`. */
export const Decimal = z
  .string()
  .max(42)
  .regex(/^-?\d+(\.\d+)?$/, 'must be a plain decimal number, like 0.015')
  .brand<'Decimal'>();
export type Decimal = z.infer<typeof Decimal>;

/** A percentage with at most 4 decimals: "2.5" means 2.5 %. Wave fields ending in _filter or _percent. */
export const Percent = z
  .string()
  .regex(/^-?\d+(\.\d{1,4})?$/, 'must be a percentage with at most 4 decimals, like 2.5')
  .brand<'Percent'>();
export type Percent = z.infer<typeof Percent>;

/** Our order id, written to disk before an order leaves: prefix + signal + leg + attempt, at most 36 characters. */
export const ClientOrderId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,36}$/)
  .brand<'ClientOrderId'>();
export type ClientOrderId = z.infer<typeof ClientOrderId>;

/** The venue's order id, kept as text because some pass 2^53. */
export const VenueOrderId = z.string().min(1).brand<'VenueOrderId'>();
export type VenueOrderId = z.infer<typeof VenueOrderId>;

export const PositionId = z.string().min(1).brand<'PositionId'>();
export type PositionId = z.infer<typeof PositionId>;

export const SignalId = z.number().int().brand<'SignalId'>();
export type SignalId = z.infer<typeof SignalId>;

/** Side of an order. */
export const OrderSide = z.enum(['buy', 'sell']);
export type OrderSide = z.infer<typeof OrderSide>;

/** Side of a position. */
export const PositionSide = z.enum(['long', 'short']);
export type PositionSide = z.infer<typeof PositionSide>;

export const entrySide = (side: PositionSide): OrderSide => (side === 'long' ? 'buy' : 'sell');
export const exitSide = (side: PositionSide): OrderSide => (side === 'long' ? 'sell' : 'buy');
