import { type UnixMs, unixMs } from '#shared/domain/basics';
import { idOfExchange } from '#shared/domain/exchange';
import type { Seams } from '../seams/seams';
import { type OpenMarkets, openMarkets } from './opening';
import type { VolumeUnit } from './replay/index';
import { createSignalServer, type WaveSubject } from './signal-server/index';
import { generatedSource, replaySource } from './source';
import type { MarketClock, PracticeCore, PracticeKey } from './types';
import type { Wire } from './wire';
import { WIRES, type WireName } from './wires';

export { createMarketClock } from './clock';
export { ReplayError, type VolumeUnit } from './replay/index';
export type { MarketClock, PracticeKey } from './types';
export type { Wire } from './wire';
export type { WireName } from './wires';

/** Wall time between two chores. A market is right at every instant it is asked about, however seldom it walks. */
export interface PracticePace {
  /** Between two steps of the market when nobody acts in it. */
  readonly stepMs: number;
  /** Between two saves without an event of an account; events are saved at once. */
  readonly saveMs: number;
  /** Least time between two messages of a public stream. */
  readonly pushMs: number;
  /** What of a step's prints is shown to orders: all that can decide something, or only where the price stands. */
  readonly prints: 'all' | 'last';
}
const LIVELY: PracticePace = { stepMs: 250, saveMs: 3_000, pushMs: 50, prints: 'all' };

export interface PracticeOptions {
  readonly seams: Seams;
  readonly seed: number | string;
  /** 1 to 1000. */
  readonly speed: number;
  /** Candle CSV, trade CSV or trade JSON, also gzip. Left out, the market is generated. */
  readonly replayFile?: string;
  /** "BTC/USDT" when the file's name does not say. */
  readonly replaySymbol?: string;
  /** Exchanges to serve; left out, all. */
  readonly exchanges?: readonly WireName[];
  /** Unit of a candle file's volume column; 'auto' tells by its size. */
  readonly replayVolumeUnit?: VolumeUnit;
  /** Null keeps nothing. */
  readonly stateFile: string | null;
  /** Left out, as often as people like to see prices move. */
  readonly pace?: PracticePace;
  /** Of the first exchange served (Binance, when all are); 0 picks a free one. The others and the signal server always pick their own. */
  readonly port: number;
  /** In words, for people: what was set aside, that a replay has ended. */
  onNotice(text: string): void;
}

export interface PracticeVenue extends Pick<Wire, 'port' | 'endpoints' | 'ccxt'> {
  readonly ccxtId: string;
  readonly key: PracticeKey;
}

export interface PracticeExchange {
  readonly clock: MarketClock;
  readonly title: string;
  /** By exchange: addresses by the adapter's names, the demo key, and what `new ccxt.pro.<ccxtId>(...)` takes. */
  readonly venues: Readonly<Partial<Record<WireName, PracticeVenue>>>;
  readonly signals: { readonly url: string; readonly token: string };
  close(): Promise<void>;
}

/**
 * The whole practice exchange: markets, one wire an exchange on loopback and a signal server, going on where it stopped.
 * @throws ReplayError for a file that cannot be used, RangeError for a wrong speed, Error when a port is taken.
 */
export async function createPracticeExchange(options: PracticeOptions): Promise<PracticeExchange> {
  const { seams, replayFile, pace = LIVELY } = options;
  const seed = String(options.seed);
  const source = replayFile
    ? await replaySource(seams.disk, replayFile, seed, {
        ...(options.replaySymbol === undefined ? {} : { symbol: options.replaySymbol }),
        ...(options.replayVolumeUnit === undefined ? {} : { volumeUnit: options.replayVolumeUnit }),
      })
    : generatedSource(seed, seams.clock.now());
  const markets = openMarkets({ ...options, source, prints: pace.prints });
  const { clock, spot, future, keys } = markets;
  const served = options.exchanges ?? (Object.keys(WIRES) as WireName[]);
  const wires = await openWires(options, served, markets, pace.pushMs);
  const closeWires = () => Promise.all([...wires.values()].map((wire) => wire.close()));
  const signals = await createSignalServer({
    seams,
    clock,
    seed: source.name,
    token: markets.signalToken,
    port: 0,
    subjects: subjectsOf(future.symbols.length > 0 ? future : spot),
    exchangeIds: served.map(idOfExchange),
  }).catch(async (error: unknown) => {
    await closeWires();
    throw error;
  });

  const undos = [
    seams.timers.every(pace.stepMs, () => {
      spot.step();
      future.step();
    }),
    seams.timers.every(pace.saveMs, () => markets.save()),
  ];
  if (source.end !== undefined)
    undos.push(
      clock.at(unixMs(source.end), () => {
        markets.save();
        options.onNotice(
          `The replay has reached the end of its file (${source.title}); the market stands still. To run it again, use a new --profile.`,
        );
      }),
    );

  return {
    clock,
    title: source.title,
    venues: Object.fromEntries(
      served.map((name) => {
        const { port, endpoints, ccxt } = wires.get(name) as Wire;
        return [name, { port, endpoints, ccxt, ccxtId: WIRES[name].ccxtId, key: keys[name] }];
      }),
    ),
    signals: { url: signals.url, token: signals.token },
    async close() {
      for (const undo of undos) undo();
      await signals.close();
      await closeWires();
      markets.save();
    },
  };
}

/** @throws Error in words when a port is taken; no wire stays open then. */
async function openWires(
  { seams, port, onNotice }: PracticeOptions,
  names: readonly WireName[],
  { spot, future, keys }: OpenMarkets,
  pushMs: number,
): Promise<ReadonlyMap<WireName, Wire>> {
  const opened = new Map<WireName, Wire>();
  try {
    for (const name of names) {
      const wire = await WIRES[name].open({
        seams,
        spot,
        future,
        keys: [keys[name]],
        port: name === names[0] ? port : 0,
        pushMs,
        onNotice,
      });
      opened.set(name, wire);
    }
    return opened;
  } catch (error) {
    await Promise.all([...opened.values()].map((wire) => wire.close()));
    throw error;
  }
}

const subjectsOf = (core: PracticeCore): WaveSubject[] =>
  core.symbols.map(({ symbol, wireSymbol }) => ({
    wireSymbol,
    change(openTime) {
      const start = openTime as UnixMs;
      const candle = core.candles(symbol, '15m', { start, end: start, limit: 1 })[0];
      return candle ? candle.close / candle.open - 1 : null;
    },
  }));
