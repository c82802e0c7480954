import { type ConnectionState, connectionState, type LinkStatus } from '#shared/domain/connection';
import type { VenueKey } from '#shared/domain/exchange';

/** Who is connected where, in the words the outside knows: also what a status call answers. */
export interface ConnectionReport {
  readonly total_connections: number;
  readonly total_strategies: number;
  readonly connections: Readonly<
    Record<
      string,
      {
        readonly exchange: string;
        readonly market_type: string;
        readonly status: ConnectionState;
        /** Ids of the strategies that use it. */
        readonly subscribers: readonly string[];
        readonly subscriber_count: number;
        /** Seconds since it was connected; null while it is not. */
        readonly uptime: number | null;
        /** Wall time in milliseconds. */
        readonly last_message: number | null;
        readonly error: string | null;
      }
    >
  >;
  readonly strategies: Readonly<
    Record<string, { readonly connections: readonly string[]; readonly connection_count: number }>
  >;
}

export function reportOf(
  keys: readonly VenueKey[],
  strategies: readonly { readonly id: string; readonly keys: readonly VenueKey[] }[],
  statusOf: (key: string) => LinkStatus | undefined,
  now: number,
): ConnectionReport {
  return {
    total_connections: keys.length,
    total_strategies: strategies.length,
    connections: Object.fromEntries(
      keys.map((key) => {
        const status = statusOf(key);
        const state = status === undefined ? 'disconnected' : connectionState(status);
        const subscribers = strategies.filter((one) => one.keys.includes(key)).map(({ id }) => id);
        const [exchange = '', market_type = ''] = key.split('_');
        const row = {
          exchange,
          market_type,
          status: state,
          subscribers,
          subscriber_count: subscribers.length,
          uptime: status?.connectedAt == null ? null : (now - status.connectedAt) / 1000,
          last_message: status?.lastMessageAt ?? null,
          error: state === 'connected' ? null : (status?.problem ?? null),
        };
        return [key, row];
      }),
    ),
    strategies: Object.fromEntries(
      strategies.map(({ id, keys: connections }) => [
        id,
        { connections, connection_count: connections.length },
      ]),
    ),
  };
}
