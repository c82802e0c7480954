import type { Seams } from '#main/seams/seams';
import type { PracticeCore, PracticeKey } from '../types';
import { createListeners, type Listeners } from '../wire-kit/listeners';
import { createMarketView, type MarketView } from '../wire-kit/market-view';
import { type Listed, listPairs, listPerpetuals } from './names';
import { createNonces, type Nonces } from './nonces';
import { toOrderRefusal } from './refusal';

/** One market with the names this wire gives it. */
export interface Side {
  readonly view: MarketView;
  readonly listed: readonly Listed[];
  ofCoin(coin: unknown): Listed | undefined;
  ofInner(symbol: string): Listed | undefined;
}

/** Everything the handlers share. */
export interface WireState {
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly future: Side;
  readonly spot: Side;
  readonly nonces: Nonces;
  readonly listeners: Listeners;
  /** By coin, either market. */
  find(coin: unknown): { readonly side: Side; readonly listed: Listed } | undefined;
  /** By the number in actions. */
  findAsset(asset: unknown): { readonly side: Side; readonly listed: Listed } | undefined;
  /** The account behind an address; undefined for one that has none here. */
  accountOf(address: unknown): string | undefined;
  addressOf(account: string): string;
  bug(error: unknown): void;
  close(): void;
}

export function createWireState(options: {
  readonly seams: Seams;
  readonly keys: readonly PracticeKey[];
  readonly spot: PracticeCore;
  readonly future: PracticeCore;
  bug(error: unknown): void;
}): WireState {
  const { seams, keys, bug } = options;
  const sideOf = (core: PracticeCore, listed: readonly Listed[]): Side => {
    const byCoin = new Map(listed.map((one) => [one.coin, one]));
    const byInner = new Map(listed.map((one) => [one.symbol.symbol, one]));
    const bbo = (symbol: string): string => {
      const { bids, asks } = core.matching.book(symbol, 1);
      return `${bids[0]?.[0] ?? ''}@${asks[0]?.[0] ?? ''}`;
    };
    const view = createMarketView({
      core,
      seams,
      keys,
      nameOf: ({ symbol }) => byInner.get(symbol)?.coin ?? symbol,
      tellKilled: true,
      refuse: (code, { symbol }) => toOrderRefusal(code, byInner.get(symbol)!, () => bbo(symbol)),
      bug,
    });
    return {
      view,
      listed,
      ofCoin: (coin) => (typeof coin === 'string' ? byCoin.get(coin) : undefined),
      ofInner: (symbol) => byInner.get(symbol),
    };
  };
  const future = sideOf(options.future, listPerpetuals(options.future));
  const spot = sideOf(options.spot, listPairs(options.spot));
  const found = (side: Side, listed: Listed | undefined) =>
    listed === undefined ? undefined : { side, listed };
  return {
    seams,
    keys,
    future,
    spot,
    nonces: createNonces(),
    listeners: createListeners(),
    find: (coin) => found(future, future.ofCoin(coin)) ?? found(spot, spot.ofCoin(coin)),
    findAsset: (asset) =>
      found(
        future,
        future.listed.find((one) => one.asset === asset),
      ) ??
      found(
        spot,
        spot.listed.find((one) => one.asset === asset),
      ),
    accountOf: (address) =>
      typeof address === 'string'
        ? keys.find(({ apiKey }) => apiKey === address.toLowerCase())?.account
        : undefined,
    addressOf: (account) => keys.find((key) => key.account === account)?.apiKey ?? '',
    bug,
    close() {
      future.view.close();
      spot.view.close();
    },
  };
}
