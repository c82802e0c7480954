import { z } from 'zod';
import type { Decimal } from '#shared/domain/basics';
import { isZero } from '#shared/domain/decimal';
import { ExchangeName, type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Instrument, Symbol } from '#shared/domain/instrument';
import { createMatching, type MatchSymbol } from '../matching/index';
import type { MarketData, Venue } from '../venues/venue';
import { ACCOUNT, createFloor, SavedFloor } from './floor';
import { createHistory, SavedHistory } from './history';
import { createLedger } from './ledger';
import { createLine, type Line } from './line';
import { toSpec } from './match-terms';
import { toBalances, toPositions } from './to-port';
import { createPaperTrading } from './trading';
import type { PaperFees, PaperOptions } from './types';

const FEES: PaperFees = { taker: '0.0005' as Decimal, maker: '0.0002' as Decimal };
const START_BALANCE = '10000' as Decimal;

const Saved = z.object({
  version: z.literal(1),
  exchange: ExchangeName,
  floor: SavedFloor,
  history: SavedHistory,
});

/**
 * The perpetual market of an exchange with an account on this computer: public prices come from the exchange,
 * orders go to a matching engine in process. It is handed public data only, so no order can leave by mistake.
 * While it is closed its stops sleep: they meet the first price after the next start.
 * @throws Error in words when `saved` is not a snapshot of this exchange's paper account
 */
export function createPaperVenue(options: PaperOptions): Venue {
  const { exchange, now, marketNow, timers } = options;
  const key = venueKey(exchange, 'paper');
  const fees = options.fees ?? FEES;
  const saved = readSaved(options.saved, exchange);
  const floor = createFloor(saved?.floor ?? null, options.startBalance ?? START_BALANCE, marketNow());
  const history = createHistory(key, saved?.history ?? null);
  const ledger = createLedger({
    floor,
    history,
    now,
    timers,
    save: () => options.save({ version: 1, exchange, floor: floor.save(), history: history.save() }),
  });
  const lines = new Map<Symbol, Line>();
  let instruments: ReadonlyMap<Symbol, Instrument> | null = null;
  let loading: Promise<readonly Instrument[]> | null = null;
  let closed = false;

  const requote = (): void => {
    for (const [symbol, line] of lines) {
      const spec = floor.symbols.get(symbol);
      if (spec) line.requote(spec);
    }
  };
  const forgetPrices = (symbol: Symbol): void => {
    floor.forgetPrices(symbol);
    requote();
  };
  const lineOf = (symbol: Symbol): Line => {
    let line = lines.get(symbol);
    if (!line) {
      line = createLine({ data: options.data, now, marketNow, timers, floor, ledger, forgetPrices }, symbol);
      lines.set(symbol, line);
    }
    return line;
  };

  /** Reads the exchange's list; new rules of what is traded here come into force at once. */
  const load = async (): Promise<readonly Instrument[]> => {
    const list = await options.reference.instruments();
    instruments = new Map(list.filter((item) => item.market === 'future').map((item) => [item.symbol, item]));
    let replaced = false;
    for (const symbol of floor.symbols.keys()) {
      const instrument = instruments.get(symbol as Symbol);
      if (instrument && canHold(toSpec(instrument, fees)))
        replaced = floor.list(toSpec(instrument, fees)) || replaced;
    }
    if (replaced) requote();
    return list;
  };
  const listed = async (symbol: Symbol) => {
    if (instruments === null) {
      loading ??= load().finally(() => {
        loading = null;
      });
      await loading;
    }
    const instrument = instruments?.get(symbol);
    if (!instrument) return { code: 'unknown-symbol', message: `${exchange} has no perpetual ${symbol}` };
    // What is held of a delisted one must still be closable, as long as the exchange names a price.
    const known = floor.symbols.get(symbol);
    if (!instrument.active && !known)
      return { code: 'not-active', message: `${exchange} does not trade ${symbol} now` };
    if (known) return known;
    const spec = toSpec(instrument, fees);
    if (!canHold(spec)) return { code: 'unsupported', message: `the rules of ${symbol} cannot be simulated` };
    floor.list(spec);
    return spec;
  };

  const account = () => floor.matching.account(ACCOUNT);
  const resume = (): void => {
    const held = account().positions.filter(({ amount }) => !isZero(amount));
    const open = floor.matching.openOrders(ACCOUNT);
    for (const symbol of new Set([...held, ...open].map((entry) => entry.symbol))) {
      const spec = floor.symbols.get(symbol);
      if (!spec) continue;
      const line = lineOf(symbol as Symbol);
      line.begin(spec);
      line.done();
    }
  };
  if (saved) resume();

  return {
    key,
    exchange,
    market: 'future',
    reference: { ...options.reference, instruments: load },
    data: publicData(options.data, key, (symbol) => lineOf(symbol).watch()),
    trading: createPaperTrading({
      floor,
      history,
      ledger,
      marketNow,
      listed,
      line: lineOf,
      isClosed: () => closed,
    }),
    account: {
      subscribe: (listener) => ledger.subscribe(listener),
      async fillsSince(symbol, since) {
        ledger.ensureSaved();
        return history.fillsSince(symbol, since);
      },
      async balances() {
        ledger.ensureSaved();
        return toBalances(account());
      },
      async positions() {
        ledger.ensureSaved();
        return toPositions(account());
      },
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const line of lines.values()) line.close();
      ledger.close();
    },
  };
}

/** @throws Error in words */
function readSaved(saved: unknown, exchange: ExchangeName): z.infer<typeof Saved> | null {
  if (saved === null || saved === undefined) return null;
  const parsed = Saved.safeParse(saved);
  if (!parsed.success) throw new Error('the saved paper account cannot be read');
  if (parsed.data.exchange !== exchange)
    throw new Error(`the saved paper account belongs to ${parsed.data.exchange}, not to ${exchange}`);
  return parsed.data;
}

/** The engine refuses an instrument whose tick and step together have too many places to be exact. */
function canHold(spec: MatchSymbol): boolean {
  try {
    createMatching().addSymbol(spec);
  } catch {
    return false;
  }
  return true;
}

/** The exchange's own streams under this venue's name. Whoever wants the trades of an instrument decides by it. */
function publicData(data: MarketData, venue: VenueKey, watch: (symbol: Symbol) => () => void): MarketData {
  const openInterest = data.openInterest?.bind(data);
  return {
    channels: data.channels,
    subscribe(channel, listener) {
      const undo = data.subscribe(channel, (event) => listener({ ...event, venue }));
      const unwatch = channel.kind === 'trades' ? watch(channel.symbol) : () => {};
      return () => {
        undo();
        unwatch();
      };
    },
    candles: (symbol, timeframe, range) => data.candles(symbol, timeframe, range),
    ...(openInterest ? { openInterest } : {}),
  };
}
