import type { JournalRecord, Severity } from '#shared/domain/journal';
import type { Order } from '#shared/domain/order';
import type { ParamName } from '#shared/domain/signal';
import { PARAM_NAMES as NAMES } from '#shared/domain/signal';
import { decimalText, minuteText, type Zone } from './format';
import { reasonText } from './reasons.en';
import {
  CLOSE_REASONS,
  exchangeText,
  FATES,
  LEGS,
  MODES,
  ORDER_STATUSES,
  ORDER_TYPES,
  PARAM_NAMES,
  POSITION_STATUSES,
  sentence,
  venueText,
  WAVE_STATUSES,
} from './texts.en';

const base = (symbol: string): string => symbol.split('/')[0] ?? symbol;

/** "Sell 0.015 BTC, stop at 61 234.5, on Binance futures" */
export function orderText(order: Order): string {
  const { request } = order;
  const amount = request.amount === null ? 'all' : decimalText(request.amount);
  const at = request.triggerPrice ?? request.price;
  const price = at === null ? ` at ${request.type}` : ` at ${decimalText(at)}`;
  const kind = request.type === 'market' ? '' : ` ${ORDER_TYPES[request.type]}`;
  return `${request.side === 'buy' ? 'Buy' : 'Sell'} ${amount} ${base(request.symbol)}${kind}${price}`;
}

/** One journal row as a sentence. */
export function recordText(record: JournalRecord, zone: Zone): string {
  switch (record.kind) {
    case 'app_started':
      return `Wavedesk ${record.version} started in ${MODES[record.mode].word.toLowerCase()} mode.`;
    case 'app_stopped':
      return `Wavedesk stopped: ${record.reason}.`;
    case 'signal_received':
      return `Signal ${record.signal.id} received: ${record.signal.action} ${record.signal.symbol}, score ${record.signal.scoreWeek} + ${record.signal.scoreMonth}.`;
    case 'signal_rejected':
      return `A signal could not be read: ${record.bad.field}: ${record.bad.reason}.`;
    case 'wave_changed':
      return `Wave ${minuteText(record.wave.waveTime, zone)}: ${WAVE_STATUSES[record.wave.status]}, ${record.wave.signalCount} signals.`;
    case 'decision_made': {
      const why = reasonText(record.decision);
      return `${record.decision.signal.symbol}: ${FATES[record.decision.fate].toLowerCase()}${why === null ? '.' : `. ${why}`}`;
    }
    case 'params_changed':
      return `${exchangeText(record.exchange)} params changed${changes(record)}.`;
    case 'params_used':
      return `${exchangeText(record.params.exchange)} wave ${minuteText(record.waveTime, zone)} runs on ${NAMES.map((name) => `${PARAM_NAMES[name].name.toLowerCase()} ${record.params.values[name]}${PARAM_NAMES[name].unit === '' ? '' : ' %'}`).join(', ')}.`;
    case 'position_changed': {
      const { position } = record;
      const end =
        position.closeReason === null ? '' : ` (${CLOSE_REASONS[position.closeReason].toLowerCase()})`;
      return `${position.symbol} ${position.side}: ${POSITION_STATUSES[position.status]}${end}, ${decimalText(position.amount)} ${base(position.symbol)}. ${sentence(record.why)}`;
    }
    case 'order_changed': {
      const { order } = record;
      const note = order.note === null ? '' : ` ${sentence(order.note)}`;
      return `${orderText(order)} (${LEGS[order.leg]}): ${ORDER_STATUSES[order.status].word}. ${sentence(record.why)}${note}`;
    }
    case 'fill_applied': {
      const { fill } = record;
      const fee =
        fill.fee === null ? 'fee not known yet' : `fee ${decimalText(fill.fee.cost)} ${fill.fee.currency}`;
      return `Filled: ${fill.side} ${decimalText(fill.amount)} ${base(fill.symbol)} at ${decimalText(fill.price)}, ${fee}.`;
    }
    case 'settings_changed':
      return record.before === null ? 'Settings written for the first time.' : 'Settings changed.';
    case 'key_changed':
      return `Key of ${venueText(record.venue)} ${record.action}${record.last4 === null ? '' : `, ends in ${record.last4}`}.`;
    case 'link_changed':
      return `Link ${record.link}: ${record.state}${record.problem === null ? '.' : `. ${sentence(record.problem)}`}`;
    case 'halt_changed':
      return record.halted
        ? `Halted: ${sentence(record.cause)}`
        : `No longer halted: ${sentence(record.cause)}`;
    case 'event':
      return sentence(record.text);
  }
}

function changes(record: Extract<JournalRecord, { kind: 'params_changed' }>): string {
  const parts = NAMES.filter((name) => record.before?.values[name] !== record.after.values[name]).map(
    (name: ParamName) =>
      `${PARAM_NAMES[name].name.toLowerCase()} ${record.before?.values[name] ?? '–'} → ${record.after.values[name] ?? '–'}`,
  );
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

/** How loud a row is, for its colour. */
export function severityOf(record: JournalRecord): Severity {
  if (record.kind === 'event') return record.severity;
  if (record.kind === 'halt_changed') return record.halted ? 'critical' : 'info';
  if (record.kind === 'order_changed' && record.order.status === 'unknown') return 'warning';
  if (record.kind === 'position_changed' && record.position.status === 'rolled_back') return 'error';
  if (record.kind === 'signal_rejected') return 'warning';
  return 'info';
}

/** First column of the events list. */
export const KIND_NAMES: Record<JournalRecord['kind'], string> = {
  app_started: 'Start',
  app_stopped: 'Stop',
  signal_received: 'Signal',
  signal_rejected: 'Bad signal',
  wave_changed: 'Wave',
  decision_made: 'Decision',
  params_changed: 'Params',
  params_used: 'Params',
  position_changed: 'Position',
  order_changed: 'Order',
  fill_applied: 'Fill',
  settings_changed: 'Settings',
  key_changed: 'Key',
  link_changed: 'Link',
  halt_changed: 'Halt',
  event: 'Event',
};
