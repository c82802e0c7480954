import { eventIterator, oc, type } from '@orpc/contract';
import type { Order } from '../domain/order';
import type { FeedItem } from './feed';

export const orders = {
  /** Orders of open positions, every order not ended, and the newest 200 ended. Row id: client order id. */
  stream: oc.output(eventIterator(type<FeedItem<Order>>())),
};
