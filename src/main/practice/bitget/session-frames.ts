/** A frame a client sent. */
export interface Control {
  readonly op: string;
  readonly args: readonly Readonly<Record<string, unknown>>[];
}

/** Null when it is no frame of this protocol. Unknown keys on top are ignored: ccxt adds some. */
export function readControl(text: string): Control | null {
  try {
    const { op, args } = JSON.parse(text) as Record<string, unknown>;
    if (typeof op !== 'string' || !Array.isArray(args)) return null;
    const objects = (args as readonly unknown[]).every((one) => typeof one === 'object' && one !== null);
    return objects ? { op, args: args as Control['args'] } : null;
  } catch {
    return null;
  }
}

export const errorFrame = (code: number, msg: string, arg?: unknown): string =>
  JSON.stringify({ event: 'error', ...(arg === undefined ? {} : { arg }), code, msg });
export const ackFrame = (event: 'subscribe' | 'unsubscribe', arg: unknown): string =>
  JSON.stringify({ event, arg });

export const MOST_CHANNELS = 1_000;
/** Longest subscribe frame. */
export const MOST_FRAME_BYTES = 4_096;
