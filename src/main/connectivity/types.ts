import type { LinkStatus } from '#shared/domain/connection';

/** Text, or bytes where the exchange speaks binary. */
export type Frame = string | Uint8Array;

/** How a link is kept alive and found dead. Dropped without a pong (or any other frame) within `pongWithinMs`. */
export interface Rhythm {
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  /** The ping where it is a message of the exchange's own, e.g. `{"op":"ping"}`; left out, a ping of the socket. */
  frame?(): Frame;
  /**
   * Recognises the answer to `frame`. Asked only while one is out, so a second pong may reach `receive`, which takes
   * it for control. A pong is no data: it neither counts as a message nor shows that a stream flows.
   */
  isPong?(data: Frame): boolean;
}

/**
 * What one kind of socket speaks. Sockets, back-off, heartbeat, resubscribing, renewing and metrics are written once
 * in this room; a protocol is data and small functions. What must be remembered per connection (request ids) hangs on
 * `io.connection`, because two connections of one key overlap while one is renewed.
 */
export interface LinkProtocol {
  /** "binance_future public". One socket per key. */
  readonly key: string;
  /** Bases in order of preference; after a failed attempt the next one has its turn. */
  readonly hosts?: readonly string[];
  /**
   * Asked anew before each attempt (a listen key may go into it), with the host in turn: one of `hosts`, or '' when
   * there are none. @throws Error in words; `Refused` when trying again cannot help
   */
  url(host: string): string | Promise<string>;
  readonly maxFrameBytes?: number;
  /** Whether to offer permessage-deflate. Left out: yes. */
  readonly compression?: boolean;
  readonly heartbeat?: Rhythm;
  /**
   * The exchange ends a connection at a known age: at this age the next one is made, subscribed and heard before the
   * old one goes. An end after this age counts as planned and raises no alarm.
   */
  readonly renewAfterMs?: number;
  /**
   * Runs after the socket opens and before anything is subscribed. Resolve when ready, for an account: signed in and
   * its channels confirmed; reject with `Refused` to stop reconnecting until `restart()`; reject with anything else
   * to back off and try again.
   */
  handshake?(io: HandshakeIo): Promise<void>;
  /** Frames that make these topics flow (one or several); called after every (re)connect with all wanted topics. */
  subscribe(topics: readonly string[]): readonly Frame[];
  unsubscribe(topics: readonly string[]): readonly Frame[];
  /**
   * The longest time a working topic is silent, ms; null when it promises nothing. A topic silent for longer is
   * subscribed again, and when that does not help the link is made anew, whatever else still flows on it. One that has
   * never brought anything is not judged: it may be of a symbol that the exchange does not list.
   */
  longestSilenceMs?(topic: string): number | null;
  /**
   * Tells a message from its twin on another connection, while one takes over from the other. A number: its place in
   * a strictly ascending order without gaps of its own (an update id); text: the name of one fact (a trade id); null:
   * cannot tell, both are delivered.
   */
  mark?(topic: string, message: unknown): number | string | null;
  /**
   * Reads a frame and delivers what it holds to the users of its topics, inside this call. Throws to count it as a
   * bad frame. Replies and pongs deliver nothing.
   */
  receive(data: Frame, deliver: (topic: string, message: unknown) => void, io: FrameIo): void;
}
/** What a frame may tell besides data. */
export interface FrameIo {
  /** Counts the connections of this key, from 1. */
  readonly connection: number;
  /** The exchange says that the topic is subscribed. */
  confirmed(topic: string): void;
  /** The exchange refuses the topic; it is shown, not asked for again on this connection, and no other is hurt. */
  refused(topic: string, why: string): void;
  /** Answers on the connection the frame came on. */
  send(frame: Frame): void;
  /** The exchange says that it will close: the next connection is made at once, beside this one. */
  leaving(): void;
}
export interface HandshakeIo {
  send(frame: Frame): void;
  /** Next frame within the limit. @throws Error on time-out or close. */
  next(withinMs: number): Promise<Frame>;
  /** Puts a frame aside that is no reply: `receive` gets it, in order, once the handshake is done. */
  later(frame: Frame): void;
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
  /**
   * Called after each successful (re)connect and handshake, before the first frame is delivered. `planned`: a renewal,
   * where the old connection still flows and nothing that can be told apart is missed or told twice.
   */
  onLive(listener: (connects: number, planned: boolean) => void): () => void;
  onChange(listener: (status: LinkStatus) => void): () => void;
  send(frame: Frame): boolean;
  /** Gives the topic up and wants it again at once: some exchanges send a snapshot to a new subscription only. */
  resubscribe(topic: string): void;
  /** Tries again now, also after `Refused`. */
  restart(): void;
  /** Makes the next connection now and drops this one when the next is heard. Does nothing on a link that is not up. */
  renew(): void;
  status(): LinkStatus;
}

/** A frame as it passed a socket, handshakes and replies included. */
export interface TappedFrame {
  /** Our wall clock. */
  readonly at: number;
  /** The link's key. */
  readonly link: string;
  readonly direction: 'in' | 'out';
  readonly frame: Frame;
}

/** A pool whose frames can be listened to as they pass. */
export interface TappedPool extends Pool {
  /** Hears every frame of every link, also of links made later; returns its undo. */
  tap(listener: (frame: TappedFrame) => void): () => void;
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
