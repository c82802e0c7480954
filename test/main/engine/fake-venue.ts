import type { AccountFact } from '#main/engine/account-facts';
import type { VenuePort } from '#main/engine/index';
import type { ClientOrderId, Decimal, UnixMs, VenueOrderId } from '#shared/domain/basics';
import { unixMs } from '#shared/domain/basics';
import { abs, add, gte, isZero, lte, min, mul, neg, sub, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Fill, OrderRequest, OrderStatus } from '#shared/domain/order';
import { d } from './samples';

export interface FakeOrder {
  readonly request: OrderRequest;
  readonly venueOrderId: VenueOrderId;
  status: OrderStatus;
  filled: Decimal;
}

/** What happens to one placing call. */
export type PlaceFault =
  | 'ok'
  /** The venue refuses it. */
  | 'reject'
  | 'not-sent'
  /** Accepted, the answer is lost. */
  | 'reply-lost'
  /** Never arrived. */
  | 'request-lost'
  /** Arrives 3 s late, the answer is lost. */
  | 'late'
  /** Accepted but not filled until `fillRest`. */
  | 'half';

interface Timers {
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => () => void;
}

/** A small exchange on virtual time: one account, net positions, reduce-only, stops by last price. */
export function createFakeVenue(key: VenueKey, timers: Timers, latencyMs = 20) {
  const orders = new Map<string, FakeOrder>();
  const prices = new Map<Symbol, Decimal>();
  const positions = new Map<Symbol, Decimal>();
  const fills: Fill[] = [];
  const placeCalls: OrderRequest[] = [];
  const listeners = new Set<(fact: AccountFact) => void>();
  let sequence = 0;
  let trade = 0;
  const fake = {
    orders,
    positions,
    fills,
    placeCalls,
    /** Decides the fate of a placing call; n counts calls from 1. */
    onPlace: (_request: OrderRequest, _n: number): PlaceFault => 'ok',
    /** Fill events per market order. */
    pieces: 1,
    /** Fill events carry only the venue's order id. */
    anonymousFills: false,
    /** Each fill is told this many times. */
    repeats: 1,
    streamUp: true,
    fillsBeforeAck: false,
    questionsFail: false,
    dead: false,
    setPrice,
    leaveStop,
    fillRest,
    cancelOutside,
    subscribe(listener: (fact: AccountFact) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stopsOf: (symbol: Symbol) =>
      [...orders.values()].filter(
        (order) =>
          order.request.type === 'stop-market' && order.request.symbol === symbol && order.status === 'open',
      ),
    port: null as unknown as VenuePort,
  };

  function tell(fact: AccountFact): void {
    if (!fake.streamUp) return;
    timers.after(fake.fillsBeforeAck ? 1 : latencyMs + 5, () => {
      for (const listener of listeners) listener(fact);
    });
  }
  const tellOrder = (order: FakeOrder): void =>
    tell({
      type: 'order',
      order: {
        clientOrderId: order.request.clientOrderId,
        venueOrderId: order.venueOrderId,
        status: order.status,
        filled: order.filled,
      },
    });

  function execute(order: FakeOrder, amount: Decimal, price: Decimal): void {
    const { request } = order;
    const held = positions.get(request.symbol) ?? ZERO;
    const signed = request.side === 'buy' ? amount : neg(amount);
    order.filled = add(order.filled, amount);
    order.status = gte(order.filled, request.amount!) ? 'filled' : 'partially_filled';
    positions.set(request.symbol, add(held, signed));
    trade += 1;
    const fill: Fill = {
      venue: key,
      symbol: request.symbol,
      tradeId: String(trade),
      venueOrderId: order.venueOrderId,
      clientOrderId: fake.anonymousFills ? null : request.clientOrderId,
      side: request.side,
      price,
      amount,
      fee: { cost: mul(mul(amount, price), d('0.0005')), currency: 'USDT' },
      maker: false,
      venueTime: unixMs(timers.now()),
      seenAt: unixMs(timers.now()),
    };
    fills.push(fill);
    for (let n = 0; n < fake.repeats; n += 1) tell({ type: 'fill', fill });
    tellOrder(order);
  }

  /** Reduce-only orders never do more than flatten. */
  function closable(request: OrderRequest): Decimal {
    const held = positions.get(request.symbol) ?? ZERO;
    const against = request.side === 'sell' ? held : neg(held);
    return gte(against, ZERO) ? min(against, request.amount!) : ZERO;
  }

  function accept(request: OrderRequest, fill: boolean): FakeOrder | 'reduce-only' | 'immediately' {
    const price = prices.get(request.symbol) ?? d('100');
    if (request.reduceOnly && isZero(closable(request))) return 'reduce-only';
    if (request.type === 'stop-market') {
      const through =
        request.side === 'sell' ? lte(price, request.triggerPrice!) : gte(price, request.triggerPrice!);
      if (through) return 'immediately';
    }
    sequence += 1;
    const order: FakeOrder = {
      request,
      venueOrderId: `v${sequence}` as VenueOrderId,
      status: 'open',
      filled: ZERO,
    };
    orders.set(request.clientOrderId, order);
    if (request.type !== 'market') tellOrder(order);
    else if (fill) {
      const total = request.reduceOnly ? closable(request) : request.amount!;
      const part = d((Math.floor((Number(total) * 1000) / fake.pieces) / 1000).toFixed(3));
      for (let n = 1; n < fake.pieces; n += 1) execute(order, part, price);
      execute(order, sub(total, mul(part, d(String(fake.pieces - 1)))), price);
    } else execute(order, d((Number(request.amount) / 2).toFixed(3)), price);
    return order;
  }

  function fillRest(id: ClientOrderId): void {
    const order = orders.get(id)!;
    execute(order, sub(order.request.amount!, order.filled), prices.get(order.request.symbol) ?? d('100'));
  }

  /** Puts a stop there that nobody sent in this run: left over, or a person's. */
  function leaveStop(id: string, symbol: Symbol): void {
    sequence += 1;
    orders.set(id as ClientOrderId, {
      request: {
        clientOrderId: id as ClientOrderId,
        venue: key,
        symbol,
        side: 'sell',
        type: 'stop-market',
        amount: d('1'),
        price: null,
        triggerPrice: d('50'),
        timeInForce: null,
        reduceOnly: true,
        closePosition: false,
      },
      venueOrderId: `v${sequence}` as VenueOrderId,
      status: 'open',
      filled: ZERO,
    });
  }

  function cancelOutside(id: string): void {
    const order = orders.get(id)!;
    order.status = 'cancelled';
    tellOrder(order);
  }

  function setPrice(symbol: Symbol, price: Decimal): void {
    prices.set(symbol, price);
    for (const order of fake.stopsOf(symbol)) {
      const { request } = order;
      const hit =
        request.side === 'sell' ? lte(price, request.triggerPrice!) : gte(price, request.triggerPrice!);
      if (!hit) continue;
      const amount = closable(request);
      if (isZero(amount)) {
        order.status = 'expired';
        tellOrder(order);
      } else execute(order, amount, price);
    }
  }

  const reply = <T>(value: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      timers.after(latencyMs, () => {
        if (fake.dead) return;
        if (fake.questionsFail) reject(new Error('network'));
        else resolve(value());
      });
    });
  const seen = (order: FakeOrder) => ({
    venueOrderId: order.venueOrderId,
    clientOrderId: order.request.clientOrderId,
    symbol: order.request.symbol,
    status: order.status,
    filled: order.filled,
    amount: order.request.amount,
    triggerPrice: order.request.triggerPrice,
    reduceOnly: order.request.reduceOnly,
    side: order.request.side,
  });

  fake.port = {
    trading: {
      place(request) {
        if (fake.dead) return new Promise(() => {});
        placeCalls.push(request);
        const fault = fake.onPlace(request, placeCalls.length);
        return new Promise((resolve) => {
          const lost = () =>
            timers.after(2_000, () => resolve({ kind: 'unknown', message: 'no answer in time' }));
          if (fault === 'not-sent') resolve({ kind: 'not-sent', message: 'socket closed' });
          else if (fault === 'reject')
            timers.after(latencyMs, () => resolve({ kind: 'rejected', code: '-1', message: 'refused' }));
          else if (fault === 'request-lost') lost();
          else if (fault === 'late') {
            timers.after(3_000, () => accept(request, true));
            lost();
          } else {
            timers.after(latencyMs / 2, () => {
              const order = accept(request, fault !== 'half');
              if (fault === 'reply-lost') return lost();
              return timers.after(latencyMs / 2, () =>
                resolve(
                  order === 'reduce-only' || order === 'immediately'
                    ? { kind: 'rejected', code: order === 'reduce-only' ? '-2022' : '-2021', message: order }
                    : { kind: 'accepted', venueOrderId: order.venueOrderId, status: order.status },
                ),
              );
            });
          }
        });
      },
      cancel: (request) =>
        reply(() => {
          const order = orders.get(request.clientOrderId);
          if (!order || (order.status !== 'open' && order.status !== 'partially_filled'))
            return { kind: 'not-open' as const, message: 'unknown order' };
          order.status = 'cancelled';
          tellOrder(order);
          return { kind: 'cancelled' as const };
        }),
      find: (request) =>
        reply(() => {
          const order = orders.get(request.clientOrderId);
          return order ? { kind: 'found' as const, order: seen(order) } : { kind: 'absent' as const };
        }),
      openOrders: () =>
        reply(() =>
          [...orders.values()]
            .filter((o) => o.status === 'open' || o.status === 'partially_filled')
            .map(seen),
        ),
      setLeverage: () => reply(() => undefined),
    },
    account: {
      fillsSince: (symbol: Symbol, since: UnixMs) =>
        reply(() => fills.filter((fill) => fill.symbol === symbol && fill.venueTime >= since)),
      balances: () => reply(() => [{ asset: 'USDT', free: d('10000') }]),
      positions: () =>
        reply(() =>
          [...positions]
            .filter(([, amount]) => !isZero(abs(amount)))
            .map(([symbol, amount]) => ({ symbol, amount })),
        ),
    },
  };
  return fake;
}
export type FakeVenue = ReturnType<typeof createFakeVenue>;
