import { join } from 'node:path';
import type { UnixMs } from '#shared/domain/basics';
import { ExchangeName, isGeneric, MarketKind, type VenueKey } from '#shared/domain/exchange';
import type { Instrument } from '#shared/domain/instrument';
import type { Settings } from '#shared/domain/settings';
import type { Pool } from '../connectivity/index';
import { createPaperVenue } from '../paper/index';
import {
  createPracticeExchange,
  type PracticePace,
  type PracticeVenue,
  type WireName,
} from '../practice/index';
import type { Seams, Undo } from '../seams/index';
import type { Vault } from '../secrets/index';
import { type Credentials, createGeneric, createVenue, type Venue, venueKeysIn } from '../venues/index';
import type { DeskArguments } from './options';

/** The exchanges of one mode, with the clock their market runs on and the signal server that goes with them. */
export interface Exchanges {
  readonly venues: ReadonlyMap<VenueKey, Venue>;
  readonly marketNow: () => UnixMs;
  /** Runs at a market time. */
  readonly at: (time: UnixMs, run: () => void) => Undo;
  /** Whether the venue's account can be reached: practice and paper always, others with a key of this mode. */
  readonly hasKey: (venue: VenueKey) => Promise<boolean>;
  instruments(): readonly Instrument[];
  /** Asks every venue; one that does not answer leaves the others in place. */
  loadInstruments(): Promise<readonly Instrument[]>;
  /** Where signals come from; null when nobody has stored a token yet. */
  signalServer(settings: Settings): Promise<{ readonly url: string; readonly token: string } | null>;
  close(): Promise<void>;
}

export interface ExchangesOptions
  extends Pick<DeskArguments, 'mode' | 'seed' | 'speed' | 'replayFile' | 'profileDir' | 'exchanges'> {
  readonly seams: Seams;
  readonly pool: Pool;
  readonly vault: Vault;
  readonly practicePace?: PracticePace;
  notice(text: string): void;
}

export async function createExchanges(options: ExchangesOptions): Promise<Exchanges> {
  if (options.mode === 'practice') return practice(options);
  return onTheExchange(options, await genericVenues(options));
}

async function practice(options: ExchangesOptions): Promise<Exchanges> {
  const { seams, pool, seed, speed } = options;
  const exchange = await createPracticeExchange({
    seams,
    seed,
    speed,
    ...(options.replayFile ? { replayFile: options.replayFile } : {}),
    ...(options.exchanges ? { exchanges: options.exchanges as readonly WireName[] } : {}),
    stateFile: join(options.profileDir, 'practice-exchange.json'),
    port: 0,
    ...(options.practicePace ? { pace: options.practicePace } : {}),
    onNotice: options.notice,
  });
  return withVenues(
    (key) => {
      const { endpoints, key: demo } = exchange.venues[key.split('_')[0] as WireName] as PracticeVenue;
      return createVenue({ seams, pool, key, mode: 'practice', endpoints, credentials: () => demo });
    },
    {
      marketNow: () => exchange.clock.now(),
      at: (time, run) => exchange.clock.at(time, run),
      signalServer: async () => exchange.signals,
      hasKey: async () => true,
      close: () => exchange.close(),
    },
    options,
  );
}

/** Exchanges without an adapter of their own, for their prices. One that ccxt does not know is said and left out. */
async function genericVenues({
  exchanges = [],
  seams,
  notice,
}: ExchangesOptions): Promise<ReadonlyMap<VenueKey, Venue>> {
  const venues = new Map<VenueKey, Venue>();
  for (const exchange of exchanges) {
    if (!isGeneric(exchange)) continue;
    try {
      for (const market of MarketKind.options) {
        const trouble = (what: string, error: unknown) =>
          notice(`${exchange}, ${what}: ${error instanceof Error ? error.message : String(error)}`);
        const venue = await createGeneric({ seams, exchange, market, trouble });
        venues.set(venue.key, venue);
      }
    } catch (error) {
      notice(error instanceof Error ? error.message : String(error));
    }
  }
  return venues;
}

function onTheExchange(options: ExchangesOptions, generic: ReadonlyMap<VenueKey, Venue>): Exchanges {
  const { seams, pool, vault, mode } = options;
  const credentials = (key: VenueKey) => (): Promise<Credentials | null> =>
    // A key carries its mode: one made for another mode is as good as none here.
    vault.use(key, (stored) => (stored.mode === mode ? stored : null));
  return withVenues(
    (key) =>
      createVenue({ seams, pool, key, mode, ...(mode === 'paper' ? {} : { credentials: credentials(key) }) }),
    {
      marketNow: () => seams.clock.now(),
      at: (time, run) => seams.timers.after(Math.max(0, time - seams.clock.now()), run),
      hasKey: async (key) =>
        key.endsWith('_paper') ||
        (await vault.list()).some((stored) => stored.name === key && stored.mode === mode),
      signalServer: (settings) =>
        vault.use('signals', ({ secret }) => ({ url: settings.signalServer.url, token: secret })),
      close: async () => {},
    },
    options,
    generic,
  );
}

/** The paper account of an exchange: given its public halves only, kept in a file of its own. */
function paperOn(
  venue: Venue,
  marketNow: () => UnixMs,
  { seams, profileDir, notice }: ExchangesOptions,
): Venue {
  const file = join(profileDir, `paper-${venue.exchange}.json`);
  const bytes = seams.disk.read(file);
  const open = (saved: unknown) =>
    createPaperVenue({
      exchange: venue.exchange as ExchangeName,
      data: venue.data,
      reference: venue.reference,
      now: () => seams.clock.now(),
      marketNow,
      timers: seams.timers,
      saved,
      save: (snapshot) => seams.disk.write(file, JSON.stringify(snapshot)),
    });
  try {
    return open(bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    const aside = `${file}.${seams.clock.now()}.kept`;
    if (bytes !== null) seams.disk.write(aside, bytes);
    notice(
      `The paper account could not be read (${error instanceof Error ? error.message : String(error)}). It was set aside as ${aside}, and a new one opened.`,
    );
    return open(null);
  }
}

function withVenues(
  make: (key: VenueKey) => Venue,
  rest: Pick<Exchanges, 'marketNow' | 'at' | 'signalServer' | 'hasKey' | 'close'>,
  options: ExchangesOptions,
  generic: ReadonlyMap<VenueKey, Venue> = new Map(),
): Exchanges {
  const { notice } = options;
  // On paper nothing but the perpetual's public half is opened, so no order can leave.
  const wanted = options.exchanges ?? ExchangeName.options;
  const keys = venueKeysIn(options.mode).filter(
    (key) =>
      wanted.includes(key.split('_')[0] as ExchangeName) &&
      (options.mode !== 'paper' || key.endsWith('_future')),
  );
  const venues = new Map<VenueKey, Venue>(keys.map((key) => [key, make(key)]));
  for (const venue of [...venues.values()])
    if (venue.market === 'future')
      venues.set(`${venue.exchange}_paper`, paperOn(venue, rest.marketNow, options));
  for (const [key, venue] of generic) venues.set(key, venue);
  let instruments: readonly Instrument[] = [];
  return {
    ...rest,
    venues,
    instruments: () => instruments,
    async loadInstruments() {
      // The paper account shares its exchange's list.
      const keys = [...venues.keys()].filter((key) => !key.endsWith('_paper'));
      const answers = await Promise.allSettled(keys.map((key) => venues.get(key)!.reference.instruments()));
      answers.forEach((answer, index) => {
        if (answer.status === 'rejected')
          notice(
            `${keys[index]} did not name its instruments: ${String(answer.reason?.message ?? answer.reason)}`,
          );
      });
      instruments = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      return instruments;
    },
    async close() {
      await Promise.all([...venues.values()].map((venue) => venue.close()));
      await rest.close();
    },
  };
}
