import { decodeSignalFrame, GET_SIGNALS, type SignalFrame } from './frames';
import type { SignalProtocol } from './link-port';

/** Seconds between the server's own queries, and how many minutes of signals it keeps. */
export interface SignalSession {
  readonly queryInterval: number | null;
  readonly signalWindow: number | null;
}

export interface SignalProtocolOptions {
  readonly url: string;
  /** Read at each handshake, never kept. */
  token(): string;
  /** Makes the error that stops reconnecting. */
  refuse?(message: string): Error;
  /** The handshake went well. */
  onSession?(session: SignalSession): void;
  /** Number of each signals frame, null where the server does not count. */
  onSequence?(seq: number | null): void;
  /** Frames that carry no signals: pong, stats, the server's complaints. */
  onOther?(frame: SignalFrame): void;
}

const ANSWER_WITHIN_MS = 5_000;

const refusal = (message: string): Error => Object.assign(new Error(message), { name: 'Refused' });

/**
 * The signal server's protocol (domain section 2): auth_required, our token, auth_success, then whole snapshots.
 * A wrong token ends reconnecting; anything else that goes wrong is tried again. The topic is 'signals', its
 * message the list as the server sent it.
 */
export function signalProtocol(options: SignalProtocolOptions): SignalProtocol {
  const {
    url,
    token,
    refuse = refusal,
    onSession = () => {},
    onSequence = () => {},
    onOther = () => {},
  } = options;
  return {
    key: 'signals',
    url: () => url,
    maxFrameBytes: 10_485_760,
    heartbeat: { pingEveryMs: 30_000, pongWithinMs: 10_000 },
    handshake: async (io) => {
      const secret = token();
      if (secret === '') throw refuse('no token for the signal server is stored');
      const first = decodeSignalFrame(await io.next(ANSWER_WITHIN_MS));
      if (first.type !== 'auth_required')
        throw new Error(`the signal server began with ${nameOf(first)}, not with auth_required`);
      io.send(JSON.stringify({ type: 'auth', token: secret }));
      const answer = decodeSignalFrame(await io.next(ANSWER_WITHIN_MS));
      if (answer.type === 'auth_failed') {
        // A careless server may repeat what it was sent.
        const said = answer.message.replaceAll(secret, '…');
        throw refuse(`the signal server refused the token${said === '' ? '' : `: ${said}`}`);
      }
      if (answer.type !== 'auth_success')
        throw new Error(`the signal server answered the token with ${nameOf(answer)}`);
      onSession({ queryInterval: answer.queryInterval, signalWindow: answer.signalWindow });
    },
    // The server sends a snapshot by itself only when it has signals; asking makes the first one certain.
    subscribe: () => [GET_SIGNALS],
    unsubscribe: () => [],
    receive: (data, deliver) => {
      const frame = decodeSignalFrame(data);
      if (frame.type !== 'signals') return onOther(frame);
      onSequence(frame.seq);
      deliver('signals', frame.data);
    },
  };
}

const nameOf = (frame: SignalFrame): string => (frame.type === 'unknown' ? frame.named : frame.type);
