import type { LinkStatus } from '#shared/domain/connection';
import type { JournalRecord, Severity } from '#shared/domain/journal';

export type EventRecord = Extract<JournalRecord, { readonly kind: 'event' }>;

/** A line of the event log that is about the desk itself, not about a signal or a position. */
export function deskEvent(
  type: string,
  severity: Severity,
  text: string,
  data: Record<string, string | null> = {},
): EventRecord {
  return {
    kind: 'event',
    type,
    severity,
    text,
    data,
    correlationId: null,
    positionId: null,
    symbol: null,
    exchange: null,
  };
}

/** What a change of a link's state is called in the event log; null for the steps in between. */
export function linkEvent(link: LinkStatus): EventRecord | null {
  const data = { link: link.key, state: link.state };
  switch (link.state) {
    case 'live':
      return deskEvent('websocket_connected', 'info', `${link.key} is connected.`, data);
    case 'waiting':
    case 'stale':
      if (link.planned)
        return deskEvent(
          'websocket_disconnected',
          'info',
          `${link.key} was closed by the exchange as planned and connects again.`,
          data,
        );
      return deskEvent(
        'websocket_disconnected',
        'warning',
        `${link.key} is not connected: ${link.problem ?? 'no reason given'}.`,
        data,
      );
    case 'refused':
      return deskEvent(
        'websocket_error',
        'error',
        `${link.key} was refused: ${link.problem ?? 'no reason given'}.`,
        data,
      );
    default:
      return null;
  }
}
