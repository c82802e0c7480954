import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UnixMs } from '#shared/domain/basics';

/** Undoes what it was returned for; calling it twice is harmless. */
export type Undo = () => void;

export interface Clock {
  /** Wall time, UTC. May jump when the system clock is set. */
  now(): UnixMs;
  /** Milliseconds that never go back, for durations. */
  monotonic(): number;
}

export interface Timers {
  after(delayMs: number, run: () => void): Undo;
  every(periodMs: number, run: () => void): Undo;
  /** Runs soon, after what is waiting on input and output. */
  soon(run: () => void): void;
}

export interface Random {
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). Never for keys or tokens: those take `bytes`. */
  next(): number;
}

export interface SocketHandlers {
  open(): void;
  /** Text frames arrive as strings, binary ones as bytes. */
  message(data: string | Uint8Array): void;
  pong(): void;
  /** Called exactly once, also when the connection was never made. */
  close(code: number, reason: string): void;
}
export interface Socket {
  send(data: string | Uint8Array): void;
  ping(): void;
  /** Starts a clean close; `close` follows. */
  close(code?: number): void;
  /** Drops the connection at once; `close` follows. */
  terminate(): void;
  readonly bufferedBytes: number;
}
export interface SocketOptions {
  /** Frames above this many bytes close the connection with 1009. */
  readonly maxFrameBytes: number;
  readonly handshakeTimeoutMs: number;
  /** How long a clean close waits for the other side before the connection is dropped; left out: 2 s. */
  readonly closeTimeoutMs?: number;
  /** Offers permessage-deflate; a server may take it or leave it. Left out: no. */
  readonly compression?: boolean;
}

/** One side of a socket that a server accepted. */
export interface ServerSocket extends Socket {
  readonly path: string;
  readonly remoteAddress: string;
  listen(handlers: Omit<SocketHandlers, 'open'>): void;
}
export interface ServerOptions {
  /** Only loopback addresses are accepted. */
  readonly host: '127.0.0.1' | '::1';
  /** 0 picks a free port. */
  readonly port: number;
  readonly maxFrameBytes: number;
  /** Takes permessage-deflate where a client offers it. Left out: no. */
  readonly compression?: boolean;
  request(request: IncomingMessage, response: ServerResponse): void;
  /** Return false to refuse the upgrade with 403; left out accepts every path. */
  upgrade?(request: IncomingMessage): boolean;
  socket(socket: ServerSocket, request: IncomingMessage): void;
}
export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

export interface Network {
  connect(url: string, handlers: SocketHandlers, options: SocketOptions): Socket;
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** @throws Error in words when the port is taken or forbidden. */
  serve(options: ServerOptions): Promise<Server>;
}

/** Whole-file reads and writes. The database file itself belongs to SQLite, opened in `store`. */
export interface Disk {
  /** Null when the file does not exist. */
  read(path: string): Uint8Array | null;
  /** Writes beside, syncs, renames: the old content or the new, never between. Creates folders. */
  write(path: string, data: Uint8Array | string, mode?: number): void;
  append(path: string, data: Uint8Array | string): void;
  remove(path: string): void;
  exists(path: string): boolean;
  makeFolder(path: string): void;
  /** Names in a folder, sorted; none when it does not exist. */
  list(folder: string): readonly string[];
  /** The bytes of a file in blocks, gunzipped when its first bytes say gzip. */
  stream(path: string): AsyncIterable<Uint8Array>;
}

/** The five taps. Nothing in `src/main` touches clock, timers, network, disk or random in any other way. */
export interface Seams {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly network: Network;
  readonly disk: Disk;
}

/** Sleeps on the given timers. Only for code that may wait; the engine never does. */
export const pause = (timers: Timers, ms: number): Promise<void> =>
  new Promise((resolve) => {
    timers.after(ms, resolve);
  });
