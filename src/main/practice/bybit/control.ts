/** A request on a socket: {"req_id":"s-1","op":"subscribe","args":["tickers.BTCUSDT"]}; ids are numbers or text. */
export interface Control {
  readonly id: unknown;
  readonly op: string;
  readonly args: readonly string[];
  /** All of it; the order entry socket reads more. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Null for what is no request. Keys that are not known are left alone. */
export function readControl(text: string): Control | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = value as Record<string, unknown>;
  const { op, args, req_id: id } = fields;
  if (typeof op !== 'string' || (args !== undefined && !Array.isArray(args))) return null;
  return { id, op, args: (args ?? []).map((one) => (typeof one === 'object' ? '' : String(one))), fields };
}

export const ackOf = ({ id, op }: Control, success: boolean, text: string, connectionId: string) => ({
  success,
  ret_msg: text,
  conn_id: connectionId,
  ...(id === undefined ? {} : { req_id: id }),
  op,
});
