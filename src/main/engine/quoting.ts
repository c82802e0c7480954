import { type ClientOrderId, type Decimal, type OrderSide, unixMs } from '#shared/domain/basics';
import { add, gte, isPositive, lt, mul, ZERO } from '#shared/domain/decimal';
import type { VenueKey } from '#shared/domain/exchange';
import type { Symbol } from '#shared/domain/instrument';
import type { Order } from '#shared/domain/order';
import { isEnded } from '#shared/domain/order-machine';
import type { QuoteLine, QuotingStatus } from '#shared/domain/quoting';
import { exposureOf, ordersLastMinute, valueAtWork } from './at-work';
import { chase } from './doubt';
import { gate } from './gate';
import { equityFor } from './opening';
import { cancelOrder, expiryFrom } from './order-book';
import { hasDrifted, middleOf, quoteAmount, quotePrice, rollOf } from './quote-prices';
import { type Line, positionIdOf, type Quote } from './quote-state';
import { type EngineState, instrumentOf, venueOf } from './state';
import { intend, putOrder, type Step, tell, wake } from './step';
import { partsOf } from './symbol-rules';

/** How often lines are looked at without news, wall ms; a change of the lines takes effect in less than 5 s. */
const TICK_MS = 500;
/** Without the account's stream for this long nothing may stand in the book: its fills would go unheard. Wall ms. */
const DEAF_MS = 10_000;
/** After a refused quote the line waits, wall ms. */
const REFUSED_PAUSE_MS = 5_000;
const DOLLARS: ReadonlySet<string> = new Set(['USDT', 'USDC', 'FDUSD', 'USD']);

const sameMarket = (a: QuoteLine, b: QuoteLine): boolean => a.venue === b.venue && a.symbol === b.symbol;

/** Starts, or goes on with other lines: what changed is cancelled and quoted anew, what did not stays. */
export function startQuoting(step: Step, lines: readonly QuoteLine[]): void {
  const { quoting } = step.state;
  const wanted = new Map(lines.map((line) => [line.id, line]));
  for (const [id, known] of quoting.lines) {
    const next = wanted.get(id);
    if (next && JSON.stringify(next) === JSON.stringify(known.line)) {
      known.gone = false;
      wanted.delete(id);
      continue;
    }
    leaveAll(step, known);
    // A line that moves to another market is another line: the old one stays under its own name until it is empty.
    if (!next || !sameMarket(next, known.line)) {
      known.gone = true;
      quoting.lines.delete(id);
      quoting.lines.set(`${id}|${step.at.wall}|${known.line.symbol}`, known);
    } else {
      known.line = next;
      known.gone = false;
      wanted.delete(id);
    }
  }
  for (const line of wanted.values()) {
    quoting.lines.set(line.id, { line, quotes: [], mid: null, pausedUntil: 0, note: null, gone: false });
    intend(step, { kind: 'watch', venue: line.venue, symbol: line.symbol, on: true });
  }
  if (!quoting.running)
    tell(step, 'quoting_started', 'info', `Passive quoting runs with ${lines.length} lines.`);
  quoting.running = true;
  quoting.stopped = null;
  tick(step);
}

export function stopQuoting(step: Step, cause: string): void {
  const { quoting } = step.state;
  if (!quoting.running) return;
  quoting.running = false;
  quoting.stopped = cause;
  for (const line of quoting.lines.values()) {
    leaveAll(step, line);
    line.gone = true;
  }
  tell(step, 'quoting_stopped', 'info', `Passive quoting stops, its quotes are cancelled: ${cause}.`);
  tick(step);
}

/** Best bid and ask of a market that is quoted. */
export function onQuoteMid(step: Step, venue: VenueKey, symbol: Symbol, bid: Decimal, ask: Decimal): void {
  if (!isPositive(bid) || lt(ask, bid)) return;
  for (const line of step.state.quoting.lines.values()) {
    if (line.line.venue !== venue || line.line.symbol !== symbol) continue;
    line.mid = { price: middleOf(bid, ask), at: step.at.wall };
    refresh(step, line);
  }
}

/** Looks at every line: time-outs, deaf accounts, quotes that ended; goes on while there is anything to look at. */
export function tick(step: Step): void {
  const { quoting } = step.state;
  if (quoting.running && step.state.halted !== null) {
    stopQuoting(step, `the engine is halted (${step.state.halted})`);
    return;
  }
  for (const [id, line] of quoting.lines) {
    refresh(step, line);
    if (!line.gone || line.quotes.length > 0) continue;
    quoting.lines.delete(id);
    if (![...quoting.lines.values()].some((other) => sameMarket(other.line, line.line)))
      intend(step, { kind: 'watch', venue: line.line.venue, symbol: line.line.symbol, on: false });
  }
  if (quoting.running || quoting.lines.size > 0) wake(step, 'quoting|tick', TICK_MS);
}

function leaveAll(step: Step, line: Line): void {
  for (const quote of line.quotes) leave(step, quote);
}
function leave(step: Step, quote: Quote): void {
  quote.leaving = true;
  step.touched.add(positionIdOf(quote.id));
}

function refresh(step: Step, line: Line): void {
  const { state, at } = step;
  noteEnded(step, line);
  const deaf = isDeaf(step, line.line.venue);
  for (const quote of line.quotes) {
    if (quote.leaving) {
      // A cancel whose answer was lost may go again once the exchange has shown the order still there.
      const order = state.orders.get(quote.id);
      if (order && (order.status === 'open' || order.status === 'partially_filled')) cancelOrder(step, order);
      continue;
    }
    const isOld = at.wall - quote.placedAt >= line.line.timeoutS * 1_000;
    const drifted = line.mid !== null && hasDrifted(quote.mid, line.mid.price, line.line);
    if (isOld || drifted || deaf || isStale(step, line)) leave(step, quote);
  }
  if (line.gone || !state.quoting.running || at.wall < line.pausedUntil) return;
  const sides: readonly OrderSide[] =
    line.line.sides === 'both' ? ['buy', 'sell'] : line.line.sides === 'bid' ? ['buy'] : ['sell'];
  const notes: string[] = [];
  for (const side of sides) {
    // One at a time: the next quote of a side waits until the exchange has let the last one go.
    if (line.quotes.some((quote) => quote.side === side)) continue;
    const problem = deaf ? 'the account is not connected' : quoteSide(step, line, side);
    if (problem !== null) notes.push(problem);
  }
  line.note = notes[0] ?? null;
}

function noteEnded(step: Step, line: Line): void {
  for (const quote of line.quotes) {
    const order = step.state.orders.get(quote.id);
    if (order?.status === 'rejected') line.pausedUntil = step.at.wall + REFUSED_PAUSE_MS;
    if (order?.status === 'rejected')
      line.note = `the exchange refused a quote: ${order.note ?? 'no reason given'}`;
  }
  const [over, living] = [[] as Quote[], [] as Quote[]];
  for (const quote of line.quotes) {
    const order = step.state.orders.get(quote.id);
    (order === undefined || isEnded(order.status) ? over : living).push(quote);
  }
  line.quotes = living;
  step.state.quoting.ended.push(...over.map(({ id }) => id));
}

const isStale = (step: Step, { mid }: Line): boolean =>
  mid === null || step.at.wall - mid.at > step.state.settings.staleAfterMs;

function isDeaf({ state, at }: Step, venue: VenueKey): boolean {
  const { deafSince } = state.quoting;
  if (venueOf(state, venue).up) {
    deafSince.delete(venue);
    return false;
  }
  if (!deafSince.has(venue)) deafSince.set(venue, at.wall);
  return at.wall - deafSince.get(venue)! >= DEAF_MS;
}

/** Writes the intent of a quote, after the same gate as every entry. Null, or why not. */
function quoteSide(step: Step, { line, mid, quotes }: Line, side: OrderSide): string | null {
  const { state, at } = step;
  const instrument = instrumentOf(state, line.venue, line.symbol);
  if (!instrument?.active) return `${line.venue} does not trade ${line.symbol} now`;
  if (mid === null) return 'best bid and ask are not known yet';
  const id = nextId(state, side, at.wall);
  const price = quotePrice(mid.price, side, line, instrument);
  const amount = quoteAmount(line, rollOf(id), instrument);
  const value = mul(price, amount);
  if (lt(amount, instrument.minAmount) || !isPositive(amount) || !isPositive(price))
    return `${amount} is less than the smallest order of ${instrument.minAmount}`;
  if (instrument.minNotional !== null && lt(value, instrument.minNotional))
    return `${value} is less than the smallest order value of ${instrument.minNotional}`;
  const view = venueOf(state, line.venue);
  const free = view.free?.[side === 'buy' ? instrument.quote : instrument.base];
  const reserved = reservedBy(state, line, side);
  if (side === 'sell' && (free === undefined || !gte(free, add(amount, reserved))))
    return `not enough ${instrument.base} is free`;
  if (!DOLLARS.has(instrument.quote)) return `the limits are in dollars, and ${line.symbol} is not`;
  const { worstUsd } = exposureOf(state, line.venue);
  const quoted = quotedValue(state);
  const equity = equityFor(step, line.venue);
  const { reason } = gate({
    settings: state.settings,
    killed: state.killed,
    halted: state.halted,
    linkUp: view.up,
    reconciled: view.ordersSeen,
    price: mid.price,
    priceAgeMs: at.wall - mid.at,
    // Quotes are no trades of the day and no positions: those limits are the waves' own.
    tradesToday: 0,
    openPositions: 0,
    exposureUsd: add(worstUsd, quoted),
    symbolUsd: add(
      valueAtWork(state, line.venue, (position) => partsOf(position.symbol).base === instrument.base),
      quotedValue(state, line.symbol),
    ),
    waveUsd: ZERO,
    providerUsd: ZERO,
    ordersLastMinute: ordersLastMinute(state, at.wall),
    sizeUsd: value,
    neededUsd: side === 'buy' ? add(value, reserved) : ZERO,
    freeUsd: side === 'buy' ? (free ?? null) : state.settings.minFreeBalanceUsd,
    ...(equity === undefined ? {} : { equity }),
  });
  if (reason !== null) return `the risk gate refuses: ${reason}`;
  place(step, { line, side, id, price, amount });
  quotes.push({ id, side, mid: mid.price, placedAt: at.wall, leaving: false });
  return null;
}

/** pass_quote_BUY_1772536782136: the time makes it unique, so no two may have the same. */
function nextId({ quoting }: EngineState, side: OrderSide, now: number): ClientOrderId {
  quoting.lastMs = Math.max(now, quoting.lastMs + 1);
  return `pass_quote_${side.toUpperCase()}_${quoting.lastMs}` as ClientOrderId;
}

const livingQuotes = (state: EngineState): Order[] =>
  [...state.quoting.lines.values()].flatMap(({ quotes }) =>
    quotes.flatMap(({ id }) => state.orders.get(id) ?? []),
  );
const valueOf = ({ request }: Order): Decimal => mul(request.price ?? ZERO, request.amount ?? ZERO);
const quotedValue = (state: EngineState, symbol?: Symbol): Decimal =>
  livingQuotes(state)
    .filter(({ request }) => symbol === undefined || request.symbol === symbol)
    .reduce((total, order) => add(total, valueOf(order)), ZERO);

/** What quotes of the account that the exchange has not yet taken from its free balance will take: quote, or base. */
function reservedBy(state: EngineState, line: QuoteLine, side: OrderSide): Decimal {
  return livingQuotes(state)
    .filter(
      ({ request, status }) => request.venue === line.venue && request.side === side && status !== 'open',
    )
    .filter(({ request }) => side === 'buy' || request.symbol === line.symbol)
    .reduce(
      (total, order) => add(total, side === 'buy' ? valueOf(order) : (order.request.amount ?? ZERO)),
      ZERO,
    );
}

function place(
  step: Step,
  quote: {
    readonly line: QuoteLine;
    readonly side: OrderSide;
    readonly id: ClientOrderId;
    readonly price: Decimal;
    readonly amount: Decimal;
  },
): void {
  const request = {
    clientOrderId: quote.id,
    venue: quote.line.venue,
    symbol: quote.line.symbol,
    side: quote.side,
    type: 'limit',
    amount: quote.amount,
    price: quote.price,
    triggerPrice: null,
    timeInForce: 'post-only',
    reduceOnly: false,
    closePosition: false,
  } as const;
  const order: Order = {
    request,
    positionId: positionIdOf(quote.id),
    leg: 'entry',
    attempt: 1,
    status: 'intended',
    venueOrderId: null,
    filled: ZERO,
    averagePrice: null,
    intendedAt: step.at.wall,
    expiresAt: expiryFrom(step, request),
    updatedAt: step.at.wall,
    note: null,
  };
  putOrder(step, order, 'intended', `quote of line ${quote.line.id}`);
  intend(step, { kind: 'place', request });
  chase(step, order);
}

export function quotingStatus(state: EngineState): QuotingStatus {
  const { running, lines, stopped } = state.quoting;
  return {
    running,
    stopped,
    lines: [...lines.values()].map(({ line, quotes, note }) => ({
      line,
      note,
      quotes: quotes.flatMap(({ id, side, placedAt, leaving }) => {
        const order = state.orders.get(id);
        if (!order) return [];
        const { request, filled, status } = order;
        return [
          {
            clientOrderId: id,
            side,
            price: request.price,
            amount: request.amount,
            filled,
            status,
            placedAt: unixMs(placedAt),
            leaving,
          },
        ];
      }),
    })),
  };
}
