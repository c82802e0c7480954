import type { UnixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { Fill } from '#shared/domain/order';
import { readAnswer, readList } from '../core/answer';
import { textOf } from '../core/fields';
import type { OrderNames } from '../core/order-names';
import { type Balance, VenueError, type VenuePosition } from '../venue';
import { decodeCollateral, decodeFill, decodePositions, decodeTokens, orderFills } from './decode-account';
import type { Listings } from './listings';
import { askMine, type Rest } from './rest';

export interface AccountParts {
  readonly rest: Rest;
  readonly names: OrderNames;
  readonly listings: Listings;
  /** Resolves when the listings are filled. @throws VenueError */
  ready(): Promise<unknown>;
  now(): UnixMs;
}

/** Longest reply; only the 10,000 newest fills of an account exist at all. */
const PAGE = 2_000;

/**
 * Fills at or after `since` (venue time), oldest first, all pages. The exchange tells those of all coins together.
 * @throws VenueError
 */
export async function fillsSince(
  parts: AccountParts,
  symbol: Symbol,
  since: UnixMs,
): Promise<readonly Fill[]> {
  await parts.ready();
  const { instrument } = parts.listings.ofSymbol(symbol);
  const fills = new Map<string, Fill>();
  for (let from: number = since; ; ) {
    const page = await fillPage(parts, from);
    let last = from;
    for (const row of page) {
      last = Math.max(last, Number(row.time));
      if (row.coin !== instrument.wireSymbol) continue;
      const fill = readAnswer(row, 'info userFillsByTime', (fields) => decodeFill(fields, instrument, parts));
      // Pages overlap in the millisecond where they meet.
      fills.set(fill.tradeId, fill);
    }
    if (page.length < PAGE) break;
    if (last === from)
      throw new VenueError('bad-answer', 'info userFillsByTime: a full page within one millisecond');
    from = last;
  }
  return [...fills.values()].filter((fill) => fill.venueTime >= since);
}

async function fillPage(parts: Pick<AccountParts, 'rest'>, startTime: number) {
  const data = await parts.rest.ask(askMine('userFillsByTime', { startTime, aggregateByTime: false }));
  const rows = readList(data, 'info userFillsByTime', (row) => row);
  for (const row of rows) readAnswer(row, 'info userFillsByTime', (fields) => textOf(fields, 'coin'));
  return orderFills(rows);
}

/**
 * Whether the address is that of a signing wallet instead of the account's: the exchange answers every question about
 * one with nothing, which looks like an empty account.
 * @throws VenueError
 */
export async function askIsSigner(rest: Rest): Promise<boolean> {
  const data = await rest.ask(askMine('userRole'));
  return readAnswer(data, 'info userRole', ({ role }) => role === 'agent');
}

/**
 * Where the account keeps its dollars. "unifiedAccount" and "portfolioMargin" have one pot with the spot tokens, and the
 * perpetuals' own state shows little then.
 * @throws VenueError
 */
export async function askCollateral(rest: Rest): Promise<'perpetuals' | 'spot'> {
  const mode = await rest.ask(askMine('userAbstraction'));
  return mode === 'unifiedAccount' || mode === 'portfolioMargin' ? 'spot' : 'perpetuals';
}

/** Dollars that stand behind perpetuals, free and locked. @throws VenueError */
export async function balances(rest: Rest, collateral: 'perpetuals' | 'spot'): Promise<readonly Balance[]> {
  if (collateral === 'spot') {
    const data = await rest.ask(askMine('spotClearinghouseState'));
    return readAnswer(data, 'info spotClearinghouseState', decodeTokens);
  }
  const data = await rest.ask(askMine('clearinghouseState'));
  return readAnswer(data, 'info clearinghouseState', decodeCollateral);
}

/** Positions, flat ones left out. @throws VenueError */
export async function positions(parts: AccountParts): Promise<readonly VenuePosition[]> {
  await parts.ready();
  const data = await parts.rest.ask(askMine('clearinghouseState'));
  return readAnswer(data, 'info clearinghouseState', (state) =>
    decodePositions(state, { instrument: (coin) => parts.listings.ofCoin(coin)?.instrument }),
  );
}
