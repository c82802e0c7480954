import type { Seams } from '#main/seams/seams';
import { unixMs } from '#shared/domain/basics';
import { type GenericExchange, type MarketKind, venueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import { type CredentialSource, readCredentials } from '../core/credentials';
import { type Venue, VenueError } from '../venue';
import { createGenericAccount } from './account';
import { createGenericData, type GenericParts } from './data';
import { type CcxtPro, loadCcxtPro } from './load';
import { type GenericInstrument, timeOrNull, toInstrument } from './map';
import { toVenueError } from './outcome';
import { createGenericTrading } from './trading';

export interface GenericOptions {
  readonly seams: Pick<Seams, 'clock' | 'timers'>;
  /** "ccxt-kraken" */
  readonly exchange: GenericExchange;
  readonly market: MarketKind;
  /** Left out: market data only. ccxt keeps the key for as long as the venue lives, unlike our own adapters. */
  readonly credentials?: CredentialSource;
  /** Other addresses than ccxt's own, by its names. */
  readonly urls?: Readonly<Record<string, unknown>>;
  trouble?(what: string, error: unknown): void;
}

/**
 * Any exchange that ccxt streams from, behind the same ports. It opens sockets of its own: they are not in the pool
 * and not on the Connections panel.
 * @throws RangeError when ccxt does not know the exchange
 */
export async function createGeneric(options: GenericOptions): Promise<Venue> {
  const { seams, exchange: name, market, credentials } = options;
  const key = venueKey(name, market);
  const Exchange = await loadCcxtPro(name.replace(/^ccxt-/, ''));
  const ccxt = new Exchange({
    // Text, so that no digit of money passes through a binary float.
    number: String,
    newUpdates: true,
    enableRateLimit: true,
    // Names of coins and chains are of no use here, and some exchanges want a signed question for them.
    has: { fetchCurrencies: false },
    // Nobody else earns on our users' orders.
    options: {
      defaultType: market === 'spot' ? 'spot' : 'swap',
      brokerId: '',
      broker: '',
    },
    ...(options.urls === undefined ? {} : { urls: { api: options.urls } }),
  });
  const instruments = new Map<string, GenericInstrument>();
  let loading: Promise<CcxtPro> | null = null;

  const load = async (): Promise<CcxtPro> => {
    try {
      if (options.urls !== undefined) await ccxt.loadHttpProxyAgent();
      if (credentials !== undefined) {
        const { apiKey, secret, passphrase } = await readCredentials(credentials);
        Object.assign(ccxt, { apiKey, secret, password: passphrase ?? '' });
      }
      for (const row of Object.values(await ccxt.loadMarkets())) {
        const instrument = toInstrument(row, name, market);
        if (instrument !== null) instruments.set(instrument.symbol, instrument);
      }
      return ccxt;
    } catch (error) {
      loading = null;
      throw toVenueError(error);
    }
  };
  const parts: GenericParts = {
    key,
    seams,
    ready: () => {
      loading ??= load();
      return loading;
    },
    instrument(symbol) {
      const found = instruments.get(symbol);
      if (found === undefined)
        throw new VenueError('unknown-symbol', `${key} does not list ${symbol.slice(0, 40)}`);
      return found;
    },
    trouble: options.trouble ?? (() => {}),
  };

  const venue: Venue = {
    key,
    exchange: name,
    market,
    reference: {
      async instruments(): Promise<readonly Instrument[]> {
        await parts.ready();
        return [...instruments.values()].map(({ contractSize: _, ...instrument }) => instrument);
      },
      async serverTime() {
        if (ccxt.has.fetchTime !== true) throw new VenueError('refused', `${key} does not tell its time`);
        try {
          const time = timeOrNull(await (await parts.ready()).fetchTime());
          if (time === null) throw new VenueError('bad-answer', `${key} told an unreadable time`);
          return unixMs(time);
        } catch (error) {
          throw toVenueError(error);
        }
      },
    },
    data: createGenericData(parts, ccxt.has),
    close: async () => {
      await ccxt.close().catch(() => {});
      Object.assign(ccxt, { apiKey: '', secret: '', password: '' });
    },
  };
  if (credentials === undefined) return venue;
  return {
    ...venue,
    trading: createGenericTrading(parts, ccxt.has),
    account: createGenericAccount(parts, ccxt.has, market === 'future'),
  };
}
