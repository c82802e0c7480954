import type { Seams, ServerSocket } from '#main/seams/seams';
import type { Listeners } from '../wire-kit/listeners';
import { carrySocket, type Peer, POLICY_VIOLATION, type Session } from '../wire-kit/socket-session';
import type { StreamHub } from '../wire-kit/stream-hub';
import { openPrivateSocket } from './private-socket';
import { openPublicSocket } from './public-socket';
import type { Side } from './routes';
import type { createTopics } from './streams';
import { openTradeSocket } from './trade-socket';

export interface SocketSide extends Side {
  readonly hub: StreamHub;
  readonly topics: ReturnType<typeof createTopics>;
  readonly listeners: Listeners;
  /** Counts the listeners of each running topic. */
  readonly counts: Map<string, number>;
}

/** What a path leads to. `cash` and `contract` name the wallet of one market, as they do for REST. */
type Target =
  | { readonly kind: 'public'; readonly market: 'spot' | 'future' }
  | { readonly kind: 'private'; readonly markets: readonly ('spot' | 'future')[] }
  | { readonly kind: 'trade' };

const MARKETS = { cash: ['spot'], contract: ['future'] } as const;

export function readTarget(url: string): Target | null {
  const [path = ''] = url.split('?');
  const match = /^(?:\/(cash|contract))?\/v5\/(public\/spot|public\/linear|private|trade)$/.exec(path);
  if (match === null) return null;
  const [, site, what] = match as unknown as [string, keyof typeof MARKETS | undefined, string];
  if (what === 'trade') return { kind: 'trade' };
  if (what === 'private')
    return { kind: 'private', markets: site === undefined ? ['spot', 'future'] : MARKETS[site] };
  return { kind: 'public', market: what === 'public/spot' ? 'spot' : 'future' };
}

/** Idle connections are looked for as often as this. */
const SWEEP_MS = 30_000;
const NORMAL = 1_000;

/** Serves every websocket path. A connection wakes the markets it listens to, and lets them sleep when it ends. */
export function createSockets(seams: Seams, spot: SocketSide, future: SocketSide) {
  let connections = 0;
  const sideOf = (market: 'spot' | 'future'): SocketSide => (market === 'spot' ? spot : future);
  const { keys, limits } = spot.market;

  const openSession = (socket: Peer, target: Target): Session => {
    const connectionId = `practice-${++connections}`;
    const now = (): number => seams.clock.now();
    if (target.kind === 'trade')
      return openTradeSocket({ socket, sides: { spot, future }, keys, connectionId, now });
    if (target.kind === 'private')
      return openPrivateSocket({ socket, sides: target.markets.map(sideOf), keys, connectionId, now });
    const { market, hub, topics, counts } = sideOf(target.market);
    return openPublicSocket({ socket, market, hub, topics, connectionId, listeners: counts });
  };
  const wakes = (target: Target): (() => void)[] => {
    if (target.kind === 'trade') return [];
    const markets = target.kind === 'public' ? [target.market] : target.markets;
    return markets.map((market) => sideOf(market).market.wake());
  };

  return (socket: ServerSocket): void => {
    const target = readTarget(socket.path);
    if (target === null) {
      socket.close(POLICY_VIOLATION);
      return;
    }
    const asleep = wakes(target);
    let heardAt = seams.clock.monotonic();
    const sweep = seams.timers.every(SWEEP_MS, () => {
      if (seams.clock.monotonic() - heardAt > limits.idleMs) socket.close(NORMAL);
    });
    carrySocket(socket, seams, { heartbeat: null, messagesPerSecond: Number.POSITIVE_INFINITY }, (peer) => {
      const session = openSession(peer, target);
      return {
        message(text) {
          heardAt = seams.clock.monotonic();
          session.message(text);
        },
        close() {
          sweep();
          session.close();
          for (const undo of asleep) undo();
        },
      };
    });
  };
}
