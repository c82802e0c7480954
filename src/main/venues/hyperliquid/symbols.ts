import type { Decimal } from '#shared/domain/basics';
import type { MarketKind } from '#shared/domain/exchange';
import { Symbol } from '#shared/domain/instrument';
import { bad, type Fields, fieldsOf, integerOf, listOf, positiveOrNull, textOf } from '../core/fields';
import type { Listing } from './listings';
import { stepOf, tickSize } from './prices';

/** Smallest value of an order in USDC, both markets (reduce-only is exempt). */
const MIN_NOTIONAL = '10' as Decimal;
/** Spot pairs are numbered from here in actions. */
const FIRST_SPOT_ASSET = 10_000;

/**
 * Perpetuals of the exchange's own universe out of `metaAndAssetCtxs`: [{"universe":[…]},[ctx,…]], both in the same
 * order. Builder-deployed ones ("xyz:XYZ100") have universes of their own and are left out.
 * @throws ProtocolError
 */
export function decodePerpetuals(data: unknown): Listing[] {
  const [meta, contexts] = pairOf(data, 'metaAndAssetCtxs');
  const rows = listOf(fieldsOf(meta, 'meta').universe, 'universe');
  return compact(
    rows.map((row, asset) => {
      const fields = fieldsOf(row, 'market');
      const coin = textOf(fields, 'name');
      const base = coin.toUpperCase();
      const context = contexts[asset];
      return listing('future', {
        coin,
        base,
        quote: 'USDC',
        asset,
        sizeDecimals: integerOf(fields, 'szDecimals'),
        active: fields.isDelisted !== true,
        price: context === undefined ? null : priceOf(fieldsOf(context, 'ctx')),
      });
    }),
  );
}

/**
 * Spot pairs out of `spotMetaAndAssetCtxs`: [{"tokens":[{"name":"USDC","szDecimals":8,"index":0}],
 * "universe":[{"name":"@1","tokens":[1,0],"index":1}]},[{"coin":"@1","markPx":…}]]. Names are those of the tokens,
 * which the exchange's own pages shorten for some (UBTC is shown as BTC there).
 * @throws ProtocolError
 */
export function decodeSpotPairs(data: unknown): Listing[] {
  const [meta, contexts] = pairOf(data, 'spotMetaAndAssetCtxs');
  const { tokens, universe } = fieldsOf(meta, 'spotMeta');
  const byIndex = new Map(
    listOf(tokens, 'tokens').map((token) => {
      const fields = fieldsOf(token, 'token');
      return [integerOf(fields, 'index'), fields] as const;
    }),
  );
  const prices = new Map(
    contexts.map((context) => {
      const fields = fieldsOf(context, 'ctx');
      return [fields.coin, priceOf(fields)] as const;
    }),
  );
  return compact(
    listOf(universe, 'universe').map((row) => {
      const fields = fieldsOf(row, 'pair');
      const [base, quote] = listOf(fields.tokens, 'tokens').map((index) => byIndex.get(Number(index)));
      if (base === undefined || quote === undefined) throw bad('a pair of unknown tokens', row);
      const coin = textOf(fields, 'name');
      return listing('spot', {
        coin,
        base: textOf(base, 'name').toUpperCase(),
        quote: textOf(quote, 'name').toUpperCase(),
        asset: FIRST_SPOT_ASSET + integerOf(fields, 'index'),
        sizeDecimals: integerOf(base, 'szDecimals'),
        active: true,
        price: prices.get(coin) ?? null,
      });
    }),
  );
}

interface Row {
  readonly coin: string;
  readonly base: string;
  readonly quote: string;
  readonly asset: number;
  readonly sizeDecimals: number;
  readonly active: boolean;
  readonly price: Decimal | null;
}

/** Null for names outside A-Z and 0-9, which have no unified symbol here. */
function listing(market: MarketKind, row: Row): Listing | null {
  const { coin, base, quote, asset, sizeDecimals, active, price } = row;
  const symbol = Symbol.safeParse(`${base}/${quote}${market === 'future' ? `:${quote}` : ''}`);
  if (!symbol.success || sizeDecimals < 0 || sizeDecimals > 8) return null;
  const stepSize = stepOf(sizeDecimals);
  return {
    asset,
    sizeDecimals,
    instrument: {
      exchange: 'hyperliquid',
      market,
      symbol: symbol.data,
      wireSymbol: coin,
      base,
      quote,
      active,
      tickSize: tickSize(market, sizeDecimals, price),
      stepSize,
      minAmount: stepSize,
      maxAmount: null,
      minNotional: MIN_NOTIONAL,
    },
  };
}

/** Two coins of one name (tokens may be named alike): the first listed keeps it. */
function compact(listings: readonly (Listing | null)[]): Listing[] {
  const seen = new Set<string>();
  return listings.filter((one): one is Listing => {
    if (one === null || seen.has(one.instrument.symbol)) return false;
    seen.add(one.instrument.symbol);
    return true;
  });
}

const priceOf = (context: Fields): Decimal | null =>
  positiveOrNull(context, 'markPx') ?? positiveOrNull(context, 'midPx');

function pairOf(data: unknown, what: string): readonly [unknown, readonly unknown[]] {
  const [meta, contexts] = listOf(data, what);
  return [meta, listOf(contexts, 'ctxs')];
}
