import { conformance } from './suite';

conformance('mexc', 'future', {
  // Contracts of 0.001 BTC.
  amount: 10,
  tooSmall: 0.1,
  untyped: true,
  trigger: {},
  without: {
    'createOrder IOC': { by: 'exchange', why: 'ccxt sends the time in force beside a plain limit order' },
    'createOrder FOK': { by: 'exchange', why: 'ccxt sends the time in force beside a plain limit order' },
    'createOrder stop': { by: 'exchange', why: 'ccxt loses the id of a trigger order, and lists none' },
    'createOrder take-profit': {
      by: 'exchange',
      why: 'ccxt loses the id of a trigger order, and lists none',
    },
    'createOrder trailing': {
      by: 'ccxt',
      has: 'createTrailingPercentOrder',
      why: 'ccxt has no trailing orders of MEXC',
    },
    'fetchOrder by client id': { by: 'exchange', why: 'ccxt asks for futures orders by MEXC’s id only' },
    setLeverage: { by: 'exchange', why: 'ccxt wants openType and positionType of its caller' },
    watchOrders: { by: 'exchange', why: 'ccxt reads no client id out of a futures order' },
    watchPositions: { by: 'ccxt', why: 'ccxt watches no positions of MEXC' },
  },
});
