import type { AccountEvent } from '../venue';
import type { AccountNews } from './account-stream';

/**
 * Names what a private frame tells, so that it is taken once while two connections of an account overlap. A frame
 * that only asks for balances to be read anew has no name: reading twice does no harm.
 */
export const accountMark = (news: AccountNews): string | null =>
  news.kind === 'events' ? news.events.map(nameOf).join(' ') : null;

function nameOf(event: AccountEvent): string {
  switch (event.type) {
    case 'fill': {
      const { fill } = event;
      return `fill ${fill.symbol} ${fill.tradeId}`;
    }
    case 'order': {
      const { venueOrderId, status, filled } = event.order;
      return `order ${venueOrderId} ${status} ${filled}`;
    }
    case 'balances':
      return `balances ${event.balances.map(({ asset, free, locked }) => `${asset} ${free} ${locked}`).join()}`;
    case 'positions':
      return `positions ${event.positions.map(({ symbol, amount }) => `${symbol} ${amount}`).join()}`;
    case 'resumed':
      return 'resumed';
  }
}
