import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReader } from '#main/venues/gateio/reader';
import { decodeInstruments } from '#main/venues/gateio/symbols';
import { ProtocolError } from '#main/venues/venue';
import { CONTRACTS } from './rows';

const lines = (name: string): string[] =>
  readFileSync(new URL(`../../../fixtures/venues/gateio/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
const reader = (market: 'spot' | 'future') => createReader(market, { now: () => 1_782_000_003_000 });

describe.each(['spot', 'future'] as const)('M-289 frames of Gate, %s', (market) => {
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
    expect(unknown).toHaveLength(market === 'spot' ? 1 : 0);
  });
});

describe('contracts', () => {
  const trade = lines('future.frames.jsonl').find((line) =>
    line.includes('futures.trades","event":"update'),
  )!;
  it('are told as contracts while their size is not known', () => {
    expect(reader('future').read(trade)[0]).toMatchObject({ amount: '3', unit: 'contract' });
  });
  it('become base units with the exchange’s own list', () => {
    const instruments = decodeInstruments(CONTRACTS, 'future');
    const [fact] = createReader('future', { now: () => 0, instruments }).read(trade);
    expect(fact).toMatchObject({ amount: '0.0003' });
    expect(fact).not.toHaveProperty('unit');
  });
});

describe('a broken frame', () => {
  const TRADE = lines('spot.frames.jsonl').find((line) => line.includes('"range"'))!;
  it.each([
    ['cut short', TRADE.slice(0, -20)],
    ['two documents in one', TRADE + TRADE],
    ['with a price that is none', TRADE.replace('2500.10', 'much')],
    ['with a side that is none', TRADE.replace('"side":"buy"', '"side":"up"')],
    ['without a result', TRADE.replace(/"result":\{.*\}\}/, '"x":1}')],
    ['an error page', '<html>502</html>'],
  ])('%s is told as broken', (_what, frame) => {
    expect(() => reader('spot').read(frame)).toThrow(ProtocolError);
  });
  it('is not taken for one by a whole frame: the same without the break is read', () => {
    expect(reader('spot').read(TRADE)).toHaveLength(1);
  });
});
