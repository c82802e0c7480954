import type { IncomingMessage } from 'node:http';
import type { ServerOptions, ServerSocket, Socket, SocketHandlers, SocketOptions, Timers } from './seams';
import { createRequest } from './simulated-http';

type Frame = string | Uint8Array;
type End = Omit<SocketHandlers, 'open'>;

/** One simulated connection, as the network sees it. */
export interface Link {
  /** The wire breaks: both ends are told 1006. */
  sever(): void;
  closeFromServer(code: number): void;
  /** Delivers what a silence held back, as TCP would. */
  thaw(): void;
}

interface Reached {
  readonly options: ServerOptions;
  readonly links: Set<Link>;
}
interface LinkOptions {
  readonly url: URL;
  readonly handlers: SocketHandlers;
  readonly options: SocketOptions;
  readonly timers: Timers;
  delay(): number;
  isSilent(): boolean;
  /** The server behind the address, or null when nobody answers there. */
  reach(): Reached | null;
}

const sizeOf = (frame: Frame): number =>
  typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength;

/** One direction of a connection: first in, first out, each item after the delay of its time. */
function createLane(timers: Timers, delay: () => number, isSilent: () => boolean) {
  const waiting: { size: number; run: () => void; due: boolean }[] = [];
  let bytes = 0;
  const flush = (): void => {
    while (!isSilent() && waiting[0]?.due === true) {
      const next = waiting.shift()!;
      bytes -= next.size;
      next.run();
    }
  };
  return {
    /** Called in order; a longer delay of an earlier item holds back the later ones. */
    pass(size: number, run: () => void): void {
      const item = { size, run, due: false };
      waiting.push(item);
      bytes += size;
      timers.after(delay(), () => {
        item.due = true;
        flush();
      });
    },
    flush,
    bytes: () => bytes,
  };
}

/** Dials, then carries frames, pings and closes in both directions. Returns the client's end. */
export function createLink({ url, handlers, options, timers, delay, isSilent, reach }: LinkOptions): Socket {
  let state: 'dialling' | 'open' | 'over' = 'dialling';
  let serverGone = true;
  let serverEnd: End | null = null;
  const heldBack: ((end: End) => void)[] = [];
  const up = createLane(timers, delay, isSilent);
  const down = createLane(timers, delay, isSilent);
  let leave = (): void => {};

  const tellServer = (tell: (end: End) => void): void => {
    if (serverEnd === null) heldBack.push(tell);
    else tell(serverEnd);
  };
  const endClient = (code: number, reason: string): void => {
    if (state === 'over') return;
    state = 'over';
    stopDialling();
    handlers.close(code, reason);
  };
  const endServer = (code: number): void => {
    if (serverGone) return;
    serverGone = true;
    leave();
    tellServer((end) => end.close(code, ''));
  };
  const stopDialling = timers.after(options.handshakeTimeoutMs, () => {
    if (state === 'dialling') endClient(1006, 'Opening handshake has timed out');
  });

  const link: Link = {
    sever: () => {
      endServer(1006);
      timers.soon(() => endClient(1006, ''));
    },
    closeFromServer: (code) => server.close(code),
    thaw: () => {
      up.flush();
      down.flush();
    },
  };
  const server: Socket = {
    send: (frame) => {
      if (serverGone) return;
      down.pass(sizeOf(frame), () => {
        if (state !== 'open') return;
        if (sizeOf(frame) <= options.maxFrameBytes) return handlers.message(frame);
        endClient(1009, 'Max payload size exceeded');
        up.pass(0, () => endServer(1009));
      });
    },
    ping: () => down.pass(0, () => state === 'open' && up.pass(0, () => tellServer((end) => end.pong()))),
    close: (code = 1000) =>
      down.pass(0, () => {
        endClient(code, '');
        up.pass(0, () => endServer(code));
      }),
    terminate: () => {
      down.pass(0, () => endClient(1006, ''));
      timers.soon(() => endServer(1006));
    },
    get bufferedBytes() {
      return down.bytes();
    },
  };

  const accept = (): void => {
    const found = reach();
    const request = createRequest(url, { headers: { connection: 'Upgrade', upgrade: 'websocket' } });
    if (state !== 'dialling') return;
    if (found === null) down.pass(0, () => endClient(1006, `connect ECONNREFUSED ${url.host}`));
    else if (found.options.upgrade?.(request) === false)
      down.pass(0, () => endClient(1006, 'Unexpected server response: 403'));
    else admit(found, request);
  };
  const admit = (found: Reached, request: IncomingMessage): void => {
    serverGone = false;
    found.links.add(link);
    leave = () => found.links.delete(link);
    limitOfServer = found.options.maxFrameBytes;
    down.pass(0, () => {
      if (state !== 'dialling') return;
      state = 'open';
      stopDialling();
      handlers.open();
    });
    const accepted = Object.defineProperties(
      {
        path: request.url ?? '/',
        remoteAddress: '127.0.0.1',
        listen: (end: End) => {
          serverEnd = end;
          for (const tell of heldBack.splice(0)) tell(end);
        },
      },
      Object.getOwnPropertyDescriptors(server),
    ) as ServerSocket;
    found.options.socket(accepted, request);
  };
  let limitOfServer = Number.POSITIVE_INFINITY;
  up.pass(0, accept);

  return {
    send: (frame) => {
      if (state !== 'open') return;
      up.pass(sizeOf(frame), () => {
        if (serverGone) return;
        if (sizeOf(frame) <= limitOfServer) return tellServer((end) => end.message(frame));
        endServer(1009);
        down.pass(0, () => endClient(1009, ''));
      });
    },
    ping: () => {
      if (state === 'open') up.pass(0, () => down.pass(0, () => state === 'open' && handlers.pong()));
    },
    close: (code = 1000) => {
      if (state === 'over') return;
      up.pass(0, () => {
        endServer(code);
        down.pass(0, () => endClient(code, ''));
      });
      // Like a real socket: the other side may be gone, the end comes all the same.
      timers.after(options.closeTimeoutMs ?? 2_000, () => endClient(1006, ''));
    },
    terminate: () => {
      if (state === 'over') return;
      up.pass(0, () => endServer(1006));
      timers.soon(() => endClient(1006, ''));
    },
    get bufferedBytes() {
      return up.bytes();
    },
  };
}
