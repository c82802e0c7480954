import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hyperliquid } from '#main/venues/hyperliquid/index';
import { decodeSpotPairs } from '#main/venues/hyperliquid/symbols';
import { ProtocolError } from '#main/venues/index';
import type { MarketKind } from '#shared/domain/exchange';
import { SPOT_META } from './world';

const FIXTURES = new URL('../../../fixtures/venues/hyperliquid/', import.meta.url);
const lines = (name: string): string[] => readFileSync(new URL(name, FIXTURES), 'utf8').trim().split('\n');
const reader = (market: MarketKind, more: object = {}) =>
  hyperliquid.reader(market, { now: () => 1_795_187_010_000, ...more });

describe('reading frames of Hyperliquid for people', () => {
  it.each(['future', 'spot'] as const)('M-289 says what every documented %s frame says', (market) => {
    const { read } = reader(market);
    const facts = lines(`${market}.frames.jsonl`).flatMap((frame) => read(frame));
    expect(facts).toEqual(lines(`${market}.facts.jsonl`).map((line) => JSON.parse(line) as unknown));
  });

  it('M-284 writes a fill with the exchange’s own trade number', () => {
    const frame = lines('future.frames.jsonl').find((line) => line.includes('"tid":17679709382320'))!;
    expect(reader('future').read(frame)).toEqual([
      {
        type: 'fill',
        exchange: 'hyperliquid',
        market: 'future',
        symbol: 'BTC/USDC:USDC',
        timestamp: 1_795_187_003_000,
        id: '17679709382320',
        order_id: '481029459465',
        client_order_id: '0x00000000000000000000000000000abc',
        side: 'sell',
        price: '68010',
        amount: '0.01',
        cost: '680.1',
        fee: { cost: '0.306045', currency: 'USDC' },
        maker: false,
      },
    ]);
  });

  it('M-290 finds no fill in any public frame', () => {
    const isPublic = (line: string) => /"channel":"(trades|bbo|l2Book|candle|active\w+|allMids)"/.test(line);
    const facts = lines('future.frames.jsonl')
      .filter(isPublic)
      .flatMap((frame) => reader('future').read(frame));
    expect(facts.length).toBeGreaterThan(8);
    expect(facts.filter(({ type }) => type === 'fill' || type === 'order')).toEqual([]);
  });

  it('names a numbered pair once it has the exchange’s list', () => {
    const frame = lines('spot.frames.jsonl').find((line) => line.includes('@107'))!;
    const instruments = decodeSpotPairs(SPOT_META).map(({ instrument }) => instrument);
    expect(reader('spot').read(frame)[0]).toMatchObject({ symbol: null });
    expect(reader('spot', { instruments }).read(frame)[0]).toMatchObject({ symbol: 'HYPE/USDC' });
  });

  it('says so when a frame is whole and not understood, and throws for a broken one', () => {
    expect(reader('future').read('{"channel":"notification","data":{}}')).toMatchObject([
      { type: 'unknown' },
    ]);
    for (const broken of [
      '',
      '{"channel":"trades"',
      '{"data":1}',
      '[]',
      '{"channel":"trades","data":{}}',
      '<html>',
    ])
      expect(() => reader('future').read(broken)).toThrow(ProtocolError);
  });

  it('reads bytes as it reads text', () => {
    const frame = lines('future.frames.jsonl').find((line) => line.includes('"l2Book"'))!;
    expect(reader('future').read(Buffer.from(frame))).toEqual(reader('future').read(frame));
  });
});
