import type { Clock, Network, Socket, Undo } from '#main/seams/seams';
import type { Frame, TappedFrame } from './types';

/** Lets somebody listen to the frames of links as they pass. While nobody does it costs one comparison a frame. */
export function createTap(clock: Clock) {
  const listeners = new Set<(frame: TappedFrame) => void>();
  const pass = (link: string, direction: 'in' | 'out', frame: Frame): void => {
    if (listeners.size === 0) return;
    const tapped: TappedFrame = { at: clock.now(), link, direction, frame };
    for (const listener of [...listeners]) listener(tapped);
  };
  return {
    listen(listener: (frame: TappedFrame) => void): Undo {
      const use = (frame: TappedFrame): void => listener(frame);
      listeners.add(use);
      return () => void listeners.delete(use);
    },
    /** The network as one link sees it. */
    network: (link: string, network: Network): Network => ({
      fetch: (url, init) => network.fetch(url, init),
      serve: (options) => network.serve(options),
      connect(url, handlers, options) {
        const socket = network.connect(
          url,
          {
            ...handlers,
            message(data) {
              pass(link, 'in', data);
              handlers.message(data);
            },
          },
          options,
        );
        const tapped: Socket = {
          send(data) {
            pass(link, 'out', data);
            socket.send(data);
          },
          ping: () => socket.ping(),
          close: (code) => socket.close(code),
          terminate: () => socket.terminate(),
          get bufferedBytes() {
            return socket.bufferedBytes;
          },
        };
        return tapped;
      },
    }),
  };
}
