import type { FrameIo, Rhythm } from '#main/connectivity/types';
import { bad } from '../core/fields';
import { isAlready, readAcknowledgement, subscriptionInText } from './subscription';

/** The server drops a socket on which it has sent nothing for 60 s. */
export const HEARTBEAT: Rhythm = {
  pingEveryMs: 30_000,
  pongWithinMs: 10_000,
  frame: () => '{"method":"ping"}',
  isPong: (data) => typeof data === 'string' && data.length < 40 && data.includes('"pong"'),
};

/**
 * Reads an acknowledgement or a refusal of a subscription. True when the frame was one; `topicOf` names what it is
 * about. @throws ProtocolError for a refusal that names no topic of ours
 */
export function takeReply(
  frame: { readonly channel: string; readonly data: unknown },
  io: Pick<FrameIo, 'confirmed' | 'refused'>,
  topicOf: (subscription: unknown) => string | null,
): boolean {
  if (frame.channel === 'subscriptionResponse') {
    const reply = readAcknowledgement(frame.data);
    const topic = reply?.method === 'subscribe' ? topicOf(reply.subscription) : null;
    if (topic !== null) io.confirmed(topic);
    return true;
  }
  if (frame.channel !== 'error') return false;
  if (isAlready(frame.data)) return true;
  const topic = topicOf(subscriptionInText(frame.data));
  if (topic === null) throw bad('the exchange refused a frame', frame.data);
  io.refused(topic, String(frame.data).slice(0, 200));
  return true;
}
