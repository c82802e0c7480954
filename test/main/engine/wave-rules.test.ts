import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine/index';
import type { EngineEvent, EngineStart, Intent, SignalFacts } from '#main/engine/types';
import { type ClientOrderId, unixMs } from '#shared/domain/basics';
import type { VenueKey } from '#shared/domain/exchange';
import type { JournalRecord } from '#shared/domain/journal';
import type { EffectiveParams } from '#shared/domain/params';
import type { Signal } from '#shared/domain/signal';
import {
  at,
  BTC,
  d,
  emptyStart,
  FUTURE,
  facts,
  imagesOf,
  instrument,
  params,
  pc,
  signal,
  symbolOf,
  T0,
} from './samples';

const BYBIT: VenueKey = 'bybit_future';
const ETH = symbolOf('ETH');
const QUARTER = 900_000;

interface Member {
  readonly signal: Signal;
  readonly venue?: VenueKey | null;
  readonly facts?: Partial<SignalFacts>;
}
const onBybit = (id: number, symbol = BTC, over: Partial<Signal> = {}): Signal =>
  signal(id, symbol, { exchange: 'bybit', exchangeId: 2, ...over });

function waveOf(
  members: readonly Member[],
  options: { readonly waveTime?: number; readonly values?: Partial<EffectiveParams['values']> } = {},
): EngineEvent {
  const { waveTime = T0, values = {} } = options;
  return {
    type: 'wave',
    waveTime: unixMs(waveTime),
    signals: members.map(({ signal: each, venue, facts: over }) => ({
      signal: each,
      venue: venue === undefined ? FUTURE : venue,
      facts: facts(each.symbol, { priceSeenAt: unixMs(waveTime), ...over }),
    })),
    params: { binance: params(values), bybit: { ...params(values), exchange: 'bybit' } },
  };
}

/** An engine on two connected exchanges, driven by hand. */
function drive(over: Partial<EngineStart> = {}) {
  const engine = createEngine(
    emptyStart({
      instruments: ['binance', 'bybit'].flatMap((exchange) =>
        ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOT', 'LTC'].map((base) =>
          instrument(symbolOf(base), { exchange: exchange as 'binance' }),
        ),
      ),
      ...over,
    }),
  );
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
  tell({ type: 'recover' });
  for (const venue of [FUTURE, BYBIT]) {
    tell({ type: 'link', venue, up: true });
    tell({ type: 'balances', venue, free: { USDT: d('10000') } });
    tell({ type: 'venue-orders', venue, orders: [] });
  }
  const entries = () =>
    intents.flatMap((intent) =>
      intent.kind === 'place' && !intent.request.reduceOnly ? [intent.request] : [],
    );
  const reasonOf = (id: number) => {
    const decision = imagesOf(records).decisions.get(id);
    return decision?.reason ?? decision?.fate;
  };
  return { engine, records, intents, tell, entries, reasonOf, images: () => imagesOf(records) };
}

const insufficient = { kind: 'rejected', code: '-2019', message: 'Margin is insufficient.' } as const;

describe('exchanges of one wave', () => {
  it('M-051 M-066 are opened side by side: only orders of one exchange wait for each other', () => {
    const run = drive();
    run.tell(
      waveOf([
        { signal: signal(1, BTC) },
        { signal: signal(2, ETH) },
        { signal: onBybit(3, symbolOf('SOL')), venue: BYBIT },
      ]),
    );
    expect(run.entries().map(({ venue, symbol }) => [venue, symbol])).toEqual([
      [FUTURE, BTC],
      [BYBIT, symbolOf('SOL')],
    ]);
    run.tell({
      type: 'order',
      clientOrderId: run.entries()[0]!.clientOrderId,
      evidence: { kind: 'rejected', code: '1', message: 'no' },
    });
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 999);
    expect(run.entries()).toHaveLength(2);
    run.tell({ type: 'wake', key: `wave|${FUTURE}|${T0}` }, 1);
    expect(run.entries()[2]).toMatchObject({ venue: FUTURE, symbol: ETH });
  });

  it('M-051 need not all be there, nor have anything usable', () => {
    const run = drive();
    run.tell(
      waveOf([
        { signal: signal(1, BTC), facts: { openInterestUsd: d('1') } },
        { signal: onBybit(2, ETH), venue: BYBIT },
      ]),
    );
    expect(run.reasonOf(1)).toBe('low_open_interest');
    expect(run.entries().map(({ venue }) => venue)).toEqual([BYBIT]);
    expect(run.images().waves.get(T0)?.results).toMatchObject({
      [FUTURE]: { total: 1, validated: 0, filtered: { low_open_interest: 1 } },
      [BYBIT]: { total: 1, validated: 1 },
    });
    const alone = drive();
    alone.tell(waveOf([{ signal: onBybit(1), venue: BYBIT }]));
    expect(alone.entries()).toHaveLength(1);
    expect(Object.keys(alone.images().waves.get(T0)!.results)).toEqual([BYBIT]);
  });

  it('M-067 do not share their symbols: what is open on one is free on the other', () => {
    const run = drive();
    run.tell(
      waveOf([{ signal: signal(1, BTC) }, { signal: onBybit(2), venue: BYBIT }, { signal: signal(3, BTC) }]),
    );
    expect(run.entries().map(({ venue }) => venue)).toEqual([FUTURE, BYBIT]);
    run.tell(waveOf([{ signal: signal(4, BTC) }], { waveTime: T0 + QUARTER }), QUARTER);
    expect(run.reasonOf(4)).toBe('duplicate_position');
  });

  it('M-078 stop alone when money is short', () => {
    const run = drive();
    run.tell(
      waveOf([
        { signal: signal(1, BTC) },
        { signal: signal(2, ETH) },
        { signal: onBybit(3, BTC), venue: BYBIT },
        { signal: onBybit(4, ETH), venue: BYBIT },
      ]),
    );
    run.tell({ type: 'order', clientOrderId: run.entries()[0]!.clientOrderId, evidence: insufficient });
    expect(run.reasonOf(2)).toBe('insufficient_balance');
    expect(run.reasonOf(4)).toBe('pending');
    run.tell({
      type: 'order',
      clientOrderId: run.entries()[1]!.clientOrderId,
      evidence: { kind: 'rejected', code: '1', message: 'this one not' },
    });
    run.tell({ type: 'wake', key: `wave|${BYBIT}|${T0}` }, 1_000);
    expect(run.entries().at(-1)).toMatchObject({ venue: BYBIT, symbol: ETH });
  });
});

describe('the filters of a wave', () => {
  it('M-064 judge every signal before the best are taken', () => {
    const run = drive();
    const bases = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA'];
    run.tell(
      waveOf(
        bases.map((base, index) => ({
          signal: signal(index + 1, symbolOf(base)),
          facts: index < 4 ? { hourVolumeUsd: d('1') } : {},
        })),
        { values: { maxTrades: 1 } },
      ),
    );
    // The four best fill target and buffer; had they been taken first, the fifth would never be looked at.
    expect([1, 2, 3, 4].map(run.reasonOf)).toEqual(Array(4).fill('low_volume'));
    expect(run.entries().map(({ symbol }) => symbol)).toEqual([symbolOf('ADA')]);
  });

  it('M-064 do nothing but judge: no order, no question, no event per signal, whatever they refuse', () => {
    const refusing: readonly Partial<SignalFacts>[] = [
      { openInterestUsd: d('1') },
      { hourVolumeUsd: d('1') },
      { fiveMinuteChangePercent: 9 },
      { instrument: null },
    ];
    const ofTheWave = ['wave_detected', 'signal_filtered', 'wave_completed'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...refusing), { minLength: 1, maxLength: 6 }), (list) => {
        const run = drive();
        const { records, intents } = run.tell(
          waveOf(list.map((over, index) => ({ signal: signal(index + 1, BTC), facts: over }))),
        );
        expect(intents).toEqual([]);
        expect(records.flatMap((record) => (record.kind === 'event' ? [record.type] : []))).toEqual(
          ofTheWave,
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('a symbol that is being opened', () => {
  it('M-082 is refused to a second request at once, while the first has no answer', () => {
    const run = drive();
    run.tell(waveOf([{ signal: signal(1, BTC) }]));
    expect(run.images().positions.get('s1')?.status).toBe('pending_entry');
    run.tell(waveOf([{ signal: signal(2, BTC) }], { waveTime: T0 + QUARTER }), 5);
    expect(run.reasonOf(2)).toBe('duplicate_position');
    expect(run.entries()).toHaveLength(1);
  });

  it('M-082 is free again when the first has failed', () => {
    const run = drive();
    run.tell(waveOf([{ signal: signal(1, BTC) }]));
    run.tell({
      type: 'order',
      clientOrderId: run.entries()[0]!.clientOrderId,
      evidence: { kind: 'rejected', code: '1', message: 'no' },
    });
    run.tell(waveOf([{ signal: signal(2, BTC) }], { waveTime: T0 + QUARTER }), QUARTER);
    expect(run.entries()).toHaveLength(2);
  });
});

describe('a signal that was executed', () => {
  it('M-068 is never executed again, also by a later run of the desk and in another wave', () => {
    const run = drive({ executedSignalIds: new Set([1]) });
    run.tell(waveOf([{ signal: signal(1, BTC) }, { signal: signal(2, ETH) }]));
    expect(run.reasonOf(1)).toBe('already_executed');
    expect(run.entries().map(({ symbol }) => symbol)).toEqual([ETH]);
    run.tell(waveOf([{ signal: signal(2, ETH) }], { waveTime: T0 + QUARTER }), QUARTER);
    expect(run.entries()).toHaveLength(1);
  });
});

describe('the params of an open position', () => {
  const ENTRY = 'w7k2p-s1-e1' as ClientOrderId;
  it('M-094 are those it was opened with, whatever later waves bring', () => {
    const run = drive();
    run.tell(waveOf([{ signal: signal(1, BTC) }]));
    run.tell({
      type: 'fill',
      fill: {
        venue: FUTURE,
        symbol: BTC,
        tradeId: '1',
        venueOrderId: 'v1' as never,
        clientOrderId: ENTRY,
        side: 'buy',
        price: d('100'),
        amount: d('2'),
        fee: null,
        maker: null,
        venueTime: unixMs(T0),
        seenAt: unixMs(T0),
      },
    });
    const stop = { kind: 'accepted', venueOrderId: 'v2' } as never;
    run.tell({ type: 'order', clientOrderId: 'w7k2p-s1-s1' as ClientOrderId, evidence: stop });
    const before = run.images().positions.get('s1')!;
    expect(before).toMatchObject({ status: 'active', params: params().values });
    const others = { stopLoss: pc('9'), trailingActivation: pc('8'), trailingDistance: pc('7') };
    run.tell(waveOf([{ signal: signal(2, ETH) }], { waveTime: T0 + QUARTER, values: others }), QUARTER);
    expect(run.images().positions.get('s1')).toEqual(before);
    expect(run.images().positions.get('s2')?.params).toMatchObject(others);
    // It trails from 2 % and half a percent behind, as agreed when it was opened.
    run.tell({ type: 'price', venue: FUTURE, symbol: BTC, price: d('102') });
    expect(run.images().positions.get('s1')?.trailing).toMatchObject({ state: 'active', wanted: '101.49' });
  });
});
