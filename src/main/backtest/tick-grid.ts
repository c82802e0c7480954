import type { Decimal, PositionSide } from '#shared/domain/basics';
import { places, toNumber } from '#shared/domain/decimal';

/** Prices of one instrument as whole numbers of ticks, so that a walk over a million of them needs no decimals. */
export interface TickGrid {
  /** The nearest tick, at least 1. */
  fromPrice(price: number): number;
  /** The first tick at which a price that helps a position of this side has reached `price`. */
  reaching(price: Decimal, side: PositionSide): number;
  /** The exact price. */
  text(ticks: number): Decimal;
}

/** A price that lies on a tick must not be rounded off it by the last bit of its binary form. */
const HAIR = 1e-6;

export function createTickGrid(tickSize: Decimal): TickGrid {
  const decimals = places(tickSize);
  const tick = toNumber(tickSize);
  const unit = Math.round(tick * 10 ** decimals);
  return {
    fromPrice: (price) => Math.max(1, Math.round(price / tick)),
    reaching(price, side) {
      const ticks = toNumber(price) / tick;
      return side === 'long' ? Math.ceil(ticks - HAIR) : Math.floor(ticks + HAIR);
    },
    text: (ticks) => withPoint(ticks * unit, decimals),
  };
}

function withPoint(units: number, decimals: number): Decimal {
  if (decimals === 0) return String(units) as Decimal;
  const digits = String(units).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const whole = digits.slice(0, -decimals);
  return (fraction === '' ? whole : `${whole}.${fraction}`) as Decimal;
}
