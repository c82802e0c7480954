/** What the signal server says, read but not yet judged. */
export type SignalFrame =
  | { readonly type: 'auth_required' }
  /** Seconds between the server's queries and minutes of its window; null when it does not say. */
  | {
      readonly type: 'auth_success';
      readonly queryInterval: number | null;
      readonly signalWindow: number | null;
    }
  | { readonly type: 'auth_failed'; readonly message: string }
  /** `seq` grows by one with each frame of a server that counts; null of one that does not. */
  | { readonly type: 'signals'; readonly data: readonly unknown[]; readonly seq: number | null }
  | { readonly type: 'pong' }
  | { readonly type: 'stats'; readonly stats: Readonly<Record<string, unknown>> }
  | { readonly type: 'error'; readonly message: string }
  /** A type of a newer server; not an error. */
  | { readonly type: 'unknown'; readonly named: string };

export const GET_SIGNALS = JSON.stringify({ type: 'get_signals' });

const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : '');

/**
 * Reads one text frame, like {"type":"signals","timestamp":"...","count":1,"data":[{...}]}.
 * @throws Error when it is not JSON, has no type, or has a known type without what that type must have.
 */
export function decodeSignalFrame(data: string | Uint8Array): SignalFrame {
  if (typeof data !== 'string') throw new Error('a binary frame');
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    throw new Error('not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object');
  const frame = parsed as Readonly<Record<string, unknown>>;
  const { type } = frame;
  if (typeof type !== 'string') throw new Error('no type');
  switch (type) {
    case 'auth_required':
    case 'pong':
      return { type };
    case 'auth_success':
      return {
        type,
        queryInterval: numberOrNull(frame.query_interval),
        signalWindow: numberOrNull(frame.signal_window),
      };
    case 'auth_failed':
    case 'error':
      return { type, message: text(frame.message) };
    case 'signals':
      if (!Array.isArray(frame.data)) throw new Error('a signals frame without a data list');
      return { type, data: frame.data, seq: Number.isSafeInteger(frame.seq) ? (frame.seq as number) : null };
    case 'stats':
      return { type, stats: frame };
    default:
      return { type: 'unknown', named: type.slice(0, 60) };
  }
}
