import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createDesk, type Desk, type DeskOptions } from '#main/desk/index';
import { createSimulatedSeams, type SimulatedSeams } from '#main/seams/index';
import { prepareSigning } from '#main/venues/index';
import type { ExchangeName } from '#shared/domain/exchange';

const ROOT = resolve(import.meta.dirname, '../..');
const PROFILE = '/profile';
const RESOURCES = '/resources';
export const PRACTICE_FILE = `${PROFILE}/practice-exchange.json`;
/** A Saturday, some minutes after a wave: nothing about it is special. */
export const START = Date.UTC(2026, 10, 21, 10, 12);

export interface WorldOptions {
  /** Of the market and its waves. */
  readonly seed: number;
  /** Which life of the same installation this is; each draws its own random numbers. */
  readonly life?: number;
  readonly start?: number;
  /** Market ms per wall ms. */
  readonly speed?: number;
  /** A recorded market, as it would lie on the disk. */
  readonly replay?: { readonly name: string; readonly bytes: Uint8Array };
  /** A real file survives a crash of the world; left out, the store is kept in memory. */
  readonly databaseFile?: string;
  /** Files of an earlier world that crashed or stopped. */
  readonly disk?: ReadonlyMap<string, Uint8Array>;
  /** Default Binance alone: a whole day of six exchanges takes minutes. */
  readonly exchanges?: readonly ExchangeName[];
  /** How finely the market moves and screens refresh; left out, as for people. */
  readonly pace?: Pick<DeskOptions, 'practicePace' | 'screenMs'>;
}

/** Coarse enough for whole days: prices 10 s apart, still inside what counts as fresh (15 s). */
export const LONG_DAY: Pick<DeskOptions, 'practicePace' | 'screenMs'> = {
  practicePace: { stepMs: 10_000, saveMs: 60_000, pushMs: 10_000, prints: 'last' },
  screenMs: 10_000,
};

/** One desk with everything around it, alive in virtual time. */
export interface World {
  readonly seams: SimulatedSeams;
  readonly desk: Desk;
  /** Lines of the log at error or above. */
  errors(): readonly string[];
  files(): ReadonlyMap<string, Uint8Array>;
  /** Stops in the orderly way. */
  close(): Promise<void>;
}

/**
 * Builds a desk over simulated seams, practice exchange and signal server included. The same options give the
 * same life to the last byte.
 */
export async function createWorld(options: WorldOptions): Promise<World> {
  // Virtual time must not run while Node reads code from the disk.
  await Promise.all((options.exchanges ?? ['binance']).map(prepareSigning));
  const seams = createSimulatedSeams(options.seed * 1_000 + (options.life ?? 0), options.start ?? START);
  const { disk } = seams;
  const migrations = join(ROOT, 'resources/migrations');
  for (const name of readdirSync(migrations))
    disk.write(`${RESOURCES}/migrations/${name}`, readFileSync(join(migrations, name)));
  for (const [path, bytes] of options.disk ?? []) disk.write(path, bytes);
  const replayFile = options.replay ? `/data/${options.replay.name}` : null;
  if (options.replay) disk.write(replayFile as string, options.replay.bytes);
  const databaseFile = options.databaseFile ?? ':memory:';
  // SQLite is real, the disk beside it is not: it must know that the file is there.
  if (databaseFile !== ':memory:' && existsSync(databaseFile)) disk.write(databaseFile, '');

  const desk = await drive(
    seams,
    createDesk({
      seams,
      host: 'headless',
      headless: true,
      port: 0,
      profileDir: PROFILE,
      resources: RESOURCES,
      mode: 'practice',
      replayFile,
      speed: options.speed ?? 1,
      seed: options.seed,
      exchanges: options.exchanges ?? ['binance'],
      databaseFile,
      keychain: async () => {
        throw new Error('there is no keychain in a simulation');
      },
      ...options.pace,
      say: () => {},
    }),
  );
  return {
    seams,
    desk,
    errors: () => errorsIn(disk.read(`${PROFILE}/wavedesk.log`)),
    files: () => new Map(disk.paths().map((path) => [path, disk.read(path) as Uint8Array])),
    close: () => drive(seams, desk.close('the simulation is over')),
  };
}

/** Lets time pass until a promise that waits for it has settled. */
export async function drive<T>(seams: SimulatedSeams, work: Promise<T>): Promise<T> {
  let settled = false;
  const kept = work.finally(() => {
    settled = true;
  });
  kept.catch(() => {});
  await seams.runUntil(() => settled, 120_000);
  return kept;
}

const errorsIn = (log: Uint8Array | null): string[] =>
  new TextDecoder()
    .decode(log ?? new Uint8Array())
    .split('\n')
    .filter((line) => line.startsWith('{"level":"error"') || line.startsWith('{"level":"fatal"'));

/** A folder for real database files; in memory where the system has such a place, because every commit is synced. */
export function createFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'wavedesk-simulation-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What a killed process leaves of its database: the file and its write-ahead log, at this instant. */
export function copyDatabase(file: string, into: string): string {
  const copy = join(into, basename(file));
  for (const end of ['', '-wal']) if (existsSync(file + end)) cpSync(file + end, copy + end);
  return copy;
}
