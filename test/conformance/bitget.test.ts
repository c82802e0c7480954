import { conformance, type Traits } from './suite';

const shared: Traits = {
  // With `stopLossPrice` ccxt asks for the one stop of a whole position; this is a trigger order with an amount.
  stop: (triggerPrice) => ({ triggerPrice, triggerType: 'fill_price' }),
  takeProfit: (triggerPrice) => ({ triggerPrice, triggerType: 'fill_price' }),
  trailing: (last) => ({ trailingPercent: 2, trailingTriggerPrice: last * 1.05 }),
  trigger: { trigger: true },
  trailingTrigger: { trailing: true },
};

conformance('bitget', 'spot', {
  ...shared,
  marketPrice: 'spot buys',
  without: {
    'createOrder reduce-only': { by: 'exchange', why: 'spot has no positions to reduce' },
    'createOrder trailing': { by: 'exchange', why: 'the exchange has trailing stops on futures only' },
    fetchPositions: { by: 'exchange', why: 'spot has no positions' },
    setLeverage: { by: 'exchange', why: 'spot has no leverage' },
    watchPositions: { by: 'exchange', why: 'spot has no positions' },
  },
});
conformance('bitget', 'future', shared);
