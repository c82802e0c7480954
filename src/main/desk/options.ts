import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AnyExchange, ExchangeName, GenericExchange, type Mode } from '#shared/domain/exchange';

/** What a person can say on the command line of either host. */
export interface DeskArguments {
  readonly headless: boolean;
  /** 0 picks a free one. */
  readonly port: number;
  readonly profileDir: string;
  readonly mode: Mode;
  readonly replayFile: string | null;
  /** How fast the practice market runs against the wall clock. */
  readonly speed: number;
  readonly seed: number;
  /** Exchanges to connect to; left out, all that have an adapter. */
  readonly exchanges?: readonly AnyExchange[];
}

/** Wrong words on the command line: exit code 2, nothing was started. */
export class UsageError extends Error {}

/** Slow enough to read, quick enough that a quarter-hour wave comes every three minutes. */
export const PRACTICE_SPEED = 5;

export const USAGE = `Usage: npm start -- [options]

  --headless        no window: serve the desk on 127.0.0.1 and print its address
  --port N          port of the headless desk, 0 to 65535; 0 picks a free one (default 0)
  --profile DIR     folder for database, logs and practice account (default: one per mode in your data folder)
  --mode MODE       practice (default), paper (real prices, orders in this computer) or testnet
  --replay FILE     practice on recorded prices: candle CSV, trade CSV or JSON, also .gz
  --speed X         market speed in practice, 1 to 1000 (default ${PRACTICE_SPEED})
  --exchanges LIST  connect to these only, like binance,bybit (default: all six); with paper also any
                    other that ccxt streams from, like ccxt-kraken, for its prices
  --seed S          seed of the practice market, a whole number (default 1)
  --help            this text`;

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} ${text}: must be a whole number from ${min} to ${max}.`);
  }
  return value;
}

function modeOf(text: string): Mode {
  if (text === 'practice' || text === 'paper' || text === 'testnet') return text;
  if (text === 'live') {
    throw new UsageError(
      `--mode ${text}: not open yet. Trading with real keys waits until its safety proofs are in; use --mode practice, --mode paper on real prices, or --mode testnet with testnet keys.`,
    );
  }
  throw new UsageError(`--mode ${text}: must be practice, paper or testnet.`);
}

function exchangesOf(text: string, mode: Mode): readonly AnyExchange[] {
  const names = [...new Set(text.split(',').map((name) => name.trim().toLowerCase()))];
  for (const name of names)
    if (!ExchangeName.safeParse(name).success && !GenericExchange.safeParse(name).success)
      throw new UsageError(
        `--exchanges ${text}: "${name}" is none of ${ExchangeName.options.join(', ')}. Separate several by commas.`,
      );
  const generic = names.find((name) => GenericExchange.safeParse(name).success);
  // Their orders wait for the live mode: sandboxes differ too much to send anything there untried.
  if (generic !== undefined && mode !== 'paper')
    throw new UsageError(`--exchanges ${text}: "${generic}" can be looked at with --mode paper only.`);
  return names as AnyExchange[];
}

/**
 * @param env for the data folder only (XDG_DATA_HOME, APPDATA)
 * @returns null when help was asked for
 * @throws UsageError naming the option, its value and the rule
 */
export function parseDeskArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DeskArguments | null {
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        headless: { type: 'boolean' },
        port: { type: 'string' },
        profile: { type: 'string' },
        mode: { type: 'string' },
        replay: { type: 'string' },
        speed: { type: 'string' },
        seed: { type: 'string' },
        exchanges: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  if (values.help) return null;
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const mode = modeOf(text('mode') ?? 'practice');
  const speedText = text('speed') ?? String(PRACTICE_SPEED);
  const speed = Number(speedText);
  if (!/^\d+(\.\d+)?$/.test(speedText) || speed < 1 || speed > 1000) {
    throw new UsageError(`--speed ${speedText}: must be a number from 1 to 1000.`);
  }
  if (mode !== 'practice' && (text('replay') || text('speed'))) {
    throw new UsageError(`--replay and --speed belong to practice; they cannot go with --mode ${mode}.`);
  }
  const replayFile = text('replay') ? resolve(text('replay') as string) : null;
  // A replay has prices of its own: its account must not mix with the generated market's.
  const folder = replayFile ? `${mode}-replay` : mode;
  return {
    headless: values.headless === true,
    port: whole('port', text('port') ?? '0', 0, 65_535),
    profileDir: resolve(text('profile') ?? join(dataFolder(env), folder)),
    mode,
    replayFile,
    speed: mode === 'practice' ? speed : 1,
    ...(text('exchanges') === undefined ? {} : { exchanges: exchangesOf(text('exchanges') as string, mode) }),
    seed: whole('seed', text('seed') ?? '1', 0, 4_294_967_295),
  };
}

function dataFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') return join(env.APPDATA ?? homedir(), 'Wavedesk');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Wavedesk');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'wavedesk');
}
