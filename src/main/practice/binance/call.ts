import type { OrderRef } from '../wire-kit/order-log';
import type { Params } from './params';
import { missing } from './wire-error';

/** One request after its checks: who asks, and with what. */
export interface Call {
  readonly params: Params;
  /** The account of the key; empty on public calls. */
  readonly account: string;
  readonly apiKey: string;
}

/** An order named by id or client id. @throws WireError -1102 when by neither */
export function readRef(params: Params, idName: string, clientIdName: string): OrderRef {
  const orderId = params.integer(idName);
  if (orderId !== undefined) return { orderId };
  const clientOrderId = params.text(clientIdName);
  if (clientOrderId === undefined) throw missing(idName);
  return { clientOrderId };
}
