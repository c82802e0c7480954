import type { LinkStatus, VenueClock } from '#shared/domain/connection';
import { exchangeText, sentence } from '../../ui/texts.en';

/** The links of one exchange, or of the signal server, with the clocks of its markets. */
export interface LinkGroup {
  readonly id: string;
  readonly name: string;
  readonly links: readonly LinkStatus[];
  readonly clocks: readonly VenueClock[];
}

const SIGNALS = 'signals';
const exchangeOf = (key: string): string => (key === SIGNALS ? SIGNALS : (key.split(/[_ ]/)[0] ?? key));
const groupName = (id: string): string => (id === SIGNALS ? 'Signal server' : exchangeText(id));

/** The signal server first, then exchanges by name; a fixed place for each link, whatever order they were opened in. */
export function groupLinks(links: Iterable<LinkStatus>, clocks: readonly VenueClock[]): readonly LinkGroup[] {
  const byId = new Map<string, LinkStatus[]>();
  for (const link of links) {
    const id = exchangeOf(link.key);
    byId.set(id, [...(byId.get(id) ?? []), link]);
  }
  return [...byId]
    .map(([id, own]) => ({
      id,
      name: groupName(id),
      links: own.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      clocks: clocks.filter(({ venue }) => exchangeOf(venue) === id),
    }))
    .toSorted((a, b) => Number(b.id === SIGNALS) - Number(a.id === SIGNALS) || (a.name < b.name ? -1 : 1));
}

/** "binance_future private" reads "Futures account", "binance_spot public" "Spot public". */
export function shortName(key: string): string {
  if (key === SIGNALS) return 'Waves';
  const [venue = '', side] = key.split(' ');
  const market = venue.split('_')[1];
  const words = [market === 'future' ? 'futures' : market, side === 'private' ? 'account' : side];
  const name = words.filter((word) => word !== undefined).join(' ');
  return name === '' ? key : sentence(name).replace(/\.$/, '');
}
/** "Binance, futures account": a link by itself, without its group above it. */
export const fullName = (key: string): string =>
  key === SIGNALS
    ? 'Signal server'
    : `${groupName(exchangeOf(key))}, ${shortName(key).charAt(0).toLowerCase()}${shortName(key).slice(1)}`;

/** The account that a link signs in for; null for a public one. 'signals' signs in with its token. */
export const accountOf = (key: string): string | null =>
  key === SIGNALS ? SIGNALS : key.endsWith(' private') ? key.replace(/ private$/, '') : null;

/** Messages a second over all links that tell; null when none does. */
export function totalRate(links: readonly LinkStatus[]): number | null {
  const rates = links.flatMap(({ rate }) => (rate === null ? [] : [rate]));
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
}

/** Used links that are live, of all used ones. */
export function liveCount(links: readonly LinkStatus[]): { readonly live: number; readonly used: number } {
  const used = links.filter(({ users }) => users > 0);
  return { live: used.filter(({ state }) => state === 'live').length, used: used.length };
}

/** The clock that is furthest off; null when none was measured. */
export const worstClock = (clocks: readonly VenueClock[]): VenueClock | null =>
  clocks
    .filter(({ offsetMs }) => offsetMs !== null)
    .reduce<VenueClock | null>(
      (worst, clock) =>
        worst === null || Math.abs(clock.offsetMs ?? 0) > Math.abs(worst.offsetMs ?? 0) ? clock : worst,
      null,
    );

/** "+12 ms", "−3.4 s": the exchange's clock against ours. */
export function offsetText(ms: number): string {
  const sign = ms < 0 ? '\u2212' : '+';
  const size = Math.abs(ms);
  return size < 1_000 ? `${sign}${Math.round(size)}\u2009ms` : `${sign}${(size / 1_000).toFixed(1)}\u2009s`;
}
