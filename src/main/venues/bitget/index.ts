import type { VenueModule } from '../module';
import { type Endpoints, LIVE_ENDPOINTS, TESTNET_ENDPOINTS } from './endpoints';
import { createReader } from './reader';
import { createBitget } from './venue';

export const bitget: VenueModule = {
  exchange: 'bitget',
  markets: ['spot', 'future'],
  ccxt: 'bitget',
  live: { ...LIVE_ENDPOINTS },
  testnet: { ...TESTNET_ENDPOINTS },
  keyParts: ['apiKey', 'secret', 'passphrase'],
  create: (parts) => createBitget({ ...parts, endpoints: parts.endpoints as unknown as Endpoints }),
  reader: createReader,
};
