import fc from 'fast-check';
import {
  createMatching,
  type MatchEvent,
  type Matching,
  type MatchOrder,
  type MatchSymbol,
} from '#main/matching/index';
import { type Decimal, unixMs } from '#shared/domain/basics';
import { d, ETH_PERP, PERP, SPOT, T0 } from './desk';

/** Odd fees and steps on purpose: rounding must show. */
export const ODD_SPOT: MatchSymbol = {
  ...SPOT,
  tickSize: d('0.5'),
  makerFee: d('0.00017'),
  takerFee: d('0.00123'),
};
export const ODD_PERPS: readonly MatchSymbol[] = [PERP, ETH_PERP].map((spec) => ({
  ...spec,
  tickSize: d('0.5'),
  makerFee: d('0.00017'),
  takerFee: d('0.00053'),
}));

export const ACCOUNTS = ['ann', 'bob', 'cat'] as const;

export type Command =
  | { readonly do: 'place'; readonly order: MatchOrder }
  | { readonly do: 'cancel'; readonly account: string; readonly symbol: string; readonly nth: number }
  | {
      readonly do: 'quotes';
      readonly symbol: string;
      readonly mid: number;
      readonly amounts: readonly number[];
    }
  | {
      readonly do: 'trade';
      readonly symbol: string;
      readonly side: 'buy' | 'sell';
      readonly price: number;
      readonly amount: number;
    }
  | { readonly do: 'mark'; readonly symbol: string; readonly price: number }
  | { readonly do: 'funding'; readonly symbol: string; readonly rate: number }
  | { readonly do: 'leverage'; readonly account: string; readonly symbol: string; readonly leverage: number };

const price = (halves: number) => d((halves / 2).toFixed(1));
const amount = (thousandths: number) => d((thousandths / 1000).toFixed(3));

/** Prices are few, so that orders meet, queue and cross. */
export function commandsFor(specs: readonly MatchSymbol[], maxLength: number): fc.Arbitrary<Command[]> {
  const future = specs[0]?.market === 'future';
  const symbol = fc.constantFrom(...specs.map((spec) => spec.symbol));
  const account = fc.constantFrom(...ACCOUNTS);
  const side = fc.constantFrom('buy' as const, 'sell' as const);
  const halves = fc.integer({ min: 188, max: 212 });
  const size = fc.oneof(fc.integer({ min: 40, max: 9_000 }), fc.integer({ min: 1, max: 90_000 }));
  const base = fc.record({
    account,
    symbol,
    side,
    size,
    at: halves,
    id: fc.integer({ min: 1, max: 400 }),
    reduce: future ? fc.boolean() : fc.constant(false),
    close: future ? fc.boolean() : fc.constant(false),
    mark: fc.boolean(),
  });
  const kind = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('gtc', 'gtc', 'gtc', 'ioc', 'fok', 'post-only') },
    { weight: 2, arbitrary: fc.constantFrom('market', 'quote') },
    {
      weight: 3,
      arbitrary: fc.constantFrom('stop-market', 'take-profit-market', 'trailing-stop', 'trailing-now'),
    },
  );
  const place = fc.record({ base, kind }).map(
    ({ base: of, kind: how }): Command => ({
      do: 'place',
      order: orderOf(of, how, future),
    }),
  );
  const quotes = fc.record({
    do: fc.constant('quotes' as const),
    symbol,
    mid: halves,
    amounts: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 2, maxLength: 8 }),
  });
  const trade = fc.record({ do: fc.constant('trade' as const), symbol, side, price: halves, amount: size });
  const cancel = fc.record({ do: fc.constant('cancel' as const), account, symbol, nth: fc.nat(5) });
  const rarely: fc.Arbitrary<Command>[] = future
    ? [
        fc.record({ do: fc.constant('mark' as const), symbol, price: fc.integer({ min: 170, max: 230 }) }),
        fc.record({ do: fc.constant('funding' as const), symbol, rate: fc.integer({ min: -37, max: 37 }) }),
        fc.record({
          do: fc.constant('leverage' as const),
          account,
          symbol,
          leverage: fc.integer({ min: 0, max: 101 }),
        }),
      ]
    : [];
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: place },
      { weight: 3, arbitrary: quotes },
      { weight: 2, arbitrary: trade },
      { weight: 1, arbitrary: cancel },
      ...rarely.map((arbitrary) => ({ weight: 1, arbitrary })),
    ),
    { minLength: 1, maxLength, size: 'max' },
  );
}

interface Parts {
  readonly account: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly size: number;
  readonly at: number;
  readonly id: number;
  readonly reduce: boolean;
  readonly close: boolean;
  readonly mark: boolean;
}

function orderOf(of: Parts, how: string, future: boolean): MatchOrder {
  const conditional = how === 'stop-market' || how === 'take-profit-market' || how.startsWith('trailing');
  const byQuote = how === 'quote' && !future;
  const plainMarket = how === 'market' || how === 'quote';
  const closePosition = conditional && of.close;
  return {
    account: of.account,
    clientOrderId: `id${of.id}`,
    symbol: of.symbol,
    side: of.side,
    type:
      how === 'stop-market' || how === 'take-profit-market'
        ? how
        : conditional
          ? 'trailing-stop'
          : plainMarket
            ? 'market'
            : 'limit',
    amount: byQuote || closePosition ? null : amount(of.size),
    ...(byQuote ? { quoteAmount: amount(of.size * 37) } : {}),
    price: conditional || plainMarket ? null : price(of.at),
    triggerPrice: conditional && how !== 'trailing-now' ? price(of.at) : null,
    triggerBy: of.mark && future ? 'mark' : 'last',
    ...(how.startsWith('trailing') ? { callbackPercent: d('0.7') } : {}),
    timeInForce: conditional || plainMarket ? null : (how as 'gtc' | 'ioc' | 'fok' | 'post-only'),
    reduceOnly: of.reduce,
    closePosition,
  };
}

export interface Step {
  readonly command: Command;
  readonly refused: string | null;
  readonly events: readonly MatchEvent[];
}

export function freshEngine(specs: readonly MatchSymbol[]): Matching {
  const matching = createMatching();
  for (const spec of specs) matching.addSymbol(spec);
  return matching;
}
/** Futures traders are poor enough that margins run out and liquidations happen. */
export const startingOf = (specs: readonly MatchSymbol[]): Readonly<Record<string, Decimal>> =>
  specs[0]?.market === 'spot' ? { USDT: d('2000'), BTC: d('20') } : { USDT: d('300') };

export function fund(matching: Matching, specs: readonly MatchSymbol[]): void {
  for (const account of ACCOUNTS) {
    matching.openAccount(account);
    for (const [asset, amount] of Object.entries(startingOf(specs)))
      matching.deposit(account, asset, amount, T0);
  }
}

/** Runs one command; `index` makes the time. */
export function apply(matching: Matching, command: Command, index: number): Step {
  const now = unixMs(T0 + index);
  const taken = (events: readonly MatchEvent[]): Step => ({ command, refused: null, events });
  const result = (
    outcome: { ok: true; events: readonly MatchEvent[] } | { ok: false; code: string },
  ): Step => (outcome.ok ? taken(outcome.events) : { command, refused: outcome.code, events: [] });
  switch (command.do) {
    case 'place':
      return result(matching.place(command.order, now));
    case 'cancel': {
      const open = matching.openOrders(command.account, command.symbol);
      const orderId = open[command.nth]?.orderId ?? 0;
      return result(matching.cancel(command.account, command.symbol, { orderId }, now));
    }
    case 'quotes': {
      const half = Math.ceil(command.amounts.length / 2);
      const side = (amounts: readonly number[], step: number) =>
        amounts.map((size, i) => [price(command.mid + step * (i + 1)), amount(size)] as const);
      const bids = side(command.amounts.slice(0, half), -1);
      return taken(matching.marketQuotes(command.symbol, bids, side(command.amounts.slice(half), 1), now));
    }
    case 'trade':
      return taken(
        matching.marketTrade(command.symbol, command.side, price(command.price), amount(command.amount), now),
      );
    case 'mark':
      return taken(matching.mark(command.symbol, price(command.price), now));
    case 'funding':
      return taken(matching.funding(command.symbol, d((command.rate / 10_000).toFixed(4)), now));
    case 'leverage':
      return result(matching.setLeverage(command.account, command.symbol, command.leverage));
  }
}
