import { decodeFuturePublic } from './decode-future';
import { decodeSpotPublic } from './decode-spot';
import type { DecodeContext, PublicMessage } from './messages';

/** Reads one frame of a public socket: binary on spot, text on futures. @throws ProtocolError */
export const decodePublic = (data: string | Uint8Array, context: DecodeContext): PublicMessage =>
  context.market === 'spot' ? decodeSpotPublic(data, context) : decodeFuturePublic(data, context);
