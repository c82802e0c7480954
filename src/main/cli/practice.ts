import { parseArgs } from 'node:util';
import { createPracticeExchange, ReplayError, type VolumeUnit } from '../practice/index';
import type { Seams } from '../seams/seams';

const DEFAULT_SPEED = 5;

const USAGE = `Usage: npm run wavedesk -- practice [options]

Runs the practice exchange alone: Binance's protocol for spot and USD-M futures on 127.0.0.1, with demo keys and
play money, and a signal server whose waves are about its market. Any bot that speaks to Binance can use it.

  --json          print one JSON line: what to pass to new ccxt.pro.binance(...), and the signal server
  --port N        port of the exchange, 0 to 65535; 0 picks a free one (default 0)
  --seed S        seed of the generated market (default 1)
  --speed X       market time per wall time, 1 to 1000 (default ${DEFAULT_SPEED})
  --replay FILE   recorded prices instead: candle CSV, trade CSV or trade JSON, also .gz
  --symbol PAIR   the pair of the replayed file, like BTC/USDT, when its name does not say
  --volume UNIT   unit of the replayed candles' volume: base, quote or auto (default auto)
  --profile DIR   keep the account in this folder and go on with it next time (default: keep nothing)
  --help          this text

It runs until Ctrl-C. Exit codes: 0 stopped, 1 failed, 2 wrong usage.`;

interface PracticeArguments {
  readonly json: boolean;
  readonly port: number;
  readonly seed: string;
  readonly speed: number;
  readonly replay: string | undefined;
  readonly symbol: string | undefined;
  readonly volume: VolumeUnit;
  readonly profile: string | undefined;
}

class UsageError extends Error {}

/** @throws UsageError naming the option, its value and the rule. */
function readArguments(argv: string[]): PracticeArguments | null {
  const values = parse(argv);
  if (values.help) return null;
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535)
    throw new UsageError(`--port ${values.port}: must be a whole number from 0 to 65535.`);
  const speed = Number(values.speed);
  if (!/^\d+(\.\d+)?$/.test(values.speed) || speed < 1 || speed > 1000)
    throw new UsageError(`--speed ${values.speed}: must be a number from 1 to 1000.`);
  if (values.seed.length === 0) throw new UsageError('--seed: must not be empty.');
  const { json, seed, replay, symbol, volume, profile } = values;
  if (volume !== 'base' && volume !== 'quote' && volume !== 'auto')
    throw new UsageError(`--volume ${volume}: must be base, quote or auto.`);
  return { json, port, seed, speed, replay, symbol, volume, profile };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        json: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        seed: { type: 'string', default: '1' },
        speed: { type: 'string', default: String(DEFAULT_SPEED) },
        replay: { type: 'string' },
        symbol: { type: 'string' },
        volume: { type: 'string', default: 'auto' },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `wavedesk practice`: the practice exchange alone, for anybody's bot, until stopped. */
export async function runPractice(
  argv: string[],
  io: {
    out(line: string): void;
    err(line: string): void;
    readonly seams: Seams;
    readonly untilStopped: Promise<void>;
  },
): Promise<0 | 1 | 2> {
  let wanted: PracticeArguments | null;
  try {
    wanted = readArguments(argv);
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (!wanted) {
    io.out(USAGE);
    return 0;
  }
  try {
    const exchange = await createPracticeExchange({
      seams: io.seams,
      seed: wanted.seed,
      speed: wanted.speed,
      ...(wanted.replay === undefined ? {} : { replayFile: wanted.replay }),
      ...(wanted.symbol === undefined ? {} : { replaySymbol: wanted.symbol }),
      replayVolumeUnit: wanted.volume,
      stateFile: wanted.profile === undefined ? null : `${wanted.profile}/practice-exchange.json`,
      port: wanted.port,
      onNotice: io.err,
    });
    const venues = Object.fromEntries(
      Object.entries(exchange.venues).map(([name, { ccxtId, ccxt }]) => [
        name,
        {
          ccxtId,
          ...Object.fromEntries(Object.entries(ccxt).map(([market, args]) => [market, { ccxt: args }])),
        },
      ]),
    );
    if (wanted.json) io.out(JSON.stringify({ venues, signals: exchange.signals }));
    else {
      io.out(`Practice exchange: ${exchange.title}, at ${wanted.speed} times real time.`);
      for (const [name, { port, ccxt }] of Object.entries(exchange.venues))
        io.out(
          `${name}, ${Object.keys(ccxt).join(' and ')}: http://127.0.0.1:${port} and ws://127.0.0.1:${port}`,
        );
      io.out(`Signals: ${exchange.signals.url}`);
      io.out('Keys and tokens for your bot: start it with --json. Ctrl-C stops it.');
    }
    await io.untilStopped;
    await exchange.close();
    return 0;
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    return error instanceof ReplayError ? 2 : 1;
  }
}
