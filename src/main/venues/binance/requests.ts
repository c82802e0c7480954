import type { FrameIo } from '#main/connectivity/types';
import type { Undo } from '#main/seams/seams';
import { type Fields, fieldsOf, parseJson } from '../core/fields';

type Method = 'SUBSCRIBE' | 'UNSUBSCRIBE';

/** Topics in one frame; Binance counts frames (5 a second on spot), not topics. */
const TOPICS_PER_FRAME = 100;
/** Between the halves of a refused request, which may be halved further. */
const GAP_MS = 400;

/** Replies begin like this and data never does, so data is parsed once. */
const REPLY = /^\{"(result|error|code|id)"/;

/** Subscription requests and what became of them. */
export class Requests {
  readonly #asked = new Map<number, { readonly method: Method; readonly topics: readonly string[] }>();
  readonly #after: (delayMs: number, run: () => void) => Undo;
  #lastId = 0;

  constructor(after: (delayMs: number, run: () => void) => Undo) {
    this.#after = after;
  }

  /** Frames for the topics, as few as possible. */
  frames(method: Method, topics: readonly string[]): string[] {
    const frames: string[] = [];
    for (let at = 0; at < topics.length; at += TOPICS_PER_FRAME)
      frames.push(this.#frame(method, topics.slice(at, at + TOPICS_PER_FRAME)));
    return frames;
  }

  /** True for a reply to a request of ours; it is settled then. */
  takes(frame: string | Uint8Array, io: FrameIo): boolean {
    if (typeof frame !== 'string' || !REPLY.test(frame)) return false;
    const reply = fieldsOf(parseJson(frame), 'reply');
    const asked = this.#asked.get(Number(reply.id));
    if (asked === undefined) return false;
    this.#asked.delete(Number(reply.id));
    const refusal = refusalOf(reply);
    if (asked.method === 'UNSUBSCRIBE') return true;
    if (refusal === null) for (const topic of asked.topics) io.confirmed(topic);
    else if (asked.topics.length === 1) io.refused(asked.topics[0]!, refusal);
    else this.#halve(asked.topics, io);
    return true;
  }

  /** One bad topic makes Binance refuse the whole request: the halves find it, and the others flow. */
  #halve(topics: readonly string[], io: FrameIo): void {
    const middle = Math.ceil(topics.length / 2);
    io.send(this.#frame('SUBSCRIBE', topics.slice(0, middle)));
    this.#after(GAP_MS, () => io.send(this.#frame('SUBSCRIBE', topics.slice(middle))));
  }

  #frame(method: Method, topics: readonly string[]): string {
    const id = ++this.#lastId;
    this.#asked.set(id, { method, topics });
    // A connection that broke never answers; its requests are not waited for for ever.
    if (this.#asked.size > 1_000) this.#asked.delete(this.#asked.keys().next().value as number);
    return JSON.stringify({ method, params: topics, id });
  }
}

/** {"result":null,"id":7} or {"error":{"code":2,"msg":"Invalid request: …"},"id":7}, also bare {"code":2,"msg":"…","id":7} */
function refusalOf(reply: Fields): string | null {
  const error = reply.error ?? (reply.code === undefined ? undefined : reply);
  if (error === undefined) return null;
  const { code, msg } = fieldsOf(error, 'error');
  return `${String(msg ?? 'refused')} (${String(code ?? 'no code')})`;
}
