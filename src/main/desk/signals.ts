import type { Moment, UnixMs } from '#shared/domain/basics';
import type { ExchangeName, Mode, VenueKey } from '#shared/domain/exchange';
import type { ParamValues } from '#shared/domain/params';
import type { Settings } from '#shared/domain/settings';
import { type BadSignal, compareSignals, type Signal } from '#shared/domain/signal';
import { type Pool, Refused } from '../connectivity/index';
import type { EngineEvent } from '../engine/index';
import type { Market } from '../market/index';
import type { Seams, Undo } from '../seams/index';
import {
  createParamsWriter,
  createSignalClient,
  createWaveLoop,
  resolveParams,
  type SignalClient,
  type WaveParams,
} from '../signals/index';
import type { Store } from '../store/index';
import { providerSettings, providerStatus } from './provider';

/** A wave's facts must not wait longer for a silent market than this. */
const FACTS_WITHIN_MS = 3_000;
const PARAMS_BEHIND_MS = 2_000;
const BAD_SIGNALS_REMEMBERED = 500;
/** A window holds at most 100 signals, so an id this far back never comes again in a snapshot. */
const SIGNALS_REMEMBERED = 2_000;

export interface SignalsOptions {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly store: Store;
  readonly market: Market;
  readonly post: (event: EngineEvent) => void;
  readonly now: () => Moment;
  /** Runs at a market time. */
  readonly at: (time: UnixMs, run: () => void) => Undo;
  readonly mode: Mode;
  readonly settings: () => Settings;
  readonly venueKeys: readonly VenueKey[];
  readonly connection: () => Promise<{ readonly url: string; readonly token: string } | null>;
  notice(text: string): void;
  /** For the log: what the server sent that could not be used. */
  warn(text: string): void;
  log?(text: string): void;
  debug?(text: string): void;
}

/** Ties signal client, wave loop, params and facts together and hands each wave to the engine. */
export function createSignals(options: SignalsOptions) {
  const { store, market, post, now, settings } = options;
  let client: SignalClient | null = null;
  const heard = new Set<number>();
  const bad: string[] = [];

  const followed = () => providerSettings(options.mode, settings());
  const venueOf = (exchange: ExchangeName): VenueKey | null => {
    if (options.mode === 'paper' || followed().mode === 'paper')
      return options.venueKeys.find((key) => key === `${exchange}_paper`) ?? null;
    // Waves are about perpetuals; spot serves only where an exchange offers nothing else here.
    const keys = [`${exchange}_future`, `${exchange}_spot`] as const;
    return keys.find((key) => options.venueKeys.includes(key)) ?? null;
  };

  const remember = (signals: readonly Signal[], refused: readonly BadSignal[]): void => {
    const fresh = signals.filter((signal) => !heard.has(signal.id));
    for (const signal of fresh) heard.add(signal.id);
    for (const id of heard) {
      if (heard.size <= SIGNALS_REMEMBERED) break;
      heard.delete(id);
    }
    const freshBad = refused.filter((each) => {
      const key = `${each.signalId}|${each.field}|${each.value}`;
      if (bad.includes(key)) return false;
      bad.push(key);
      if (bad.length > BAD_SIGNALS_REMEMBERED) bad.shift();
      return true;
    });
    const records = [
      ...fresh.map((signal) => ({ kind: 'signal_received' as const, signal })),
      ...freshBad.map((each) => ({ kind: 'signal_rejected' as const, bad: each })),
    ];
    if (records.length > 0) store.record(records, now());
  };

  const writer = createParamsWriter({
    timers: options.seams.timers,
    stored: (exchange) => store.params().find((row) => row.exchange === exchange) ?? null,
    record: (records) => store.record(records, now()),
    now: () => now().wall,
    log: (text) => options.log?.(text),
    onError: (error, exchange) => {
      const why = error instanceof Error ? error.message : String(error);
      options.notice(`The params of ${exchange} were used but could not be stored: ${why}`);
    },
  });

  /** A store that blocks must not hold the first order up, so the write begins when that is long gone. */
  const behind: WaveParams[] = [];
  const writeBehind = (): void => {
    for (const each of behind.splice(0)) writer.write(each);
  };

  /** Values from memory at once; the rows are written behind the wave and may fail without harm. */
  const paramsFor = (waveTime: UnixMs, signals: readonly Signal[]): readonly WaveParams[] => {
    const stored = new Map(store.params().map((row) => [row.exchange, row]));
    const { provider, mine, mineOnlyIfMissing } = followed();
    return [...new Set(signals.map((signal) => signal.exchange))].map((exchange) => {
      const own = signals.filter((signal) => signal.exchange === exchange);
      const { effective } = resolveParams({
        exchange,
        signals: own,
        stored: stored.get(exchange) ?? null,
        defaults: settings().defaultParams as ParamValues,
        layers: { provider, mine, mineOnlyIfMissing },
        waveTime,
        now: now().wall,
      });
      return { waveTime, effective, first: own[0] ?? null };
    });
  };

  /** What is known about one signal; a failure costs this signal its facts, never the wave. */
  const factsOf = async (signal: Signal, venue: VenueKey) => {
    const signalAt = signal.timestamp ?? signal.createdAt ?? undefined;
    try {
      return await market.factsFor(venue, signal.symbol, FACTS_WITHIN_MS, signalAt);
    } catch (error) {
      options.warn(
        `facts of ${venue} ${signal.symbol}: ${error instanceof Error ? error.message : String(error)}`,
      );
      return UNKNOWN_FACTS;
    }
  };

  const onWave = async (waveTime: UnixMs, found: readonly Signal[]): Promise<void> => {
    const signals = found.toSorted(compareSignals);
    const waveParams = paramsFor(waveTime, signals);
    const params = Object.fromEntries(waveParams.map(({ effective }) => [effective.exchange, effective]));
    const withFacts = await Promise.all(
      signals.map(async (signal) => {
        const venue = venueOf(signal.exchange);
        return { signal, venue, facts: venue ? await factsOf(signal, venue) : UNKNOWN_FACTS };
      }),
    );
    const { mode, approveWithinSeconds, maxAgeMinutes } = followed();
    const provider = {
      mode,
      approveWithinMs: approveWithinSeconds * 1_000,
      maxAgeMs: maxAgeMinutes * 60_000,
    };
    post({ type: 'wave', waveTime, signals: withFacts, params, provider });
    behind.push(...waveParams);
    options.seams.timers.after(PARAMS_BEHIND_MS, writeBehind);
  };

  const loop = createWaveLoop({
    market: { now: () => now().market, at: options.at },
    checkMinutes: () => settings().waveCheckMinutes,
    processed: (waveTime) => store.waves(50).some((wave) => wave.waveTime === waveTime),
    requestSignals: () => void client?.request(),
    snapshot: () => client?.signals() ?? [],
    onStarted: (waveTime) => post({ type: 'wave-started', waveTime }),
    onWave,
    onNotFound: (waveTime, note) => post({ type: 'no-wave', waveTime, status: 'not_found', note }),
    onError: (error, waveTime) => {
      const why = error instanceof Error ? error.message : String(error);
      options.warn(`wave loop: ${why}`);
      if (waveTime !== null) post({ type: 'no-wave', waveTime, status: 'failed', note: why.slice(0, 200) });
    },
  });

  const connect = async (): Promise<void> => {
    client?.close();
    client = null;
    const connection = await options.connection();
    if (!connection) {
      options.notice('No signal server is set up: store its token under Settings, Signal server.');
      return;
    }
    client = createSignalClient({
      link: (protocol) => options.pool.link(protocol),
      url: connection.url,
      token: () => connection.token,
      market: 'future',
      now: () => now().wall,
      onSnapshot: remember,
      refuse: (message) => new Refused(message),
      warn: (text) => options.warn(text),
      debug: (text) => options.debug?.(text),
    });
  };

  return {
    async open() {
      await connect();
      loop.start();
    },
    reconnect: () => void connect(),
    waves: loop.state,
    provider: () => providerStatus(options.mode, settings(), client),
    async close() {
      loop.stop();
      client?.close();
      writeBehind();
      await writer.flush();
    },
  };
}

const UNKNOWN_FACTS = {
  instrument: null,
  price: null,
  priceSeenAt: null,
  bid: null,
  ask: null,
  openInterestUsd: null,
  hourVolumeUsd: null,
  fiveMinuteChangePercent: null,
};
