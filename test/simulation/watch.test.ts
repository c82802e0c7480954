import { describe, expect, it } from 'vitest';
import type { Decimal, PositionId, UnixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';
import type { JournalRecord, JournalRow } from '#shared/domain/journal';
import type { Position } from '#shared/domain/position';
import { watchJournal } from './watch';

const position = (id: string, status: Position['status'], stop: boolean): Position => ({
  id: id as PositionId,
  venue: 'binance_future',
  symbol: 'BTC/USDT:USDT' as Symbol,
  side: 'long',
  status,
  signalId: null,
  waveTime: null,
  intendedAmount: '1' as Decimal,
  amount: (status === 'pending_entry' ? '0' : '1') as Decimal,
  entryPrice: null,
  exitPrice: null,
  realised: '0' as Decimal,
  fees: {},
  params: {} as Position['params'],
  stop: stop ? ({} as NonNullable<Position['stop']>) : null,
  trailing: null,
  closeReason: null,
  note: null,
  leverage: null,
  openedAt: 0 as UnixMs,
  closedAt: null,
  nakedSince: null,
  correlationId: id,
});

/** Watches a journal of these rows, each with its time. */
function watched(...rows: readonly (readonly [number, JournalRecord])[]) {
  let tell: (rows: readonly JournalRow[]) => void = () => {};
  const watch = watchJournal({
    onCommit(listener) {
      tell = listener;
      return () => {};
    },
  });
  for (const [at, record] of rows)
    tell([{ seq: 1, at: { wall: at as UnixMs, market: at as UnixMs }, record, hash: '' }]);
  return watch;
}
const changed = (image: Position): JournalRecord => ({ kind: 'position_changed', position: image, why: '' });

describe('the watcher of a simulated life', () => {
  it('allows 30 s without a stop and names one millisecond more, over or not', () => {
    const naked = [0, changed(position('p1', 'pending_sl', false))] as const;
    const saved = (at: number) => [at, changed(position('p1', 'active', true))] as const;
    expect(watched(naked, saved(30_000)).violations(60_000 as UnixMs)).toEqual([]);
    expect(watched(naked, saved(30_001)).violations(60_000 as UnixMs)).toHaveLength(1);
    expect(watched(naked).violations(30_000 as UnixMs)).toEqual([]);
    expect(watched(naked).violations(30_001 as UnixMs)).toHaveLength(1);
    expect(watched(naked, saved(20_000)).longestNakedMs()).toBe(20_000);
  });

  it('names a second open position on a symbol, and no second one after the first has ended', () => {
    const first = [0, changed(position('p1', 'active', true))] as const;
    const second = [2, changed(position('p2', 'pending_entry', false))] as const;
    expect(watched(first, second).violations(2 as UnixMs)).toHaveLength(1);
    const ended = [1, changed(position('p1', 'closed', false))] as const;
    expect(watched(first, ended, second).violations(2 as UnixMs)).toEqual([]);
  });

  it('keeps errors, critical events and halts', () => {
    const event = (severity: 'warning' | 'error' | 'critical'): JournalRecord => ({
      kind: 'event',
      type: severity,
      severity,
      text: '',
      correlationId: null,
      positionId: null,
      symbol: null,
      exchange: null,
      data: {},
    });
    const halt = (halted: boolean): JournalRecord => ({ kind: 'halt_changed', halted, cause: '' });
    const watch = watched(
      [0, event('warning')],
      [0, event('error')],
      [0, event('critical')],
      [0, halt(true)],
      [0, halt(false)],
    );
    expect(watch.grave()).toHaveLength(3);
  });
});
