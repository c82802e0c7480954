import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import { exportCsv } from '../export';
import type { DeskParts } from '../parts';
import type { Screens } from '../screens';
import type { Tickets } from '../tickets';
import { clean, os } from './contract';

export const positionsArea = (parts: DeskParts, screens: Screens, tickets: Tickets) => ({
  stream: os.positions.stream.handler(({ signal }) => screens.positions.follow(signal)),
  close: os.positions.close.handler(({ input, errors }) => {
    const position = parts.engine.positions().find((row) => row.id === input.positionId);
    if (!tickets.use(input.ticket)) return { taken: true as const };
    if (!position || !OPEN_POSITION_STATUSES.has(position.status)) throw errors.NOT_OPEN();
    parts.post({ type: 'close-position', positionId: input.positionId, reason: 'manual' });
    return { taken: true as const };
  }),
});

export const ordersArea = (screens: Screens) => ({
  stream: os.orders.stream.handler(({ signal }) => screens.orders.follow(signal)),
});

export const historyArea = (parts: DeskParts) => ({
  fills: os.history.fills.handler(({ input }) => parts.store.searchFills(clean(input))),
  orders: os.history.orders.handler(({ input }) => parts.store.searchOrders(clean(input))),
  events: os.history.events.handler(({ input }) => parts.store.searchEvents(clean(input))),
  exportCsv: os.history.exportCsv.handler(({ input }) =>
    exportCsv(parts.store, input.what, input.text, parts.wallNow()),
  ),
});
