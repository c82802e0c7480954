import { places } from '#shared/domain/decimal';
import type { Disk } from '../../seams/seams';
import { type Feed, MINUTE_MS } from '../core/feed';
import { COINS, practiceSymbol } from '../generator/symbols';
import type { PracticeSymbol } from '../types';
import { createCandleFeed } from './candle-feed';
import { type Pair, pairFromFileName, pairFromText } from './file-symbol';
import { loadReplay } from './load';
import type { ReplayFile, VolumeUnit } from './readers';
import { ReplayError } from './replay-error';
import { createTradeFeed } from './trade-feed';

export type { VolumeUnit } from './readers';
export { ReplayError } from './replay-error';

const LONGEST_HISTORY_MS = 12 * 3_600_000;

export interface Replay {
  readonly spot: readonly Feed[];
  /** Empty when the file's quote is no dollar: there is no such perpetual. */
  readonly future: readonly Feed[];
  /** Market time at which trading starts; what lies before is history. */
  readonly origin: number;
  readonly end: number;
  /** For people: what is replayed. */
  readonly title: string;
}

/**
 * A replay file as one market: its first part (12 h, or a quarter of a short file) is history, the rest happens.
 * @throws ReplayError naming file, line, column and what was expected there.
 */
export async function openReplay(options: {
  readonly disk: Pick<Disk, 'exists' | 'stream'>;
  readonly path: string;
  readonly seed: string;
  readonly symbol?: string;
  readonly volumeUnit?: VolumeUnit;
}): Promise<Replay> {
  const { path, seed } = options;
  const pair = options.symbol === undefined ? pairFromFileName(path) : pairFromText(options.symbol);
  if (!pair) throw new ReplayError(`"${options.symbol}" is no pair; write it like BTC/USDT`);
  const file = await loadReplay(options.disk, path, options.volumeUnit ?? 'auto');
  const feed = (market: 'spot' | 'future'): Feed => {
    const symbol = replaySymbol(file, pair, market);
    return file.kind === 'candles'
      ? createCandleFeed(file, symbol, seed)
      : createTradeFeed(file, symbol, seed);
  };
  const spot = feed('spot');
  const first = file.time[0]!;
  const end = spot.end ?? first;
  const history = Math.min(LONGEST_HISTORY_MS, Math.floor((end - first) / 4));
  const cut = first + history;
  const origin = history > 2 * MINUTE_MS ? Math.floor(cut / MINUTE_MS) * MINUTE_MS : cut;
  const dollars = ['USDT', 'USDC', 'FDUSD', 'BUSD'].includes(pair.quote);
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const days = new Date(first).toISOString().slice(0, 10);
  return {
    spot: [spot],
    future: dollars ? [feed('future')] : [],
    origin,
    end,
    title: `${name}: ${file.time.length} ${file.kind} of ${pair.base}/${pair.quote} from ${days}`,
  };
}

/** The usual rules of a known coin, refined where the file is finer. */
function replaySymbol(file: ReplayFile, pair: Pair, market: 'spot' | 'future'): PracticeSymbol {
  const coin = COINS.find((item) => item.base === pair.base && pair.quote === 'USDT');
  const usual = coin?.[market];
  const tickDigits = Math.max(file.priceDecimals, usual ? places(asDecimal(usual[0])) : 0);
  // Volumes of candles are sums: only single trades show the real lot size.
  const stepDigits = usual
    ? Math.max(places(asDecimal(usual[1])), file.kind === 'trades' ? file.amountDecimals : 0)
    : Math.min(8, file.amountDecimals);
  const small = pair.quote === 'BTC' || pair.quote === 'ETH' || pair.quote === 'BNB';
  return practiceSymbol({
    base: pair.base,
    quote: pair.quote,
    market,
    tick: unit(tickDigits),
    step: unit(stepDigits),
    minNotional: small ? '0.0001' : market === 'future' && coin ? coin.future[2] : '5',
  });
}

const unit = (digits: number): string => (digits === 0 ? '1' : `0.${'0'.repeat(digits - 1)}1`);
const asDecimal = (text: string): PracticeSymbol['tickSize'] => text as PracticeSymbol['tickSize'];
