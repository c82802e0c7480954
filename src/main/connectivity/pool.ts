import type { Seams } from '#main/seams/seams';
import type { LinkStatus } from '#shared/domain/connection';
import { DEFAULT_LIMITS, type Limits } from './limits';
import { createLink, type Link } from './link';
import { createStagger } from './stagger';
import { createTap } from './tap';
import type { TappedPool } from './types';

export interface PoolOptions {
  readonly seams: Pick<Seams, 'clock' | 'timers' | 'network'>;
  /** What differs from the defaults: 5-10-20-40-60 s between attempts, ping every 30 s, pong within 10 s, 10 MB. */
  readonly limits?: Partial<Limits>;
  /** Hears what a listener threw; its link shows the message as well. */
  listenerFailed?(key: string, error: unknown): void;
}

const running = new WeakMap<PoolOptions['seams']['network'], TappedPool>();

/** The one pool of this network: opened twice it is the same, until it has been closed. */
export function openPool(options: PoolOptions): TappedPool {
  const { network } = options.seams;
  const known = running.get(network);
  if (known !== undefined) return known;
  const pool = createPool(options);
  const opened: TappedPool = {
    ...pool,
    close: () => {
      if (running.get(network) === opened) running.delete(network);
      return pool.close();
    },
  };
  running.set(network, opened);
  return opened;
}

/** All sockets of the desk, one per key, each shared by everybody who names the key. */
export function createPool({ seams, limits: own = {}, listenerFailed = () => {} }: PoolOptions): TappedPool {
  const limits: Limits = { ...DEFAULT_LIMITS, ...own };
  const stagger = createStagger(seams.clock, limits.staggerMs, limits.dialsPerMinute);
  const tap = createTap(seams.clock);
  const links = new Map<string, Link>();
  const listeners = new Set<(status: LinkStatus) => void>();
  let closing: Promise<void> | null = null;

  return {
    link: (protocol) => {
      const known = links.get(protocol.key);
      if (known !== undefined) {
        known.offer(protocol);
        return known;
      }
      const link = createLink({
        protocol,
        seams: { ...seams, network: tap.network(protocol.key, seams.network) },
        limits,
        stagger,
        listenerFailed,
      });
      link.onChange((status) => {
        for (const listener of [...listeners]) {
          try {
            listener(status);
          } catch (error) {
            listenerFailed(protocol.key, error);
          }
        }
      });
      if (closing !== null) void link.close();
      links.set(protocol.key, link);
      return link;
    },
    tap: tap.listen,
    statuses: () => [...links.values()].map((link) => link.status()),
    restart: (key) => {
      const link = links.get(key);
      link?.restart();
      return link !== undefined;
    },
    onChange: (listener) => {
      const use = (status: LinkStatus): void => listener(status);
      listeners.add(use);
      return () => void listeners.delete(use);
    },
    close: () => {
      closing ??= Promise.all([...links.values()].map((link) => link.close())).then(() => {});
      return closing;
    },
  };
}
