import type { LinkStatus } from '#shared/domain/connection';

/**
 * What one kind of socket speaks. Sockets, back-off, heartbeat, resubscribing and metrics are written once in
 * this room; a protocol is data and small functions.
 */
export interface LinkProtocol {
  /** "binance_future public". One socket per key. */
  readonly key: string;
  /** Asked anew before each attempt (a listen key or another host may go into it). @throws Error in words. */
  url(): string | Promise<string>;
  readonly maxFrameBytes?: number;
  /** Protocol-level ping every `pingEveryMs`; dropped without a pong (or any frame) in `pongWithinMs`. */
  readonly heartbeat?: { readonly pingEveryMs: number; readonly pongWithinMs: number };
  /**
   * Runs after the socket opens and before anything is subscribed. Resolve when ready; reject with `Refused` to
   * stop reconnecting until `restart()`; reject with anything else to back off and try again.
   */
  handshake?(io: HandshakeIo): Promise<void>;
  /** Frames that make these topics flow (one or several); called after every (re)connect with all wanted topics. */
  subscribe(topics: readonly string[]): readonly string[];
  unsubscribe(topics: readonly string[]): readonly string[];
  /**
   * Reads a frame. Returns the topic it belongs to, 'control' for replies and pongs, or throws to count it as a
   * bad frame. Delivery to the topic's users happens inside, by `deliver`.
   */
  receive(data: string | Uint8Array, deliver: (topic: string, message: unknown) => void): void;
}
export interface HandshakeIo {
  send(text: string): void;
  /** Next frame within the limit. @throws Error on time-out or close. */
  next(withinMs: number): Promise<string | Uint8Array>;
}
/** Thrown by a handshake that trying again cannot cure (a wrong token). Known by its name, so rooms that may not import this can throw their own. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}

export interface LinkUse {
  /** Wants a topic; the socket opens with the first and closes with the last one. Returns its undo. */
  want(topic: string, listener: (message: unknown, seenAt: number) => void): () => void;
  /** Called after each successful (re)connect and handshake, before the first frame is delivered. */
  onLive(listener: (connects: number) => void): () => void;
  onChange(listener: (status: LinkStatus) => void): () => void;
  send(text: string): boolean;
  /** Tries again now, also after `Refused`. */
  restart(): void;
  status(): LinkStatus;
}

/** key -> one socket. */
export interface Pool {
  /**
   * The link of a key; the same object for every caller. The protocol of the first caller counts, until the last
   * user has left: then the next caller's protocol takes over, and a refusal of the old one is forgotten.
   */
  link(protocol: LinkProtocol): LinkUse;
  statuses(): readonly LinkStatus[];
  /** `restart` of the link with this key. False when there is none. */
  restart(key: string): boolean;
  /** Each change of state at once; counts, users and problems at most every 100 ms. */
  onChange(listener: (status: LinkStatus) => void): () => void;
  close(): Promise<void>;
}
