import type { MatchEvent, MatchFill, Matching, MatchOrderView, MatchSymbol } from '#main/matching/index';
import type { Decimal } from '#shared/domain/basics';
import {
  abs,
  add,
  cmp,
  eq,
  gt,
  isNegative,
  isZero,
  lt,
  max,
  min,
  mul,
  neg,
  sub,
  sum,
  ZERO,
} from '#shared/domain/decimal';
import type { Step } from './commands';

export class AuditError extends Error {}
const claim = (holds: boolean, text: string): void => {
  if (!holds) throw new AuditError(text);
};
const same = (a: Decimal, b: Decimal, what: string): void => claim(eq(a, b), `${what}: ${a} is not ${b}`);

interface SavedMoney {
  readonly symbols: readonly { readonly symbol: string; readonly lastTradeId: number }[];
  readonly insurance: Readonly<Record<string, Decimal>>;
  readonly accounts: readonly {
    readonly name: string;
    readonly holdings: readonly {
      readonly symbol: string;
      readonly amount: Decimal;
      readonly cost: Decimal;
      readonly leverage: number;
    }[];
  }[];
}

/**
 * Keeps its own books from the events alone, in other arithmetic than the engine's (big.js), and compares them
 * with what the engine says after every command. Throws AuditError on the first lie.
 */
export class Auditor {
  /** account|asset -> total. */
  private readonly money = new Map<string, Decimal>();
  /** What the outside market gained, per asset; and fees taken, per asset. */
  private readonly outside = new Map<string, Decimal>();
  private readonly fees = new Map<string, Decimal>();
  private readonly deposits = new Map<string, Decimal>();
  /** account|symbol -> signed amount, and cash that went in (bought) minus out, plus realised. */
  private readonly position = new Map<string, Decimal>();
  private readonly cost = new Map<string, Decimal>();
  private readonly lastTradeId = new Map<string, number>();
  private readonly open = new Map<number, MatchOrderView>();
  private readonly filled = new Map<number, { base: Decimal; quote: Decimal }>();
  /** symbol|side|price -> amount, from level events. */
  private readonly depth = new Map<string, Decimal>();
  private readonly specs: ReadonlyMap<string, MatchSymbol>;
  /** What happened, so that a test can prove that the interesting things did. */
  readonly seen = new Map<string, number>();

  constructor(
    specs: readonly MatchSymbol[],
    accounts: readonly string[],
    starting: Readonly<Record<string, Decimal>>,
  ) {
    this.specs = new Map(specs.map((spec) => [spec.symbol, spec]));
    for (const account of accounts)
      for (const [asset, amount] of Object.entries(starting)) {
        bump(this.money, `${account}|${asset}`, amount);
        bump(this.deposits, asset, amount);
      }
  }

  /** Books one command's events. */
  step({ events, refused, command }: Step): void {
    this.count(refused === null ? command.do : `refused ${refused}`);
    const levels = new Set<string>();
    const trades = new Map<
      string,
      { readonly event: Extract<MatchEvent, { type: 'trade' }>; readonly fills: MatchFill[] }
    >();
    const takers = new Map<number, MatchFill>();
    for (const event of events) {
      this.count(event.type);
      switch (event.type) {
        case 'trade': {
          claim(event.tradeId === (this.lastTradeId.get(event.symbol) ?? 0) + 1, 'trade ids are consecutive');
          this.lastTradeId.set(event.symbol, event.tradeId);
          trades.set(`${event.symbol}|${event.tradeId}`, { event, fills: [] });
          break;
        }
        case 'fill': {
          const trade = trades.get(`${event.fill.symbol}|${event.fill.tradeId}`);
          claim(trade !== undefined, 'a fill belongs to a printed trade');
          trade?.fills.push(event.fill);
          this.fill(event.fill, event.order, takers.get(event.order.orderId));
          if (!event.fill.maker) takers.set(event.order.orderId, event.fill);
          this.order(event.order);
          break;
        }
        case 'order':
          this.order(event.order);
          break;
        case 'funding':
          bump(this.money, `${event.account}|${this.quoteOf(event.symbol)}`, event.amount);
          bump(this.outside, this.quoteOf(event.symbol), neg(event.amount));
          break;
        case 'level': {
          const key = `${event.symbol}|${event.side}|${event.price}`;
          claim(!levels.has(key), 'a level is told once per command');
          levels.add(key);
          claim(!eq(this.depth.get(key) ?? ZERO, event.amount), 'a told level has changed');
          if (isZero(event.amount)) this.depth.delete(key);
          else this.depth.set(key, event.amount);
          break;
        }
        default:
      }
    }
    for (const { event, fills } of trades.values()) this.trade(event, fills);
  }

  private count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  private quoteOf(symbol: string): string {
    return this.spec(symbol).quote;
  }
  private spec(symbol: string): MatchSymbol {
    const spec = this.specs.get(symbol);
    if (!spec) throw new AuditError(`unknown symbol ${symbol}`);
    return spec;
  }

  private order(view: MatchOrderView): void {
    const { base, quote } = this.filled.get(view.orderId) ?? { base: ZERO, quote: ZERO };
    same(view.filled, base, `fills of order ${view.orderId}`);
    same(view.filledQuote, quote, `quote of order ${view.orderId}`);
    if (view.amount !== null) claim(cmp(view.filled, view.amount) <= 0, 'no order is overfilled');
    if (view.timeInForce === 'fok' && view.status !== 'new' && view.status !== 'partially-filled')
      claim(isZero(view.filled) || eq(view.filled, view.amount ?? ZERO), 'FOK is all or nothing');
    if (view.status === 'filled' && view.amount !== null) same(view.filled, view.amount, 'a filled order');
    if (view.status === 'new' || view.status === 'partially-filled' || view.status === 'waiting')
      this.open.set(view.orderId, view);
    else this.open.delete(view.orderId);
  }

  private fill(fill: MatchFill, view: MatchOrderView, earlier: MatchFill | undefined): void {
    const spec = this.spec(fill.symbol);
    const quote = mul(fill.price, fill.amount);
    const buys = fill.side === 'buy';
    claim(gt(fill.amount, ZERO), 'a fill has an amount');
    claim(
      view.orderId === fill.orderId && view.account === fill.account && view.side === fill.side,
      'its order',
    );
    if (view.price !== null)
      claim(buys ? cmp(fill.price, view.price) <= 0 : cmp(fill.price, view.price) >= 0, 'limit price kept');
    if (fill.maker) this.priority(fill, view);
    else {
      claim(view.timeInForce !== 'post-only', 'post-only never takes');
      if (earlier)
        claim(buys ? cmp(earlier.price, fill.price) <= 0 : cmp(earlier.price, fill.price) >= 0, 'best first');
    }
    const before = this.filled.get(fill.orderId) ?? { base: ZERO, quote: ZERO };
    this.filled.set(fill.orderId, { base: add(before.base, fill.amount), quote: add(before.quote, quote) });
    const rate = fill.maker ? spec.makerFee : spec.takerFee;
    const feeBase = spec.market === 'spot' && buys ? fill.amount : quote;
    const overcharge = sub(fill.fee, mul(feeBase, rate));
    claim(
      !isNegative(overcharge) && lt(overcharge, '0.00000001' as Decimal),
      `fee ${fill.fee} on ${feeBase}`,
    );
    claim(fill.feeAsset === (spec.market === 'spot' && buys ? spec.base : spec.quote), 'fee asset');
    bump(this.fees, fill.feeAsset, fill.fee);
    bump(this.money, `${fill.account}|${fill.feeAsset}`, neg(fill.fee));
    if (spec.market === 'spot') {
      bump(this.money, `${fill.account}|${spec.quote}`, buys ? neg(quote) : quote);
      bump(this.money, `${fill.account}|${spec.base}`, buys ? fill.amount : neg(fill.amount));
      return;
    }
    const key = `${fill.account}|${fill.symbol}`;
    const was = this.position.get(key) ?? ZERO;
    bump(this.position, key, buys ? fill.amount : neg(fill.amount));
    const is = this.position.get(key) ?? ZERO;
    if (view.reduceOnly) {
      same(abs(is), sub(abs(was), fill.amount), 'reduce-only reduces');
      this.count('reduce-only fill');
    }
    bump(this.cost, key, add(buys ? quote : neg(quote), fill.realised));
    bump(this.money, `${fill.account}|${spec.quote}`, fill.realised);
  }

  /** No other account's resting order may have come first. Ids grow with the time of resting. */
  private priority(fill: MatchFill, view: MatchOrderView): void {
    same(fill.price, view.price ?? ZERO, 'a maker gets its own price');
    for (const other of this.open.values()) {
      if (other.symbol !== fill.symbol || other.side !== fill.side || other.type !== 'limit') continue;
      if (other.orderId === fill.orderId || other.price === null) continue;
      const order = cmp(other.price, fill.price);
      const better = fill.side === 'buy' ? order > 0 : order < 0;
      claim(!better, `order ${other.orderId} at ${other.price} was better than ${fill.price}`);
      claim(order !== 0 || other.orderId > fill.orderId, `order ${other.orderId} was earlier`);
    }
  }

  private trade(event: Extract<MatchEvent, { type: 'trade' }>, fills: readonly MatchFill[]): void {
    const spec = this.spec(event.symbol);
    for (const fill of fills) {
      same(fill.price, event.price, 'fill price');
      same(fill.amount, event.amount, 'fill amount');
      claim(fill.maker === (fill.side !== event.aggressor), 'the aggressor is the taker');
    }
    claim(
      fills.length <= 2 && new Set(fills.map((fill) => fill.side)).size === fills.length,
      'one buyer, one seller',
    );
    if (fills.length !== 1) return;
    const bought = fills[0]?.side === 'buy';
    const quote = mul(event.price, event.amount);
    bump(this.outside, spec.quote, bought ? quote : neg(quote));
    if (spec.market === 'spot') bump(this.outside, spec.base, bought ? neg(event.amount) : event.amount);
    else bump(this.outside, spec.symbol, bought ? neg(event.amount) : event.amount);
  }

  /** Compares with the engine's own word. */
  compare(matching: Matching): void {
    const saved = matching.snapshot() as SavedMoney;
    const future = [...this.specs.values()].some((spec) => spec.market === 'future');
    this.compareInsurance(saved);
    for (const { symbol, lastTradeId } of saved.symbols)
      claim(lastTradeId === (this.lastTradeId.get(symbol) ?? 0), 'every trade was printed');
    const totals = new Map<string, Decimal>();
    for (const account of saved.accounts) {
      const view = matching.account(account.name);
      for (const [asset, { free, locked }] of Object.entries(view.balances)) {
        const total = add(free, locked);
        same(total, this.money.get(`${account.name}|${asset}`) ?? ZERO, `${account.name}'s ${asset}`);
        bump(totals, asset, total);
        claim(!isNegative(locked), 'locked is never negative');
        if (!future) claim(!isNegative(free), 'free is never negative');
        const owed = future ? this.marginNeed(account, asset) : this.spotNeed(account.name, asset);
        same(locked, future ? min(max(total, ZERO), owed) : owed, `${account.name}'s locked ${asset}`);
      }
      for (const holding of account.holdings) this.compareHolding(account.name, holding, totals);
      if (future && account.holdings.every((holding) => isZero(holding.amount)))
        claim(
          !isNegative(add(view.balances.USDT?.free ?? ZERO, view.balances.USDT?.locked ?? ZERO)),
          'no debt',
        );
      this.compareOrders(account.name, matching);
    }
    // Coins and cash are conserved to the last unit.
    for (const asset of new Set([...this.deposits.keys(), ...totals.keys()])) {
      const all = sum([
        totals.get(asset) ?? ZERO,
        this.outside.get(asset) ?? ZERO,
        this.fees.get(asset) ?? ZERO,
      ]);
      const brought = add(this.deposits.get(asset) ?? ZERO, saved.insurance[asset] ?? ZERO);
      same(all, brought, `all ${asset} there is`);
    }
    for (const symbol of this.specs.keys()) this.compareBook(symbol, matching);
  }

  private compareHolding(
    account: string,
    { symbol, amount, cost }: SavedMoney['accounts'][number]['holdings'][number],
    totals: Map<string, Decimal>,
  ): void {
    same(amount, this.position.get(`${account}|${symbol}`) ?? ZERO, `${account}'s position`);
    same(cost, this.cost.get(`${account}|${symbol}`) ?? ZERO, `${account}'s cost`);
    claim(
      isZero(amount) === isZero(cost) && isNegative(amount) === isNegative(cost),
      'cost has the sign of amount',
    );
    // What an open position still has to pay for, and contracts, are part of what is conserved.
    bump(totals, this.quoteOf(symbol), neg(cost));
    bump(totals, symbol, amount);
  }

  /** Insurance pays only accounts that would end below zero; it is booked to whoever is short of the engine's word. */
  private compareInsurance(saved: SavedMoney): void {
    for (const [asset, paid] of Object.entries(saved.insurance)) {
      let debts = ZERO;
      for (const account of saved.accounts) {
        const key = `${account.name}|${asset}`;
        const total = this.money.get(key) ?? ZERO;
        const flat = account.holdings.every((holding) => isZero(holding.amount));
        if (!flat || !isNegative(total)) continue;
        debts = add(debts, neg(total));
        this.money.set(key, ZERO);
        this.count('insurance');
      }
      bump(this.insured, asset, debts);
      same(this.insured.get(asset) ?? ZERO, paid, 'insurance paid');
    }
  }
  private readonly insured = new Map<string, Decimal>();

  private compareOrders(account: string, matching: Matching): void {
    const mine = [...this.open.values()].filter((order) => order.account === account);
    const theirs = matching.openOrders(account);
    const ids = (orders: readonly MatchOrderView[]) =>
      orders
        .map((order) => order.orderId)
        .sort((a, b) => a - b)
        .join();
    claim(ids(mine) === ids(theirs), `open orders of ${account}: ${ids(mine)} is not ${ids(theirs)}`);
  }

  private compareBook(symbol: string, matching: Matching): void {
    const { bids, asks } = matching.book(symbol, 1_000);
    const bid = bids[0]?.[0];
    const ask = asks[0]?.[0];
    if (bid !== undefined && ask !== undefined) claim(lt(bid, ask), `crossed book ${bid} / ${ask}`);
    let levels = 0;
    for (const [kind, side] of [
      ['bid', bids],
      ['ask', asks],
    ] as const)
      for (const [price, amount] of side) {
        levels++;
        same(amount, this.depth.get(`${symbol}|${kind}|${price}`) ?? ZERO, `${kind} depth at ${price}`);
      }
    const told = [...this.depth.keys()].filter((key) => key.startsWith(`${symbol}|`)).length;
    claim(levels === told, `${levels} levels, ${told} told`);
  }

  private spotNeed(account: string, asset: string): Decimal {
    let need = ZERO;
    for (const order of this.open.values()) {
      if (order.account !== account || order.amount === null) continue;
      const spec = this.spec(order.symbol);
      const left = sub(order.amount, order.filled);
      if (order.side === 'sell' && spec.base === asset) need = add(need, left);
      const price = order.price ?? order.triggerPrice ?? this.trailingLocks.get(order.orderId);
      if (order.side === 'buy' && spec.quote === asset && price !== undefined)
        need = add(need, mul(price, left));
    }
    return need;
  }
  /** Price that a trailing buy without activation price was locked at: the last trade when it was placed. */
  readonly trailingLocks = new Map<number, Decimal>();

  private marginNeed(account: SavedMoney['accounts'][number], asset: string): Decimal {
    let need = ZERO;
    for (const spec of this.specs.values()) {
      if (spec.quote !== asset) continue;
      const holding = account.holdings.find((entry) => entry.symbol === spec.symbol);
      let buys = ZERO;
      let sells = ZERO;
      for (const order of this.open.values()) {
        if (order.account !== account.name || order.symbol !== spec.symbol || order.reduceOnly) continue;
        if (order.type !== 'limit' || order.amount === null || order.price === null) continue;
        const value = mul(order.price, sub(order.amount, order.filled));
        if (order.side === 'buy') buys = add(buys, value);
        else sells = add(sells, value);
      }
      const cost = holding?.cost ?? ZERO;
      const exposure = max(abs(cost), max(abs(add(cost, buys)), abs(sub(cost, sells))));
      need = add(need, ceiling(exposure, holding?.leverage ?? 20));
    }
    return need;
  }
}

const bump = (map: Map<string, Decimal>, key: string, by: Decimal): void => {
  map.set(key, add(map.get(key) ?? ZERO, by));
};

/** value / divisor rounded up to 1e-8, in integer arithmetic of its own. */
function ceiling(value: Decimal, divisor: number): Decimal {
  const [whole = '0', fraction = ''] = value.split('.');
  const units = BigInt(whole + fraction.padEnd(16, '0'));
  const by = BigInt(divisor) * 10n ** 8n;
  const text = ((units + by - 1n) / by).toString().padStart(9, '0');
  return `${text.slice(0, -8)}.${text.slice(-8)}` as Decimal;
}
