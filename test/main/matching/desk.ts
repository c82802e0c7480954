import {
  createMatching,
  type MatchEvent,
  type Matching,
  type MatchOrder,
  type MatchSymbol,
} from '#main/matching/index';
import { type Decimal, unixMs } from '#shared/domain/basics';
import { fromText } from '#shared/domain/decimal';

export const d = (text: string): Decimal => fromText(text);
export const T0 = unixMs(1_700_000_000_000);

export const SPOT: MatchSymbol = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  market: 'spot',
  tickSize: d('0.01'),
  stepSize: d('0.001'),
  minAmount: d('0.001'),
  maxAmount: d('1000'),
  minNotional: d('5'),
  makerFee: d('0.001'),
  takerFee: d('0.001'),
  maintenanceRate: d('0'),
  maxLeverage: 1,
};
export const PERP: MatchSymbol = {
  ...SPOT,
  symbol: 'BTC/USDT:USDT',
  market: 'future',
  makerFee: d('0.0002'),
  takerFee: d('0.0005'),
  maintenanceRate: d('0.005'),
  maxLeverage: 100,
};
export const ETH_PERP: MatchSymbol = { ...PERP, symbol: 'ETH/USDT:USDT', base: 'ETH' };

let ids = 0;
/** A market buy of 1 unless told otherwise, under an id of its own. */
export const order = (
  spec: MatchSymbol,
  part: Omit<Partial<MatchOrder>, 'amount' | 'price' | 'triggerPrice' | 'callbackPercent' | 'quoteAmount'> & {
    amount?: string | null;
    price?: string;
    triggerPrice?: string;
    callbackPercent?: string;
    quoteAmount?: string;
  } = {},
): MatchOrder => {
  const { amount = '1', price, triggerPrice, callbackPercent, quoteAmount, ...rest } = part;
  return {
    account: 'ann',
    clientOrderId: `c${++ids}`,
    symbol: spec.symbol,
    side: 'buy',
    type: price === undefined ? 'market' : 'limit',
    amount: amount === null ? null : d(amount),
    price: price === undefined ? null : d(price),
    triggerPrice: triggerPrice === undefined ? null : d(triggerPrice),
    timeInForce: price === undefined ? null : 'gtc',
    reduceOnly: false,
    closePosition: false,
    ...(callbackPercent === undefined ? {} : { callbackPercent: d(callbackPercent) }),
    ...(quoteAmount === undefined ? {} : { quoteAmount: d(quoteAmount) }),
    ...rest,
  };
};

export const ladder = (...levels: readonly (readonly [string, string])[]): (readonly [Decimal, Decimal])[] =>
  levels.map(([price, amount]) => [d(price), d(amount)] as const);

/** Engine with ann and bob, 10,000 USDT each (spot: 10 BTC too), quoted 99/101 with 5 on each side. */
export const opened = (...specs: readonly MatchSymbol[]): Matching => {
  const matching = createMatching();
  for (const spec of specs) matching.addSymbol(spec);
  for (const account of ['ann', 'bob']) {
    matching.openAccount(account);
    matching.deposit(account, 'USDT', d('10000'), T0);
    if (specs[0]?.market === 'spot') matching.deposit(account, 'BTC', d('10'), T0);
  }
  for (const { symbol } of specs) quote(matching, symbol, '99', '101');
  return matching;
};

export const quote = (
  matching: Matching,
  symbol: string,
  bid: string,
  ask: string,
  amount = '5',
): readonly MatchEvent[] => matching.marketQuotes(symbol, ladder([bid, amount]), ladder([ask, amount]), T0);

/** The value of a command that must succeed. */
export function done<T>(
  result:
    | { readonly ok: true; readonly value: T; readonly events: readonly MatchEvent[] }
    | { readonly ok: false; readonly code: string; readonly message: string },
): { readonly value: T; readonly events: readonly MatchEvent[] } {
  if (!result.ok) throw new Error(`refused: ${result.code} (${result.message})`);
  return result;
}
export const codeOf = (result: { readonly ok: boolean; readonly code?: string }): string =>
  result.ok ? 'taken' : (result.code ?? '');

type EventOf<K extends MatchEvent['type']> = Extract<MatchEvent, { type: K }>;
export const only = <K extends MatchEvent['type']>(events: readonly MatchEvent[], type: K): EventOf<K>[] =>
  events.filter((event): event is EventOf<K> => event.type === type);
