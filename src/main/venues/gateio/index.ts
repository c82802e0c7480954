import type { VenueModule } from '../module';
import { type Endpoints, LIVE_ENDPOINTS, TESTNET_ENDPOINTS } from './endpoints';
import { createReader } from './reader';
import { createGate } from './venue';

export const gateio: VenueModule = {
  exchange: 'gateio',
  markets: ['spot', 'future'],
  ccxt: 'gate',
  live: { ...LIVE_ENDPOINTS },
  testnet: { ...TESTNET_ENDPOINTS },
  keyParts: ['apiKey', 'secret'],
  create: (parts) => createGate({ ...parts, endpoints: parts.endpoints as unknown as Endpoints }),
  reader: createReader,
};
