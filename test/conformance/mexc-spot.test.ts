import { conformance } from './suite';

conformance('mexc', 'spot', {
  without: {
    'createOrder reduce-only': { by: 'exchange', why: 'spot has no positions to reduce' },
    'createOrder stop': { by: 'exchange', why: 'MEXC has no stop orders on spot' },
    'createOrder take-profit': { by: 'exchange', why: 'MEXC has no take-profit orders on spot' },
    'createOrder trailing': { by: 'exchange', why: 'MEXC has no trailing orders on spot' },
    fetchPositions: { by: 'exchange', why: 'spot has no positions' },
    setLeverage: { by: 'exchange', why: 'spot has no leverage' },
    watchPositions: { by: 'ccxt', why: 'spot has no positions' },
    watchTicker: {
      by: 'exchange',
      why: 'MEXC streams no ticker on spot; ccxt takes the best prices for one, without a last price',
    },
  },
});
