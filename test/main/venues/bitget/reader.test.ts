import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReader } from '#main/venues/bitget/reader';
import { ProtocolError } from '#main/venues/venue';

const lines = (name: string): string[] =>
  readFileSync(new URL(`../../../fixtures/venues/bitget/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
const reader = (market: 'spot' | 'future') => createReader(market, { now: () => 1_795_187_010_000 });

describe.each(['spot', 'future'] as const)('M-289 frames of Bitget, %s', (market) => {
  const frames = lines(`${market}.frames.jsonl`);
  const facts = lines(`${market}.facts.jsonl`).map((line) => JSON.parse(line) as unknown[]);

  it('has the meaning of each frame on record', () => {
    expect(frames).toHaveLength(facts.length);
  });
  it.each(frames.map((frame, at) => [at + 1, frame] as const))(
    'line %i says what is on record',
    (line, frame) => {
      expect(JSON.parse(JSON.stringify(reader(market).read(frame)))).toEqual(facts[line - 1]);
    },
  );
  it('reads bytes as it reads text', () => {
    for (const frame of frames)
      expect(reader(market).read(new TextEncoder().encode(frame))).toEqual(reader(market).read(frame));
  });
  it('M-283 knows every kind of frame but those nobody documented', () => {
    const unknown = facts.flat().filter((fact) => (fact as { type: string }).type === 'unknown');
    expect(unknown).toHaveLength(market === 'spot' ? 1 : 2);
  });
});

describe('a broken frame', () => {
  const TRADE = lines('future.frames.jsonl').find((line) => line.includes('publicTrade'))!;
  it.each([
    ['cut short', TRADE.slice(0, -20)],
    ['two documents in one', TRADE + TRADE],
    ['of another product', TRADE.replace('usdt-futures', 'coin-futures')],
    ['with a price that is none', TRADE.replace('68012.4', 'much')],
    ['with a side that is none', TRADE.replace('"S":"sell"', '"S":"up"')],
    ['without data', TRADE.replace(/"data":\[.*\],"ts"/, '"ts"')],
    ['an error page', '<html>502</html>'],
  ])('%s is told as broken', (_what, frame) => {
    expect(() => reader('future').read(frame)).toThrow(ProtocolError);
  });
  it('is not taken for one by a whole frame: the same without the break is read', () => {
    expect(reader('future').read(TRADE)).toHaveLength(1);
  });
});
