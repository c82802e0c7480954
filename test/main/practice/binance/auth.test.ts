import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkSignature,
  checkTime,
  findKey,
  splitSignature,
  webSocketPayload,
} from '#main/practice/binance/auth';
import type { WireError } from '#main/practice/binance/wire-error';

const codeOf = (run: () => unknown): number | null => {
  try {
    run();
    return null;
  } catch (error) {
    return (error as WireError).code;
  }
};

// The vector of binance-spot-api-docs/rest-api.md.
const DOCS = {
  key: {
    apiKey: 'k',
    account: 'a',
    secret: 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j',
  },
  payload:
    'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559',
  signature: 'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
};

describe('signatures', () => {
  it("accepts the documentation's own vector, in either case", () => {
    expect(codeOf(() => checkSignature(DOCS.key, DOCS.payload, DOCS.signature))).toBeNull();
    expect(codeOf(() => checkSignature(DOCS.key, DOCS.payload, DOCS.signature.toUpperCase()))).toBeNull();
  });

  it('signs websocket requests over their parameters sorted by name', () => {
    const key = { apiKey: 'practice-key', account: 'a', secret: 'practice-secret' };
    const payload = webSocketPayload({
      timestamp: 1700000000000,
      recvWindow: 5000,
      apiKey: 'practice-key',
      signature: 'x',
    });
    expect(payload).toBe('apiKey=practice-key&recvWindow=5000&timestamp=1700000000000');
    const signature = '3c19304037a790571ea15b8a67e1e0d151cd52838b0058d3736e0b5f4411df74';
    expect(codeOf(() => checkSignature(key, payload, signature))).toBeNull();
  });

  it('refuses any other payload and any other signature', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (payload, more) => {
        const signature = createHmac('sha256', DOCS.key.secret).update(payload).digest('hex');
        expect(codeOf(() => checkSignature(DOCS.key, payload, signature))).toBeNull();
        expect(codeOf(() => checkSignature(DOCS.key, payload + more, signature))).toBe(-1022);
        expect(codeOf(() => checkSignature(DOCS.key, payload, more))).toBe(-1022);
      }),
    );
  });

  it('takes the signature out wherever it stands and leaves the other bytes alone', () => {
    expect(splitSignature('a=1&b=%20x&signature=ff')).toEqual({ payload: 'a=1&b=%20x', signature: 'ff' });
    expect(splitSignature('signature=ff&a=1')).toEqual({ payload: 'a=1', signature: 'ff' });
    expect(splitSignature('a=1&signature=ff&b=2')).toEqual({ payload: 'a=1&b=2', signature: 'ff' });
    expect(splitSignature('mysignature=1')).toEqual({ payload: 'mysignature=1', signature: null });
    expect(splitSignature('a=1&signature=%')).toEqual({ payload: 'a=1', signature: '%' });
    expect(splitSignature('')).toEqual({ payload: '', signature: null });
  });

  it('tells a malformed key from an unknown one', () => {
    expect(codeOf(() => findKey([DOCS.key], undefined))).toBe(-2014);
    expect(codeOf(() => findKey([DOCS.key], 'a b'))).toBe(-2014);
    expect(codeOf(() => findKey([DOCS.key], 'other'))).toBe(-2015);
    expect(findKey([DOCS.key], 'k')).toBe(DOCS.key);
  });
});

describe('the time window', () => {
  const NOW = 1_700_000_000_000;
  it.each([
    [NOW, '5000', null],
    [NOW - 5_000, '5000', null],
    [NOW - 5_001, '5000', -1021],
    [NOW - 5_001, undefined, -1021],
    [NOW - 59_000, '60000', null],
    [NOW + 999, '5000', null],
    [NOW + 1_000, '5000', -1021],
    [NOW * 1000, '5000', null],
    [(NOW - 6_000) * 1000, '5000', -1021],
    [NOW, '60001', -1131],
    [NOW, 'soon', -1131],
  ])('timestamp %i with window %s gives %s', (timestamp, window, code) => {
    expect(codeOf(() => checkTime(String(timestamp), window, NOW))).toBe(code);
  });

  it('wants a timestamp', () => {
    expect(codeOf(() => checkTime(undefined, undefined, NOW))).toBe(-1102);
    expect(codeOf(() => checkTime('-1', undefined, NOW))).toBe(-1102);
  });
});
