import type { LinkStatus } from '#shared/domain/connection';

/** What this room needs of the connection it is given. Shaped so that the pool's links fit as they are. */
export interface SignalLink {
  want(topic: string, listener: (message: unknown, seenAt: number) => void): () => void;
  onLive(listener: (connects: number) => void): () => void;
  send(text: string): boolean;
  restart(): void;
  status(): LinkStatus;
}

/** What this room tells the connection to speak. */
export interface SignalProtocol {
  readonly key: 'signals';
  url(): string;
  readonly maxFrameBytes: number;
  readonly heartbeat: { readonly pingEveryMs: number; readonly pongWithinMs: number };
  handshake(io: {
    send(text: string): void;
    next(withinMs: number): Promise<string | Uint8Array>;
  }): Promise<void>;
  subscribe(topics: readonly string[]): readonly string[];
  unsubscribe(topics: readonly string[]): readonly string[];
  receive(data: string | Uint8Array, deliver: (topic: string, message: unknown) => void): void;
}
