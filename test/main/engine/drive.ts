import { createEngine } from '#main/engine/index';
import type { Engine, EngineEvent, EngineStart, Intent, OrderEvidence } from '#main/engine/types';
import { type ClientOrderId, unixMs } from '#shared/domain/basics';
import type { JournalRecord } from '#shared/domain/journal';
import type { Fill } from '#shared/domain/order';
import { at, BTC, d, emptyStart, FUTURE, imagesOf, signal, T0, wave } from './samples';

export const ENTRY = 'w7k2p-s1-e1' as ClientOrderId;
export const STOP = 'w7k2p-s1-s1' as ClientOrderId;

/** An engine driven by hand: events in, records and intents kept. */
export function drive(over: Partial<EngineStart> = {}) {
  const engine: Engine = createEngine(emptyStart(over));
  const records: JournalRecord[] = [];
  const intents: Intent[] = [];
  let now = 0;
  const tell = (event: EngineEvent, ms = 0) => {
    now += ms;
    const out = engine.handle(event, at(now));
    records.push(...out.records);
    intents.push(...out.intents);
    return out;
  };
  const order = (clientOrderId: ClientOrderId, evidence: OrderEvidence, ms = 0) =>
    tell({ type: 'order', clientOrderId, evidence }, ms);
  const ready = () => {
    tell({ type: 'recover' });
    tell({ type: 'link', venue: FUTURE, up: true });
    tell({ type: 'balances', venue: FUTURE, free: { USDT: d('10000') } });
    tell({ type: 'venue-orders', venue: FUTURE, orders: [] });
  };
  const places = () => intents.flatMap((intent) => (intent.kind === 'place' ? [intent.request] : []));
  const events = (type: string) =>
    records.filter((record) => record.kind === 'event' && record.type === type);
  return { engine, records, intents, tell, order, ready, places, events, images: () => imagesOf(records) };
}

export const fill = (
  tradeId: string,
  clientOrderId: ClientOrderId,
  side: 'buy' | 'sell',
  amount: string,
  price = '100',
): Fill => ({
  venue: FUTURE,
  symbol: BTC,
  tradeId,
  venueOrderId: `v-${clientOrderId}` as never,
  clientOrderId,
  side,
  price: d(price),
  amount: d(amount),
  fee: null,
  maker: null,
  venueTime: unixMs(T0 + 1_000),
  seenAt: unixMs(T0 + 1_000),
});

export function opened(over: Partial<EngineStart> = {}) {
  const run = drive(over);
  run.ready();
  run.tell(wave([signal(1, BTC)]));
  run.tell({ type: 'fill', fill: fill('1', ENTRY, 'buy', '2') });
  run.order(STOP, { kind: 'accepted', venueOrderId: 'v-stop' as never });
  return run;
}
