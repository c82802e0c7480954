import { createEngine } from '../src/main/engine/index';
import { adaptSnapshot, decodeSignalFrame, resolveParams } from '../src/main/signals/index';
import type { VenueKey } from '../src/shared/domain/exchange';
import type { Symbol } from '../src/shared/domain/instrument';
import { DEFAULT_PARAMS } from '../src/shared/domain/params';
import { compareSignals } from '../src/shared/domain/signal';
import { at, emptyStart, FUTURE, facts, instrument, T0 } from '../test/main/engine/samples';
import { percentile95, report } from './measure';

const SIGNALS = 200;
const ROUNDS = 60;
const LIMIT_MS = 50;
const OTHER: VenueKey = 'bybit_future';
const ISO = new Date(T0).toISOString().slice(0, 19);

const frame = JSON.stringify({
  type: 'signals',
  count: SIGNALS,
  data: Array.from({ length: SIGNALS }, (_, index) => ({
    id: index + 1,
    pair_symbol: `C${index}USDT`,
    recommended_action: index % 3 === 0 ? 'SELL' : 'BUY',
    score_week: 60 + ((index * 7) % 40),
    score_month: 60 + ((index * 11) % 40),
    timestamp: ISO,
    exchange_id: 1 + (index % 2),
    max_trades_filter: 5,
    stop_loss_filter: 3.5,
    trailing_activation_filter: 2,
    trailing_distance_filter: 0.5,
  })),
});
const symbols = Array.from({ length: SIGNALS }, (_, index) => `C${index}/USDT:USDT` as Symbol);
const instruments = symbols.flatMap((symbol) => [
  instrument(symbol),
  instrument(symbol, { exchange: 'bybit' }),
]);

/** One wave on a fresh engine that has heard of both exchanges: from the frame's text to the last decision. */
function wave(): { ms: number; decisions: number } {
  const engine = createEngine(emptyStart({ instruments }));
  engine.handle({ type: 'recover' }, at(0));
  for (const venue of [FUTURE, OTHER]) {
    engine.handle({ type: 'link', venue, up: true }, at(0));
    engine.handle({ type: 'venue-orders', venue, orders: [] }, at(0));
    engine.handle({ type: 'balances', venue, free: { USDT: '100000' as never } }, at(0));
  }
  const before = process.cpuUsage();
  const read = decodeSignalFrame(frame);
  if (read.type !== 'signals') throw new Error('not a signals frame');
  const { signals } = adaptSnapshot(read.data, 'future', at(1_000).wall);
  const sorted = signals.toSorted(compareSignals);
  const exchanges = [...new Set(sorted.map((signal) => signal.exchange))];
  const params = Object.fromEntries(
    exchanges.map((exchange) => {
      const own = sorted.filter((signal) => signal.exchange === exchange);
      const question = {
        exchange,
        signals: own,
        stored: null,
        defaults: DEFAULT_PARAMS,
        waveTime: at(0).market,
        now: at(0).wall,
      };
      return [exchange, resolveParams(question).effective];
    }),
  );
  const withFacts = sorted.map((signal) => ({
    signal,
    venue: signal.exchange === 'binance' ? FUTURE : OTHER,
    facts: facts(signal.symbol, { priceSeenAt: at(1_000).wall }),
  }));
  const { records } = engine.handle(
    { type: 'wave', waveTime: at(0).market, signals: withFacts, params },
    at(1_000),
  );
  const spent = process.cpuUsage(before);
  return {
    ms: (spent.user + spent.system) / 1_000,
    decisions: records.filter(({ kind }) => kind === 'decision_made').length,
  };
}

const rounds = Array.from({ length: ROUNDS }, wave);
const parseStart = process.cpuUsage();
for (let round = 0; round < ROUNDS; round++) JSON.parse(frame);
const parsed = process.cpuUsage(parseStart);
const yardstick = { name: 'JSON.parse of its frame', micros: (parsed.user + parsed.system) / ROUNDS };
const worst = percentile95(rounds.slice(5).map(({ ms }) => ms));
report(`wave of ${SIGNALS} signals on 2 exchanges, p95`, worst * 1_000, yardstick);
process.stdout.write(
  `${rounds.at(-1)?.decisions} decisions in ${worst.toFixed(1)} ms of CPU: ${worst < LIMIT_MS ? 'under' : 'OVER'} the promised ${LIMIT_MS} ms\n`,
);
