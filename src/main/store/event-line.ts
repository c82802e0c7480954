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
  /** Leads to the correlation id where the record carries none itself. */
  readonly signalId?: number | null;
  readonly error?: string | null;
  readonly stack?: string | null;
  /** The few facts one filters or counts by; the record itself stands in the journal. */
  readonly data: Data;
}
type Data = Readonly<Record<string, string | number | boolean | null>>;

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
    error: order.status === 'rejected' ? order.note : null,
    data: { leg: order.leg, attempt: order.attempt, fact, status: order.status, why },
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
    error: bad || position.status === 'failed' ? position.note : null,
    data: { status: position.status, side: position.side, why },
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
    data: { signalId: signal.id, fate, reason },
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
    data: { side: fill.side, amount: fill.amount, price: fill.price, tradeId: fill.tradeId },
  };
}

function eventRecordLine({ data, ...event }: Of<'event'>): EventLine {
  const said = (key: string): string | null => (typeof data[key] === 'string' ? data[key] : null);
  const { type, severity, text, correlationId, positionId, symbol, exchange } = event;
  const loud = severity === 'error' || severity === 'critical';
  return {
    type,
    severity,
    text,
    correlationId,
    positionId,
    symbol,
    exchange,
    orderId: said('clientOrderId') ?? said('orderId'),
    signalId: typeof data.signalId === 'number' ? data.signalId : null,
    error: said('error') ?? (loud ? text : null),
    stack: said('stack'),
    data,
  };
}

/** The line of any record. */
export function eventLine(record: JournalRecord): EventLine {
  const { kind } = record;
  switch (kind) {
    case 'app_started': {
      const { version, mode, host } = record;
      return {
        type: kind,
        severity: 'info',
        text: `${version} ${mode} ${host}`,
        data: { version, mode, host },
      };
    }
    case 'app_stopped':
      return { type: kind, severity: 'info', text: record.reason, data: { reason: record.reason } };
    case 'signal_received':
      return {
        type: kind,
        severity: 'debug',
        text: `signal ${record.signal.id} ${record.signal.action} ${record.signal.pairSymbol}`,
        correlationId: record.signal.correlationId,
        symbol: record.signal.symbol,
        exchange: record.signal.exchange,
        data: { signalId: record.signal.id, waveTime: record.signal.waveTime },
      };
    case 'signal_rejected': {
      const { field, reason, signalId } = record.bad;
      const error = `${field}: ${reason}`;
      return { type: kind, severity: 'warning', text: error, error, data: { field, reason, signalId } };
    }
    case 'wave_changed': {
      const { waveTime, status, signalCount } = record.wave;
      return {
        type: kind,
        severity: status === 'failed' ? 'warning' : 'info',
        text: `wave ${waveTime} ${status} ${signalCount} signals`,
        error: status === 'failed' ? record.wave.note : null,
        data: { waveTime, status, signalCount },
      };
    }
    case 'decision_made':
      return decisionLine(record);
    case 'params_changed':
      return {
        type: kind,
        severity: 'info',
        text: record.source,
        exchange: record.exchange,
        signalId: record.source === 'wave' ? record.after.signalId : null,
        data: { source: record.source, waveTime: record.after.waveTime },
      };
    case 'params_used':
      return {
        type: kind,
        severity: 'debug',
        text: `wave ${record.waveTime}`,
        exchange: record.params.exchange,
        signalId: record.signalId,
        data: { waveTime: record.waveTime, version: record.params.version ?? null },
      };
    case 'position_changed':
      return positionLine(record);
    case 'order_changed':
      return orderLine(record);
    case 'fill_applied':
      return fillLine(record);
    case 'settings_changed':
      return { type: kind, severity: 'info', text: 'settings', data: {} };
    case 'key_changed': {
      const { venue, action, last4 } = record;
      const data = { venue, action };
      return { type: kind, severity: 'info', text: `${venue} ${action} ${last4 ?? ''}`, data };
    }
    case 'link_changed': {
      const { link, state, problem } = record;
      return {
        type: kind,
        severity: problem === null ? 'info' : 'warning',
        text: `${link} ${state} ${problem ?? ''}`.trimEnd(),
        error: problem,
        data: { link, state },
      };
    }
    case 'halt_changed': {
      const { halted, cause } = record;
      return { type: kind, severity: halted ? 'critical' : 'info', text: cause, data: { halted, cause } };
    }
    case 'event':
      return eventRecordLine(record);
  }
}
