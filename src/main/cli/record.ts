import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import { createRecorder, scrubRecording } from '../capture/index';
import { createPool } from '../connectivity/index';
import { createPracticeExchange, type WireName } from '../practice/index';
import { type Channel, createVenue, type Venue } from '../venues/index';
import { type Command, type CommandIo, UsageError } from './command';
import { exchangeOf, marketOf } from './readers';

const USAGE = `Usage: npm run wavedesk -- record --out FILE [options]
       npm run wavedesk -- record --from FILE --scrub --out FILE

Records the raw frames of an exchange's sockets, both ways, into a gzipped file of JSON lines, until Ctrl-C or for
--seconds. Keys and signatures are never in it. With --from, takes account data out of an existing recording.

  --out FILE           where to write; it must not exist
  --mode MODE          practice (default: the practice exchange, its account included) or paper (the real exchange's
                       public sockets)
  --exchange NAME      default binance
  --market MARKET      spot or future (default)
  --symbol SYMBOL      like BTC/USDT or BTC/USDT:USDT, several with commas (default BTC)
  --channels LIST      of trades, top, ticker, mark, book, candles, liquidations, interest (default: all offered)
  --seconds N          stop after so long
  --scrub              replace ids, amounts and prices on private links by others of the same shape
  --seed S             of the practice market (default 1)
  --json               print the result as one JSON line
  --help               this text

The desk records its own sockets with the button on its Connections panel. Exit codes: 0 done, 1 failed, 2 wrong usage.`;

const KINDS = ['trades', 'top', 'ticker', 'mark', 'book', 'candles', 'liquidations', 'interest'] as const;

/** `wavedesk record`: raw frames into a file. */
export const runRecord: Command = async (argv, io) => {
  try {
    const values = parse(argv);
    if (values.help) {
      io.out(USAGE);
      return 0;
    }
    if (!values.out) throw new UsageError('--out is missing: name the file to write.');
    const out = resolve(values.out);
    if (io.seams.disk.exists(out))
      throw new UsageError(`--out ${values.out}: exists already; name a new file.`);
    if (values.from !== undefined) {
      if (!values.scrub)
        throw new UsageError('--from goes with --scrub: nothing else is done to a recording.');
      const done = await scrubRecording(io.seams, resolve(values.from), out);
      report(io, values.json === true, { file: out, ...done });
      return 0;
    }
    const ended = await record(values, out, io);
    report(io, values.json === true, { file: out, ...ended });
    if (ended.problem !== null) io.err(`The recording ended early: ${ended.problem}`);
    return ended.problem === null ? 0 : 1;
  } catch (error) {
    io.err(
      error instanceof UsageError
        ? `${error.message}\n\n${USAGE}`
        : error instanceof Error
          ? error.message
          : String(error),
    );
    return error instanceof UsageError ? 2 : 1;
  }
};

type Values = ReturnType<typeof parse>;

function parse(argv: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: argv,
      options: {
        out: text,
        from: text,
        mode: text,
        exchange: text,
        market: text,
        symbol: text,
        channels: text,
        seconds: text,
        seed: text,
        scrub: flag,
        json: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const report = (
  { out }: Pick<CommandIo, 'out'>,
  json: boolean,
  result: {
    readonly file: string;
    readonly frames: number;
    readonly leftOut: number;
    readonly bytes: number;
  },
): void =>
  out(
    json
      ? JSON.stringify(result)
      : `${result.file}: ${result.frames} frames in ${result.bytes} bytes${result.leftOut > 0 ? `, ${result.leftOut} left out because account data could not be taken out of them` : ''}`,
  );

async function record(values: Values, out: string, io: CommandIo) {
  const mode = values.mode ?? 'practice';
  if (mode !== 'practice' && mode !== 'paper')
    throw new UsageError(`--mode ${mode}: must be practice or paper.`);
  const exchange = exchangeOf(values.exchange ?? 'binance');
  const market = marketOf(values.market ?? 'future', exchange);
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (seconds !== null && !(seconds > 0 && seconds <= 86_400))
    throw new UsageError(`--seconds ${values.seconds}: must be a number above 0 and up to 86400.`);
  const kinds = values.channels?.split(',').map((kind) => kind.trim());
  for (const kind of kinds ?? [])
    if (!(KINDS as readonly string[]).includes(kind))
      throw new UsageError(`--channels ${kind}: must be some of ${KINDS.join(', ')}.`);

  const { seams } = io;
  const closers: (() => unknown)[] = [];
  const pool = createPool({ seams });
  closers.push(() => pool.close());
  try {
    const key = venueKey(exchange, market);
    const venue =
      mode === 'practice'
        ? await onPractice(key, values.seed ?? '1')
        : createVenue({ seams, pool, key, mode });
    closers.push(() => venue.close());
    const instruments = await venue.reference.instruments();
    const symbols = chosen(
      values.symbol ?? (market === 'spot' ? 'BTC/USDT' : defaultPerpetual(instruments)),
      instruments,
      key,
    );
    const recorder = createRecorder({
      seams,
      tap: pool.tap,
      mode,
      instruments: () => instruments,
      onChange: () => {},
    });
    recorder.start(out, { scrub: values.scrub === true });
    for (const symbol of symbols)
      for (const channel of channelsOf(venue, symbol, kinds))
        closers.push(venue.data.subscribe(channel, () => {}));
    if (venue.account) closers.push(venue.account.subscribe(() => {}));
    if (values.json !== true) io.err(`Recording ${key} ${symbols.join(', ')}. Ctrl-C stops it.`);
    await Promise.race([
      io.untilStopped,
      ...(seconds === null
        ? []
        : [new Promise<void>((done) => closers.push(seams.timers.after(seconds * 1000, done)))]),
    ]);
    const before = recorder.state();
    recorder.stop();
    const state = recorder.state();
    const last = state.kind === 'idle' ? state.last : null;
    return {
      frames: last?.frames ?? 0,
      bytes: last?.bytes ?? 0,
      leftOut: before.kind === 'recording' ? before.leftOut : 0,
      problem: last?.problem ?? null,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }

  async function onPractice(key: VenueKey, seed: string): Promise<Venue> {
    const practice = await createPracticeExchange({
      seams,
      seed,
      speed: 1,
      stateFile: null,
      port: 0,
      onNotice: io.err,
    });
    closers.push(() => practice.close());
    const wire = practice.venues[exchange as WireName];
    if (wire === undefined)
      throw new UsageError(`--exchange ${exchange}: the practice exchange does not speak its protocol.`);
    const { endpoints, key: demo } = wire;
    return createVenue({ seams, pool, key, mode: 'practice', endpoints, credentials: () => demo });
  }
}

const defaultPerpetual = (instruments: readonly Instrument[]): string =>
  instruments.find(({ base }) => base === 'BTC')?.symbol ?? instruments[0]?.symbol ?? 'BTC/USDT:USDT';

function chosen(text: string, instruments: readonly Instrument[], key: VenueKey): readonly Symbol[] {
  const known = new Set<string>(instruments.map(({ symbol }) => symbol));
  return text.split(',').map((part) => {
    const symbol = part.trim();
    if (!known.has(symbol)) throw new UsageError(`--symbol ${symbol.slice(0, 40)}: ${key} does not list it.`);
    return symbol as Symbol;
  });
}

const channelsOf = (venue: Venue, symbol: Symbol, kinds: readonly string[] | undefined): readonly Channel[] =>
  KINDS.filter((kind) => venue.data.channels.has(kind) && (kinds === undefined || kinds.includes(kind))).map(
    (kind) => (kind === 'candles' ? { kind, symbol, timeframe: '1m' } : { kind, symbol }),
  );
