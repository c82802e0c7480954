import { describe, expect, it } from 'vitest';
import {
  chainOf,
  LIVE_ENDPOINTS,
  REFERENCE_ENDPOINTS,
  TESTNET_ENDPOINTS,
} from '#main/venues/hyperliquid/endpoints';
import { hyperliquid } from '#main/venues/hyperliquid/index';
import { decodePerpetuals, decodeSpotPairs } from '#main/venues/hyperliquid/symbols';
import { ProtocolError } from '#main/venues/index';
import { Instrument } from '#shared/domain/instrument';
import { META, SPOT_META } from './world';

describe('instruments of Hyperliquid', () => {
  it('lists perpetuals against USDC with the number that actions want', () => {
    const [btc, pepe, old] = decodePerpetuals(META);
    expect(btc).toMatchObject({
      asset: 0,
      sizeDecimals: 5,
      instrument: {
        symbol: 'BTC/USDC:USDC',
        wireSymbol: 'BTC',
        active: true,
        stepSize: '0.00001',
        minAmount: '0.00001',
        tickSize: '1',
        minNotional: '10',
        maxAmount: null,
      },
    });
    expect(pepe).toMatchObject({
      asset: 1,
      instrument: { symbol: 'KPEPE/USDC:USDC', wireSymbol: 'kPEPE', stepSize: '1', tickSize: '0.000001' },
    });
    expect(old).toMatchObject({ asset: 2, instrument: { active: false } });
    for (const { instrument } of [btc!, pepe!, old!]) Instrument.parse(instrument);
  });

  it('lists spot pairs by the names of their tokens, and leaves out what cannot be spelt', () => {
    expect(
      decodeSpotPairs(SPOT_META).map(({ asset, instrument }) => [
        asset,
        instrument.symbol,
        instrument.wireSymbol,
        instrument.tickSize,
      ]),
    ).toEqual([
      [10_000, 'PURR/USDC', 'PURR/USDC', '0.00001'],
      [10_107, 'HYPE/USDC', '@107', '0.001'],
    ]);
  });

  it('gives a name to the first that has it', () => {
    const [{ universe }, contexts] = META;
    const twice = [{ universe: [...universe, { name: 'BTC', szDecimals: 1 }] }, contexts];
    expect(decodePerpetuals(twice).filter(({ instrument }) => instrument.base === 'BTC')).toHaveLength(1);
  });

  it('takes another shape for no list', () => {
    for (const bad of [null, [], [{}], [{ universe: [{ name: 'BTC' }] }, []], '<html>'])
      expect(() => decodePerpetuals(bad)).toThrow(ProtocolError);
    expect(() =>
      decodeSpotPairs([{ tokens: [], universe: [{ name: '@1', tokens: [1, 0], index: 1 }] }, []]),
    ).toThrow(ProtocolError);
  });
});

describe('endpoints of Hyperliquid', () => {
  it('M-270 names the private socket of the first requirements, futures alone', () => {
    expect(REFERENCE_ENDPOINTS).toEqual({ spot: null, future: 'wss://api.hyperliquid.xyz/ws' });
    expect(LIVE_ENDPOINTS.stream).toBe(REFERENCE_ENDPOINTS.future);
  });

  it('M-271 has a testnet whose signatures are worth nothing on the mainnet', () => {
    expect(hyperliquid.testnet).toEqual({ ...TESTNET_ENDPOINTS });
    expect(
      [LIVE_ENDPOINTS, TESTNET_ENDPOINTS, { rest: 'http://127.0.0.1:9', stream: '' }].map(chainOf),
    ).toEqual(['Mainnet', 'Testnet', 'Mainnet']);
  });
});
