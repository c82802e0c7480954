import type { ClientOrderId, Decimal, UnixMs } from '#shared/domain/basics';
import { isZero, mul, sub, sum, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import type { AccountFact, VenuePort } from '../engine/index';
import { createMatching, type MatchEvent } from '../matching/index';
import { toFill, toMatchOrder, toVenueOrder } from '../paper/index';
import { specOf, type Trading, type VenueOrder } from './match-terms';
import { createTickGrid, type TickGrid } from './tick-grid';

const ACCOUNT = 'what-if';
/** Steps of amount on offer at every price: candles do not tell how much there was, so there is enough. */
const PLENTY = '1000000000000' as Decimal;

/** An exchange whose prices are said to it one by one. All offers stand exactly at the last one said. */
export interface CandleVenue extends VenuePort {
  /** The price goes there; stops it reaches fill at it. */
  show(symbol: Symbol, ticks: number): void;
  /** The price is there and reaches no stop. */
  mark(symbol: Symbol, ticks: number): void;
  /** Last price said, in ticks; null before the first. */
  shown(symbol: Symbol): number | null;
  /** Triggers that wait, in ticks. */
  triggers(symbol: Symbol): readonly number[];
  holds(symbol: Symbol): boolean;
  grid(symbol: Symbol): TickGrid | null;
  /** Wallets plus open positions at the price of now, over all assets. */
  equity(): Decimal;
  /** Deposited so far. */
  readonly deposited: Decimal;
}

export interface CandleVenueParts {
  readonly key: VenueKey;
  /** Perpetuals only. */
  readonly instruments: readonly Instrument[];
  /** Put into the wallet of each asset that an instrument settles in. */
  readonly startBalance: Decimal;
  /** Fraction of the traded value. */
  readonly takerFee: Decimal;
  readonly now: () => UnixMs;
  /** Where the path is now, in ticks; null when no candle tells, and the last price said holds. */
  priceNow(symbol: Symbol): number | null;
  tell(fact: AccountFact): void;
}

interface Line {
  readonly grid: TickGrid;
  readonly depth: Decimal;
  readonly step: Decimal;
  shown: number | null;
  shownAt: UnixMs | null;
  waiting: readonly { readonly side: 'buy' | 'sell'; readonly ticks: number }[];
  holds: boolean;
}

export function createCandleVenue(parts: CandleVenueParts): CandleVenue {
  const { key, now, tell } = parts;
  const matching = createMatching();
  const instruments = new Map(parts.instruments.map((one) => [one.symbol, one]));
  const assets = new Set(parts.instruments.map((one) => one.quote));
  const lines = new Map<Symbol, Line>();
  const orders = new Map<ClientOrderId, VenueOrder>();
  const fills: Fill[] = [];
  let open: readonly VenueOrder[] | null = null;
  const free = new Map<string, Decimal>();
  matching.openAccount(ACCOUNT);
  for (const asset of assets) {
    matching.deposit(ACCOUNT, asset, parts.startBalance, now());
    free.set(asset, parts.startBalance);
  }

  const lineOf = (symbol: Symbol): Line | null => {
    const known = lines.get(symbol);
    if (known) return known;
    const instrument = instruments.get(symbol);
    const spec = instrument ? specOf(instrument, parts.takerFee) : null;
    if (!instrument || !spec) return null;
    matching.addSymbol(spec);
    const { tickSize, stepSize } = instrument;
    const line: Line = {
      grid: createTickGrid(tickSize),
      depth: mul(stepSize, PLENTY),
      step: stepSize,
      shown: null,
      shownAt: null,
      waiting: [],
      holds: false,
    };
    lines.set(symbol, line);
    return line;
  };

  /** Somebody trades at this price and offers any amount to whoever wants to trade on `side`. */
  const quote = (symbol: Symbol, line: Line, side: 'buy' | 'sell', ticks: number): readonly MatchEvent[] => {
    const price = line.grid.text(ticks);
    const offer = [[price, line.depth]] as const;
    return [
      ...matching.marketQuotes(symbol, side === 'sell' ? offer : [], side === 'buy' ? offer : [], now()),
      ...matching.marketTrade(symbol, side, price, line.step, now()),
    ];
  };

  const readTriggers = (symbol: Symbol, line: Line): void => {
    line.waiting = matching
      .openOrders(ACCOUNT, symbol)
      .flatMap(({ side, triggerPrice }) =>
        triggerPrice === null
          ? []
          : [{ side, ticks: line.grid.reaching(triggerPrice, side === 'buy' ? 'long' : 'short') }],
      );
  };

  /** Keeps what happened and tells it as a private stream would. */
  const book = (symbol: Symbol, line: Line, events: readonly MatchEvent[]): void => {
    const facts: AccountFact[] = [];
    for (const event of events) {
      if (event.type === 'balance') free.set(event.asset, event.free);
      if (event.type === 'position') line.holds = !isZero(event.amount);
      if (event.type !== 'order' && event.type !== 'fill') continue;
      // The market order that a fired stop became goes on under the same client id.
      if (event.order.status === 'triggered') continue;
      const order = toVenueOrder(event.order);
      if (order.clientOrderId !== null) orders.set(order.clientOrderId, order);
      if (event.type === 'fill') {
        const fill = toFill(key, event.fill, now());
        fills.push(fill);
        facts.push({ type: 'fill', fill });
      }
      facts.push({ type: 'order', order });
    }
    if (facts.length === 0) return;
    open = null;
    readTriggers(symbol, line);
    if (facts.some(({ type }) => type === 'fill')) facts.push({ type: 'balances', balances: balances() });
    for (const fact of facts) tell(fact);
  };

  const balances = () => [...free].map(([asset, amount]) => ({ asset, free: amount }));

  const trading: Trading = {
    async place(request) {
      const { symbol, clientOrderId, side } = request;
      const line = lineOf(symbol);
      // A level on the path is met within the millisecond; what was said at this very time is the price.
      const ticks = line && line.shownAt !== now() ? (parts.priceNow(symbol) ?? line.shown) : line?.shown;
      if (line === null || ticks === null || ticks === undefined)
        return { kind: 'rejected', code: 'no-liquidity', message: `no candle of ${symbol} tells a price` };
      book(symbol, line, quote(symbol, line, side, ticks));
      const result = matching.place(toMatchOrder(ACCOUNT, request), now());
      if (!result.ok) return { kind: 'rejected', code: result.code, message: result.message };
      book(symbol, line, result.events);
      const order = orders.get(clientOrderId)!;
      return { kind: 'accepted', venueOrderId: order.venueOrderId, status: order.status };
    },
    async cancel({ symbol, clientOrderId }) {
      const line = lineOf(symbol);
      const result = matching.cancel(ACCOUNT, symbol, { clientOrderId }, now());
      if (!result.ok) return { kind: 'not-open', message: result.message };
      if (line) book(symbol, line, result.events);
      return { kind: 'cancelled' };
    },
    async find({ clientOrderId }) {
      const order = orders.get(clientOrderId);
      return order ? { kind: 'found', order } : { kind: 'absent' };
    },
    async openOrders(symbol) {
      open ??= matching.openOrders(ACCOUNT).map(toVenueOrder);
      return symbol === undefined ? open : open.filter((order) => order.symbol === symbol);
    },
    async setLeverage(symbol, leverage) {
      if (lineOf(symbol) === null) throw new Error(`${symbol} is not traded here`);
      const result = matching.setLeverage(ACCOUNT, symbol, leverage);
      if (!result.ok) throw new Error(result.message);
    },
  };

  return {
    trading,
    account: {
      fillsSince: async (symbol, since) =>
        fills.filter((fill) => fill.symbol === symbol && fill.venueTime >= since),
      balances: async () => balances(),
      // No list of positions: in process it could not differ from the fills, and asking takes half the time.
    },
    show(symbol, ticks) {
      const line = lineOf(symbol);
      if (line === null) return;
      line.shown = ticks;
      line.shownAt = now();
      const reached = line.waiting.find((one) =>
        one.side === 'sell' ? ticks <= one.ticks : ticks >= one.ticks,
      );
      if (reached) book(symbol, line, quote(symbol, line, reached.side, ticks));
    },
    mark(symbol, ticks) {
      const line = lineOf(symbol);
      if (line) line.shown = ticks;
    },
    shown: (symbol) => lines.get(symbol)?.shown ?? null,
    triggers: (symbol) => lines.get(symbol)?.waiting.map(({ ticks }) => ticks) ?? [],
    holds: (symbol) => lines.get(symbol)?.holds ?? false,
    grid: (symbol) => lineOf(symbol)?.grid ?? null,
    equity() {
      const { balances: held, positions } = matching.account(ACCOUNT);
      const open = positions.map(({ symbol, amount, entryPrice }) => {
        const line = lines.get(symbol as Symbol);
        const ticks = line ? (parts.priceNow(symbol as Symbol) ?? line.shown) : null;
        if (!line || ticks === null || isZero(amount)) return ZERO;
        return mul(sub(line.grid.text(ticks), entryPrice), amount);
      });
      return sum([...Object.values(held).flatMap(({ free, locked }) => [free, locked]), ...open]);
    },
    deposited: mul(parts.startBalance, String(assets.size) as Decimal),
  };
}
