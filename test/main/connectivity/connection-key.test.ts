import { describe, expect, it } from 'vitest';
import { connectionKey, detectMarket } from '#main/connectivity/index';

describe('the market of a connector', () => {
  it.each([
    ['future', 'future'],
    ['futures', 'future'],
    ['Futures ', 'future'],
    ['perpetual', 'perpetual'],
    ['PERP', 'perpetual'],
    ['spot', 'spot'],
    ['margin', 'spot'],
    ['', 'spot'],
  ])('M-255 said as "%s" is %s', (marketType, market) => {
    expect(detectMarket({ exchange: 'binanceusdm', marketType })).toBe(market);
  });
  it.each([
    ['binance', 'BinanceConnector', 'spot'],
    ['binance', 'BinanceFuturesConnector', 'future'],
    ['bybit', 'BybitPerpetualConnector', 'perpetual'],
    ['binanceusdm', 'Connector', 'future'],
    ['krakenfutures', '', 'future'],
    ['kraken', '', 'spot'],
  ])('M-255 unsaid, is read from the names %s and %s: %s', (exchange, className, market) => {
    expect(detectMarket({ exchange, className })).toBe(market);
  });
});

describe('the key of a private connection', () => {
  it('M-254 is {exchange}_{market}, with spot or future for the market', () => {
    expect(connectionKey({ exchange: 'binance' })).toBe('binance_spot');
    expect(connectionKey({ exchange: 'Bybit', marketType: 'future' })).toBe('bybit_future');
    expect(connectionKey({ exchange: 'binanceusdm' })).toBe('binance_future');
  });
  it('M-256 is that of futures for a perpetual', () => {
    expect(connectionKey({ exchange: 'bybit', marketType: 'perp' })).toBe('bybit_future');
  });
  it('is refused for an exchange that nobody knows, never taken for another one', () => {
    expect(() => connectionKey({ exchange: 'mtgox' })).toThrow('no exchange is called "mtgox"');
  });
});
