import { create } from 'zustand';
import type { InstrumentRef } from '#shared/contract/market';
import { type VenueKey, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { OPEN_POSITION_STATUSES } from '#shared/domain/position';
import { marketId, usePositions } from './lists';
import { useScreen } from './screen';
import { client, whileLive } from './session';
import { saveSettings, useSettings } from './settings';

interface Market {
  /** By market id; null until told. */
  readonly instruments: ReadonlyMap<string, Instrument> | null;
  readonly trouble: string | null;
}
export const useMarket = create<Market>(() => ({ instruments: null, trouble: null }));

const DEFAULT_WATCHED = 14;
const MOST_WATCHED = 200;

export const instrumentId = (instrument: Instrument): string =>
  marketId({ venue: venueKey(instrument.exchange, instrument.market), symbol: instrument.symbol });

/** The paper account trades the perpetual on its public prices; that is where its market is listed. */
export const listedId = (id: string): string => id.replace(/_paper\|/, '_future|');

/** The instrument of a market id, or undefined. */
export const useInstrument = (id: string | null): Instrument | undefined =>
  useMarket((market) =>
    id === null ? undefined : (market.instruments?.get(id) ?? market.instruments?.get(listedId(id))),
  );

/**
 * What the watchlist shows: the saved list, or the first futures (else spot pairs) when nothing was saved. Entries
 * without a venue are taken from the first venue that lists the symbol; those that no venue lists stay, marked.
 */
export function watchedIds(
  saved: readonly string[],
  instruments: ReadonlyMap<string, Instrument> | null,
): readonly string[] {
  const all = [...(instruments?.values() ?? [])];
  if (saved.length === 0) {
    const futures = all.filter((row) => row.market === 'future' && row.active);
    return (futures.length > 0 ? futures : all).slice(0, DEFAULT_WATCHED).map(instrumentId);
  }
  const ids = saved.map((entry) => {
    if (entry.includes('|')) return entry;
    const found = all.find((row) => row.symbol === entry);
    return found === undefined ? entry : instrumentId(found);
  });
  return [...new Set(ids)];
}

/** The market the chart shows: the chosen one, else the first watched. */
export function chartMarketOf(
  chosen: string | null,
  watched: readonly string[],
  instruments: ReadonlyMap<string, Instrument> | null,
): string | null {
  if (chosen !== null && (instruments === null || instruments.has(chosen))) return chosen;
  return watched[0] ?? null;
}

export const toRef = (id: string): InstrumentRef | null => {
  const at = id.indexOf('|');
  if (at < 0) return null;
  return { venue: id.slice(0, at) as VenueKey, symbol: id.slice(at + 1) as InstrumentRef['symbol'] };
};

export const useWatched = (): readonly string[] => {
  const saved = useSettings((state) => state.settings?.watchlist) ?? NONE;
  const instruments = useMarket((state) => state.instruments);
  return watchedIds(saved, instruments);
};
const NONE: readonly string[] = [];

/** The market on the chart; null before the first instrument is known. */
export const useChartMarket = (): string | null => {
  const chosen = useScreen((state) => state.chartMarket);
  const watched = useWatched();
  return chartMarketOf(
    chosen,
    watched,
    useMarket((state) => state.instruments),
  );
};

/** Replaces the watchlist; can be taken back. Answers what went wrong, or null. */
export async function setWatchlist(ids: readonly string[], label: string): Promise<string | null> {
  const { settings } = useSettings.getState();
  if (settings === null) return 'The settings are not loaded yet.';
  const errors = await saveSettings({ ...settings, watchlist: [...ids] }, label);
  return Object.values(errors)[0] ?? null;
}

/** Everything on this screen that needs a price: watchlist, open positions and the chart. */
function wantedIds(): readonly string[] {
  const { instruments } = useMarket.getState();
  const watched = watchedIds(useSettings.getState().settings?.watchlist ?? NONE, instruments);
  const open = [...(usePositions.getState().rows?.values() ?? [])].filter((row) =>
    OPEN_POSITION_STATUSES.has(row.status),
  );
  const chart = chartMarketOf(useScreen.getState().chartMarket, watched, instruments);
  const ids = [...open.map(marketId), ...(chart === null ? [] : [chart]), ...watched];
  return [...new Set(ids)].slice(0, MOST_WATCHED);
}

let askedFor = '';
function watchAgain(): void {
  if (useMarket.getState().instruments === null) return;
  const ids = wantedIds();
  const key = ids.join();
  if (key === askedFor) return;
  askedFor = key;
  const instruments = ids.map(toRef).filter((ref): ref is InstrumentRef => ref !== null);
  void Promise.resolve()
    .then(() => client().market.watch({ instruments }))
    .catch(() => {
      askedFor = '';
    });
}

export function startMarket(): void {
  whileLive(async (to, signal) => {
    askedFor = '';
    // Instruments come only after the exchange was asked; until there are some, ask again.
    for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 10_000)) {
      try {
        const list = await to.market.instruments();
        if (list.length > 0) {
          useMarket.setState({
            instruments: new Map(list.map((row) => [instrumentId(row), row])),
            trouble: null,
          });
          return;
        }
      } catch (error) {
        if (signal.aborted) return;
        useMarket.setState({ trouble: error instanceof Error ? error.message : String(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  });
  for (const store of [useMarket, useSettings, useScreen, usePositions]) store.subscribe(watchAgain);
}
