import type { UnixMs } from '#shared/domain/basics';
import { type ExchangeName, idOfExchange } from '#shared/domain/exchange';
import type { JournalRecord } from '#shared/domain/journal';
import type { EffectiveParams, StoredParams } from '#shared/domain/params';
import { significantChanges } from '#shared/domain/params-change';
import { PARAM_NAMES, type ParamName, type Signal } from '#shared/domain/signal';
import { applyWave } from './params-changes';

export interface ParamsWriterOptions {
  readonly timers: { soon(run: () => void): void };
  /** The stored row as it is when the write's turn comes: a lock set meanwhile is not overwritten. */
  stored(exchange: ExchangeName): StoredParams | null;
  /** All or nothing. May be slow: then it answers with a promise. */
  record(records: readonly JournalRecord[]): unknown;
  /** Wall time. */
  now(): UnixMs;
  log(text: string): void;
  /** The wave goes on; whoever is told may tell the user. */
  onError(error: unknown, exchange: ExchangeName): void;
  /** Values that moved by more than 10 %, once they are stored (M-061). */
  onSignificant?(exchange: ExchangeName, names: readonly ParamName[]): void;
}
/** What one exchange's wave ran on. */
export interface WaveParams {
  readonly waveTime: UnixMs;
  readonly effective: EffectiveParams;
  /** The signal that was asked for values; null when the exchange had none in this wave. */
  readonly first: Signal | null;
}
export interface ParamsWriter {
  /** Returns at once; never throws. */
  write(wave: WaveParams): void;
  errors(): number;
  waiting(): number;
  /** Starts everything that waits now and resolves when all is done. On a store that answers at once, it is then. */
  flush(): Promise<void>;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const timeOf = (waveTime: UnixMs): string => new Date(waveTime).toISOString().slice(0, 16);

type Data = Readonly<Record<string, string | number | boolean | null>>;

function event(type: string, words: string, { first, effective }: WaveParams, data: Data): JournalRecord {
  return {
    kind: 'event',
    type,
    severity: type === 'params_updated' ? 'info' : 'warning',
    text: words,
    correlationId: first?.correlationId ?? null,
    positionId: null,
    symbol: null,
    exchange: effective.exchange,
    data,
  };
}

/** The records of one write, and what they say in short. */
function recordsOf(wave: WaveParams, stored: StoredParams | null, now: UnixMs) {
  const { waveTime, effective, first } = wave;
  const { exchange } = effective;
  const used: JournalRecord = {
    kind: 'params_used',
    params: effective,
    waveTime,
    signalId: first?.id ?? null,
  };
  if (first === null || first.filterParams === null)
    return { records: [used], result: null, significant: [] };
  const change = applyWave(exchange, stored, {
    said: first.filterParams,
    waveTime,
    signalId: first.id,
    now,
  });
  const result = change === null ? 'unchanged' : 'changed';
  const about = { waveTime, exchangeId: idOfExchange(exchange), signalId: first.id };
  const updated = event('params_updated', `${exchange} params ${result}`, wave, {
    ...about,
    ...first.filterParams,
    result,
  });
  if (change === null) return { records: [updated, used], result, significant: [] };
  const significant = significantChanges(stored, change.after);
  const changed: JournalRecord = { kind: 'params_changed', exchange, before: stored, ...change };
  const names = significant.join(', ');
  const loud =
    significant.length === 0
      ? []
      : [
          event('params_changed_significantly', `${exchange} ${names} changed by more than 10 %`, wave, {
            ...about,
            names,
          }),
        ];
  return { records: [changed, updated, ...loud, used], result, significant };
}

/**
 * Writes params behind the wave: each exchange has its own queue, none waits for another, and nothing that goes
 * wrong here reaches the wave (M-053 to M-058).
 */
export function createParamsWriter(options: ParamsWriterOptions): ParamsWriter {
  const { log } = options;
  const queues = new Map<ExchangeName, { readonly jobs: WaveParams[]; running: Promise<void> | null }>();
  let errors = 0;

  const said = ({ first, waveTime, effective }: WaveParams): string => {
    const id = idOfExchange(effective.exchange);
    return `exchange ${id} signal ${first?.id ?? 'none'} wave ${timeOf(waveTime)}`;
  };
  const logFallbacks = (wave: WaveParams): void => {
    const { values, origins } = wave.effective;
    const names = PARAM_NAMES.filter((name) => origins[name] === 'default');
    if (names.length > 0)
      log(
        `params fallback to settings: ${said(wave)} ${names.map((name) => `${name}=${values[name]}`).join(' ')}`,
      );
  };

  const failed = (wave: WaveParams, error: unknown): void => {
    errors += 1;
    log(`params update failed: ${said(wave)} ${text(error)}`);
    options.onError(error, wave.effective.exchange);
  };
  /** A promise only where the store gave one. */
  const store = (wave: WaveParams): Promise<void> | null => {
    const { exchange } = wave.effective;
    try {
      const { records, result, significant } = recordsOf(wave, options.stored(exchange), options.now());
      if (result !== null) log(`params update: ${said(wave)} ${JSON.stringify(wave.first?.filterParams)}`);
      const stored = (): void => {
        if (result !== null) log(`params stored: ${said(wave)} ${result}`);
        if (significant.length > 0) options.onSignificant?.(exchange, significant);
      };
      const answer = options.record(records);
      if (answer instanceof Promise) return answer.then(stored).catch((error) => failed(wave, error));
      stored();
    } catch (error) {
      failed(wave, error);
    }
    return null;
  };
  /** One after another: the next wave of an exchange is laid over what the one before it left. */
  const drain = async (jobs: WaveParams[]): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const slow = store(job);
      if (slow !== null) await slow;
    }
  };
  const run = async (exchange: ExchangeName): Promise<void> => {
    const queue = queues.get(exchange);
    if (queue === undefined || queue.jobs.length === 0) return queue?.running ?? undefined;
    // Who comes while one is running waits for it, and for its own job that it will take along.
    queue.running ??= drain(queue.jobs).finally(() => {
      queue.running = null;
    });
    return queue.running;
  };

  return {
    write(wave) {
      logFallbacks(wave);
      const { exchange } = wave.effective;
      const queue = queues.get(exchange) ?? { jobs: [], running: null };
      queues.set(exchange, queue);
      queue.jobs.push(wave);
      options.timers.soon(() => void run(exchange));
    },
    errors: () => errors,
    waiting: () => [...queues.values()].reduce((sum, { jobs }) => sum + jobs.length, 0),
    flush: async () => {
      const idle = () =>
        [...queues.values()].every(({ jobs, running }) => jobs.length === 0 && running === null);
      do await Promise.all([...queues.keys()].map(run));
      while (!idle());
    },
  };
}
