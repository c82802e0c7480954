import { toNumber } from '#shared/domain/decimal';
import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';
import { exchangeText } from '../../ui/texts.en';
import type { Line } from './draw';

/** Lines of the open positions of one market: entry, the stop the exchange holds, what trailing wants next. */
export function linesOf(positions: Iterable<Position>, marketId: string): readonly Line[] {
  const lines: Line[] = [];
  for (const position of positions) {
    if (`${position.venue}|${position.symbol}` !== marketId) continue;
    if (!OPEN_POSITION_STATUSES.has(position.status)) continue;
    const { id, entryPrice, stop, trailing } = position;
    if (entryPrice !== null) {
      lines.push({
        id: `${id}-entry`,
        price: toNumber(entryPrice),
        title: `entry ${position.side}`,
        colour: 'entry',
      });
    }
    if (stop !== null) {
      lines.push({
        id: `${id}-stop`,
        price: toNumber(stop.price),
        title: `stop on ${exchangeText(position.venue)}`,
        colour: 'stop',
      });
    }
    if (trailing !== null && (trailing.state === 'inactive' || trailing.state === 'waiting')) {
      lines.push({
        id: `${id}-activation`,
        price: toNumber(trailing.activationPrice),
        title: 'trailing starts',
        colour: 'activation',
      });
    }
    if (trailing !== null && trailing.wanted !== null && trailing.wanted !== stop?.price) {
      lines.push({
        id: `${id}-wanted`,
        price: toNumber(trailing.wanted),
        title: 'trailing wants',
        colour: 'wanted',
      });
    }
  }
  return lines;
}
