import { eq, isNegative, max, ZERO } from '#shared/domain/decimal';
import { ledgerOf } from './fills';
import { fillsOf, isOpen, RATE_WINDOW_MS, slot } from './state';
import { halt, type Step, tell } from './step';
import type { Intent } from './types';

/**
 * Checks that stay on in production, over what this turn touched. A breach stops entries, says so, and drops the
 * intent that would have broken the rule; stops and exits go on.
 */
export function guard(step: Step): void {
  for (const id of step.touched) {
    const position = step.state.positions.get(id);
    if (!position) continue;
    const { net } = ledgerOf(position.side, fillsOf(step.state, id), position.outside);
    if (!eq(position.amount, max(net, ZERO)) || isNegative(position.amount))
      breach(step, `position ${id} says ${position.amount}, its fills say ${net}`);
    const holder = step.state.open.get(slot(position.venue, position.symbol));
    if (isOpen(position) && holder !== id)
      breach(step, `two open positions on ${position.venue} ${position.symbol}`);
  }
  const allowed = step.intents.filter((intent) => mayGo(step, intent));
  step.intents.splice(0, step.intents.length, ...allowed);
}

function mayGo(step: Step, intent: Intent): boolean {
  if (intent.kind !== 'place') return true;
  const { clientOrderId, reduceOnly } = intent.request;
  const order = step.state.orders.get(clientOrderId);
  if (!order) return breach(step, `an order without an intent on record: ${clientOrderId}`);
  if (step.state.placed.has(clientOrderId)) return breach(step, `order ${clientOrderId} would be sent twice`);
  if (order.leg !== 'entry' && !reduceOnly) return breach(step, `exit ${clientOrderId} is not reduce-only`);
  step.state.placed.add(clientOrderId);
  noteSent(step);
  return true;
}

/** For the limit of orders a minute. */
function noteSent({ state, at }: Step): void {
  const { sentAt } = state;
  sentAt.push(at.wall);
  while (sentAt[0] !== undefined && sentAt[0] <= at.wall - RATE_WINDOW_MS) sentAt.shift();
}

function breach(step: Step, text: string): false {
  tell(step, 'invariant_broken', 'critical', text);
  halt(step, `invariant: ${text}`);
  return false;
}
