import type { Timeframe } from '#shared/domain/market';
import type { PracticeSymbol } from '../types';
import { timeframeOf } from './public-rest';
import type { GateMarket } from './wire-market';

export type PublicKind =
  | { readonly kind: 'tickers' | 'trades' | 'book_ticker' | 'order_book_update' | 'public_liquidates' }
  /** `name` as asked for: "ob.BTC_USDT.400". */
  | { readonly kind: 'obu'; readonly name: string; readonly levels: number }
  | { readonly kind: 'candlesticks'; readonly timeframe: Timeframe };

/** One stream of one symbol. */
export type PublicStream = PublicKind & { readonly symbol: PracticeSymbol; readonly everyMs: number };

/** A subscription that cannot be had, with Gate's code. */
export class SubscribeError extends Error {
  constructor(
    readonly code: 1 | 2 | 3 | 4,
    message: string,
  ) {
    super(message);
  }
}

const unknown = (market: GateMarket, name: string): SubscribeError =>
  new SubscribeError(
    2,
    `unknown ${market.kind === 'spot' ? 'currency pair' : 'contract'} ${name.slice(0, 40)}`,
  );

/** The streams that a channel and its payload name. Null when the channel is not a public one. @throws SubscribeError */
export function readStreams(
  market: GateMarket,
  channel: string,
  payload: readonly string[],
): readonly PublicStream[] | null {
  const known = (name: string | undefined): PracticeSymbol => {
    const symbol = market.byWire(name ?? '');
    if (symbol === undefined) throw unknown(market, name ?? '');
    return symbol;
  };
  const each = (kind: PublicKind, everyMs: number): PublicStream[] => {
    if (payload.length === 0) throw new SubscribeError(2, 'empty payload');
    return payload.map((name) => ({ ...kind, symbol: known(name), everyMs }));
  };
  switch (channel) {
    case 'tickers':
      return each({ kind: 'tickers' }, 1_000);
    case 'trades':
      return each({ kind: 'trades' }, 50);
    case 'book_ticker':
      return each({ kind: 'book_ticker' }, 50);
    case 'public_liquidates':
      return market.kind === 'spot' ? null : each({ kind: 'public_liquidates' }, 1_000);
    case 'order_book_update': {
      const [name, speed, levels] = payload;
      if (speed !== '100ms' && speed !== '20ms') throw new SubscribeError(2, `invalid interval ${speed}`);
      if (levels !== undefined && !['20', '50', '100'].includes(levels))
        throw new SubscribeError(2, `invalid level ${levels.slice(0, 10)}`);
      return [{ kind: 'order_book_update', symbol: known(name), everyMs: speed === '20ms' ? 50 : 100 }];
    }
    case 'obu':
      return payload.map((name) => {
        const [, wire, levels] = /^ob\.(.+)\.(50|400)$/.exec(name) ?? [];
        if (wire === undefined) throw new SubscribeError(2, `Alert sub ${name.slice(0, 40)}`);
        const everyMs = levels === '50' ? 50 : 100;
        return { kind: 'obu', name, levels: Number(levels), symbol: known(wire), everyMs };
      });
    case 'candlesticks': {
      const [interval = '', name] = payload;
      return [
        { kind: 'candlesticks', timeframe: readInterval(interval), symbol: known(name), everyMs: 1_000 },
      ];
    }
    default:
      return null;
  }
}

function readInterval(interval: string): Timeframe {
  try {
    return timeframeOf(interval);
  } catch {
    throw new SubscribeError(2, `invalid interval ${interval.slice(0, 10)}`);
  }
}

/** The same for every subscriber of the same stream. */
export const keyOf = (stream: PublicStream): string =>
  [
    stream.kind,
    stream.symbol.symbol,
    ...(stream.kind === 'candlesticks' ? [stream.timeframe] : []),
    ...(stream.kind === 'order_book_update' ? [stream.everyMs] : []),
  ].join(' ');
