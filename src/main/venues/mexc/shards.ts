import type { LinkUse } from '#main/connectivity/types';
import { MOST_TOPICS } from './subscribe';

interface Placed {
  readonly shard: number;
  users: number;
}

/**
 * Spreads topics over sockets of 30, which is all that one may carry. A topic stays on its socket until its last user
 * has left; the first socket with room takes the next one, so that few symbols need but one.
 */
export function createShards(open: (shard: number) => LinkUse) {
  const links: LinkUse[] = [];
  const sizes: number[] = [];
  const placed = new Map<string, Placed>();

  const place = (topic: string): Placed => {
    const known = placed.get(topic);
    if (known !== undefined) return known;
    const room = sizes.findIndex((size) => size < MOST_TOPICS);
    const shard = room < 0 ? sizes.length : room;
    links[shard] ??= open(shard);
    sizes[shard] = (sizes[shard] ?? 0) + 1;
    const fresh = { shard, users: 0 };
    placed.set(topic, fresh);
    return fresh;
  };
  return {
    /** The link for a topic; call `release` when it is no longer wanted. */
    take(topic: string): { readonly link: LinkUse; release(): void } {
      const entry = place(topic);
      entry.users++;
      let released = false;
      return {
        link: links[entry.shard]!,
        release() {
          if (released) return;
          released = true;
          if (--entry.users > 0) return;
          placed.delete(topic);
          sizes[entry.shard]! -= 1;
        },
      };
    },
  };
}
