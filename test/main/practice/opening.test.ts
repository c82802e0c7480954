import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatchOrder } from '#main/matching/types';
import type { Feed } from '#main/practice/core/index';
import { type OpenMarkets, openMarkets } from '#main/practice/opening';
import { generatedSource, type MarketSource } from '#main/practice/source';
import { createStateFile, decodeState, encodeState } from '#main/practice/state-file';
import type { CoreEvent } from '#main/practice/types';
import { createSimulatedSeams, type SimulatedSeams } from '#main/seams/index';
import type { Decimal } from '#shared/domain/basics';
import { add, cmp, mul, neg, sub, sum, toStep } from '#shared/domain/decimal';

const T0 = Date.UTC(2026, 10, 21, 10, 7);
const FILE = '/profile/practice.json';
const BTC = 'BTC/USDT:USDT';
const d = (text: string) => text as Decimal;

/** The generated market with three coins: enough to trade, quick to walk. */
function smallSource(seed: string, origin: number): MarketSource {
  const whole = generatedSource(seed, origin);
  const some = (feeds: readonly Feed[]) =>
    feeds.filter(({ symbol }) => ['BTC', 'SOL', 'XRP'].includes(symbol.base));
  return {
    ...whole,
    feeds(start) {
      const { spot, future } = whole.feeds(start);
      return { spot: some(spot), future: some(future) };
    },
  };
}

const open = (
  seams: SimulatedSeams,
  seed = '1',
  speed = 5,
  notices: string[] = [],
  source = smallSource(seed, T0),
): OpenMarkets =>
  openMarkets({
    seams,
    source,
    speed,
    stateFile: FILE,
    onNotice: (text) => notices.push(text),
  });
const walk = (seams: SimulatedSeams, markets: OpenMarkets, seconds: number): void => {
  for (let i = 0; i < seconds * 4; i++) {
    seams.sleep(250);
    markets.spot.step();
    markets.future.step();
  }
};
const order = (over: Partial<MatchOrder>): MatchOrder => ({
  account: 'practice',
  clientOrderId: 'c1',
  symbol: BTC,
  side: 'buy',
  type: 'market',
  amount: d('0.01'),
  price: null,
  triggerPrice: null,
  timeInForce: null,
  reduceOnly: false,
  closePosition: false,
  ...over,
});
const place = (markets: OpenMarkets, over: Partial<MatchOrder>) => {
  const core = over.symbol?.includes(':') === false ? markets.spot : markets.future;
  const result = core.run((matching, now) => matching.place(order(over), now));
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  core.publish(result.events);
  return result.value;
};
/** All that must be the same on the other side of a crash. */
const image = (markets: OpenMarkets) => ({
  now: markets.clock.now(),
  keys: markets.keys,
  spot: markets.spot.matching.account('practice'),
  future: {
    ...markets.future.matching.account('practice'),
    // Unrealised profit is of the moment's mark price, not of the file.
    positions: markets.future.matching
      .account('practice')
      .positions.map(({ symbol, amount, entryPrice, leverage, realised }) => ({
        symbol,
        amount,
        entryPrice,
        leverage,
        realised,
      })),
  },
  open: [markets.spot, markets.future].map((core) => core.matching.openOrders('practice')),
  history: [markets.spot, markets.future].map((core) => core.history('practice')),
});
const walletOf = (markets: OpenMarkets) => {
  const { USDT } = markets.future.matching.account('practice').balances;
  return add(USDT!.free, USDT!.locked);
};

describe('practice markets', () => {
  it('open with play money, living books, a tape, candles and marks', () => {
    const seams = createSimulatedSeams(1, T0);
    const markets = open(seams, '1', 5, [], generatedSource('1', T0));
    expect(markets.future.symbols.length).toBeGreaterThanOrEqual(12);
    expect(walletOf(markets)).toBe('10000');
    expect(markets.spot.matching.account('practice').balances.USDT?.free).toBe('10000');
    for (const core of [markets.spot, markets.future])
      for (const { symbol } of core.symbols) {
        const { bids, asks } = core.matching.book(symbol, 20);
        expect([bids.length, asks.length]).toEqual([20, 20]);
        expect(cmp(bids[0]![0], asks[0]![0])).toBe(-1);
        expect(core.trades(symbol, 10)).toHaveLength(10);
        expect(core.candles(symbol, '1m', { limit: 30 })).toHaveLength(30);
        const { low, high, last } = core.ticker24h(symbol);
        expect(cmp(low, last)).toBeLessThan(1);
        expect(cmp(last, high)).toBeLessThan(1);
      }
    expect(Number(markets.future.mark(BTC).mark)).toBeGreaterThan(10_000);
    expect(markets.future.candles(BTC, '1m', { limit: 4320 })).toHaveLength(4320);
  });

  it('walk: trades with consecutive ids, candles and marks reach every listener, the book is never crossed', () => {
    const seams = createSimulatedSeams(1, T0);
    const markets = open(seams);
    const events: CoreEvent[] = [];
    const undo = markets.future.subscribe((event) => events.push(event));
    walk(seams, markets, 26);
    undo();
    const count = events.length;
    const ids = events.flatMap((event) =>
      event.type === 'match' && event.event.type === 'trade' && event.event.symbol === BTC
        ? [event.event.tradeId]
        : [],
    );
    expect(ids.length).toBeGreaterThan(50);
    ids.forEach((id, i) => {
      expect(id).toBe(ids[0]! + i);
    });
    const closed = events.filter(
      (event) => event.type === 'candle' && event.timeframe === '1m' && event.candle.closed,
    );
    expect(closed).toHaveLength(2 * markets.future.symbols.length);
    expect(events.some((event) => event.type === 'mark')).toBe(true);
    const { bids, asks } = markets.future.matching.book(BTC, 5);
    expect(cmp(bids[0]![0], asks[0]![0])).toBe(-1);
    walk(seams, markets, 5);
    expect(events).toHaveLength(count);
  });

  it('are the same market at another step, and independent of orders', () => {
    const one = createSimulatedSeams(1, T0);
    const other = createSimulatedSeams(2, T0);
    const busy = open(one);
    const calm = open(other);
    place(busy, { amount: d('1') });
    walk(one, busy, 60);
    other.sleep(59_000);
    calm.future.step();
    walk(other, calm, 1);
    const read = (markets: OpenMarkets) =>
      markets.future.candles(BTC, '1m', { limit: 5 }).map(({ openTime, close }) => [openTime, close]);
    expect(read(busy).slice(1)).toEqual(read(calm).slice(1));
  });

  it('bring a command the market of this instant, not of the last step', () => {
    const seams = createSimulatedSeams(1, T0);
    const markets = open(seams);
    seams.sleep(20_000);
    const at = place(markets, {}).createdAt;
    const last = markets.future.trades('SOL/USDT:USDT', 1)[0]!;
    expect(at).toBe(markets.clock.now());
    expect(at - last.at).toBeLessThan(10_000);
  });

  it('are on disk before a command is answered and before anybody hears of it', () => {
    const seams = createSimulatedSeams(1, T0);
    const markets = open(seams);
    const seen: boolean[] = [];
    const onDisk = () => {
      const found = createStateFile(seams, FILE).read();
      return (
        found.kind === 'saved' && found.state.future.history.practice?.orders.at(-1)?.status === 'filled'
      );
    };
    markets.future.subscribe((event) => {
      if (event.type === 'match' && event.event.type === 'fill') seen.push(onDisk());
    });
    expect(onDisk()).toBe(false);
    const result = markets.future.run((matching, now) => matching.place(order({}), now));
    expect(onDisk()).toBe(true);
    expect(seen).toEqual([]);
    if (result.ok) markets.future.publish(result.events);
    expect(seen).toEqual([true]);
  });

  it('go on after a kill with the same orders, positions, balances, history, keys and time', () => {
    const seams = createSimulatedSeams(1, T0);
    const before = open(seams);
    walk(seams, before, 10);
    place(before, {});
    const price = before.future.mark(BTC).mark;
    const stop = toStep(mul(price, d('0.98')), d('0.1'), 'down');
    const stopOrder = { side: 'sell', type: 'stop-market', triggerPrice: stop, reduceOnly: true } as const;
    place(before, { clientOrderId: 'stop', ...stopOrder });
    place(before, { clientOrderId: 'spot', symbol: 'SOL/USDT', amount: d('1') });
    const limit = { type: 'limit', price: d('1.5'), timeInForce: 'gtc', amount: d('10') } as const;
    place(before, { clientOrderId: 'rest', symbol: 'XRP/USDT', ...limit });
    const kept = image(before);
    // Killed: no close, no last save. Hours pass.
    seams.sleep(5 * 3_600_000);
    const after = open(seams);
    expect(image(after)).toEqual(kept);
    expect(after.future.matching.openOrders('practice').map((item) => item.clientOrderId)).toEqual(['stop']);
    const again = place(after, { clientOrderId: 'next' });
    expect(again.orderId).toBeGreaterThan(Math.max(...kept.history[1]!.orders.map((item) => item.orderId)));
  });

  it('lose at most the market time since the last save, never an order', () => {
    const seams = createSimulatedSeams(1, T0);
    const before = open(seams);
    walk(seams, before, 10);
    before.save();
    const saved = before.clock.now();
    walk(seams, before, 3);
    expect(open(seams).clock.now()).toBe(saved);
  });

  it('fire a stop that the price passed, after a restart too', () => {
    const seams = createSimulatedSeams(1, T0);
    const before = open(seams, '1', 20);
    place(before, {});
    const entry = before.future.mark(BTC).mark;
    const near = (factor: string) => toStep(mul(entry, d(factor)), d('0.1'), 'down');
    const base = { side: 'sell', reduceOnly: true } as const;
    place(before, { ...base, clientOrderId: 'sl', type: 'stop-market', triggerPrice: near('0.999') });
    place(before, { ...base, clientOrderId: 'tp', type: 'take-profit-market', triggerPrice: near('1.001') });
    const after = open(seams, '1', 20);
    const fills: string[] = [];
    after.future.subscribe((event) => {
      if (event.type === 'match' && event.event.type === 'fill') fills.push(event.event.fill.clientOrderId);
    });
    for (let i = 0; i < 100 && fills.length === 0; i++) walk(seams, after, 1);
    walk(seams, after, 3);
    expect(fills).toHaveLength(1);
    expect(['sl', 'tp']).toContain(fills[0]);
    expect(after.future.matching.account('practice').positions.filter((item) => item.amount !== '0')).toEqual(
      [],
    );
    const history = after.future.history('practice', BTC);
    expect(history.fills).toHaveLength(2);
    const cash = sum([d('10000'), ...history.fills.map((fill) => sub(fill.realised, fill.fee))]);
    expect(walletOf(after)).toBe(cash);
  });

  it('pay funding when market time passes 8 h, once, and remember it over a restart', () => {
    const seams = createSimulatedSeams(1, T0);
    const source = smallSource('1', Date.UTC(2026, 10, 21, 15, 58));
    const markets = open(seams, '1', 50, [], source);
    place(markets, {});
    walk(seams, markets, 2);
    expect(markets.future.history('practice').funding).toEqual([]);
    walk(seams, markets, 3);
    const paid = markets.future.history('practice').funding;
    expect(paid).toHaveLength(1);
    expect(walletOf(markets)).toBe(
      sum([d('10000'), paid[0]!.amount, neg(markets.future.history('practice').fills[0]!.fee)]),
    );
    expect(open(seams, '1', 50, [], source).future.history('practice').funding).toEqual(paid);
  });

  it('set a broken file aside under a new name, say so, and start anew', () => {
    const seams = createSimulatedSeams(1, T0);
    for (const broken of ['{"version":1', '{"version":2}', '\u0000\u0001', '[]']) {
      seams.disk.write(FILE, broken);
      const notices: string[] = [];
      const markets = open(seams, '1', 5, notices);
      expect(walletOf(markets)).toBe('10000');
      expect(notices[0]).toMatch(/cannot be read.*kept as \/profile\/practice\.json\..*\.kept/);
      const kept = /kept as (\S+);/.exec(notices[0]!)![1]!;
      expect(new TextDecoder().decode(seams.disk.read(kept)!)).toBe(broken);
    }
  });

  it('set aside a file whose accounts make no sense', () => {
    const seams = createSimulatedSeams(1, T0);
    open(seams);
    const state = decodeState(new TextDecoder().decode(seams.disk.read(FILE)!));
    seams.disk.write(FILE, encodeState({ ...state, future: { ...state.future, matching: { version: 7 } } }));
    const notices: string[] = [];
    expect(walletOf(open(seams, '1', 5, notices))).toBe('10000');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/cannot be used/);
  });

  it('keep the account of another market aside instead of trading it at wrong prices', () => {
    const seams = createSimulatedSeams(1, T0);
    open(seams, '1');
    const notices: string[] = [];
    open(seams, '2', 5, notices);
    expect(notices[0]).toMatch(/belongs to another practice market/);
  });

  it('do not answer for a command whose outcome could not be saved, and say so once', () => {
    const seams = createSimulatedSeams(1, T0);
    const notices: string[] = [];
    const markets = open(seams, '1', 5, notices);
    seams.disk.fail('disk full');
    expect(() => place(markets, {})).toThrow(/outcome is unknown/);
    walk(seams, markets, 1);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/cannot be saved.*disk full/);
    seams.disk.fail(null);
    walk(seams, markets, 1);
    expect(image(open(seams)).history).toEqual(image(markets).history);
  });

  it('save and load as inverses, after any orders', () => {
    const command = fc.record({
      symbol: fc.constantFrom('BTC/USDT:USDT', 'SOL/USDT:USDT', 'XRP/USDT:USDT', 'SOL/USDT', 'XRP/USDT'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      kind: fc.constantFrom('market', 'below', 'above'),
      size: fc.integer({ min: 1, max: 5 }),
      wait: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 5 }), (commands) => {
        const seams = createSimulatedSeams(1, T0);
        const markets = open(seams, '1', 10);
        commands.forEach(({ symbol, side, kind, size, wait }, i) => {
          const core = symbol.includes(':') ? markets.future : markets.spot;
          const { last } = core.ticker24h(symbol);
          const tick = core.symbols.find((item) => item.symbol === symbol)!.tickSize;
          const factor = d(kind === 'below' ? '0.9985' : '1.0015');
          const price = kind === 'market' ? null : toStep(mul(last, factor), tick, 'down');
          const amount = symbol.startsWith('BTC') ? d(`0.00${size}`) : d(String(size * 5));
          const type = price === null ? ('market' as const) : ('limit' as const);
          const rest = {
            symbol,
            side,
            amount,
            type,
            price,
            timeInForce: price === null ? null : ('gtc' as const),
          };
          const result = core.run((matching, now) =>
            matching.place(order({ clientOrderId: `c${i}`, ...rest }), now),
          );
          if (result.ok) core.publish(result.events);
          walk(seams, markets, wait);
        });
        markets.save();
        const kept = image(markets);
        const text = new TextDecoder().decode(seams.disk.read(FILE)!);
        expect(decodeState(text)).toEqual(JSON.parse(text));
        expect(decodeState(encodeState(decodeState(text)))).toEqual(decodeState(text));
        expect(image(open(seams, '1', 10))).toEqual(kept);
      }),
      { numRuns: 8 },
    );
  });
});
