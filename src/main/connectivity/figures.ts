import { connectionState, type LinkStatus } from '#shared/domain/connection';

/** Counters and gauges of all links under the names that dashboards use; an exporter only has to print them. */
export interface LinkFigures {
  /** 1 while connected. */
  readonly websocket_connection_status: Readonly<Record<string, 0 | 1>>;
  /** Each attempt to reconnect, by its outcome. */
  readonly websocket_reconnections_total: Readonly<
    Record<string, { readonly success: number; readonly failure: number }>
  >;
}

export const figuresOf = (statuses: readonly LinkStatus[]): LinkFigures => ({
  websocket_connection_status: Object.fromEntries(
    statuses.map((status) => [status.key, connectionState(status) === 'connected' ? 1 : 0]),
  ),
  websocket_reconnections_total: Object.fromEntries(
    statuses.map(({ key, reconnected, reconnectsFailed }) => [
      key,
      { success: reconnected, failure: reconnectsFailed },
    ]),
  ),
});
