import type { Store } from '#main/store/index';
import type { Decimal } from '#shared/domain/basics';
import { eq, neg } from '#shared/domain/decimal';
import type { ExchangeTruth } from './exchange-truth';

/** What the desk and the exchange say differently, or what stands unprotected; empty when all is well. */
export function differences(store: Store, truth: ExchangeTruth): string[] {
  const open = store.positions({ open: true });
  const said: string[] = [];
  for (const position of open) {
    const ours = position.side === 'long' ? position.amount : neg(position.amount);
    const theirs = (truth.holdings.get(position.symbol) ?? '0') as Decimal;
    if (!eq(ours, theirs)) said.push(`${position.id} is ${ours} here and ${theirs} at the exchange`);
    const stops = truth.stops.filter(({ symbol }) => symbol === position.symbol);
    if (stops.length !== 1 || stops[0]!.clientOrderId !== position.stop?.clientOrderId)
      said.push(`${position.id} has stops ${stops.map((stop) => stop.clientOrderId)}`);
    if (position.status !== 'active') said.push(`${position.id} is ${position.status}`);
  }
  const symbols = new Set(open.map((position) => String(position.symbol)));
  if (symbols.size !== open.length) said.push('two open positions on one symbol');
  for (const symbol of truth.holdings.keys())
    if (!symbols.has(symbol)) said.push(`the exchange holds ${symbol}, nobody here does`);
  for (const { symbol, clientOrderId } of truth.stops)
    if (!symbols.has(symbol)) said.push(`${clientOrderId} protects nothing`);
  for (const id of truth.entries) said.push(`the entry ${id} is still at the exchange`);
  const booked = store.fills({ limit: 10_000 }).map(({ symbol, tradeId }) => `${symbol} ${tradeId}`);
  if (new Set(booked).size !== booked.length) said.push('a fill was booked twice');
  for (const fill of truth.fills) if (!booked.includes(fill)) said.push(`the fill ${fill} is lost`);
  if (booked.length !== truth.fills.length)
    said.push(`${booked.length} fills here, ${truth.fills.length} at the exchange`);
  for (const order of store.orders({ open: true }))
    if (order.status !== 'open') said.push(`${order.request.clientOrderId} is ${order.status}`);
  return said;
}
