import type { Timers } from '#main/seams/seams';

type Frame = string | Uint8Array;

/** Holds the frames of a handshake: each is taken once, in order; what is left is handed on afterwards. */
export function createInbox(timers: Timers) {
  const frames: Frame[] = [];
  let waiting: { take(frame: Frame): void; fail(error: Error): void } | null = null;
  let closed: string | null = null;

  return {
    put(frame: Frame): void {
      if (waiting === null) frames.push(frame);
      else waiting.take(frame);
    },
    /** @throws Error when nothing comes in time, or the connection ends. */
    next(withinMs: number): Promise<Frame> {
      const first = frames.shift();
      if (first !== undefined) return Promise.resolve(first);
      if (closed !== null) return Promise.reject(new Error(closed));
      return new Promise<Frame>((resolve, reject) => {
        const fail = (error: Error): void => {
          waiting = null;
          undo();
          reject(error);
        };
        const undo = timers.after(withinMs, () =>
          fail(new Error(`no answer to the handshake within ${withinMs / 1000} s`)),
        );
        waiting = {
          take: (frame) => {
            waiting = null;
            undo();
            resolve(frame);
          },
          fail,
        };
      });
    },
    rest: (): readonly Frame[] => frames.splice(0),
    close(why: string): void {
      closed = why;
      waiting?.fail(new Error(why));
    },
  };
}
