import type { JournalRecord, Severity } from '#shared/domain/journal';

/** How one journal record reads on the events screen. */
export interface EventLine {
  readonly type: string;
  readonly severity: Severity;
  /** Only for searching and skimming; the screen words things from the record itself. */
  readonly text: string;
  readonly correlationId?: string | null;
  readonly positionId?: string | null;
  readonly orderId?: string | null;
  readonly symbol?: string | null;
  readonly exchange?: string | null;
}

const exchangeOf = (venue: string): string => venue.slice(0, venue.indexOf('_'));

type Of<K extends JournalRecord['kind']> = Extract<JournalRecord, { readonly kind: K }>;

function orderLine({ kind, order, fact, why }: Of<'order_changed'>): EventLine {
  const { request } = order;
  return {
    type: kind,
    severity: order.status === 'unknown' || order.status === 'rejected' ? 'warning' : 'info',
    text: `${order.leg} ${request.side} ${request.type} ${request.clientOrderId} ${fact} ${order.status} ${why}`,
    positionId: order.positionId,
    orderId: request.clientOrderId,
    symbol: request.symbol,
    exchange: exchangeOf(request.venue),
  };
}

function positionLine({ kind, position, why }: Of<'position_changed'>): EventLine {
  const bad = position.status === 'rolled_back' || position.status === 'phantom';
  return {
    type: kind,
    severity: bad ? 'error' : position.nakedSince !== null ? 'warning' : 'info',
    text: `${position.side} ${position.status} ${why}`,
    correlationId: position.correlationId,
    positionId: position.id,
    symbol: position.symbol,
    exchange: exchangeOf(position.venue),
  };
}

function decisionLine({ kind, decision }: Of<'decision_made'>): EventLine {
  const { signal, fate, reason } = decision;
  return {
    type: kind,
    severity: fate === 'failed' ? 'warning' : 'info',
    text: `signal ${signal.id} ${fate} ${reason ?? ''}`.trimEnd(),
    correlationId: signal.correlationId,
    positionId: decision.positionId,
    symbol: signal.symbol,
    exchange: signal.exchange,
  };
}

function fillLine({ kind, fill, positionId }: Of<'fill_applied'>): EventLine {
  return {
    type: kind,
    severity: positionId === null ? 'warning' : 'info',
    text: `${fill.side} ${fill.amount} at ${fill.price} trade ${fill.tradeId} order ${fill.venueOrderId}`,
    positionId,
    orderId: fill.clientOrderId,
    symbol: fill.symbol,
    exchange: exchangeOf(fill.venue),
  };
}

/** The line of any record. */
export function eventLine(record: JournalRecord): EventLine {
  const { kind } = record;
  switch (kind) {
    case 'app_started':
      return { type: kind, severity: 'info', text: `${record.version} ${record.mode} ${record.host}` };
    case 'app_stopped':
      return { type: kind, severity: 'info', text: record.reason };
    case 'signal_received':
      return {
        type: kind,
        severity: 'debug',
        text: `signal ${record.signal.id} ${record.signal.action} ${record.signal.pairSymbol}`,
        correlationId: record.signal.correlationId,
        symbol: record.signal.symbol,
        exchange: record.signal.exchange,
      };
    case 'signal_rejected':
      return { type: kind, severity: 'warning', text: `${record.bad.field}: ${record.bad.reason}` };
    case 'wave_changed':
      return {
        type: kind,
        severity: record.wave.status === 'failed' ? 'warning' : 'info',
        text: `wave ${record.wave.waveTime} ${record.wave.status} ${record.wave.signalCount} signals`,
      };
    case 'decision_made':
      return decisionLine(record);
    case 'params_changed':
      return { type: kind, severity: 'info', text: record.source, exchange: record.exchange };
    case 'params_used':
      return {
        type: kind,
        severity: 'debug',
        text: `wave ${record.waveTime}`,
        exchange: record.params.exchange,
      };
    case 'position_changed':
      return positionLine(record);
    case 'order_changed':
      return orderLine(record);
    case 'fill_applied':
      return fillLine(record);
    case 'settings_changed':
      return { type: kind, severity: 'info', text: 'settings' };
    case 'key_changed':
      return { type: kind, severity: 'info', text: `${record.venue} ${record.action} ${record.last4 ?? ''}` };
    case 'link_changed':
      return {
        type: kind,
        severity: record.problem === null ? 'info' : 'warning',
        text: `${record.link} ${record.state} ${record.problem ?? ''}`.trimEnd(),
      };
    case 'halt_changed':
      return { type: kind, severity: record.halted ? 'critical' : 'info', text: record.cause };
    case 'event': {
      const { type, severity, text, correlationId, positionId, symbol, exchange } = record;
      return { type, severity, text, correlationId, positionId, symbol, exchange };
    }
  }
}
