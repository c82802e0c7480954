import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVenue } from '#main/venues/index';
import { toBase, toContracts, toWireNumber } from '#main/venues/mexc/contracts';
import { LIVE_ENDPOINTS, loopbackEndpoints, REFERENCE_ENDPOINTS } from '#main/venues/mexc/endpoints';
import { mexc } from '#main/venues/mexc/index';
import { decodeInstruments, toWireSymbol } from '#main/venues/mexc/symbols';
import type { Decimal } from '#shared/domain/basics';
import { fromText } from '#shared/domain/decimal';
import type { Symbol } from '#shared/domain/instrument';
import { BTC, BTC_PERP, CONTRACT, CONTRACTS, createWorld, EXCHANGE_INFO, SPOT } from './world';

const d = (text: string) => text as Decimal;

describe('hosts of MEXC', () => {
  it('M-270 keeps the first requirements’ hosts for reference, by market', () => {
    expect(REFERENCE_ENDPOINTS).toEqual({
      spot: 'wss://wbs.mexc.com/ws',
      future: 'wss://contract.mexc.com/ws',
    });
  });
  it('M-271 connects to their successors, since both are gone', () => {
    expect(LIVE_ENDPOINTS).toEqual({
      spotRest: 'https://api.mexc.com',
      futureRest: 'https://api.mexc.com',
      spotStream: 'wss://wbs-api.mexc.com/ws',
      futureStream: 'wss://contract.mexc.com/edge',
    });
    for (const old of Object.values(REFERENCE_ENDPOINTS))
      expect(Object.values(LIVE_ENDPOINTS)).not.toContain(old);
  });
  it('M-271 takes other hosts one by one, and for practice all of them', async () => {
    const { seams, pool } = await createWorld();
    const named = createVenue({
      seams,
      pool,
      key: 'mexc_spot',
      mode: 'live',
      endpoints: { spotRest: 'https://x' },
    });
    expect(named.key).toBe('mexc_spot');
    const { spotStream: _left, ...some } = loopbackEndpoints('http://127.0.0.1:1');
    expect(() => createVenue({ seams, pool, key: 'mexc_spot', mode: 'practice', endpoints: some })).toThrow(
      'spotStream',
    );
  });
  it('has no testnet, and says so', async () => {
    const { seams, pool } = await createWorld();
    expect(mexc.testnet).toBeNull();
    expect(() => createVenue({ seams, pool, key: 'mexc_future', mode: 'testnet' })).toThrow('no testnet');
  });
});

describe('instruments of MEXC', () => {
  it('counts futures in base units, by the size of the contract', () => {
    expect(CONTRACT).toEqual({
      exchange: 'mexc',
      market: 'future',
      symbol: BTC_PERP,
      wireSymbol: 'BTC_USDT',
      base: 'BTC',
      quote: 'USDT',
      active: true,
      tickSize: '0.1',
      stepSize: '0.0001',
      minAmount: '0.0001',
      maxAmount: '100',
      minNotional: null,
      contractSize: '0.0001',
    });
  });
  it('takes spot’s misnamed fields for what they are', () => {
    expect(SPOT).toMatchObject({
      symbol: BTC,
      tickSize: '0.01',
      stepSize: '0.00001',
      minAmount: '0.0001',
      minNotional: '5',
      maxNotional: '2000000',
    });
  });
  it.each([
    ['settled in a coin', { settleCoin: 'BTC' }],
    ['with a delivery date', { futureType: 2 }],
    ['of a name without a unified form', { baseCoin: '币安人生', symbol: '币安人生_USDT' }],
    ['without a size', { contractSize: 0 }],
  ])('leaves out a contract %s', (_, over) => {
    expect(decodeInstruments([{ ...CONTRACTS[0], ...over }], 'future')).toEqual([]);
  });
  it.each([
    ['a paused contract', CONTRACTS[0]!, { state: 4 }, 'future'],
    ['one that is closed to programs', CONTRACTS[0]!, { apiAllowed: false }, 'future'],
    ['a paused symbol', EXCHANGE_INFO.symbols[0]!, { status: '2' }, 'spot'],
    ['one that may only be bought', EXCHANGE_INFO.symbols[0]!, { tradeSideType: 2 }, 'spot'],
  ] as const)('lists %s as not active', (_, row, over, market) => {
    const changed = { ...row, ...over };
    const list = decodeInstruments(market === 'spot' ? { symbols: [changed] } : [changed], market);
    expect(list).toMatchObject([{ active: false }]);
  });
  it('spells symbols both ways', () => {
    expect(['BTC/USDT', 'ETH/USDC:USDC'].map((one) => toWireSymbol(one as Symbol))).toEqual([
      'BTCUSDT',
      'ETH_USDC',
    ]);
  });
});

describe('contracts', () => {
  it('come back as the amount they were made of, exactly, whatever their size', () => {
    const sizes = fc.constantFrom('0.0001', '0.001', '0.01', '0.1', '1', '10', '1000', '0.00005');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), sizes, (count, size) => {
        const instrument = { contractSize: d(size), stepSize: d(size) };
        const base = toBase(d(String(count)), instrument);
        expect(toContracts(base, instrument)).toBe(String(count));
        expect(toBase(toContracts(base, instrument)!, instrument)).toBe(base);
      }),
    );
  });
  it('are refused where the amount is no whole number of them, never rounded', () => {
    const instrument = { contractSize: d('0.0001'), stepSize: d('0.0001') };
    for (const amount of ['0.00015', '0.00001', '0.123456'])
      expect(toContracts(d(amount), instrument)).toBeNull();
    const inFives = { contractSize: d('0.01'), stepSize: d('0.05') };
    expect([toContracts(d('0.1'), inFives), toContracts(d('0.11'), inFives)]).toEqual(['10', null]);
  });
  it('are numbers in a body only where a number prints the same digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 12 }), (whole, places) => {
        const value = fromText(`${whole}${places === 0 ? '' : `.${'0'.repeat(places - 1)}1`}`);
        const wire = toWireNumber(value);
        expect(fromText(String(JSON.parse(JSON.stringify(wire))))).toBe(value);
      }),
    );
    expect(toWireNumber(d('0.00000001'))).toBe('0.00000001');
    expect(toWireNumber(d('12345678901234567890'))).toBe('12345678901234567890');
    expect(toWireNumber(d('65000.1'))).toBe(65000.1);
  });
});
