import { connectionState, type LinkStatus } from '#shared/domain/connection';
import type { VenueKey } from '#shared/domain/exchange';

/** The market-data side of one venue, in the words the outside knows. */
export interface MarketConnection {
  /** Every socket that somebody uses is up; false when there is none. */
  readonly connected: boolean;
  /** Somebody uses it. */
  readonly running: boolean;
  /** It comes back by itself; false when it was refused or closed. */
  readonly auto_reconnect: boolean;
  readonly reconnect_attempts: number;
  readonly subscribed_streams: number;
  readonly streams: readonly string[];
  readonly active_symbols: readonly string[];
}

/** From the links of all venues; a private link is the account's and says nothing about market data. */
export function connectionOf(
  venue: VenueKey,
  links: readonly LinkStatus[],
  symbols: readonly string[],
): MarketConnection {
  const mine = links.filter(({ key }) => key.startsWith(`${venue} `) && !key.endsWith(' private'));
  const used = mine.filter(({ users }) => users > 0);
  const streams = used.flatMap((link) => link.streams.map(({ name }) => name));
  return {
    connected: used.length > 0 && used.every((link) => connectionState(link) === 'connected'),
    running: used.length > 0,
    auto_reconnect: used.length > 0 && used.every(({ state }) => state !== 'refused' && state !== 'closed'),
    reconnect_attempts: mine.reduce((sum, { reconnects }) => sum + reconnects, 0),
    subscribed_streams: streams.length,
    streams,
    active_symbols: symbols,
  };
}
