import type { VenueModule } from '../module';
import { type Endpoints, LIVE_ENDPOINTS, TESTNET_ENDPOINTS } from './endpoints';
import { createReader } from './reader';
import { createBybit } from './venue';

export const bybit: VenueModule = {
  exchange: 'bybit',
  markets: ['spot', 'future'],
  ccxt: 'bybit',
  live: { ...LIVE_ENDPOINTS },
  testnet: { ...TESTNET_ENDPOINTS },
  keyParts: ['apiKey', 'secret'],
  create: (parts) => createBybit({ ...parts, endpoints: parts.endpoints as unknown as Endpoints }),
  reader: createReader,
};
