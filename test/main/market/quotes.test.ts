import { describe, expect, it } from 'vitest';
import type { Quote } from '#shared/domain/market';
import { BTC, createWorld, ETH, START, VENUE } from './world';

const ALL = ['mark', 'ticker', 'top', 'trades'].map((kind) => `${BTC} ${kind}`);

describe('watching', () => {
  it('is counted: streams run from the first user to the last', () => {
    const { market, venue, attach } = createWorld();
    attach();
    market.watch(VENUE, BTC, true);
    market.watch(VENUE, BTC, true);
    expect(venue.running()).toEqual(ALL);
    expect(venue.opened).toHaveLength(4);
    market.watch(VENUE, BTC, false);
    expect(venue.running()).toEqual(ALL);
    market.watch(VENUE, BTC, false);
    expect(venue.running()).toEqual([]);
    market.watch(VENUE, BTC, false);
    market.watch(VENUE, BTC, true);
    expect(venue.running()).toEqual(ALL);
  });
  it('leaves a quote unknown where the venue refuses the stream, and the others alone', () => {
    const { market, venue, attach } = createWorld();
    attach({
      ...venue.source,
      subscribe(channel, listener) {
        if (channel.symbol === ETH) throw new Error('not listed');
        return venue.source.subscribe(channel, listener);
      },
    });
    market.watch(VENUE, ETH, true);
    market.watch(VENUE, BTC, true);
    expect(venue.running()).toEqual(ALL);
    expect(market.quote(VENUE, ETH)).toBeUndefined();
    market.watch(VENUE, ETH, false);
  });
  it('begins when the venue comes, and moves to its successor', () => {
    const { market, venue, attach } = createWorld();
    market.watch(VENUE, BTC, true);
    expect(venue.running()).toEqual([]);
    const undo = attach();
    expect(venue.running()).toEqual(ALL);
    undo();
    expect(venue.running()).toEqual([]);
    attach();
    expect(venue.running()).toEqual(ALL);
  });
  it("replaces the screen's list without touching what stays", () => {
    const { market, venue, attach } = createWorld();
    attach();
    const ref = (symbol: typeof BTC) => ({ venue: VENUE, symbol });
    market.watchList('screen', [ref(BTC)]);
    market.watchList('screen', [ref(BTC), ref(ETH)]);
    expect(venue.opened).toHaveLength(8);
    market.watchList('screen', [ref(ETH)]);
    expect(venue.running().every((name) => name.startsWith('ETH'))).toBe(true);
    market.watchList('screen', []);
    expect(venue.running()).toEqual([]);
  });
  it("keeps each window's list apart: what one releases, another still sees", () => {
    const { market, venue, attach } = createWorld();
    attach();
    const ref = (symbol: typeof BTC) => ({ venue: VENUE, symbol });
    market.watchList('one', [ref(BTC)]);
    market.watchList('two', [ref(BTC), ref(ETH)]);
    expect(venue.running()).toHaveLength(8);
    market.watchList('two', []);
    expect(venue.running()).toEqual(ALL);
    expect(venue.opened).toHaveLength(8);
    market.watchList('one', [ref(ETH)]);
    expect(venue.running().every((name) => name.startsWith('ETH'))).toBe(true);
    market.watchList('one', []);
    market.watchList('never heard of', []);
    expect(venue.running()).toEqual([]);
  });
  it('shares the full rows between windows, and gives them back', () => {
    const { market, venue, attach } = createWorld();
    attach();
    const rows = (letter: string) =>
      Array.from({ length: 40 }, (_, at) => ({
        venue: VENUE,
        symbol: `${letter}${at}/USDT:USDT` as typeof BTC,
      }));
    market.watchList('one', rows('A'));
    expect(venue.running()).toHaveLength(40 * 4);
    market.watchList('two', rows('B'));
    expect(venue.running()).toHaveLength(40 * 4 + 40 * 2);
    market.watchList('two', []);
    expect(venue.running()).toHaveLength(40 * 4);
  });
  it('gives rows far down a long list only what they show', () => {
    const { market, venue, attach } = createWorld();
    attach();
    market.watchList(
      'screen',
      Array.from({ length: 100 }, (_, at) => ({ venue: VENUE, symbol: `C${at}/USDT:USDT` as typeof BTC })),
    );
    expect(venue.running()).toHaveLength(40 * 4 + 60 * 2);
    market.watch(VENUE, 'C99/USDT:USDT' as typeof BTC, true);
    expect(venue.running()).toContain('C99/USDT:USDT trades');
  });
});

describe('quotes', () => {
  it('merge what each stream says, with the time we saw it', async () => {
    const { market, seams, attach, trade, top, mark, ticker } = createWorld();
    attach();
    market.watch(VENUE, BTC, true);
    expect(market.quote(VENUE, BTC)).toBeUndefined();
    trade('100');
    await seams.advance(10);
    top('99', '101');
    mark('100.5');
    ticker('98');
    expect(market.quote(VENUE, BTC)).toEqual({
      venue: VENUE,
      symbol: BTC,
      bid: '99',
      ask: '101',
      last: '100',
      mark: '100.5',
      change24h: 4,
      volume24h: 9,
      venueTime: null,
      seenAt: START + 10,
    });
    expect(market.quotes()).toHaveLength(1);
  });
  it('take the last price from the day ticker only when no trade is newer', async () => {
    const { market, seams, attach, trade, ticker } = createWorld();
    attach();
    market.watch(VENUE, BTC, true);
    trade('100');
    await seams.advance(500);
    ticker('98');
    expect(market.quote(VENUE, BTC)!.last).toBe('100');
    await seams.advance(1_000);
    ticker('98');
    expect(market.quote(VENUE, BTC)!.last).toBe('98');
  });
  it('leave in one message per 16 ms, newest per instrument, while prices leave one by one', async () => {
    const { market, seams, attach, trade } = createWorld();
    attach();
    market.watch(VENUE, BTC, true);
    market.watch(VENUE, ETH, true);
    const batches: (readonly Quote[])[] = [];
    const prices: string[] = [];
    const undo = market.onQuotes((quotes) => batches.push(quotes));
    market.onPrice((_venue, symbol, price) => prices.push(`${symbol} ${price}`));
    for (const price of ['1', '2', '3']) trade(price);
    trade('9', ETH);
    expect(batches).toEqual([]);
    await seams.advance(16);
    expect(batches.map((batch) => batch.map(({ symbol, last }) => [symbol, last]))).toEqual([
      [
        [BTC, '3'],
        [ETH, '9'],
      ],
    ]);
    expect(prices).toEqual([`${BTC} 1`, `${BTC} 2`, `${BTC} 3`, `${ETH} 9`]);
    await seams.advance(1_000);
    expect(batches).toHaveLength(1);
    undo();
    trade('4');
    await seams.advance(100);
    expect(batches).toHaveLength(1);
  });
});

describe('the value of a coin', () => {
  it('is its last price, unknown until there is one; a dollar is a dollar', () => {
    const { market, venue, attach, ticker } = createWorld();
    attach();
    expect(market.lastPriceInUsd(VENUE, 'USDT')).toBe('1');
    expect(market.lastPriceInUsd(VENUE, 'NOPE')).toBeNull();
    expect(venue.running()).toEqual([]);
    expect(market.lastPriceInUsd(VENUE, 'BTC')).toBeNull();
    expect(market.lastPriceInUsd(VENUE, 'BTC')).toBeNull();
    expect(venue.running()).toEqual([`${BTC} ticker`, `${BTC} top`]);
    ticker('65000');
    expect(market.lastPriceInUsd(VENUE, 'BTC')).toBe('65000');
  });
});
