import { type Decimal, type UnixMs, unixMs } from '#shared/domain/basics';
import { createMatching } from '../matching/index';
import type { Seams } from '../seams/seams';
import { createMarketClock } from './clock';
import { createPracticeCore, type RunningCore } from './core/index';
import type { MarketSource } from './source';
import { createStateFile, type SavedState } from './state-file';
import { token } from './token';
import type { MarketClock, PracticeKey } from './types';
import { WIRES, type WireName } from './wires';

/** Binance's account had no exchange in its name when it was the only one, and files of then are still read. */
const accountOf = (name: WireName): string => (name === 'binance' ? 'practice' : `practice-${name}`);
/** A longer silence than this was the computer asleep; the market sleeps with it. */
const SLEEP_GAP_MS = 60_000;
/** Ended orders that stay answerable by id; the account's own pages hold as many. */
const ENDED_KEPT = 500;
const START_USDT = '10000';
const START_COINS: Readonly<Record<string, string>> = { BTC: '0.05', ETH: '1' };

/** The exchange without its servers: two markets, their clock and the account, kept in one file. */
export interface OpenMarkets {
  readonly clock: MarketClock;
  readonly spot: RunningCore;
  readonly future: RunningCore;
  /** One key and one account an exchange: what is traded on one is not seen on another. */
  readonly keys: Readonly<Record<WireName, PracticeKey>>;
  readonly signalToken: string;
  /** Puts everything on disk now, market time included; false when the disk refused, which was said. */
  save(): boolean;
}

export interface OpenOptions {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'random' | 'disk'>;
  readonly source: MarketSource;
  readonly speed: number;
  /** Null keeps nothing. */
  readonly stateFile: string | null;
  /** 'last' shows orders only where the price stands at each step. Default 'all'. */
  readonly prints?: 'all' | 'last';
  onNotice(text: string): void;
}

/** Opens the markets where they stopped, or new ones; a file that cannot be used is set aside and named. */
export function openMarkets(options: OpenOptions): OpenMarkets {
  const { seams, source, stateFile } = options;
  if (stateFile === null) return build(options, null, () => {});
  const file = createStateFile(seams, stateFile);
  const found = file.read();
  const write = (state: SavedState): void => file.write(state);
  const anew = (why: string): OpenMarkets => {
    const kept = file.setAside();
    options.onNotice(`${why} The old file was kept as ${kept}; the practice account starts anew.`);
    return build(options, null, write);
  };
  if (found.kind === 'none') return build(options, null, write);
  if (found.kind === 'broken') return anew(`The practice exchange's file cannot be read (${found.why}).`);
  if (found.state.source !== source.name)
    return anew('The practice account in this profile belongs to another practice market.');
  try {
    return build(options, found.state, write);
  } catch (error) {
    return anew(
      `The practice exchange's file cannot be used (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

function build(
  options: OpenOptions,
  saved: SavedState | null,
  write: (state: SavedState) => void,
): OpenMarkets {
  const { seams, source, speed } = options;
  const origin = saved?.origin ?? source.origin;
  const clock = createMarketClock({
    seams,
    origin: unixMs(saved?.marketNow ?? origin),
    speed,
    sleepGapMs: SLEEP_GAP_MS,
    ...(source.end === undefined ? {} : { until: unixMs(source.end) }),
  });
  const kept: SavedState['keys'] = saved?.keys ?? {};
  const names = Object.keys(WIRES) as WireName[];
  const keys = Object.fromEntries(
    names.map((name) => [
      name,
      kept[name] ?? { ...WIRES[name].makeKey(seams.random), account: accountOf(name) },
    ]),
  ) as Record<WireName, PracticeKey>;
  const signalToken = saved?.signalToken ?? token(seams.random, 40);
  const feeds = source.feeds(origin);
  let cores: { readonly spot: RunningCore; readonly future: RunningCore } | null = null;
  let failed = false;
  const save = (): boolean => {
    // While the markets are being built there is nothing yet that anybody could have seen.
    if (!cores) return true;
    try {
      write(image(cores));
      failed = false;
      return true;
    } catch (error) {
      if (!failed)
        options.onNotice(
          `The practice account cannot be saved (${error instanceof Error ? error.message : String(error)}); trying again.`,
        );
      failed = true;
      return false;
    }
  };
  const image = ({ spot, future }: { spot: RunningCore; future: RunningCore }): SavedState => ({
    version: 1,
    source: source.name,
    origin,
    marketNow: clock.now(),
    keys,
    signalToken,
    spot: spot.snapshot(),
    future: future.snapshot(),
  });
  const core = (market: 'spot' | 'future'): RunningCore =>
    createPracticeCore({
      market,
      clock,
      feeds: feeds[market],
      matching: createMatching({ keepEndedOrders: ENDED_KEPT }),
      prints: options.prints ?? 'all',
      saved: saved?.[market] ?? null,
      save,
    });
  const spot = core('spot');
  const future = core('future');
  for (const name of names) {
    if (kept[name] !== undefined) continue;
    endow(spot, keys[name].account, clock.now());
    endow(future, keys[name].account, clock.now());
  }
  cores = { spot, future };
  save();
  return { clock, spot, future, keys, signalToken, save };
}

function endow(core: RunningCore, account: string, now: UnixMs): void {
  const deposits = core.run((matching) => {
    matching.openAccount(account);
    const events = [...matching.deposit(account, 'USDT', START_USDT as Decimal, now)];
    const quotes = new Set(core.symbols.map((symbol) => symbol.quote));
    for (const quote of quotes)
      if (quote !== 'USDT') events.push(...matching.deposit(account, quote, '10' as Decimal, now));
    if (core.market === 'spot')
      for (const [asset, amount] of Object.entries(START_COINS))
        if (!quotes.has(asset) && core.symbols.some((symbol) => symbol.base === asset))
          events.push(...matching.deposit(account, asset, amount as Decimal, now));
    return events;
  });
  core.publish(deposits);
}
