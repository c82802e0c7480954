import { describe, expect, it } from 'vitest';
import { createPool } from '#main/connectivity/index';
import { createSimulatedSeams } from '#main/seams/index';
import { loopbackEndpoints } from '#main/venues/binance/endpoints';
import { decodeInstruments, toWireSymbol } from '#main/venues/binance/symbols';
import { SymbolTable } from '#main/venues/core/symbol-table';
import { createVenue, ProtocolError } from '#main/venues/index';
import type { Instrument } from '#shared/domain/instrument';
import { BTC, BTC_PERP, createWorld, EXCHANGE_INFO } from './world';

const one = EXCHANGE_INFO.symbols[0]!;
const list = (over: object) => ({ symbols: [{ ...one, ...over }] });

describe('instruments', () => {
  it('take tick and step from the filters, not from display digits', () => {
    expect(decodeInstruments(list({ pricePrecision: 8, quantityPrecision: 8 }), 'future')).toEqual([
      {
        exchange: 'binance',
        market: 'future',
        symbol: BTC_PERP,
        wireSymbol: 'BTCUSDT',
        base: 'BTC',
        quote: 'USDT',
        active: true,
        tickSize: '0.1',
        stepSize: '0.001',
        minAmount: '0.001',
        maxAmount: '1000',
        maxMarketAmount: null,
        minNotional: '5',
        maxNotional: null,
      },
    ]);
  });
  it('M-071 read the smallest order value under each of its names', () => {
    const [price, lot] = one.filters;
    const valueOf = (...more: object[]) =>
      decodeInstruments(list({ filters: [price, lot, ...more] }), 'spot')[0]!.minNotional;
    expect(valueOf({ filterType: 'NOTIONAL', minNotional: '5.0' })).toBe('5');
    expect(valueOf({ filterType: 'MIN_NOTIONAL', minNotional: '10' })).toBe('10');
    expect(valueOf({ filterType: 'MIN_NOTIONAL', notional: '100' })).toBe('100');
    expect(valueOf()).toBeNull();
  });
  it('M-084 read the largest market order and the largest order value, and take 0 for no bound', () => {
    const [price, lot] = one.filters;
    const boundsOf = (...more: object[]) => {
      const [{ maxAmount, maxMarketAmount, maxNotional }] = decodeInstruments(
        list({ filters: [price, lot, ...more] }),
        'spot',
      ) as [Instrument];
      return [maxAmount, maxMarketAmount, maxNotional];
    };
    const market = { filterType: 'MARKET_LOT_SIZE', minQty: '0', maxQty: '120.500', stepSize: '0' };
    const value = { filterType: 'NOTIONAL', minNotional: '5', maxNotional: '9000000.00' };
    expect(boundsOf(market, value)).toEqual(['1000', '120.5', '9000000']);
    expect(boundsOf({ ...market, maxQty: '0.000' }, { ...value, maxNotional: '0' })).toEqual([
      '1000',
      null,
      null,
    ]);
    expect(boundsOf()).toEqual(['1000', null, null]);
    expect(() => boundsOf({ ...market, maxQty: 'much' })).toThrow(ProtocolError);
  });
  it.each(['HALT', 'BREAK', 'CANCEL_ONLY', 'SETTLING', 'PENDING_TRADING', 'CLOSE'])(
    'are not active while %s',
    (status) => {
      expect(decodeInstruments(list({ status }), 'future')[0]!.active).toBe(false);
    },
  );
  it('leave out delivery contracts and names that cannot be spelled', () => {
    expect(
      decodeInstruments(list({ contractType: 'CURRENT_QUARTER', symbol: 'BTCUSDT_260327' }), 'future'),
    ).toEqual([]);
    expect(decodeInstruments(list({ symbol: '币安人生USDT', baseAsset: '币安人生' }), 'future')).toEqual([]);
    expect(
      decodeInstruments(list({ symbol: '1000PEPEUSDT', baseAsset: '1000PEPE' }), 'future')[0]!.symbol,
    ).toBe('1000PEPE/USDT:USDT');
  });
  it('are a bad answer when they are no list', async () => {
    expect(() => decodeInstruments({}, 'spot')).toThrow(ProtocolError);
    const world = await createWorld('binance_spot');
    world.script(({ path }) => (path === 'exchangeInfo' ? { text: '<html>' } : undefined));
    await expect(world.result(world.venue.reference.instruments())).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
  it('spell both markets the same on the wire', () => {
    expect([BTC, BTC_PERP].map(toWireSymbol)).toEqual(['BTCUSDT', 'BTCUSDT']);
    const table = new SymbolTable();
    table.fill(decodeInstruments(EXCHANGE_INFO, 'future'));
    expect(table.known('BTCUSDT').symbol).toBe(BTC_PERP);
    expect(() => table.known('NOPEUSDT')).toThrow(ProtocolError);
  });
});

describe('making a venue', () => {
  const seams = createSimulatedSeams(1, 1);
  const pool = createPool({ seams });
  it('never lets a practice venue fall back to the real exchange', () => {
    const { spotRest: _, ...incomplete } = loopbackEndpoints('http://127.0.0.1:1');
    expect(() =>
      createVenue({ seams, pool, key: 'binance_spot', mode: 'practice', endpoints: incomplete }),
    ).toThrow(/spotRest/);
    expect(() => createVenue({ seams, pool, key: 'binance_spot', mode: 'practice' })).toThrow(RangeError);
  });
  it('says when an exchange has no adapter', () => {
    expect(() => createVenue({ seams, pool, key: 'kraken_spot' as never })).toThrow(
      'no adapter for kraken_spot',
    );
  });
});
