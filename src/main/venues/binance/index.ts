import type { VenueModule } from '../module';
import { type Endpoints, LIVE_ENDPOINTS, TESTNET_ENDPOINTS } from './endpoints';
import { createReader } from './reader';
import { createBinance } from './venue';

export const binance: VenueModule = {
  exchange: 'binance',
  markets: ['spot', 'future'],
  ccxt: 'binance',
  live: { ...LIVE_ENDPOINTS },
  testnet: { ...TESTNET_ENDPOINTS },
  keyParts: ['apiKey', 'secret'],
  create: (parts) => createBinance({ ...parts, endpoints: parts.endpoints as unknown as Endpoints }),
  reader: createReader,
};
