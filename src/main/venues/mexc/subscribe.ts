import type { MarketKind } from '#shared/domain/exchange';
import type { Timeframe } from '#shared/domain/market';
import type { Channel } from '../venue';
import { toWireSymbol } from './symbols';

/** MEXC's words for our time frames. It has no three minutes: those are put together from single ones. */
export const INTERVALS: Readonly<Partial<Record<Timeframe, string>>> = {
  '1m': 'Min1',
  '5m': 'Min5',
  '15m': 'Min15',
  '30m': 'Min30',
  '1h': 'Min60',
  '4h': 'Hour4',
  '1d': 'Day1',
};
const FRAMES = new Map(Object.entries(INTERVALS).map(([ours, theirs]) => [theirs, ours as Timeframe]));
/** Undefined for an interval we do not know. */
export const toTimeframe = (interval: unknown): Timeframe | undefined => FRAMES.get(String(interval));

/** Spot topics are MEXC's own channel names; on futures "deal|BTC_USDT", with what the channel asks for behind it. */
export const spotTopic = {
  deals: (wire: string) => `spot@public.aggre.deals.v3.api.pb@100ms@${wire}`,
  depth: (wire: string) => `spot@public.aggre.depth.v3.api.pb@100ms@${wire}`,
  top: (wire: string) => `spot@public.aggre.bookTicker.v3.api.pb@100ms@${wire}`,
  kline: (wire: string, interval: string) => `spot@public.kline.v3.api.pb@${wire}@${interval}`,
} as const;
export const futureTopic = (name: string, wire: string, more = ''): string =>
  `${name}|${wire}${more === '' ? '' : `|${more}`}`;

/** The topics that carry a channel; a futures mark price needs two. */
export function topicsOf(channel: Channel, market: MarketKind): readonly string[] {
  const wire = toWireSymbol(channel.symbol);
  return market === 'spot' ? [spotTopicOf(channel, wire)] : futureTopicsOf(channel, wire);
}

function spotTopicOf(channel: Channel, wire: string): string {
  switch (channel.kind) {
    case 'trades':
      return spotTopic.deals(wire);
    case 'top':
      return spotTopic.top(wire);
    case 'book':
      return spotTopic.depth(wire);
    case 'candles':
      return spotTopic.kline(wire, intervalOf(channel.timeframe));
    default:
      throw new RangeError(`MEXC spot streams no ${channel.kind}`);
  }
}

function futureTopicsOf(channel: Channel, wire: string): readonly string[] {
  switch (channel.kind) {
    case 'trades':
      return [futureTopic('deal', wire)];
    case 'top':
      return [futureTopic('depth.full', wire)];
    case 'ticker':
    case 'interest':
      return [futureTopic('ticker', wire)];
    case 'mark':
      return [futureTopic('ticker', wire), futureTopic('funding.rate', wire)];
    case 'book':
      return [futureTopic('depth', wire)];
    case 'candles':
      return [futureTopic('kline', wire, intervalOf(channel.timeframe))];
    default:
      throw new RangeError(`MEXC futures stream no ${channel.kind}`);
  }
}

const intervalOf = (timeframe: Timeframe): string => INTERVALS[timeframe === '3m' ? '1m' : timeframe]!;

/** One socket carries 30 streams; further ones are refused. Documented for spot, measured by others on futures. */
export const MOST_TOPICS = 30;

/** Control frames for the topics: spot takes a list, futures one frame a topic. */
export function controlFrames(market: MarketKind, wanted: boolean, topics: readonly string[]): string[] {
  if (market === 'spot')
    return topics.length === 0
      ? []
      : [JSON.stringify({ method: wanted ? 'SUBSCRIPTION' : 'UNSUBSCRIPTION', params: topics })];
  return topics.map((topic) => {
    const [name = '', symbol, interval] = topic.split('|');
    const param = {
      symbol,
      ...(interval === undefined ? {} : { interval }),
      ...(name === 'depth.full' ? { limit: 5 } : {}),
    };
    // Compressed frames are never inflated here, so plain ones are asked for.
    return JSON.stringify({
      method: `${wanted ? 'sub' : 'unsub'}.${name}`,
      param,
      ...(wanted ? { gzip: false } : {}),
    });
  });
}
