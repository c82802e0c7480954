import { conformance } from './suite';

const trailing = {
  by: 'exchange',
  why: 'a trailing stop belongs to the position and has no order id of its own',
} as const;

// ccxt hands the client id on under the exchange's own name only.
const named = (orderLinkId: string) => ({ orderLinkId });

conformance('bybit', 'spot', {
  named,
  // The family of waiting orders that holds the coins; ccxt asks for the other one when it is told "trigger".
  trigger: { orderFilter: 'tpslOrder' },
  without: {
    'createOrder reduce-only': { by: 'exchange', why: 'spot has no positions to reduce' },
    'createOrder trailing': { by: 'exchange', why: 'spot has no positions to trail' },
    fetchPositions: { by: 'exchange', why: 'spot has no positions' },
    setLeverage: { by: 'exchange', why: 'spot has no leverage' },
    watchPositions: { by: 'exchange', why: 'spot has no positions' },
  },
});
conformance('bybit', 'future', { named, without: { 'createOrder trailing': trailing } });
