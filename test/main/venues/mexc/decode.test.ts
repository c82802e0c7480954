import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodePublic } from '#main/venues/mexc/decode';
import { decodeFutureDepth } from '#main/venues/mexc/decode-future';
import type { DecodeContext } from '#main/venues/mexc/messages';
import { ProtocolError } from '#main/venues/venue';
import { at, BTC, BTC_PERP, CONTRACT, SPOT } from './world';

const { Writer } = createRequire(import.meta.url)('protobufjs/minimal');
const spot: DecodeContext = {
  market: 'spot',
  instrument: (wire) => (wire === 'BTCUSDT' ? SPOT : undefined),
  now: () => at(5),
};
const future: DecodeContext = {
  market: 'future',
  instrument: (wire) => (wire === 'BTC_USDT' ? CONTRACT : undefined),
  now: () => at(5),
};

/** A spot frame by hand: numbers of the fields as the proto files have them. */
const frame = (
  channel: string,
  body: number,
  fields: (writer: typeof Writer) => void,
  symbol = 'BTCUSDT',
): Uint8Array => {
  const writer = Writer.create();
  writer.uint32(10).string(channel).uint32(26).string(symbol).uint32(48).int64(1_782_000_000_123);
  writer.uint32((body << 3) | 2).fork();
  fields(writer);
  return writer.ldelim().finish() as Uint8Array;
};
const DEPTH = 'spot@public.aggre.depth.v3.api.pb@100ms@BTCUSDT';
const level = (writer: typeof Writer, side: number, price: string, quantity: string) =>
  writer
    .uint32((side << 3) | 2)
    .fork()
    .uint32(10)
    .string(price)
    .uint32(18)
    .string(quantity)
    .ldelim();
const depth = (from: string, to: string, channel = DEPTH, symbol = 'BTCUSDT') =>
  frame(
    channel,
    313,
    (writer) => {
      level(writer, 2, '65000.10', '1.5000');
      writer.uint32(34).string(from).uint32(42).string(to);
    },
    symbol,
  );

describe('public frames of MEXC spot', () => {
  it('reads a change of the book, an empty side left out', () => {
    expect(decodePublic(depth('7', '9'), spot)).toEqual({
      kind: 'book',
      topic: DEPTH,
      delta: {
        first: 7,
        last: 9,
        previousLast: null,
        bids: [['65000.1', '1.5']],
        asks: [],
        venueTime: 1_782_000_000_123,
      },
    });
  });
  it('reads confirmations of several topics at once', () => {
    expect(decodePublic('{"id":1,"code":0,"msg":"spot@a,spot@b"}', spot)).toEqual({
      kind: 'confirmed',
      topics: ['spot@a', 'spot@b'],
    });
  });
  it('trap: a refusal carries code 0 too, and is told by its words; ccxt waits on it for ever', () => {
    const msg = 'Not Subscribed successfully! [spot@a,spot@b].  Reason： Blocked!';
    expect(decodePublic(JSON.stringify({ id: 0, code: 0, msg }), spot)).toEqual({
      kind: 'refused',
      topics: ['spot@a', 'spot@b'],
      why: 'Blocked!',
    });
  });
  it('takes a pong for control', () => {
    expect(decodePublic('{"id":0,"code":0,"msg":"PONG"}', spot)).toEqual({ kind: 'control' });
  });
  it.each<[string, string | Uint8Array]>([
    ['cut', depth('7', '9').subarray(0, 90)],
    ['text that is cut', '{"id":0,"code":0,"msg":"spot@'],
    ['two documents', '{"id":0,"code":0,"msg":"PONG"}{"id":0}'],
    ['a web page', '<html>maintenance</html>'],
    ['of a symbol that was never listed', depth('7', '9', DEPTH.replace('BTC', 'NOPE'), 'NOPEUSDT')],
    ['whose channel is of another symbol', depth('7', '9', DEPTH.replace('BTC', 'ETH'))],
    ['of a channel nobody knows', frame('spot@public.new@BTCUSDT', 399, (w) => w.uint32(10).string('x'))],
    ['whose range runs backwards', depth('9', '7')],
    ['whose version is no number', depth('x', '9')],
    ['whose version passes 2^53', depth('9007199254740993', '9007199254740999')],
    ['that is compressed', gzipSync(depth('7', '9'))],
    ['a gzip bomb', gzipSync(Buffer.alloc(5_000_000))],
    ['empty', new Uint8Array()],
    [
      'with a price that is no number',
      frame(DEPTH, 313, (w) => {
        level(w, 1, 'NaN', '1');
        w.uint32(34).string('1').uint32(42).string('1');
      }),
    ],
    [
      'with a trade without a side',
      frame('spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT', 314, (w) =>
        w
          .uint32(10)
          .fork()
          .uint32(10)
          .string('1')
          .uint32(18)
          .string('1')
          .uint32(32)
          .int64(1_782_000_000_120)
          .ldelim(),
      ),
    ],
  ])('a frame that is %s is a protocol error with a short excerpt', (_, data) => {
    try {
      decodePublic(data, spot);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as ProtocolError).excerpt.length).toBeLessThanOrEqual(100);
    }
  });
});

const push = (channel: string, data: unknown, over: object = {}) =>
  JSON.stringify({ channel, symbol: 'BTC_USDT', data, ts: 1_782_000_000_200, ...over });
const DEAL = { p: 114350.4, v: 4, T: 2, O: 3, M: 2, t: 1_760_368_563_597, i: '778123' };

describe('public frames of MEXC futures', () => {
  it('M-288 reads every trade of a batch, in base units', () => {
    const message = decodePublic(push('push.deal', [DEAL, { ...DEAL, T: 1, v: 10, i: 778124 }]), future);
    expect(message).toMatchObject({
      kind: 'events',
      topic: 'deal|BTC_USDT',
      events: [
        {
          type: 'trade',
          symbol: BTC_PERP,
          tradeId: '778123',
          side: 'sell',
          price: '114350.4',
          amount: '0.0004',
        },
        { tradeId: '778124', side: 'buy', amount: '0.001' },
      ],
    });
  });
  it('reads the one trade of a frame from before August 2025', () => {
    expect(decodePublic(push('push.deal', DEAL), future)).toMatchObject({ events: [{ tradeId: '778123' }] });
  });
  it('names trades without an id by what they say, each apart', () => {
    const { i: _id, ...bare } = DEAL;
    const message = decodePublic(push('push.deal', [bare, bare]), future);
    const ids =
      message.kind === 'events' ? message.events.map((event) => (event as { tradeId: string }).tradeId) : [];
    expect(new Set(ids).size).toBe(2);
  });
  it('reads merged and single changes of the book', () => {
    const merged = { asks: [[50001.5, 112, 2]], bids: [[50000.5, 0, 0]], begin: 31, end: 34, version: 34 };
    expect(decodePublic(push('push.depth', merged), future)).toMatchObject({
      delta: { first: 31, last: 34, asks: [['50001.5', '0.0112']], bids: [['50000.5', '0']] },
    });
    expect(decodePublic(push('push.depth', { asks: [], bids: [], version: 35 }), future)).toMatchObject({
      delta: { first: 35, last: 35 },
    });
  });
  it('tells price, mark and open interest out of one ticker', () => {
    const data = {
      symbol: 'BTC_USDT',
      lastPrice: 100,
      fairPrice: 101,
      indexPrice: 102,
      holdVol: 20_000,
      amount24: 5,
      riseFallRate: -0.0006,
      fundingRate: 0.0001,
      timestamp: 1_731_137_509_138,
    };
    expect(decodePublic(push('push.ticker', data), future)).toMatchObject({
      events: [
        { type: 'ticker', last: '100', volume24h: 5 },
        { type: 'mark', mark: '101', index: '102', fundingRate: '0.0001' },
        { type: 'interest', base: '2', quote: '202' },
      ],
    });
  });
  it('leaves unknown what a ticker does not say, instead of 0', () => {
    const data = { symbol: 'BTC_USDT', lastPrice: 100, timestamp: 1_731_137_509_138 };
    expect(decodePublic(push('push.ticker', data), future)).toMatchObject({
      events: [{ type: 'ticker', change24h: null, volume24h: null }],
    });
  });
  it('reads numbers as text and the reverse', () => {
    const deal = { p: '114350.40', v: '4', T: 2, t: '1760368563597', i: 778123 };
    expect(decodePublic(push('push.deal', [deal]), future)).toMatchObject({
      events: [{ price: '114350.4', amount: '0.0004', tradeId: '778123' }],
    });
  });
  it('keeps a trade id beyond 2^53 to its last digit', () => {
    const text = push('push.deal', [DEAL]).replace('"778123"', '9007199254740993');
    expect(decodePublic(text, future)).toMatchObject({ events: [{ tradeId: '9007199254740993' }] });
  });
  it('passes a crossed snapshot on as it is: the owner of the book judges it', () => {
    const book = decodeFutureDepth({ asks: [[99, 1, 1]], bids: [[100, 1, 1]], version: 5 }, CONTRACT);
    expect(book).toEqual({ last: 5, bids: [['100', '0.0001']], asks: [['99', '0.0001']] });
  });
  it.each<[string, string | Uint8Array]>([
    ['cut', push('push.deal', [DEAL]).slice(0, 40)],
    ['two documents', `${push('push.deal', [DEAL])}${push('push.deal', [DEAL])}`],
    ['binary, though text was asked for', gzipSync(push('push.deal', [DEAL]))],
    ['a refusal', '{"channel":"rs.error","data":"Contract doesn\'t exist!","ts":1}'],
    ['of a contract that was never listed', push('push.deal', [DEAL], { symbol: 'NOPE_USDT' })],
    [
      'a ticker of another contract',
      push('push.ticker', { symbol: 'ETH_USDT', lastPrice: 1, timestamp: 1_731_137_509_138 }),
    ],
    ['of a channel nobody knows', push('push.brand.new', {})],
    ['without a channel', '{"data":1}'],
    ['whose range runs backwards', push('push.depth', { asks: [], bids: [], begin: 9, end: 8, version: 8 })],
    ['with a side of 3', push('push.deal', [{ ...DEAL, T: 3 }])],
    ['with a time in seconds', push('push.deal', [{ ...DEAL, t: 1_760_368_563 }])],
    [
      'with a candle of an unknown length',
      push('push.kline', { interval: 'Hour8', t: 1_651_230_660, o: 1, c: 1, h: 1, l: 1, q: 1 }),
    ],
  ])('a frame that is %s is a protocol error', (_, data) => {
    expect(() => decodePublic(data, future)).toThrow(ProtocolError);
  });
  it('says the symbol of spot and futures in their unified forms', () => {
    expect([SPOT.symbol, CONTRACT.symbol]).toEqual([BTC, BTC_PERP]);
  });
});
