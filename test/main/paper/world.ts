import { createPaperVenue, type PaperOptions } from '#main/paper/index';
import { createVirtualTime } from '#main/seams/simulated-clock';
import type { AccountEvent, Channel, MarketData, PlaceOutcome, Trading, Venue } from '#main/venues/venue';
import type { ClientOrderId, Decimal } from '#shared/domain/basics';
import { add, fromText } from '#shared/domain/decimal';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Level, MarketEvent } from '#shared/domain/market';
import type { Fill, OrderRequest } from '#shared/domain/order';

export const START = 1_700_000_000_000;
export const BTC = 'BTC/USDT:USDT' as Symbol;
export const ETH = 'ETH/USDT:USDT' as Symbol;
export const d = (text: string): Decimal => fromText(text);

const instrument = (symbol: Symbol, more: Partial<Instrument> = {}): Instrument => ({
  exchange: 'binance',
  market: 'future',
  symbol,
  wireSymbol: symbol.slice(0, 3),
  base: symbol.slice(0, 3),
  quote: 'USDT',
  active: true,
  tickSize: d('0.1'),
  stepSize: d('0.001'),
  minAmount: d('0.001'),
  maxAmount: null,
  minNotional: d('5'),
  ...more,
});

/** A public market made by hand: it says only what a test says, to whoever listens. */
export function createSource(now: () => number) {
  const listeners = new Map<string, Set<(event: MarketEvent) => void>>();
  const keyOf = (kind: Channel['kind'], symbol: Symbol) => `${kind} ${symbol}`;
  let lastTrade = 0;
  const data: MarketData = {
    channels: new Set(['trades', 'top', 'ticker', 'mark', 'book', 'candles']),
    subscribe(channel, listener) {
      const key = keyOf(channel.kind, channel.symbol);
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(key);
      };
    },
    candles: async () => [],
  };
  const base = (symbol: Symbol) => ({
    venue: 'binance_future' as const,
    symbol,
    venueTime: null,
    seenAt: now() as never,
  });
  const emit = (kind: Channel['kind'], event: MarketEvent): void => {
    for (const listener of [...(listeners.get(keyOf(kind, event.symbol)) ?? [])]) listener(event);
  };
  return {
    data,
    streams: () => [...listeners.keys()].sort(),
    top(bid: string, ask: string, amount = '10', symbol = BTC) {
      const size = d(amount);
      emit('top', {
        ...base(symbol),
        type: 'top',
        bid: d(bid),
        bidAmount: size,
        ask: d(ask),
        askAmount: size,
      });
    },
    book(bids: readonly [string, string][], asks: readonly [string, string][], symbol = BTC) {
      const levels = (side: readonly [string, string][]): Level[] => side.map(([p, a]) => [d(p), d(a)]);
      emit('book', {
        ...base(symbol),
        type: 'book-snapshot',
        last: 1,
        bids: levels(bids),
        asks: levels(asks),
      });
    },
    trade(price: string, side: 'buy' | 'sell' = 'sell', amount = '1', symbol = BTC) {
      emit('trades', {
        ...base(symbol),
        type: 'trade',
        tradeId: String(++lastTrade),
        price: d(price),
        amount: d(amount),
        side,
      });
    },
    mark(price: string, funding: { at: number; rate: string } | null = null, symbol = BTC) {
      emit('mark', {
        ...base(symbol),
        type: 'mark',
        mark: d(price),
        index: null,
        fundingRate: funding ? d(funding.rate) : null,
        nextFundingAt: funding ? (funding.at as never) : null,
      });
    },
  };
}

export interface WorldOptions extends Partial<Pick<PaperOptions, 'saved' | 'fees'>> {
  readonly instruments?: () => Promise<readonly Instrument[]>;
}

export function createWorld(options: WorldOptions = {}) {
  const time = createVirtualTime(START);
  const source = createSource(() => time.clock.now());
  const disk: { saved: string | null; writes: number; full: boolean } = {
    saved: options.saved === undefined ? null : JSON.stringify(options.saved),
    writes: 0,
    full: false,
  };
  const listing = { instruments: [instrument(BTC), instrument(ETH)] };
  const start = (): Venue =>
    createPaperVenue({
      exchange: 'binance',
      data: source.data,
      reference: {
        instruments: options.instruments ?? (async () => listing.instruments),
        serverTime: async () => time.clock.now(),
      },
      now: () => time.clock.now(),
      marketNow: () => time.clock.now(),
      timers: time.timers,
      saved: disk.saved === null ? null : JSON.parse(disk.saved),
      save(snapshot) {
        if (disk.full) throw new Error('ENOSPC');
        disk.saved = JSON.stringify(snapshot);
        disk.writes++;
      },
      ...(options.fees ? { fees: options.fees } : {}),
    });
  let venue = start();
  const events: AccountEvent[] = [];
  const listen = () =>
    venue.account!.subscribe((event) => {
      events.push(event);
    });
  listen();

  const world = {
    time,
    source,
    disk,
    listing,
    events,
    instrument,
    get venue() {
      return venue;
    },
    get trading(): Trading {
      return venue.trading!;
    },
    fills: (): Fill[] => events.flatMap((event) => (event.type === 'fill' ? [event.fill] : [])),
    /** Places without waiting for anything but promises; the answer is read from `outcome`. */
    send(request: OrderRequest) {
      const answer: { outcome: PlaceOutcome | null } = { outcome: null };
      void world.trading.place(request).then((outcome) => {
        answer.outcome = outcome;
      });
      return answer;
    },
    /** Places on an instrument whose prices are on their way: a top of 100.0 / 100.1 unless said otherwise. */
    async trade(request: OrderRequest, quote: () => void = () => source.top('100', '100.1')) {
      const answer = world.send(request);
      await time.settle();
      if (answer.outcome === null) quote();
      await time.settle();
      if (answer.outcome === null) throw new Error('no answer to the order');
      return answer.outcome;
    },
    /** The process dies and comes back with what is on disk. */
    async restart() {
      await venue.close();
      venue = start();
      listen();
      await time.settle();
    },
    /** As `restart`, but nothing can be written while dying. */
    async crash() {
      disk.full = true;
      await venue.close();
      disk.full = false;
      venue = start();
      listen();
      await time.settle();
    },
    async wallet(): Promise<Decimal> {
      const [usdt] = await venue.account!.balances();
      if (!usdt) throw new Error('no balance');
      return add(usdt.free, usdt.locked);
    },
  };
  return world;
}
export type World = ReturnType<typeof createWorld>;

let lastId = 0;
export function order(more: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId: `w7k2a-s${++lastId}-e1` as ClientOrderId,
    venue: 'binance_paper',
    symbol: BTC,
    side: 'buy',
    type: 'market',
    amount: d('1'),
    price: null,
    triggerPrice: null,
    timeInForce: null,
    reduceOnly: false,
    closePosition: false,
    ...more,
  };
}
export const stop = (trigger: string, more: Partial<OrderRequest> = {}): OrderRequest =>
  order({ side: 'sell', type: 'stop-market', triggerPrice: d(trigger), reduceOnly: true, ...more });
