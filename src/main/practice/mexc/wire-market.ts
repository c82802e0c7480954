import type { Seams } from '#main/seams/seams';
import type { Decimal } from '#shared/domain/basics';
import { div, mul } from '#shared/domain/decimal';
import type { PracticeCore, PracticeKey, PracticeSymbol } from '../types';
import { createMarketView, type MarketView } from '../wire-kit/market-view';
import type { Params } from '../wire-kit/params';
import { randomText } from '../wire-kit/random-text';
import { invalidSymbol, toWireError } from './wire-error';

/** Everything the handlers of one market share. */
export interface WireMarket extends MarketView {
  /** @throws WireError */
  symbolOf(params: Params): PracticeSymbol;
  /** A client id as MEXC makes one up; trigger orders have none of the client's. */
  freshClientId(): string;
}

export function createWireMarket(options: {
  readonly core: PracticeCore;
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  bug(error: unknown): void;
}): WireMarket {
  const { core, seams } = options;
  const kind = core.market;
  const view = createMarketView({
    ...options,
    nameOf: (symbol) => (kind === 'spot' ? symbol.wireSymbol : `${symbol.base}_${symbol.quote}`),
    // MEXC takes a fill-or-kill and cancels it, with a reason.
    tellKilled: true,
    refuse: (code, symbol) => toWireError(kind, code, `${symbol.minNotional}${symbol.quote}`),
  });
  return {
    ...view,
    symbolOf(params) {
      const symbol = view.byWire(params.need('symbol'));
      if (symbol === undefined) throw invalidSymbol(kind);
      return symbol;
    },
    freshClientId: () => `_m_${randomText(seams.random, 24)}`,
  };
}

/** One contract is the smallest step of the symbol. */
export const contractsOf = (base: Decimal, symbol: PracticeSymbol): number =>
  Number(div(base, symbol.stepSize));
export const baseOf = (contracts: Decimal, symbol: PracticeSymbol): Decimal =>
  mul(contracts, symbol.stepSize);

// Ids as MEXC's look: 18 digits on futures, which pass 2^53, and text on spot.
const FIRST_ORDER = 739_113_577_000_000_000n;
const FIRST_DEAL = 9_466_000_000;
export const futureId = (orderId: number): string => String(FIRST_ORDER + BigInt(orderId));
export const spotId = (orderId: number): string => `C02__${futureId(orderId)}`;
export const futureDealId = (tradeId: number): string => String(FIRST_DEAL + tradeId);
export const spotDealId = (tradeId: number): string => `${tradeId}X1`;

/** Our number behind one of those ids; -1 for text that is none. */
export function innerId(text: string | undefined): number {
  const digits = /^(?:C02__)?(\d{15,20})$/.exec(text ?? '')?.[1];
  if (digits === undefined) return -1;
  const inner = BigInt(digits) - FIRST_ORDER;
  return inner > 0n && inner < 1_000_000_000_000n ? Number(inner) : -1;
}

/** Marks an id that MEXC prints as a bare number in this place. */
export const bare = (id: string): string => `\u0000${id}`;
/** JSON with those ids bare, to their last digit. */
export const print = (value: unknown): string => JSON.stringify(value).replace(/"\\u0000(\d+)"/g, '$1');
