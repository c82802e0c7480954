import { describe, expect, it } from 'vitest';
import { decodeOpenInterest, decodePublic } from '#main/venues/hyperliquid/decode';
import { ProtocolError } from '#main/venues/index';
import { unixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';

const BTC = 'BTC/USDC:USDC' as Symbol;
const NOW = unixMs(1_795_187_010_000);
const context = {
  market: 'future' as const,
  symbol: (coin: string) => (coin === 'BTC' ? BTC : undefined),
  now: () => NOW,
};
const read = (frame: unknown, market: 'spot' | 'future' = 'future') =>
  decodePublic(typeof frame === 'string' ? frame : JSON.stringify(frame), { ...context, market });
const events = (frame: unknown, market?: 'spot' | 'future') => {
  const message = read(frame, market);
  if (message.kind !== 'events') throw new Error(`not events but ${message.kind}`);
  return message;
};

const trade = {
  coin: 'BTC',
  side: 'A',
  px: '68010.0',
  sz: '0.015',
  time: 1_795_187_000_123,
  hash: '0x0',
  tid: 745210434703679,
  users: ['0x1', '0x2'],
};
const ctx = {
  funding: '0.0000125',
  openInterest: '27353.17',
  prevDayPx: '67000.0',
  dayNtlVlm: '1516669192.1',
  premium: '0.0002',
  oraclePx: '68020.0',
  markPx: '68011.0',
  midPx: '68009.5',
  impactPxs: ['68009.0', '68010.0'],
  dayBaseVlm: '22400.1',
};

describe('public frames', () => {
  it('reads every trade of a batch, with the side of the taker', () => {
    const message = events({ channel: 'trades', data: [trade, { ...trade, side: 'B', tid: 2 }] });
    expect(message.topic).toBe('trades:BTC');
    expect(message.events).toMatchObject([
      {
        type: 'trade',
        venue: 'hyperliquid_future',
        symbol: BTC,
        tradeId: '745210434703679',
        price: '68010',
        amount: '0.015',
        side: 'sell',
        venueTime: 1_795_187_000_123,
        seenAt: NOW,
      },
      { side: 'buy', tradeId: '2' },
    ]);
  });

  it('reads numbers printed bare and ids printed as text', () => {
    const odd = { ...trade, px: 68010, sz: 0.015, tid: '745210434703679', time: '1795187000123' };
    expect(events({ channel: 'trades', data: [odd] }).events[0]).toMatchObject({
      price: '68010',
      amount: '0.015',
      tradeId: '745210434703679',
    });
  });

  it('keeps the digits of an id beyond 2^53', () => {
    const text = JSON.stringify({ channel: 'trades', data: [{ ...trade, tid: 1 }] }).replace(
      '"tid":1',
      '"tid":9007199254740993',
    );
    expect(events(text).events[0]).toMatchObject({ tradeId: '9007199254740993' });
  });

  it('reads the best prices, and tells none while a side is empty', () => {
    const bbo = [
      { px: '68009.0', sz: '1.2', n: 3 },
      { px: '68010.0', sz: '0.7', n: 1 },
    ];
    const frame = (sides: unknown) => ({
      channel: 'bbo',
      data: { coin: 'BTC', time: 1_795_187_000_130, bbo: sides },
    });
    expect(events(frame(bbo)).events).toMatchObject([
      {
        type: 'top',
        bid: '68009',
        bidAmount: '1.2',
        ask: '68010',
        askAmount: '0.7',
        venueTime: 1_795_187_000_130,
      },
    ]);
    expect(read(frame([bbo[0], null]))).toEqual({ kind: 'control' });
  });

  it('reads price, mark, index, hourly funding and open interest out of one context', () => {
    const message = events({ channel: 'activeAssetCtx', data: { coin: 'BTC', ctx } });
    expect(message.events).toMatchObject([
      { type: 'ticker', last: '68009.5', volume24h: 1516669192.1 },
      {
        type: 'mark',
        mark: '68011',
        index: '68020',
        fundingRate: '0.0000125',
        nextFundingAt: 1_795_190_400_000,
      },
      { type: 'interest', base: '27353.17', quote: '1860316444.87' },
    ]);
  });

  it('takes the mark for the price while the book has no middle, and knows no funding on spot', () => {
    const empty = { ...ctx, midPx: null, premium: null, impactPxs: null };
    expect(events({ channel: 'activeAssetCtx', data: { coin: 'BTC', ctx: empty } }).events[0]).toMatchObject({
      last: '68011',
    });
    const spot = { prevDayPx: '39.1', dayNtlVlm: '18000000.1', markPx: '40.12', midPx: '40.121' };
    expect(
      events({ channel: 'activeSpotAssetCtx', data: { coin: 'BTC', ctx: spot } }, 'spot').events,
    ).toMatchObject([{ type: 'ticker', last: '40.121' }]);
  });

  it('reads a candle as open, since none is ever called closed', () => {
    const data = {
      t: 1_795_186_980_000,
      T: 1_795_187_039_999,
      s: 'BTC',
      i: '1m',
      o: '68000.0',
      c: '68010.0',
      h: '68020.0',
      l: '67990.0',
      v: '12.51',
      n: 231,
    };
    expect(events({ channel: 'candle', data })).toMatchObject({
      topic: 'candle:BTC:1m',
      events: [
        {
          timeframe: '1m',
          candle: { openTime: data.t, open: 68000, close: 68010, volume: 12.51, closed: false },
        },
      ],
    });
    expect(() => read({ channel: 'candle', data: { ...data, i: '3d' } })).toThrow('another interval');
  });

  it('reads a whole book', () => {
    const data = {
      coin: 'BTC',
      time: 1_795_187_000_500,
      levels: [[{ px: '68009.0', sz: '1.20', n: 3 }], [{ px: '68010.0', sz: '0.7', n: 2 }]],
    };
    expect(read({ channel: 'l2Book', data })).toMatchObject({
      kind: 'book',
      topic: 'l2Book:BTC',
      book: { bids: [['68009', '1.2']], asks: [['68010', '0.7']] },
    });
  });

  it('M-290 takes greeting, pong and acknowledgements for no data', () => {
    for (const frame of [
      'Websocket connection established.',
      { channel: 'pong' },
      { channel: 'subscriptionResponse', data: {} },
    ])
      expect(read(frame)).toEqual({ kind: 'control' });
  });
});

describe('public frames that are wrong', () => {
  const frame = JSON.stringify({ channel: 'trades', data: [trade] });
  it.each([
    ['cut in the middle', frame.slice(0, 60)],
    ['two documents in one', frame + frame],
    ['no JSON', '<html>busy</html>'],
    ['no channel', '{"data":[]}'],
    ['an unknown channel', '{"channel":"webData2","data":{}}'],
    ['a refusal', '{"channel":"error","data":"Invalid subscription"}'],
    ['another symbol', frame.replaceAll('"BTC"', '"ETH"')],
    [
      'two symbols in one batch',
      JSON.stringify({ channel: 'trades', data: [trade, { ...trade, coin: 'ETH' }] }),
    ],
    ['an unknown side', frame.replace('"A"', '"X"')],
    ['a price that is none', frame.replace('68010.0', '68,010')],
    ['a time in seconds', frame.replace('1795187000123', '1795187000')],
    [
      'a crossed book',
      '{"channel":"l2Book","data":{"coin":"BTC","time":1795187000500,"levels":[[{"px":"10","sz":"1","n":1}],[{"px":"9","sz":"1","n":1}]]}}',
    ],
    ['a book without sides', '{"channel":"l2Book","data":{"coin":"BTC","time":1795187000500,"levels":null}}'],
  ])('%s is a ProtocolError with a short excerpt', (_what, text) => {
    let thrown: unknown;
    try {
      read(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ProtocolError);
    expect((thrown as ProtocolError).excerpt.length).toBeLessThanOrEqual(100);
  });
});

describe('open interest', () => {
  it('is told in quote units, of the coin asked for alone', () => {
    const told = [{ universe: [{ name: 'BTC' }] }, [ctx]];
    expect(decodeOpenInterest(told, 0, 'BTC')).toBe('1860316444.87');
    expect(() => decodeOpenInterest(told, 0, 'ETH')).toThrow(ProtocolError);
  });
});
