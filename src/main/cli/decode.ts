import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command';
import { type Line, linesOf } from './lines';
import { brokenText, exchangeOf, instrumentsFrom, marketOf, readerOf } from './readers';

/** As the sockets' own limit; as hex a frame takes two characters a byte. */
const MAX_LINE = 2 * 10_485_760;

const USAGE = `Usage: npm run wavedesk -- decode --exchange NAME --market spot|future [options]

Reads raw frames of an exchange from standard input, one a line: JSON text, or hex for binary ones. Prints what they
say on standard output, one JSON line an event: trade, ticker, book_snapshot, book_delta, candle, mark_price, funding,
open_interest, liquidation, order, fill, balance, position, ack, auth, error, pong. A frame that nobody here
understands gives {"type":"unknown",…}. A broken one gives a line on standard error with its line number; the others
are still read, and the exit code is 1.

  --exchange NAME      binance, bybit, mexc, gateio (or gate), bitget, hyperliquid
  --market MARKET      spot or future
  --instruments FILE   the exchange's instruments as Wavedesk's JSON, for names and contract sizes
  --json               accepted for symmetry: the output is always JSON lines
  --help               this text

Exit codes: 0 every frame was read, 1 some were broken, 2 wrong usage.`;

/** `wavedesk decode`: raw frames in, normalised events out. */
export const runDecode: Command = async (argv, io) => {
  try {
    const { values } = parse(argv);
    if (values.help) {
      io.out(USAGE);
      return 0;
    }
    const exchange = exchangeOf(values.exchange);
    const market = marketOf(values.market, exchange);
    const instruments = instrumentsFrom(io.seams.disk, values.instruments);
    const reader = readerOf(exchange, market, instruments, () => io.seams.clock.now());
    let broken = false;
    for await (const line of linesOf(io.input, MAX_LINE)) {
      if (line.text !== null && line.text.trim() === '') continue;
      try {
        for (const fact of reader.read(frameOf(line))) io.out(JSON.stringify(fact));
      } catch (error) {
        broken = true;
        io.err(`line ${line.number}: ${brokenText(error)}`);
      }
    }
    return broken ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`${error.message}\n\n${USAGE}`);
    return 2;
  }
};

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        exchange: { type: 'string' },
        market: { type: 'string' },
        instruments: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** JSON cannot be mistaken for hex: an even run of hex digits is a binary frame, all else is text. */
function frameOf({ text }: Line): string | Uint8Array {
  if (text === null) throw new Error(`longer than ${MAX_LINE.toLocaleString('en-US')} characters`);
  const trimmed = text.trim();
  return trimmed.length % 2 === 0 && /^[0-9a-f]+$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : text;
}
