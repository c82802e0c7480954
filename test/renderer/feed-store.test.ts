import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedItem } from '#shared/contract/feed';
import type { DeskClient } from '../../src/renderer/app/client';

type Follower = (client: DeskClient, signal: AbortSignal) => void;
const connection = vi.hoisted(() => ({ follower: undefined as Follower | undefined }));
vi.mock('../../src/renderer/state/session', () => ({
  DROPPED: 'dropped',
  whileLive: (follower: Follower) => {
    connection.follower = follower;
    return () => undefined;
  },
}));
const { createFeedStore } = await import('../../src/renderer/state/feed-store');

interface Row {
  readonly id: string;
  readonly value: number;
}

/** A stream whose items the test hands out; it knows whether its reader gave it up. */
function handStream() {
  const waiting: ((result: IteratorResult<FeedItem<Row>>) => void)[] = [];
  const items: FeedItem<Row>[] = [];
  return {
    given: undefined as AbortSignal | undefined,
    push(item: FeedItem<Row>) {
      const next = waiting.shift();
      if (next === undefined) items.push(item);
      else next({ done: false, value: item });
    },
    [Symbol.asyncIterator]() {
      return {
        next: () =>
          new Promise<IteratorResult<FeedItem<Row>>>((resolve) => {
            const item = items.shift();
            if (item === undefined) waiting.push(resolve);
            else resolve({ done: false, value: item });
          }),
      };
    },
  };
}

describe('a store fed by a stream', () => {
  let frames: (() => void)[] = [];
  const paint = () => {
    for (const frame of frames.splice(0)) frame();
  };
  const settle = async () => {
    for (let turn = 0; turn < 12; turn++) await Promise.resolve();
  };
  let streams: ReturnType<typeof handStream>[] = [];
  const client = {} as DeskClient;
  const storeOf = () =>
    createFeedStore<Row>(
      async (_, signal) => {
        const stream = handStream();
        stream.given = signal;
        streams.push(stream);
        return stream;
      },
      (row) => row.id,
    );

  beforeEach(() => {
    frames = [];
    streams = [];
    vi.stubGlobal('document', { visibilityState: 'visible' });
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is loading, not empty, until the first snapshot', async () => {
    const { use, start } = storeOf();
    start();
    connection.follower?.(client, new AbortController().signal);
    await settle();
    expect(use.getState().rows).toBeNull();
    streams[0]?.push({ seq: 1, kind: 'snapshot', rows: [] });
    await settle();
    paint();
    expect(use.getState().rows?.size).toBe(0);
  });

  it('paints many changes of one frame once, with the newest values', async () => {
    const { use, start } = storeOf();
    let paints = 0;
    use.subscribe(() => paints++);
    start();
    connection.follower?.(client, new AbortController().signal);
    await settle();
    streams[0]?.push({ seq: 1, kind: 'snapshot', rows: [{ id: 'a', value: 0 }] });
    for (let seq = 2; seq <= 50; seq++) {
      streams[0]?.push({ seq, kind: 'change', put: [{ id: 'a', value: seq }], gone: [] });
    }
    for (let turn = 0; turn < 30; turn++) await settle();
    expect(frames).toHaveLength(1);
    paint();
    expect(paints).toBe(1);
    expect(use.getState().rows?.get('a')?.value).toBe(50);
  });

  it('drops a stream with a gap, opens a new one and starts from its snapshot', async () => {
    const { use, start } = storeOf();
    start();
    connection.follower?.(client, new AbortController().signal);
    await settle();
    streams[0]?.push({ seq: 1, kind: 'snapshot', rows: [{ id: 'a', value: 1 }] });
    streams[0]?.push({ seq: 3, kind: 'change', put: [{ id: 'a', value: 99 }], gone: [] });
    await settle();
    await settle();
    expect(streams).toHaveLength(2);
    expect(streams[0]?.given?.aborted).toBe(true);
    paint();
    expect(use.getState().rows?.get('a')?.value).not.toBe(99);
    streams[1]?.push({ seq: 40, kind: 'snapshot', rows: [{ id: 'b', value: 2 }] });
    await settle();
    paint();
    expect([...(use.getState().rows?.keys() ?? [])]).toEqual(['b']);
  });

  it('keeps its last rows when the connection drops and cancels nothing on the dead socket', async () => {
    const { use, start } = storeOf();
    start();
    const life = new AbortController();
    connection.follower?.(client, life.signal);
    await settle();
    streams[0]?.push({ seq: 1, kind: 'snapshot', rows: [{ id: 'a', value: 1 }] });
    await settle();
    paint();
    life.abort('dropped');
    await settle();
    expect(streams[0]?.given?.aborted).toBe(false);
    expect(use.getState().rows?.get('a')?.value).toBe(1);
  });
});
