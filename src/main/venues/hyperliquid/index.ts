import type { VenueModule } from '../module';
import { type Endpoints, LIVE_ENDPOINTS, TESTNET_ENDPOINTS } from './endpoints';
import { createReader } from './reader';
import { createHyperliquid } from './venue';

export const hyperliquid: VenueModule = {
  exchange: 'hyperliquid',
  markets: ['spot', 'future'],
  ccxt: 'hyperliquid',
  live: { ...LIVE_ENDPOINTS },
  testnet: { ...TESTNET_ENDPOINTS },
  // The account's address and the private key of a wallet that may sign for it.
  keyParts: ['apiKey', 'secret'],
  withoutAccount: {
    spot: 'Hyperliquid spot is market data only: it has no private stream. Trade its perpetuals instead (hyperliquid_future).',
  },
  create: (parts) => createHyperliquid({ ...parts, endpoints: parts.endpoints as unknown as Endpoints }),
  reader: createReader,
};
