import type { ServerSocket } from '#main/seams/seams';
import type { PracticeKey } from '../types';
import { checkSocket } from './auth';
import { objectParams } from './call';
import { type Control, readControl } from './control';
import type { Sides } from './rest';
import { badParam, WireError } from './wire-error';

const NO_REQUEST: Pick<Control, 'op' | 'fields'> = { op: '', fields: {} };

/** Order entry over a socket: the same orders as over REST, with replies in a shape of their own. */
export function openTradeSocket(options: {
  readonly socket: Pick<ServerSocket, 'send'>;
  readonly sides: Sides;
  readonly keys: readonly PracticeKey[];
  readonly connectionId: string;
  now(): number;
}) {
  const { socket, sides, keys, connectionId, now } = options;
  let account: string | null = null;

  const run = (op: string, fields: Readonly<Record<string, unknown>>): unknown => {
    if (op === 'ping') return [String(now())];
    if (op === 'auth') {
      if (account !== null) throw new WireError(20_001, 'Repeat auth');
      const checked = checkSocket(keys, (fields.args ?? []) as readonly unknown[], now());
      if (typeof checked === 'string') throw new WireError(10_004, checked);
      account = checked.account;
      return {};
    }
    if (op !== 'order.create' && op !== 'order.cancel') throw new WireError(10_404, 'Invalid op');
    if (account === null) throw new WireError(10_003, 'You have not authed');
    const params = objectParams(Array.isArray(fields.args) ? fields.args[0] : undefined);
    const category = params.need('category');
    if (category !== 'spot' && category !== 'linear') throw badParam('category invalid');
    const { orders } = category === 'spot' ? sides.spot : sides.future;
    const call = { params, account };
    return op === 'order.create' ? orders.create(call) : orders.cancel(call);
  };

  return {
    message(text: string): void {
      const control = readControl(text);
      const { op, fields } = control ?? NO_REQUEST;
      const id = fields.reqId;
      const head = {
        ...(id === undefined ? {} : { reqId: id }),
        op: op === 'ping' ? 'pong' : op,
        connId: connectionId,
      };
      try {
        socket.send(
          JSON.stringify({ ...head, retCode: 0, retMsg: 'OK', data: run(op, fields), retExtInfo: {} }),
        );
      } catch (error) {
        if (!(error instanceof WireError)) sides.spot.market.bug(error);
        const { code, message } = error instanceof WireError ? error : new WireError(10_016, 'Server error.');
        socket.send(JSON.stringify({ ...head, retCode: code, retMsg: message, data: {}, retExtInfo: {} }));
      }
    },
    close(): void {},
  };
}
