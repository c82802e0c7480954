import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CandleBuffer } from '#main/market/candle-buffer';
import { candle, MINUTE } from './world';

describe('the candle buffer', () => {
  it('M-127 keeps closed candles without a hole and without a double, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('open', 'close', 'lost close', 'repeat'), { maxLength: 300 }),
        (stream) => {
          const buffer = new CandleBuffer(MINUTE);
          let minute = 0;
          const history = (since: number) =>
            Array.from({ length: minute - since }, (_, at) => candle(since + at, true));
          for (const what of stream) {
            const now = candle(minute, what === 'close');
            if (what === 'lost close') {
              minute++;
              continue;
            }
            const step = buffer.take(now);
            if (step.kind === 'hole') {
              const since = step.since / MINUTE;
              expect(since).toBeLessThan(minute);
              buffer.fill(history(since));
              expect(buffer.take(now).kind).toBe('tell');
            }
            if (what === 'repeat') buffer.take(now);
            if (what === 'close') minute++;
            const times = buffer.closed.map(({ openTime }) => openTime / MINUTE);
            times.forEach((time, at) => {
              if (at > 0) expect(time).toBe(times[at - 1]! + 1);
            });
            if (buffer.open !== null && times.length > 0)
              expect(buffer.open.openTime / MINUTE).toBe(times.at(-1)! + 1);
          }
        },
      ),
    );
  });
  it('M-126 keeps the last 200 closed candles, the open one apart', () => {
    const buffer = new CandleBuffer(MINUTE);
    buffer.fill([...Array.from({ length: 300 }, (_, at) => candle(at, true)), candle(300, false)]);
    expect(buffer.closed).toHaveLength(200);
    expect(buffer.closed[0]!.openTime).toBe(100 * MINUTE);
    expect(buffer.open!.openTime).toBe(300 * MINUTE);
  });
  it('M-127 does not take a closed candle twice, nor an older one', () => {
    const buffer = new CandleBuffer(MINUTE);
    buffer.fill([candle(0, true), candle(1, true)]);
    expect(buffer.take(candle(1, true)).kind).toBe('old');
    expect(buffer.take(candle(0, false)).kind).toBe('old');
    expect(
      buffer.fill([candle(0, true), candle(1, true), candle(2, true)]).map(({ openTime }) => openTime),
    ).toEqual([2 * MINUTE]);
  });
  it("goes on over the exchange's own hole when asked to", () => {
    const buffer = new CandleBuffer(MINUTE);
    buffer.fill([candle(0, true)]);
    expect(buffer.take(candle(5, false))).toEqual({ kind: 'hole', since: MINUTE });
    buffer.fill([]);
    buffer.force(candle(5, false));
    expect(buffer.open!.openTime).toBe(5 * MINUTE);
    buffer.force(candle(0, true));
    expect(buffer.closed).toHaveLength(1);
  });
});
