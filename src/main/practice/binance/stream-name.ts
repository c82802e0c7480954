import { Timeframe } from '#shared/domain/market';
import type { PracticeSymbol } from '../types';
import type { WireMarket } from './wire-market';

export type StreamKind =
  | { readonly kind: 'trade' | 'aggTrade' | 'bookTicker' | 'ticker' | 'miniTicker' | 'markPrice' }
  | { readonly kind: 'diff' }
  | { readonly kind: 'partial'; readonly levels: number }
  | { readonly kind: 'kline'; readonly timeframe: Timeframe };

/** The path a stream is delivered on: futures split them, on spot there is one for all. */
export type StreamPath = 'spot' | 'public' | 'market';

export type StreamName = StreamKind & {
  readonly name: string;
  /** Null means every symbol, in one array. Undefined is a symbol nobody lists: taken, and silent. */
  readonly symbol: PracticeSymbol | null | undefined;
  readonly path: StreamPath;
  /** Least wall time between two messages. */
  readonly everyMs: number;
};

const PUBLIC_KINDS: ReadonlySet<StreamKind['kind']> = new Set(['trade', 'bookTicker', 'diff', 'partial']);

/** Reads a stream name like "btcusdt@depth@100ms". Null when it is malformed. */
export function readStreamName(market: WireMarket, name: string): StreamName | null {
  const [first = '', channel = '', ...rest] = name.split('@');
  const future = market.kind === 'future';
  if (first.startsWith('!')) return readAll(name, first.slice(1), [channel, ...rest], future);
  if (!/^[a-z0-9_]{1,40}$/.test(first)) return null;
  const read = readChannel(channel, rest, future);
  if (read === null) return null;
  return {
    ...read.kind,
    name,
    symbol: market.byWire(first.toUpperCase()),
    path: future ? (PUBLIC_KINDS.has(read.kind.kind) ? 'public' : 'market') : 'spot',
    everyMs: read.everyMs,
  };
}

interface Channel {
  readonly kind: StreamKind;
  readonly everyMs: number;
}

function readChannel(channel: string, rest: readonly string[], future: boolean): Channel | null {
  const [speed, ...more] = rest;
  if (more.length > 0) return null;
  if (channel.startsWith('depth')) return readDepth(channel, speed, future);
  if (channel === 'markPrice' && future)
    return speed === undefined || speed === '1s'
      ? { kind: { kind: 'markPrice' }, everyMs: speed === '1s' ? 1_000 : 3_000 }
      : null;
  if (speed !== undefined) return null;
  switch (channel) {
    case 'trade':
    case 'aggTrade':
    case 'bookTicker':
      return { kind: { kind: channel }, everyMs: 100 };
    case 'ticker':
    case 'miniTicker':
      return { kind: { kind: channel }, everyMs: 1_000 };
  }
  if (!channel.startsWith('kline_')) return null;
  const timeframe = Timeframe.safeParse(channel.slice(6));
  return timeframe.success ? { kind: { kind: 'kline', timeframe: timeframe.data }, everyMs: 250 } : null;
}

function readDepth(channel: string, speed: string | undefined, future: boolean): Channel | null {
  const speeds: Readonly<Record<string, number>> = future
    ? { '100ms': 100, '250ms': 250, '500ms': 500 }
    : { '100ms': 100, '1000ms': 1_000 };
  const everyMs = speed === undefined ? (future ? 250 : 1_000) : speeds[speed];
  if (everyMs === undefined) return null;
  if (channel === 'depth') return { kind: { kind: 'diff' }, everyMs };
  const levels = Number(channel.slice(5));
  return [5, 10, 20].includes(levels) ? { kind: { kind: 'partial', levels }, everyMs } : null;
}

/** "!miniTicker@arr", "!ticker@arr" (futures), "!markPrice@arr@1s" (futures), "!bookTicker" (futures). */
function readAll(name: string, channel: string, rest: readonly string[], future: boolean): StreamName | null {
  const [array, speed] = rest;
  const make = (kind: StreamKind, path: StreamPath, everyMs: number): StreamName => ({
    ...kind,
    name,
    symbol: null,
    path: future ? path : 'spot',
    everyMs,
  });
  if (channel === 'bookTicker' && future && array === '')
    return make({ kind: 'bookTicker' }, 'public', 1_000);
  if (array !== 'arr') return null;
  if (channel === 'miniTicker' && speed === undefined) return make({ kind: 'miniTicker' }, 'market', 1_000);
  // Spot retired its array of full tickers on 2026-03-26.
  if (channel === 'ticker' && speed === undefined && future) return make({ kind: 'ticker' }, 'market', 1_000);
  if (channel === 'markPrice' && future && (speed === undefined || speed === '1s'))
    return make({ kind: 'markPrice' }, 'market', speed === '1s' ? 1_000 : 3_000);
  return null;
}
