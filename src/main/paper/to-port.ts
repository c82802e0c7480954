import { isNegative, isZero, min, sub, sum, ZERO } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import type { AccountView } from '../matching/types';
import type { Balance, VenuePosition } from '../venues/venue';
import { ASSET } from './floor';

/** Free is what an order may use: less than the wallet while positions lose, never more while they win. */
export function toBalances(view: AccountView): readonly Balance[] {
  const unrealised = sum(view.positions.map((position) => position.unrealised));
  return Object.entries(view.balances).map(([asset, { free, locked }]) => {
    if (asset !== ASSET || !isNegative(unrealised)) return { asset, free, locked };
    const loss = min(free, sub(ZERO, unrealised));
    return { asset, free: sub(free, loss), locked: sum([locked, loss]) };
  });
}

/** Open positions, and flat ones where `asked` names them. */
export const toPositions = (
  view: AccountView,
  asked: ReadonlySet<string> = new Set(),
): readonly VenuePosition[] =>
  view.positions
    .filter(({ symbol, amount }) => !isZero(amount) || asked.has(symbol))
    .map(({ symbol, amount, entryPrice, liquidationPrice }) => ({
      symbol: symbol as Symbol,
      amount,
      entryPrice: isZero(amount) ? null : entryPrice,
      liquidationPrice,
    }));
