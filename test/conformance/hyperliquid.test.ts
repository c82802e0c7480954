import { createHash } from 'node:crypto';
import { conformance, type Traits } from './suite';

/** 128 bits in hex is all that Hyperliquid takes. */
const clientId = (name: string): string =>
  `0x${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;

const common: Traits = {
  quote: 'USDC',
  clientId,
  marketPrice: 'all',
  trigger: {},
  weightPerMinute: 150,
  without: {
    'createOrder FOK': { by: 'exchange', why: 'time in force is Gtc, Ioc or Alo' },
    'createOrder trailing': { by: 'exchange', why: 'there are stops at a price only' },
    'refuses a bad signature': {
      by: 'exchange',
      why: 'reading needs no signature; forged orders are tested by themselves',
    },
    'refuses a stale timestamp': {
      by: 'exchange',
      why: 'reading needs no time, and a nonce may be two days old; tested by itself',
    },
    'refuses an unknown symbol': {
      by: 'exchange',
      why: 'an unknown coin is answered with HTTP 500 and null',
    },
  },
};

/** Every half second, where the usual twenty levels come every five seconds. */
const fastBook = (coin: string) => ({ subscription: { type: 'l2Book', coin, fast: true } });

conformance('hyperliquid', 'future', { ...common, triggerBy: 'mark', book: fastBook('BTC') });
conformance('hyperliquid', 'spot', {
  ...common,
  book: fastBook('@0'),
  without: {
    ...common.without,
    'createOrder reduce-only': { by: 'exchange', why: 'spot has no positions to reduce' },
    fetchPositions: { by: 'exchange', why: 'spot has no positions' },
    setLeverage: { by: 'exchange', why: 'spot has no leverage' },
    watchPositions: { by: 'exchange', why: 'spot has no positions' },
  },
});
