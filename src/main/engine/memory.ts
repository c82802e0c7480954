import { isEnded } from '#shared/domain/order-machine';
import { forgetQuotes } from './quote-state';
import { type EngineState, isOpen, ordersOf } from './state';

/** Ended positions kept for late fills and answers; older ones live in the store alone. */
const ENDED_KEPT = 200;
const WAVES_KEPT = 200;
const PROCESSED_KEPT = 2_000;

/** Drops the oldest ended positions with their orders and fills. Nothing that the venue may still hold is dropped. */
export function forget(state: EngineState): void {
  if (state.positions.size > ENDED_KEPT + state.open.size) {
    for (const position of state.positions.values()) {
      if (state.positions.size <= ENDED_KEPT + state.open.size) break;
      const orders = ordersOf(state, position.id);
      if (isOpen(position) || orders.some((order) => !isEnded(order.status))) continue;
      for (const { request } of orders) {
        state.orders.delete(request.clientOrderId);
        state.chases.delete(request.clientOrderId);
        state.cancelling.delete(request.clientOrderId);
        state.placed.delete(request.clientOrderId);
      }
      state.legs.delete(position.id);
      state.fills.delete(position.id);
      state.work.delete(position.id);
      state.positions.delete(position.id);
    }
  }
  forgetQuotes(state);
  dropOldest(state.waves, WAVES_KEPT, (time) => state.waves.get(time)?.status === 'processing');
  dropOldest(state.processedWaves, PROCESSED_KEPT, () => false);
}

function dropOldest<K>(
  kept: { size: number; keys(): Iterable<K>; delete(key: K): boolean },
  most: number,
  keep: (key: K) => boolean,
): void {
  if (kept.size <= most) return;
  for (const key of kept.keys()) {
    if (kept.size <= most) return;
    if (!keep(key)) kept.delete(key);
  }
}
