import { toNumber } from '#shared/domain/decimal';
import {
  applyPrint,
  type BookShape,
  type Feed,
  flatBar,
  MINUTE_MS,
  type MinuteBar,
  type TapePrint,
} from '../core/feed';
import { niceGrid } from '../core/ladder';
import { gauss, hash, hashText, slowNoise, uniform } from '../noise';
import { type CoinPath, POINTS } from './coin-path';
import { coinSymbol } from './symbols';

const FUTURE_TURNOVER = 4;
const SLOT_MS = MINUTE_MS / POINTS;
const KEPT_MINUTES = 4;

/** The generated market of one coin, spot or future. `start` is the first minute with history. */
export function createGeneratedFeed(path: CoinPath, market: 'spot' | 'future', start: number): Feed {
  const { coin } = path;
  const symbol = coinSymbol(coin, market);
  const tick = toNumber(symbol.tickSize);
  const step = toNumber(symbol.stepSize);
  const future = market === 'future';
  const seed = hashText(`${path.seed}|${market}`);
  const turnover = coin.turnover * (future ? FUTURE_TURNOVER : 1);
  const middle = new Float64Array(POINTS + 1);
  const kept = new Map<number, readonly TapePrint[]>();

  const spreadTicks = (price: number, heat: number): number =>
    Math.max(1, Math.round(((price * coin.spreadBp) / 10_000 / tick) * heat));

  const draw = (minute: number, visit: (print: TapePrint) => void): void => {
    path.fill(minute, middle);
    const mood = path.mood(minute);
    const open = minute * MINUTE_MS;
    const from = future ? 1 + path.basis(open) : 1;
    const to = future ? 1 + path.basis(open + MINUTE_MS) : 1;
    const price = middle[0]!;
    const heat = mood.turnover > 2 ? 2 : 1;
    const spread = spreadTicks(price, heat);
    const moved = Math.abs(middle[POINTS]! - price) / (price * mood.sigma);
    const perPrint = ((turnover * mood.turnover * (0.6 + 0.5 * moved)) / POINTS / price / step) * 1.25;
    const silent = mood.turnover < 0.6 ? 0.4 : 0.15;
    for (let i = 0; i < POINTS; i++) {
      const factor = from + ((to - from) * i) / POINTS;
      const rising = i === 0 ? middle[1]! >= price : middle[i]! >= middle[i - 1]!;
      const bits = hash(seed, minute, i);
      const side = (bits & 255) < 46 ? !rising : rising;
      const bid = Math.round((middle[i]! * factor) / tick - spread / 2);
      const weight = Math.exp(1.1 * gauss(seed + 1, minute, i) - 0.6) * ((bits >>> 8) % 97 === 0 ? 8 : 1);
      const quiet = i > 0 && i < POINTS - 1 && (bits >>> 16) / 65_536 < silent;
      visit({
        at: open + Math.floor((i + uniform(seed + 2, minute, i)) * SLOT_MS),
        ticks: side ? bid + spread : bid,
        steps: quiet ? 0 : Math.max(1, Math.round(perPrint * weight)),
        side: side ? 'buy' : 'sell',
      });
    }
  };

  const prints = (minute: number): readonly TapePrint[] => {
    let list = kept.get(minute);
    if (!list) {
      const fresh: TapePrint[] = [];
      draw(minute, (print) => fresh.push(print));
      list = fresh;
      if (kept.size >= KEPT_MINUTES) kept.delete(kept.keys().next().value as number);
      kept.set(minute, list);
    }
    return list;
  };

  return {
    symbol,
    start,
    end: null,
    tape(from, to) {
      const result: TapePrint[] = [];
      for (let minute = Math.floor(from / MINUTE_MS); minute * MINUTE_MS <= to; minute++) {
        for (const print of prints(minute)) if (print.at > from && print.at <= to) result.push(print);
      }
      return result;
    },
    minute(openTime) {
      let bar: MinuteBar | null = null;
      draw(Math.floor(openTime / MINUTE_MS), (print) => {
        bar = applyPrint(bar, print);
      });
      return bar ?? flatBar(0);
    },
    shape(at): BookShape {
      const minute = Math.floor(at / MINUTE_MS);
      const mood = path.mood(minute);
      const price = coin.price;
      return {
        spread: spreadTicks(price, mood.turnover > 2 ? 2 : 1),
        grid: niceGrid((price / tick) * 0.00005),
        levelSteps: Math.max(2, Math.round((turnover * 0.07) / price / step)),
        seed,
      };
    },
    derivative(at) {
      const minute = Math.floor(at / MINUTE_MS);
      path.fill(minute, middle);
      const point = Math.min(POINTS - 1, Math.floor((at - minute * MINUTE_MS) / SLOT_MS));
      const rate = 0.0001 + 0.00012 * slowNoise(seed + 3, at, 28_800_000);
      const swing =
        1 + 0.05 * slowNoise(seed + 4, at, 14_400_000) + 0.02 * slowNoise(seed + 5, at, 2_400_000);
      return {
        index: Math.round(middle[point]! / tick),
        mark: Math.round((middle[point]! * (1 + path.basis(at))) / tick),
        fundingRate: Math.round(rate * 1e8) / 1e8,
        interest: Math.round((coin.interest * swing) / coin.price / step),
      };
    },
  };
}
