import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bybit } from '#main/venues/bybit/index';
import { ProtocolError } from '#main/venues/index';
import type { MarketKind } from '#shared/domain/exchange';
import { execution } from './world';

const FIXTURES = new URL('../../../fixtures/venues/bybit/', import.meta.url);
const lines = (name: string): string[] => readFileSync(new URL(name, FIXTURES), 'utf8').trim().split('\n');
const readerOf = (market: MarketKind) => bybit.reader(market, { now: () => 1 });

describe('reading frames of Bybit', () => {
  it.each(['spot', 'future'] as const)('M-289 says what every documented %s frame says', (market) => {
    const reader = readerOf(market);
    const facts = lines(`${market}.frames.jsonl`).flatMap((line) => reader.read(line));
    expect(facts).toEqual(lines(`${market}.facts.jsonl`).map((line) => JSON.parse(line) as unknown));
  });
  it('M-283 tells every kind of frame by a type of its own', () => {
    const types = new Set(
      lines('future.facts.jsonl').map((line) => (JSON.parse(line) as { type: string }).type),
    );
    expect([...types].sort()).toEqual(
      [
        'ack',
        'auth',
        'balance',
        'book_delta',
        'book_snapshot',
        'candle',
        'error',
        'fill',
        'funding',
        'liquidation',
      ].concat(['mark_price', 'open_interest', 'order', 'pong', 'position', 'ticker', 'trade', 'unknown']),
    );
  });
  it('M-290 never makes an own fill of a public trade', () => {
    const facts = lines('future.frames.jsonl')
      .filter((line) => line.includes('publicTrade'))
      .flatMap((line) => readerOf('future').read(line));
    expect(facts.map(({ type }) => type)).toEqual(['trade', 'trade']);
  });
  it('does not tell a row of one market as the other’s', () => {
    const frame = JSON.stringify({ topic: 'execution', creationTime: 1, data: [execution()] });
    expect(readerOf('future').read(frame)).toMatchObject([{ type: 'fill' }]);
    expect(readerOf('spot').read(frame)).toMatchObject([{ type: 'unknown' }]);
  });
  it('calls unknown what is whole, and throws for what is broken', () => {
    for (const frame of ['{"hello":1}', '[1]', '"text"', '{"topic":"greeks.BTC","data":[]}'])
      expect(readerOf('future').read(frame)).toMatchObject([{ type: 'unknown' }]);
    for (const frame of [
      '{"topic":',
      '<html>',
      '',
      '{}{}',
      '{"topic":"publicTrade.BTCUSDT","data":[{"s":"BTCUSDT"}]}',
    ])
      expect(() => readerOf('future').read(frame)).toThrow(ProtocolError);
  });
  it('reads bytes as it reads text', () => {
    const [frame] = lines('spot.frames.jsonl');
    expect(readerOf('spot').read(new TextEncoder().encode(frame))).toEqual(readerOf('spot').read(frame!));
  });
});
