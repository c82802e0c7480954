import { type Absence, conformance } from './suite';

const NO_TRAILING: Absence = {
  by: 'ccxt',
  why: 'ccxt leaves out what it is told of trailing and sends a plain order',
  has: 'createTrailingPercentOrder',
};
// Gate takes a minute of difference; a second of doubt decides nothing.
const stale = { options: { timeDifference: 120_000 } };

conformance('gateio', 'spot', {
  marketPrice: 'spot buys',
  clientId: (name) => `t-${name}`,
  trigger: { trigger: true },
  stale,
  without: {
    'createOrder trailing': NO_TRAILING,
    'createOrder reduce-only': { by: 'exchange', why: 'spot has no positions to reduce' },
    fetchPositions: { by: 'exchange', why: 'spot has no positions' },
    setLeverage: { by: 'exchange', why: 'spot has no leverage' },
    watchPositions: { by: 'exchange', why: 'spot has no positions' },
  },
});
// Ten contracts of 0.001 BTC.
conformance('gateio', 'future', {
  amount: 10,
  clientId: (name) => `t-${name}`,
  stale,
  without: { 'createOrder trailing': NO_TRAILING },
});
