import { conformance } from './suite';

conformance('binance', 'spot', {
  trailing: () => ({ trailingPercent: 2, stopLossOrTakeProfit: 'stopLoss' }),
  without: {
    'createOrder reduce-only': { by: 'exchange', why: 'spot has no positions to reduce' },
    fetchPositions: { by: 'exchange', why: 'spot has no positions' },
    setLeverage: { by: 'exchange', why: 'spot has no leverage' },
    watchPositions: { by: 'exchange', why: 'spot has no positions' },
  },
});
conformance('binance', 'future');
