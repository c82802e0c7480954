import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodeContext, decodePublic } from '#main/venues/binance/decode';
import { scanDelta, scanTrade } from '#main/venues/binance/scan';
import { unixMs } from '#shared/domain/basics';
import type { Symbol } from '#shared/domain/instrument';

const context: DecodeContext = {
  market: 'future',
  now: () => unixMs(1_772_536_800_000),
  symbol: (wire) => (wire === 'BTCUSDT' ? ('BTC/USDT:USDT' as Symbol) : undefined),
};
const bytes = (text: string) => new TextEncoder().encode(text);
/** What a reader makes of a frame: its meaning, or that it refuses. Bytes always take the general way. */
const outcome = (frame: string | Uint8Array): unknown => {
  try {
    return decodePublic(frame, context);
  } catch (error) {
    return (error as Error).name;
  }
};

const number = fc.oneof(
  fc.tuple(fc.nat(99_999), fc.stringMatching(/^\d{1,8}$/)).map(([whole, part]) => `${whole}.${part}`),
  fc.nat(99_999).map(String),
  fc.constantFrom('0', '0.0', '0.00000001', '00.5', '1e-7', '-1', '', '.5', '5.', '1_000', '٣'),
);
const id = fc.oneof(
  fc.nat().map(String),
  fc.constantFrom('9007199254740993', '2000000000002162519', '007', '-5', '1.5', '""', 'null'),
);
const time = fc.oneof(fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }), fc.nat(2_000_000_000));
const symbol = fc.constantFrom('BTCUSDT', 'ETHUSDT', 'btcusdt', '\\u0042TCUSDT', '１２３');
const end = fc.constantFrom('}', ',"M":true}', ',"st":1}', ',"st":2}', ',"X":[1]}', '', '}}', '} {');

const trade = fc
  .record({
    kind: fc.constantFrom('aggTrade', 'trade'),
    time,
    symbol,
    id,
    price: number,
    amount: number,
    between: fc.constantFrom('', ',"f":100,"l":105', ',"b":88,"a":50', ',"f":x', ',"nq":"0.1"'),
    maker: fc.constantFrom('true', 'false', 'null', '"true"', 'truefalse'),
    end,
  })
  .map(
    (f) =>
      `{"e":"${f.kind}","E":${f.time},"s":"${f.symbol}","${f.kind === 'trade' ? 't' : 'a'}":${f.id},"p":"${f.price}","q":"${f.amount}"${f.between},"T":${f.time},"m":${f.maker}${f.end}`,
  );
const levels = fc
  .array(fc.tuple(number, number), { maxLength: 6 })
  .map((rows) => `[${rows.map(([p, a]) => `["${p}","${a}"]`).join(',')}]`);
const delta = fc
  .record({
    time,
    symbol,
    first: id,
    last: id,
    before: fc.constantFrom('', ',"pu":149', ',"pu":null'),
    bids: levels,
    asks: levels,
    end,
  })
  .map(
    (f) =>
      `{"e":"depthUpdate","E":${f.time},"T":${f.time},"s":"${f.symbol}","U":${f.first},"u":${f.last}${f.before},"b":${f.bids},"a":${f.asks}${f.end}`,
  );
/** A frame with a piece cut out, doubled or put elsewhere. */
const broken = fc
  .tuple(fc.oneof(trade, delta), fc.nat(400), fc.nat(20), fc.constantFrom('cut', 'double', 'drop'))
  .map(([text, at, size, how]) =>
    how === 'cut'
      ? text.slice(0, at)
      : how === 'double'
        ? text.slice(0, at) + text.slice(Math.max(0, at - size))
        : text.slice(0, at) + text.slice(at + size),
  );

describe('the scanner of hot frames and the general parser', () => {
  it.each([
    ['trades', trade],
    ['book changes', delta],
    ['broken frames', broken],
  ])('say the same of %s, refusals included', (_, frames) => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(outcome(frame)).toEqual(outcome(bytes(frame)));
      }),
      { numRuns: 3_000 },
    );
  });

  it('does take the usual frames, else the comparison above would compare the parser with itself', () => {
    const agg =
      '{"e":"aggTrade","E":1772536782136,"s":"BTCUSDT","a":5933014,"p":"65000.10","q":"0.004","f":100,"l":105,"T":1772536782130,"m":true,"st":1}';
    expect(scanTrade(agg)).toMatchObject({
      id: '5933014',
      price: '65000.1',
      amount: '0.004',
      buyerIsMaker: true,
    });
    const spot =
      '{"e":"trade","E":1772536782136,"s":"BTCUSDT","t":5012345678,"p":"65000.01000000","q":"0.00120000","T":1772536782135,"m":false,"M":true}';
    expect(scanTrade(spot)).toMatchObject({ event: 'trade', price: '65000.01', amount: '0.0012' });
    const depth =
      '{"e":"depthUpdate","E":1772536782136,"T":1772536782130,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[["65000.00","1.500"]],"a":[["65000.10","0"],["65001","2"]]}';
    expect(scanDelta(depth)).toEqual({
      symbol: 'BTCUSDT',
      eventTime: 1_772_536_782_136,
      first: 157,
      last: 160,
      previousLast: 149,
      bids: [['65000', '1.5']],
      asks: [
        ['65000.1', '0'],
        ['65001', '2'],
      ],
    });
  });
});
