import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '#main/venues/mexc/proto';
import { ProtocolError } from '#main/venues/venue';

/** Aggregated deals of ETHUSDT: 2500.10, 0.25, bought, trade 900001. */
const DEALS = Buffer.from(
  '0a2f73706f74407075626c69632e61676772652e6465616c732e76332e6170692e7062403130306d73404554485553445' +
    '41a07455448555344543' +
    '0fbb8e8bbee33d2134b0a200a07323530302e31301204302e3235180120f8b8e8bbee332a0639303030303112277370' +
    '6f74407075626c69632e61676772652e6465616c732e76332e6170692e7062403130306d73',
  'hex',
);
const { Writer } = createRequire(import.meta.url)('protobufjs/minimal');

describe('protobuf frames of MEXC spot', () => {
  it('reads the published vector', () => {
    expect(decodeFrame(DEALS)).toEqual({
      channel: 'spot@public.aggre.deals.v3.api.pb@100ms@ETHUSDT',
      symbol: 'ETHUSDT',
      sendTime: 1_782_000_000_123,
      publicAggreDeals: {
        deals: [
          { price: '2500.10', quantity: '0.25', tradeType: 1, time: 1_782_000_000_120, tradeId: '900001' },
        ],
        eventType: 'spot@public.aggre.deals.v3.api.pb@100ms',
      },
    });
  });
  it('skips fields of unknown number, whatever their type', () => {
    const more = Writer.create()
      .uint32((900 << 3) | 2)
      .string('new')
      .uint32((901 << 3) | 0)
      .uint32(7)
      .uint32((902 << 3) | 5)
      .fixed32(1)
      .finish() as Uint8Array;
    expect(decodeFrame(Buffer.concat([DEALS, more]))).toEqual(decodeFrame(DEALS));
  });
  it('keeps a 64-bit number beyond 2^53 as text', () => {
    const frame = Writer.create()
      .uint32((6 << 3) | 0)
      .int64('9007199254740993')
      .finish() as Uint8Array;
    expect(decodeFrame(frame)).toEqual({ sendTime: '9007199254740993' });
  });
  it('refuses every cut of a frame that ends inside a field', () => {
    const cuts = Array.from({ length: DEALS.length - 1 }, (_, at) => DEALS.subarray(0, at + 1));
    const whole = cuts.filter((cut) => {
      try {
        decodeFrame(cut);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        return false;
      }
    });
    // Only between two fields a shorter frame is one too: after the channel, the symbol and the time.
    expect(whole.map((cut) => cut.length)).toEqual([49, 58, 65]);
  });
  it('never inflates: a gzip bomb is an unreadable frame', () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    expect(bomb.length).toBeLessThan(20_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodeFrame(bomb)).toThrow(ProtocolError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });
  it('says of any bytes what they hold, or that they are no frame, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(typeof decodeFrame(bytes)).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect((error as ProtocolError).excerpt.length).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
