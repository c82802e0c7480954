import type { VenueModule } from '../module';
import { type Endpoints, LIVE_ENDPOINTS } from './endpoints';
import { createReader } from './reader';
import { createMexc } from './venue';

export const mexc: VenueModule = {
  exchange: 'mexc',
  markets: ['spot', 'future'],
  ccxt: 'mexc',
  live: { ...LIVE_ENDPOINTS },
  testnet: null,
  keyParts: ['apiKey', 'secret'],
  create: (parts) => createMexc({ ...parts, endpoints: parts.endpoints as unknown as Endpoints }),
  reader: createReader,
};
