import { z } from 'zod';
import { ExchangeName, MarketKind } from '#shared/domain/exchange';
import { Instrument } from '#shared/domain/instrument';
import type { Disk } from '../seams/index';
import { type FrameReader, ProtocolError, VENUE_MODULES } from '../venues/index';
import { UsageError } from './command';

/** The exchange of a name as people type it: ours, or ccxt's "gate". @throws UsageError */
export function exchangeOf(name: string | undefined): ExchangeName {
  const known = ExchangeName.options.filter((each) => VENUE_MODULES[each] !== undefined);
  const list = known.join(', ');
  if (name === undefined) throw new UsageError(`--exchange is missing: name one of ${list}.`);
  const exchange = ExchangeName.safeParse(name === 'gate' ? 'gateio' : name);
  if (!exchange.success || !known.includes(exchange.data))
    throw new UsageError(`--exchange ${name.slice(0, 40)}: must be one of ${list}.`);
  return exchange.data;
}

/** @throws UsageError */
export function marketOf(name: string | undefined, exchange: ExchangeName): MarketKind {
  if (name === undefined) throw new UsageError('--market is missing: it must be spot or future.');
  const market = MarketKind.safeParse(name);
  if (!market.success) throw new UsageError(`--market ${name.slice(0, 40)}: must be spot or future.`);
  if (!VENUE_MODULES[exchange]!.markets.includes(market.data))
    throw new UsageError(`--market ${market.data}: ${exchange} has no such market here.`);
  return market.data;
}

/** The exchange's instruments as our own JSON. @throws UsageError naming the file, the field and the rule */
export function instrumentsFrom(disk: Disk, file: string | undefined): readonly Instrument[] {
  if (file === undefined) return [];
  const bytes = disk.read(file);
  if (bytes === null) throw new UsageError(`--instruments ${file}: there is no such file.`);
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UsageError(`--instruments ${file}: is not one JSON document.`);
  }
  const list = z.array(Instrument).safeParse(data);
  if (list.success) return list.data;
  const { path, message } = list.error.issues[0]!;
  throw new UsageError(`--instruments ${file}: ${path.join('.') || 'the document'}: ${message}.`);
}

/** @param now only stands in facts that carry no time of the exchange */
export const readerOf = (
  exchange: ExchangeName,
  market: MarketKind,
  instruments: readonly Instrument[],
  now: () => number,
): FrameReader =>
  VENUE_MODULES[exchange]!.reader(market, {
    now,
    instruments: instruments.filter((one) => one.exchange === exchange && one.market === market),
  });

/** Why a frame could not be read, with the start of it. */
export function brokenText(error: unknown): string {
  if (error instanceof ProtocolError) return `${error.message}: ${error.excerpt}`;
  return error instanceof Error ? error.message : String(error);
}
