import { createEngine, createRunner, type VenuePort } from '#main/engine/index';
import type { Seams } from '#main/seams/index';
import type { Store } from '#main/store/index';
import { type ClientOrderId, type PositionId, unixMs, type VenueOrderId } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { Fill, Order } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { d, emptyStart, FUTURE, instrument, params, symbolOf } from './samples';

/** spec M-299 */
export const PER_SECOND = 500;
export const POSITIONS = 60;

/** Engine, runner and store with many positions whose entries fill and fill, at a venue that accepts every stop. */
export function createFlood(seams: Pick<Seams, 'clock' | 'timers'>, store: Store) {
  const now = () => ({ wall: seams.clock.now(), market: seams.clock.now() });
  const began = now().wall;
  const symbols = Array.from({ length: POSITIONS }, (_, n) => symbolOf(`C${n}`));
  const idOf = (n: number) => `s${n + 1}` as PositionId;
  const entryOf = (n: number) => `w7k2p-s${n + 1}-e1` as ClientOrderId;

  const positions: Position[] = symbols.map((symbol, n) => ({
    id: idOf(n),
    venue: FUTURE,
    symbol,
    side: 'long',
    status: 'entry_placed',
    signalId: null,
    waveTime: null,
    intendedAmount: d('1000000'),
    amount: d('0'),
    entryPrice: null,
    exitPrice: null,
    realised: d('0'),
    fees: {},
    params: params().values,
    stop: null,
    trailing: null,
    closeReason: null,
    note: null,
    leverage: d('1'),
    openedAt: unixMs(began),
    closedAt: null,
    nakedSince: null,
    correlationId: `c${n}`,
  }));
  const orders: Order[] = symbols.map((symbol, n) => ({
    request: {
      clientOrderId: entryOf(n),
      venue: FUTURE,
      symbol,
      side: 'buy',
      type: 'market',
      amount: d('1000000'),
      price: null,
      triggerPrice: null,
      timeInForce: null,
      reduceOnly: false,
      closePosition: false,
    },
    positionId: idOf(n),
    leg: 'entry',
    attempt: 1,
    status: 'open',
    venueOrderId: `v${n}` as VenueOrderId,
    filled: d('0'),
    averagePrice: null,
    intendedAt: unixMs(began),
    expiresAt: null,
    updatedAt: unixMs(began),
    note: null,
  }));
  store.record(
    [
      ...positions.map((position) => ({ kind: 'position_changed' as const, position, why: 'bench' })),
      ...orders.map((order) => ({
        kind: 'order_changed' as const,
        order,
        fact: 'accepted' as const,
        why: 'bench',
      })),
    ],
    now(),
  );

  /** Accepts what it is asked for, so that stops are placed and moved as the positions grow. */
  let placed = 0;
  const port: VenuePort = {
    trading: {
      place: async () => ({ kind: 'accepted', venueOrderId: `x${++placed}` as VenueOrderId, status: 'open' }),
      cancel: async () => ({ kind: 'cancelled' }),
      find: async () => ({ kind: 'absent' }),
      openOrders: async () => [],
    },
    account: { fillsSince: async () => [], balances: async () => [] },
  };
  const engine = createEngine(
    emptyStart({
      positions,
      orders,
      instruments: symbols.map((symbol) => instrument(symbol)),
      storedFills: { has: store.hasFill, near: store.fillsLike },
    }),
  );
  const runner = createRunner({
    engine,
    record: (records, at) => void store.record(records, at),
    now,
    wake: {
      wall: (ms, run) => seams.timers.after(ms, run),
      market: (ms, run) => seams.timers.after(ms, run),
    },
    venues: new Map<VenueKey, VenuePort>([[FUTURE, port]]),
    watch: () => {},
    soon: (run) => seams.timers.soon(run),
    onError: () => {},
  });

  const fillOf = (n: number): Fill => ({
    venue: FUTURE,
    symbol: symbols[n % POSITIONS]!,
    tradeId: String(n),
    venueOrderId: `v${n % POSITIONS}` as VenueOrderId,
    clientOrderId: entryOf(n % POSITIONS),
    side: 'buy',
    price: d('100.01'),
    amount: d('0.013'),
    fee: { cost: d('0.0007'), currency: n % 3 === 0 ? 'BNB' : 'USDT' },
    maker: false,
    venueTime: unixMs(began + Math.floor((n * 1000) / PER_SECOND)),
    seenAt: seams.clock.now(),
    source: 'stream',
  });
  return { engine, runner, fillOf };
}
