import { z } from 'zod';
import { Decimal, type UnixMs } from '#shared/domain/basics';
import { createMatching, type Matching, type MatchSymbol } from '../matching/index';

/** The one account of a paper venue. */
export const ACCOUNT = 'paper';
export const ASSET = 'USDT';
/** What an exchange gives a symbol nobody has set a leverage for. */
export const DEFAULT_LEVERAGE = 20;

const SavedSymbol = z.object({
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  market: z.literal('future'),
  tickSize: Decimal,
  stepSize: Decimal,
  minAmount: Decimal,
  maxAmount: Decimal,
  minNotional: Decimal,
  makerFee: Decimal,
  takerFee: Decimal,
  maintenanceRate: Decimal,
  maxLeverage: z.number().int(),
});
export const SavedFloor = z.object({ symbols: z.array(SavedSymbol), matching: z.unknown() });
export type SavedFloor = z.infer<typeof SavedFloor>;

/** The one thing this room reads in a snapshot of the matching engine: each symbol's latest prices. */
const WithPrices = z.looseObject({ symbols: z.array(z.looseObject({ symbol: z.string() })) });

/** The matching engine with the instruments that were ever traded on it. */
export interface Floor {
  /** Always asked anew: the engine behind it is replaced when rules change or prices grow old. */
  readonly matching: Matching;
  readonly symbols: ReadonlyMap<string, MatchSymbol>;
  /** Lists an instrument, or puts its new rules in force; true when the engine was replaced and lost its quotes. */
  list(spec: MatchSymbol): boolean;
  /**
   * Last and mark price of an instrument are from another hour: a margin or a trigger must not be judged by them.
   * The engine is replaced and lost its quotes.
   */
  forgetPrices(symbol: string): void;
  save(): SavedFloor;
}

/** @throws Error when the saved state cannot be restored */
export function createFloor(saved: SavedFloor | null, startBalance: Decimal, now: UnixMs): Floor {
  const symbols = new Map<string, MatchSymbol>();
  let matching = createMatching({ defaultLeverage: DEFAULT_LEVERAGE });

  const replace = (state: unknown): void => {
    const next = createMatching({ defaultLeverage: DEFAULT_LEVERAGE });
    for (const spec of symbols.values()) next.addSymbol(spec);
    next.restore(state);
    matching = next;
  };

  if (saved === null) {
    matching.openAccount(ACCOUNT);
    matching.deposit(ACCOUNT, ASSET, startBalance, now);
  } else {
    for (const spec of saved.symbols) symbols.set(spec.symbol, spec);
    replace(saved.matching);
  }

  return {
    get matching() {
      return matching;
    },
    symbols,
    list(spec) {
      const known = symbols.get(spec.symbol);
      if (known === undefined) {
        matching.addSymbol(spec);
        symbols.set(spec.symbol, spec);
        return false;
      }
      if (isSame(known, spec)) return false;
      const state = matching.snapshot();
      symbols.set(spec.symbol, spec);
      try {
        replace(state);
      } catch (error) {
        symbols.set(spec.symbol, known);
        throw error;
      }
      return true;
    },
    forgetPrices: (symbol) => replace(withoutPrices(matching.snapshot(), symbol)),
    save: () => ({ symbols: [...symbols.values()].map(toSaved), matching: matching.snapshot() }),
  };
}

const toSaved = (spec: MatchSymbol): z.infer<typeof SavedSymbol> => ({ ...spec, market: 'future' });

const isSame = (a: MatchSymbol, b: MatchSymbol): boolean =>
  (Object.keys(b) as (keyof MatchSymbol)[]).every((key) => a[key] === b[key]);

function withoutPrices(state: unknown, symbol: string): unknown {
  const whole = WithPrices.parse(state);
  return {
    ...whole,
    symbols: whole.symbols.map((entry) =>
      entry.symbol === symbol ? { ...entry, last: null, mark: null } : entry,
    ),
  };
}
