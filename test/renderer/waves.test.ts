import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decimal, PositionId } from '#shared/domain/basics';
import { add, cmp, eq, fromNumber, mul, sum } from '#shared/domain/decimal';
import type { WaveResult } from '#shared/domain/decision';
import type { Order } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { netResult } from '../../src/renderer/panels/positions/figures';
import {
  enteredAmount,
  isOverBudget,
  positionsOf,
  waveBudget,
  waveCounts,
  waveMoney,
} from '../../src/renderer/panels/waves/sums';
import { sourcesText, waveWord } from '../../src/renderer/ui/waves.en';
import { decisions, orders, positions, waves } from './fake-rows';

const sol = positions.find((row) => row.symbol.startsWith('SOL')) as Position;
const like = (part: Partial<Position>): Position => ({ ...sol, ...part });
const decimal = (value: string) => value as Decimal;

describe('the sums of a wave', () => {
  it('count what the entries filled, also after a part was sold', () => {
    const half = like({ amount: decimal('0.5'), exitPrice: decimal('150') });
    const entry = orders.find((row) => row.positionId === sol.id && row.leg === 'entry') as Order;
    expect(enteredAmount(half, [{ ...entry, filled: decimal('1.3') }])).toBe('1.3');
    expect(enteredAmount(half, [])).toBe(sol.intendedAmount);
    expect(enteredAmount(like({ entryPrice: null, amount: decimal('0') }), [])).toBe('0');
  });

  it('never put paper and real money together', () => {
    const rows = [sol, like({ id: 'p-paper' as PositionId, venue: 'binance_paper' })];
    const money = waveMoney(rows, [], () => sol.entryPrice);
    expect(money.map((row) => [row.paper, row.positions])).toEqual([
      [false, 1],
      [true, 1],
    ]);
  });

  it('never put two currencies together', () => {
    const other = like({ id: 'p-usdc' as PositionId, symbol: 'SOL/USDC:USDC' as Position['symbol'] });
    expect(waveMoney([sol, other], [], () => sol.entryPrice).map((row) => row.quote)).toEqual([
      'USDC',
      'USDT',
    ]);
  });

  it('are unknown while one open price is, and the realised part stays known', () => {
    const [money] = waveMoney([sol, like({ id: 'p-2' as PositionId })], [], (row) =>
      row.id === sol.id ? sol.entryPrice : null,
    );
    expect(money?.unrealised).toBeNull();
    expect(money?.total).toBeNull();
    expect(money?.realised).toBe(add(netResult(sol).net, netResult(sol).net));
  });

  it('are the sum of their parts for any positions', () => {
    const price = fc.integer({ min: 1, max: 1_000_000 }).map((value) => fromNumber(value / 100));
    fc.assert(
      fc.property(
        fc.array(fc.record({ amount: price, entryPrice: price, realised: price, mark: price }), {
          minLength: 1,
        }),
        (made) => {
          const rows = made.map((part, index) =>
            like({ ...part, intendedAmount: part.amount, id: `p-${index}` as PositionId, exitPrice: null }),
          );
          const marks = new Map(rows.map((row, index) => [row.id, made[index]?.mark ?? null]));
          const [money] = waveMoney(rows, [], (row) => marks.get(row.id) ?? null);
          expect(money?.used).toBe(sum(made.map((part) => mul(part.amount, part.entryPrice))));
          expect(
            eq(money?.total as Decimal, add(money?.realised as Decimal, money?.unrealised as Decimal)),
          ).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('compare the budget with what was spent', () => {
    expect(waveBudget(5, decimal('200'))).toBe('1000');
    expect(waveBudget(0, decimal('200'))).toBeNull();
    expect(isOverBudget(decimal('1010.01'), decimal('1000'))).toBe(true);
    expect(isOverBudget(decimal('1009'), decimal('1000'))).toBe(false);
    expect(isOverBudget(decimal('9'), decimal('10'))).toBe(false);
    expect(isOverBudget(decimal('9'), null)).toBe(false);
  });

  it('hold the positions of that wave alone, oldest first', () => {
    const wave = sol.waveTime;
    const mine = positionsOf(positions, wave as NonNullable<typeof wave>);
    expect(mine.length).toBeGreaterThan(1);
    expect(mine.every((row) => row.waveTime === wave)).toBe(true);
    expect(mine.map((row) => row.openedAt)).toEqual(mine.map((row) => row.openedAt).sort((a, b) => a - b));
  });
});

describe('the counts of a wave', () => {
  const wave = waves[0]!;
  const own = decisions.filter((row) => row.signal.waveTime === wave.waveTime);

  it('are the engine’s own once it has decided', () => {
    const counts = waveCounts(wave, own);
    expect(counts).toMatchObject({ received: 7, filtered: 2, executed: 3, failed: 1, target: 5, waiting: 0 });
    const whole = counts.byReason.reduce((total, [, count]) => total + count, 0);
    expect(whole).toBe(own.filter((row) => row.reason !== null).length);
  });

  it('come from its decisions while it has no result yet', () => {
    expect(waveCounts(null, own)).toMatchObject({
      received: 7,
      filtered: 2,
      executed: 3,
      failed: 1,
      target: 0,
    });
  });

  it('follow the decisions while the wave is in progress, whatever its result says so far', () => {
    expect(
      waveCounts(
        { ...wave, status: 'processing', results: { binance: { ...wave.results.binance!, executed: 0 } } },
        own,
      ).executed,
    ).toBe(3);
  });

  it('M-117 a wave that never came and one without a tradable signal have different words', () => {
    expect(waveWord(waves[2]!).word).toBe('no wave');
    expect(waveWord(waves[3]!).word).toBe('nothing tradable');
    expect(waveWord({ ...wave, paused: true }).word).toBe('paused');
    expect(waveWord(null).word).toBe('waiting');
  });

  it('say of one that is being looked for that nothing is known of it, not that it brought none', () => {
    const asked = { ...wave, status: 'processing', signalCount: 0, results: {} } as const;
    expect(waveWord(asked).word).toBe('looking');
    expect(waveWord({ ...asked, signalCount: 3 }).word).toBe('in progress');
  });

  it('name the source of the values once for all exchanges that share it, and what else each has to say', () => {
    const result = (paramsSource: 'wave' | 'settings', over: Partial<WaveResult> = {}) =>
      ({
        ...Object.values(wave.results)[0],
        bufferUsed: 0,
        duplicates: 0,
        paramsSource,
        ...over,
      }) as WaveResult;
    expect(
      sourcesText({
        mexc_future: result('wave'),
        binance_future: result('wave', { duplicates: 2, bufferUsed: 1 }),
        bybit_future: result('settings'),
      }),
    ).toEqual([
      'Params of Binance, MEXC from the wave itself',
      'Params of Bybit from your defaults',
      'Binance: 1 signal from the reserve, 2 duplicates left out',
    ]);
    expect(sourcesText({})).toEqual([]);
  });

  it('put the most frequent reason first', () => {
    const numbers = waveCounts(wave, [...own, ...own.slice(-1)]).byReason.map(([, count]) => count);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    expect(cmp(fromNumber(numbers[0] ?? 0), decimal('2'))).toBe(0);
  });
});
