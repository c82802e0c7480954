import { join } from 'node:path';
import type { AppInfo } from '#shared/contract/app';
import type { Moment, UnixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { JournalRecord } from '#shared/domain/journal';
import { DEFAULT_SETTINGS, Settings } from '#shared/domain/settings';
import { version } from '../../../package.json';
import { type Api, createApi } from '../api/index';
import { createStrategies, openPool, privateLink } from '../connectivity/index';
import { createEngine, createRunner } from '../engine/index';
import { createMarket } from '../market/index';
import { createLog } from '../observability/index';
import type { PracticePace } from '../practice/index';
import type { Seams, Timers } from '../seams/index';
import { createVault, type VaultOptions } from '../secrets/index';
import { createEventQueue, openStore, readMigrations, type Store } from '../store/index';
import { createAccounts } from './accounts';
import { createCapture } from './capture';
import { createClocks } from './clocks';
import { createClosers } from './closers';
import { engineStart } from './engine-start';
import { deskEvent } from './events';
import { createExchanges } from './exchanges';
import { keptInstruments } from './kept-instruments';
import { createLeaving, type Leaving, protectionLines } from './leaving';
import { followLinks } from './links';
import type { DeskArguments } from './options';
import { makeProfile } from './profile';
import { createDeskQuoting } from './quoting';
import { createDeskRecorder } from './recorder';
import { createReportedAccounts } from './reported-accounts';
import { createSignals } from './signals';
import { watchForEngine } from './watch';
import { watchStore } from './watch-store';
import { createWhatIf } from './what-if';

export interface DeskOptions extends DeskArguments {
  readonly seams: Seams;
  readonly host: 'electron' | 'headless';
  /** Folder that holds migrations. */
  readonly resources: string;
  /** Where SQLite keeps the store; left out, it lies in the profile. ':memory:' keeps nothing. */
  readonly databaseFile?: string;
  /** Stands in for the operating system's keychain, which knows no virtual time. */
  readonly keychain?: NonNullable<VaultOptions['keychain']>;
  /** How often the practice exchange does its chores; left out, as often as people like it. */
  readonly practicePace?: PracticePace;
  /** Least time between two refreshes of what screens show; for a desk that nobody looks at. */
  readonly screenMs?: number;
  /** A line for the person at the terminal. */
  say(line: string): void;
}

export interface Desk {
  readonly info: AppInfo;
  readonly api: Api;
  /** For whoever checks the desk from inside: its journal, its projections, its proof. Ends with `close`. */
  readonly store: Store;
  /** The way out of a window: see {@link Leaving}. */
  readonly leaving: Leaving;
  /** Who protects what, one line an open position. */
  protection(): readonly string[];
  /** Stops entries, closes sockets, writes the last journal row. Safe to call twice. */
  close(why: string): Promise<void>;
}

/**
 * Builds one desk and starts it: store first, because nothing may happen that is not on disk; sockets last.
 * @throws Error in words when the profile, the database or the replay file cannot be used; nothing keeps running
 */
export async function createDesk(options: DeskOptions): Promise<Desk> {
  const { seams, say } = options;
  const closers = createClosers();
  const notices = new Set<string>();
  try {
    makeProfile(seams.disk, options.profileDir);
    const log = createLog({ seams, file: join(options.profileDir, 'wavedesk.log'), level: 'info' });
    const store = openStore({
      file: options.databaseFile ?? join(options.profileDir, 'wavedesk.db'),
      seams,
      migrations: readMigrations(seams.disk, join(options.resources, 'migrations')),
      warn: (text) => log.warn(text, { tag: 'store' }),
    });
    closers.add(() => store.close());
    const notice = (text: string) => {
      notices.add(text);
      log.info(text);
    };

    say(options.mode === 'practice' ? 'Opening the practice exchange …' : `Connecting to ${options.mode} …`);
    const vault = await createVault({
      seams,
      profileDir: options.profileDir,
      mode: options.mode,
      ...(options.keychain ? { keychain: options.keychain } : {}),
    });
    const pool = openPool({
      seams,
      // A slowed practice exchange speaks as rarely as it was told to.
      limits: { leastSilenceMs: 3 * (options.practicePace?.pushMs ?? 0) },
    });
    closers.add(() => pool.close());
    const exchanges = await createExchanges({ ...options, vault, pool, notice });
    closers.add(() => exchanges.close());

    const wallNow = () => seams.clock.now();
    const marketNow = exchanges.marketNow;
    const now = (): Moment => ({ wall: wallNow(), market: marketNow() });
    const record = (records: readonly JournalRecord[]) => void store.record(records, now());
    const events = createEventQueue({
      record: store.recordAll,
      timers: seams.timers,
      onError: (error) => log.error('events could not be written yet', { error }),
    });
    closers.add(() => events.close());

    // Settings of an earlier version lack what was added since; the schema gives it the default.
    const stored = store.settings();
    let settings: Settings = stored === null ? DEFAULT_SETTINGS : Settings.parse(stored);
    if (stored === null) record([{ kind: 'settings_changed', before: null, after: settings }]);
    const info: AppInfo = {
      version,
      mode: options.mode,
      host: options.host,
      profile: options.profileDir.split(/[/\\]/).at(-1) ?? '',
      speed: options.speed,
      venues: [...exchanges.venues.keys()],
      replay: options.replayFile?.split(/[/\\]/).at(-1) ?? null,
    };
    record([
      { kind: 'app_started', version, mode: options.mode, host: options.host },
      deskEvent('bot_started', 'info', `Wavedesk ${version} has started in ${options.mode} mode.`),
    ]);

    const market = createMarket({
      now: wallNow,
      timers: seams.timers,
      local: store,
      links: pool.statuses,
      cacheFailed: (error) => log.warn('prices or candles could not be kept', { error }),
    });
    closers.add(() => market.close());
    for (const [key, venue] of exchanges.venues) market.attach(key, venue.data);
    const reported = createReportedAccounts(store, options.mode);
    const engine = createEngine(
      engineStart(store, options.mode, seams.random, settings, exchanges.venues, reported),
    );
    const runner = createRunner({
      engine,
      record: (records, at) => void store.record(records, at),
      now,
      wake: {
        wall: (afterMs, run) => seams.timers.after(afterMs, run),
        market: (afterMs, run) => exchanges.at((marketNow() + afterMs) as UnixMs, run),
      },
      venues: exchanges.venues,
      watch: (venue, symbol, on) => market.watch(venue, symbol, on),
      soon: (run) => seams.timers.soon(run),
      onError: (text) => log.error(text, { tag: 'engine' }),
    });
    closers.add(() => runner.stop());
    market.onPrice((venue, symbol, price) => runner.post({ type: 'price', venue, symbol, price }));

    const warning = (type: string) => (about: string, text: string) =>
      events.add(deskEvent(type, 'warning', text, { about }), now());
    const strategies = createStrategies({
      pool: () => pool,
      clock: seams.clock,
      timers: seams.timers,
      warn: warning('strategy_without_connections'),
    });
    closers.add(() => strategies.close());
    const capture = createCapture({
      seams,
      folder: join(options.profileDir, 'logs', 'trade_sync'),
      store,
      engine,
      venues: exchanges.venues,
      marketNow,
      post: runner.post,
      flush: runner.flush,
      record,
      warn: (text) => log.warn(text, { tag: 'capture' }),
    });
    closers.add(() => capture.close());
    const accounts = createAccounts({
      venues: exchanges.venues,
      strategies,
      hasKey: exchanges.hasKey,
      reconnect: pool.restart,
      post: runner.post,
      warn: (error) => log.warn('an account could not be asked', { error }),
      resumed: capture.resumed,
    });
    closers.add(() => accounts.close());
    const clocks = createClocks({
      venues: exchanges.venues,
      timers: seams.timers,
      now: wallNow,
      warn: warning('clock_difference'),
    });
    closers.add(() => clocks.close());
    followLinks(pool, {
      record,
      event: (event) => events.add(event, now()),
      post: runner.post,
      log: (link) => log.info(link.problem ?? 'link changed', { link: link.key, state: link.state }),
    });
    let haltedSince: UnixMs | null = null;
    store.onCommit((rows) => {
      reported.note(rows);
      if (!rows.some((row) => row.record.kind === 'halt_changed')) return;
      const { killed, halted } = engine.standing();
      haltedSince = halted === null ? null : (haltedSince ?? wallNow());
      store.setMeta('killed', killed ? 'yes' : 'no');
    });

    const signals = createSignals({
      seams,
      pool,
      store,
      market,
      now,
      notice,
      post: runner.post,
      warn: (text) => log.warn(text, { tag: 'signals' }),
      log: (text) => log.info(text, { tag: 'params' }),
      debug: (text) => log.debug(text, { tag: 'signals' }),
      at: exchanges.at,
      mode: options.mode,
      settings: () => settings,
      venueKeys: info.venues,
      connection: () => exchanges.signalServer(settings),
    });
    closers.add(() => signals.close());

    const leaving = createLeaving({
      now: () => seams.clock.monotonic(),
      open: () => protectionLines(engine.positions()).length > 0,
    });
    const recorder = createDeskRecorder({
      seams,
      pool,
      folder: join(options.profileDir, 'recordings'),
      mode: options.mode,
      instruments: keptInstruments(exchanges, store.instruments),
    });
    closers.add(() => recorder.close());
    const quoting = createDeskQuoting({
      clock: seams.clock,
      timers: seams.timers,
      engine,
      market,
      post: runner.post,
    });
    closers.add(() => quoting.close());
    const api = createApi({
      recorder,
      quoting,
      info,
      wallNow,
      marketNow,
      timers: calm(seams.timers, options.screenMs ?? 0),
      store,
      engine,
      market,
      pool,
      vault,
      post: runner.post,
      balances: accounts.balances,
      accounts: accounts.keyed,
      instruments: keptInstruments(exchanges, store.instruments),
      settings: () => settings,
      applySettings: (next) => {
        record([{ kind: 'settings_changed', before: settings, after: next }]);
        const server = settings.signalServer.url;
        settings = next;
        runner.post({ type: 'settings', settings });
        if (server !== next.signalServer.url) signals.reconnect();
      },
      keyChanged: (name, action, last4) => {
        record([{ kind: 'key_changed', venue: name as VenueKey | 'signals', action, last4 }]);
        if (name === 'signals') signals.reconnect();
        else {
          reported.forget(name as VenueKey);
          runner.post({ type: 'account-changed', venue: name as VenueKey });
          void accounts.restart(name as VenueKey);
        }
      },
      vaultUnlocked: () => {
        const live = new Set(pool.statuses().flatMap(({ key, state }) => (state === 'live' ? [key] : [])));
        for (const venue of accounts.keyed()) if (!live.has(privateLink(venue))) void accounts.restart(venue);
        if (!live.has('signals')) signals.reconnect();
      },
      paramsChanged: (before, { after, source }) => {
        record([{ kind: 'params_changed', exchange: after.exchange, before, after, source }]);
      },
      whatIf: createWhatIf({
        store,
        venues: exchanges.venues,
        timers: seams.timers,
        settings: () => settings,
      }),
      reconnect: (key) => void pool.restart(key),
      clocks: clocks.all,
      pushFailed: (error) => log.error('market data could not be shown; trying again in 5 s', { error }),
      waves: signals.waves,
      provider: signals.provider,
      killed: () => engine.standing().killed,
      halted: () => {
        const { halted } = engine.standing();
        return halted === null ? null : { cause: halted, since: haltedSince ?? wallNow() };
      },
      notices: () => [...notices, ...clocks.warnings()],
      leaveAsked: leaving.asked,
      leave: (go) => (go ? leaving.agree() : leaving.stay()),
    });
    closers.add(() => api.close());
    closers.add(
      watchForEngine({
        timers: seams.timers,
        api,
        engine,
        market,
        settings: () => settings,
        post: runner.post,
      }),
    );

    const instruments = await exchanges.loadInstruments();
    store.saveInstruments(instruments);
    engine.setInstruments(instruments);
    market.setInstruments(instruments);
    void clocks.start();
    await accounts.open();
    runner.post({ type: 'recover' });
    await runner.idle();
    capture.check();
    await signals.open();
    closers.add(
      watchStore({
        store,
        notice,
        event: (event) => record([event]),
        log: (text) => log.error(text, { tag: 'store' }),
        post: runner.post,
      }),
    );

    let closing: Promise<void> | null = null;
    const close = (why: string) => {
      closing ??= (async () => {
        await closers.close(1);
        record([
          deskEvent('bot_stopped', 'info', `Wavedesk stops: ${why}.`),
          { kind: 'app_stopped', reason: why },
        ]);
        await closers.close();
      })();
      return closing;
    };
    return { info, api, store, leaving, protection: () => protectionLines(engine.positions()), close };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** Timers whose periods are never shorter than `leastMs`. */
const calm = (timers: Timers, leastMs: number): Timers => ({
  ...timers,
  every: (periodMs, run) => timers.every(Math.max(leastMs, periodMs), run),
});
