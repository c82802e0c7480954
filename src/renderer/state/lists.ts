import type { ParamsRow } from '#shared/contract/params';
import type { LinkStatus } from '#shared/domain/connection';
import type { Decision, Wave } from '#shared/domain/decision';
import type { Quote } from '#shared/domain/market';
import type { Order } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { createFeedStore } from './feed-store';

/** Row id of a quote and spelling of a watchlist entry: "binance_future|BTC/USDT:USDT". */
export const marketId = (of: { readonly venue: string; readonly symbol: string }): string =>
  `${of.venue}|${of.symbol}`;

const quotes = createFeedStore<Quote>(
  (client, signal) => client.market.quotes(undefined, { signal }),
  marketId,
);
const positions = createFeedStore<Position>(
  (client, signal) => client.positions.stream(undefined, { signal }),
  (row) => row.id,
);
const orders = createFeedStore<Order>(
  (client, signal) => client.orders.stream(undefined, { signal }),
  (row) => row.request.clientOrderId,
);
const waves = createFeedStore<Wave>(
  (client, signal) => client.signals.waves(undefined, { signal }),
  (row) => String(row.waveTime),
);
const decisions = createFeedStore<Decision>(
  (client, signal) => client.signals.decisions(undefined, { signal }),
  (row) => String(row.signal.id),
);
const params = createFeedStore<ParamsRow>(
  (client, signal) => client.params.stream(undefined, { signal }),
  (row) => row.effective.exchange,
);
const links = createFeedStore<LinkStatus>(
  (client, signal) => client.connections.stream(undefined, { signal }),
  (row) => row.key,
);

export const useQuotes = quotes.use;
export const usePositions = positions.use;
export const useOrders = orders.use;
export const useWaves = waves.use;
export const useDecisions = decisions.use;
export const useParams = params.use;
export const useLinks = links.use;

/** Starts every list of the desk. */
export function startLists(): void {
  for (const list of [quotes, positions, orders, waves, decisions, params, links]) list.start();
}
