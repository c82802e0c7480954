import { describe, expect, it } from 'vitest';
import { applyWave, createParamsWriter, emptyParams, lockParam, resolveParams } from '#main/signals/index';
import { unixMs } from '#shared/domain/basics';
import type { ExchangeName } from '#shared/domain/exchange';
import type { JournalRecord } from '#shared/domain/journal';
import { DEFAULT_PARAMS, type StoredParams } from '#shared/domain/params';
import type { FilterParams, Signal } from '#shared/domain/signal';
import { percent, withParams } from './samples';

const WAVE = unixMs(1_760_000_400_000);
const NOW = unixMs(1_760_001_000_000);

/** A store of rows in memory; each write answers when the test lets it, or at once. */
function world(slow = false) {
  const rows = new Map<ExchangeName, StoredParams>();
  const records: JournalRecord[] = [];
  const log: string[] = [];
  const errors: [unknown, ExchangeName][] = [];
  const loud: string[] = [];
  const soon: (() => void)[] = [];
  const answers: { ok: () => void; fail: (error: Error) => void }[] = [];
  const keep = (batch: readonly JournalRecord[]) => {
    for (const record of batch) {
      records.push(record);
      if (record.kind === 'params_changed') rows.set(record.exchange, record.after);
    }
  };
  const writer = createParamsWriter({
    timers: { soon: (run) => void soon.push(run) },
    stored: (exchange) => rows.get(exchange) ?? null,
    record: (batch) => {
      if (!slow) return keep(batch);
      return new Promise<void>((resolve, reject) => {
        const ok = () => {
          keep(batch);
          resolve();
        };
        answers.push({ ok, fail: reject });
      });
    },
    now: () => NOW,
    log: (text) => void log.push(text),
    onError: (error, exchange) => void errors.push([error, exchange]),
    onSignificant: (exchange, names) => void loud.push(`${exchange} ${names.join()}`),
  });
  const write = (params: FilterParams | null, exchange: ExchangeName = 'binance', id = 10) => {
    const first: Signal = { ...withParams(id, params), exchange };
    const stored = rows.get(exchange) ?? null;
    const { effective } = resolveParams({
      exchange,
      signals: [first],
      stored,
      defaults: DEFAULT_PARAMS,
      waveTime: WAVE,
      now: NOW,
    });
    writer.write({ waveTime: WAVE, effective, first });
    return effective;
  };
  const turn = async () => {
    for (const run of soon.splice(0)) run();
    for (let n = 0; n < 10; n += 1) await Promise.resolve();
  };
  const kinds = () => records.map((record) => (record.kind === 'event' ? record.type : record.kind));
  return { rows, records, log, errors, loud, answers, writer, write, turn, kinds };
}

describe('writing params behind the wave', () => {
  it('M-054 writes nothing while the wave is handed on, and a write that never answers holds nobody up', async () => {
    const { write, turn, records, answers, writer } = world(true);
    const effective = write({ stopLoss: percent('3') });
    expect(effective.values.stopLoss).toBe('3');
    expect([records.length, answers.length, writer.waiting()]).toEqual([0, 0, 1]);
    await turn();
    expect([records.length, answers.length, writer.waiting()]).toEqual([0, 1, 0]);
    expect(write({ stopLoss: percent('5') }).values.stopLoss).toBe('5');
  });

  it('M-053 writes exchanges side by side: none waits for another', async () => {
    const { write, turn, answers, rows } = world(true);
    write({ maxTrades: 1 }, 'binance');
    write({ maxTrades: 2 }, 'bybit');
    write({ maxTrades: 3 }, 'mexc');
    await turn();
    expect(answers).toHaveLength(3);
    answers[2]?.ok();
    await turn();
    expect([...rows.keys()]).toEqual(['mexc']);
  });

  it('writes two waves of one exchange in their order, the second over what the first left', async () => {
    const { write, turn, answers, rows } = world(true);
    write({ maxTrades: 1 });
    write({ stopLoss: percent('7') });
    await turn();
    expect(answers).toHaveLength(1);
    answers[0]?.ok();
    await turn();
    answers[1]?.ok();
    await turn();
    expect(rows.get('binance')?.values).toMatchObject({ maxTrades: 1, stopLoss: '7' });
  });

  it('M-062 does not undo a lock that was set between the wave and its write', async () => {
    const { write, turn, rows } = world();
    write({ stopLoss: percent('6') });
    const locked = lockParam(emptyParams('binance'), 'stopLoss', percent('2'), NOW)?.after as StoredParams;
    rows.set('binance', locked);
    await turn();
    expect(rows.get('binance')).toMatchObject({ values: { stopLoss: '6' }, locks: { stopLoss: '2' } });
  });

  it('M-055 catches, logs and counts every error, and goes on with the next write', async () => {
    const slow = world(true);
    slow.write({ maxTrades: 1 });
    slow.write({ maxTrades: 2 });
    await slow.turn();
    slow.answers[0]?.fail(new Error('disk full'));
    await slow.turn();
    slow.answers[1]?.ok();
    await slow.turn();
    expect(slow.writer.errors()).toBe(1);
    expect(slow.errors).toEqual([[new Error('disk full'), 'binance']]);
    expect(slow.log.filter((line) => line.includes('failed'))).toEqual([
      'params update failed: exchange 1 signal 10 wave 2025-10-09T09:00 disk full',
    ]);
    expect(slow.rows.get('binance')?.values.maxTrades).toBe(2);
    // A store that throws at once is caught the same way.
    const writer = createParamsWriter({
      timers: { soon: (run) => run() },
      stored: () => null,
      record: () => {
        throw new Error('closed');
      },
      now: () => NOW,
      log: () => {},
      onError: () => {},
    });
    const first = withParams(1, { maxTrades: 1 });
    const effective = { exchange: 'binance', values: DEFAULT_PARAMS, origins: {} } as never;
    expect(() => writer.write({ waveTime: WAVE, effective, first })).not.toThrow();
    expect(writer.errors()).toBe(1);
  });

  it('M-057 logs what is written and that it is, and makes one event with the time of the wave', async () => {
    const { write, turn, log, records, kinds } = world();
    write({
      maxTrades: 5,
      stopLoss: percent('4'),
      trailingActivation: percent('2'),
      trailingDistance: percent('1'),
    });
    await turn();
    expect(log).toEqual([
      'params update: exchange 1 signal 10 wave 2025-10-09T09:00 {"maxTrades":5,"stopLoss":"4","trailingActivation":"2","trailingDistance":"1"}',
      'params stored: exchange 1 signal 10 wave 2025-10-09T09:00 changed',
    ]);
    expect(kinds()).toEqual(['params_changed', 'params_updated', 'params_used']);
    expect(records[1]).toMatchObject({
      severity: 'info',
      exchange: 'binance',
      correlationId: 'signal-10',
      data: { waveTime: WAVE, exchangeId: 1, signalId: 10, result: 'changed', stopLoss: '4' },
    });
  });

  it('M-058 writes no row for equal values, but the event says "unchanged"', async () => {
    const { write, turn, records, kinds } = world();
    write({ stopLoss: percent('4') });
    await turn();
    records.length = 0;
    write({ stopLoss: percent('4.0000') }, 'binance', 11);
    await turn();
    expect(kinds()).toEqual(['params_updated', 'params_used']);
    expect(records[0]).toMatchObject({
      text: 'binance params unchanged',
      data: { result: 'unchanged', waveTime: WAVE },
    });
  });

  it('M-059 logs every use of a fallback with where it came from', async () => {
    const { write, turn, log, kinds } = world();
    write(null);
    await turn();
    expect(log).toEqual([
      'params fallback to settings: exchange 1 signal 10 wave 2025-10-09T09:00 maxTrades=5 stopLoss=4 trailingActivation=2 trailingDistance=0.5',
    ]);
    expect(kinds()).toEqual(['params_used']);
  });

  it('M-061 makes an event and says so when a value moved by more than 10 %, and not at exactly 10 %', async () => {
    const { write, turn, rows, records, kinds, loud } = world();
    rows.set(
      'binance',
      applyWave('binance', null, {
        said: { stopLoss: percent('4') },
        waveTime: WAVE,
        signalId: 1 as never,
        now: NOW,
      })?.after as StoredParams,
    );
    write({ stopLoss: percent('4.4') });
    await turn();
    expect([kinds().includes('params_changed_significantly'), loud]).toEqual([false, []]);
    records.length = 0;
    write({ stopLoss: percent('4.8401') });
    await turn();
    expect(kinds()).toEqual([
      'params_changed',
      'params_updated',
      'params_changed_significantly',
      'params_used',
    ]);
    expect(records[2]).toMatchObject({ severity: 'warning', data: { names: 'stopLoss', waveTime: WAVE } });
    expect(loud).toEqual(['binance stopLoss']);
  });

  it('has everything written when flushing ends, also what came meanwhile', async () => {
    const { write, writer, rows } = world();
    write({ maxTrades: 1 }, 'binance');
    write({ maxTrades: 2 }, 'bybit');
    const done = writer.flush();
    expect([...rows.keys()]).toEqual(['binance', 'bybit']);
    write({ maxTrades: 3 }, 'mexc');
    await done;
    expect(writer.waiting()).toBe(0);
    expect(rows.size).toBe(3);
  });
});
