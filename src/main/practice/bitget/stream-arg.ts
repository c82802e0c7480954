import type { Timeframe } from '#shared/domain/market';
import type { PracticeSymbol } from '../types';
import { readGranularity } from './public-rest';
import { PRODUCT, type WireMarket } from './wire-market';

/** The two generations of sockets: v2 names channel and instId, v3 topic and symbol. */
export type Generation = 'v2' | 'v3';

export type PublicChannel =
  | { readonly kind: 'trade' | 'ticker' | 'books' | 'liquidation' }
  | { readonly kind: 'top'; readonly levels: number }
  | { readonly kind: 'candle'; readonly timeframe: Timeframe };

export interface PublicArg {
  readonly market: WireMarket;
  /** Undefined for the one channel that is about all symbols. */
  readonly symbol: PracticeSymbol | undefined;
  readonly channel: PublicChannel;
  /** What every message of the channel carries. */
  readonly arg: Readonly<Record<string, string>>;
  /** Same for every way of writing the same subscription. */
  readonly name: string;
}

type Raw = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Null for an instrument or channel that does not exist. Keys nobody knows are ignored, as on the exchange. */
export function readPublicArg(
  generation: Generation,
  raw: Raw,
  markets: { readonly spot: WireMarket; readonly future: WireMarket },
): PublicArg | null {
  const product = text(raw.instType).toUpperCase();
  const market = [markets.spot, markets.future].find(({ kind }) => PRODUCT[kind] === product);
  if (market === undefined) return null;
  const read = generation === 'v2' ? readV2(raw) : readV3(raw);
  if (read === null) return null;
  const { channel, name, interval } = read;
  const instType = generation === 'v2' ? product : product.toLowerCase();
  if (channel.kind === 'liquidation')
    return {
      market,
      symbol: undefined,
      channel,
      arg: { instType, topic: name },
      name: `${instType}|${name}`,
    };
  const wire = text(generation === 'v2' ? raw.instId : raw.symbol).toUpperCase();
  const symbol = market.byWire(wire);
  if (symbol === undefined) return null;
  const arg: Record<string, string> =
    generation === 'v2' ? { instType, channel: name, instId: wire } : { instType, topic: name, symbol: wire };
  if (interval !== null) arg.interval = interval;
  return { market, symbol, channel, arg, name: Object.values(arg).join('|') };
}

interface Read {
  readonly channel: PublicChannel;
  readonly name: string;
  readonly interval: string | null;
}

function readV2(raw: Raw): Read | null {
  const name = text(raw.channel);
  const plain = (channel: PublicChannel): Read => ({ channel, name, interval: null });
  if (name === 'trade' || name === 'ticker' || name === 'books') return plain({ kind: name });
  const levels = /^books(1|5|15)$/.exec(name);
  if (levels !== null) return plain({ kind: 'top', levels: Number(levels[1]) });
  if (!name.startsWith('candle')) return null;
  const timeframe = timeframeOf(name.slice(6));
  return timeframe === null ? null : plain({ kind: 'candle', timeframe });
}

function readV3(raw: Raw): Read | null {
  const name = text(raw.topic);
  const plain = (channel: PublicChannel): Read => ({ channel, name, interval: null });
  if (name === 'publicTrade') return plain({ kind: 'trade' });
  if (name === 'ticker' || name === 'books' || name === 'liquidation') return plain({ kind: name });
  const levels = /^books(1|5|50)$/.exec(name);
  if (levels !== null) return plain({ kind: 'top', levels: Number(levels[1]) });
  if (name !== 'kline') return null;
  const interval = text(raw.interval);
  const timeframe = timeframeOf(interval);
  return timeframe === null ? null : { channel: { kind: 'candle', timeframe }, name, interval };
}

function timeframeOf(interval: string): Timeframe | null {
  try {
    return readGranularity(interval);
  } catch {
    return null;
  }
}

/** The parts of an arg that name a subscription, for answers about args nobody can read. */
export const argText = (raw: Raw): string =>
  `instType:${text(raw.instType)},channel:${text(raw.channel ?? raw.topic)},instId:${text(raw.instId ?? raw.symbol)}`;
