import type { PracticeKey } from '../types';
import type { Listeners } from '../wire-kit/listeners';
import type { Peer, Session } from '../wire-kit/socket-session';
import { LoginError, readLogin } from './auth';
import type { PrivateFeed, PrivateNews } from './private-feed';
import { ackFrame, errorFrame, readControl } from './session-frames';
import { argText } from './stream-arg';
import { PRODUCT, type WireMarket } from './wire-market';

/** One market's private side. */
export interface PrivateSide {
  readonly market: WireMarket;
  readonly feed: PrivateFeed;
  readonly listeners: Listeners;
}

interface Wanted {
  readonly side: PrivateSide;
  readonly channel: string;
  /** A symbol, or "default" for all. */
  readonly of: string;
  readonly arg: Readonly<Record<string, string>>;
}

const CHANNELS: Readonly<Record<'spot' | 'future', ReadonlySet<string>>> = {
  spot: new Set(['orders', 'fill', 'orders-algo', 'account']),
  future: new Set(['orders', 'fill', 'orders-algo', 'account', 'positions']),
};

/** One private connection of a classic account: nothing before the login, then both markets. */
export function openPrivateSession(options: {
  readonly peer: Peer;
  readonly keys: readonly PracticeKey[];
  readonly sides: readonly PrivateSide[];
  now(): number;
  hangUp(): void;
}): Session {
  const { peer, sides } = options;
  const wanted = new Map<string, Wanted>();
  let account: string | null = null;
  let undos: (() => void)[] = [];

  const push = ({ side, arg }: Wanted, news: PrivateNews): void =>
    peer.send(JSON.stringify({ action: 'snapshot', arg, data: news.rows, ts: side.market.core.clock.now() }));
  const hear = (side: PrivateSide) => (event: Readonly<Record<string, unknown>>) => {
    const news = event as unknown as PrivateNews;
    for (const one of wanted.values())
      if (
        one.side === side &&
        one.channel === news.channel &&
        (one.of === 'default' || one.of === news.wireSymbol)
      )
        push(one, news);
  };
  const login = (args: unknown): void => {
    try {
      const key = readLogin(options.keys, args, options.now());
      account = key.account;
      for (const undo of undos) undo();
      undos = sides.map((side) => side.listeners.add(key.account, hear(side)));
      peer.send(JSON.stringify({ event: 'login', code: 0, msg: '' }));
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      peer.send(errorFrame(error.code, error.message));
      options.hangUp();
    }
  };
  const read = (raw: Readonly<Record<string, unknown>>): Wanted | null => {
    const side = sides.find(({ market }) => PRODUCT[market.kind] === String(raw.instType).toUpperCase());
    const channel = String(raw.channel);
    if (side === undefined || !CHANNELS[side.market.kind].has(channel)) return null;
    const instType = PRODUCT[side.market.kind];
    if (channel === 'account')
      return {
        side,
        channel,
        of: 'default',
        arg: { instType, channel, coin: String(raw.coin ?? 'default') },
      };
    const instId = String(raw.instId ?? 'default');
    const of = instId === 'default' ? instId : instId.toUpperCase();
    if (of !== 'default' && side.market.byWire(of) === undefined) return null;
    return { side, channel, of, arg: { instType, channel, instId: of } };
  };
  const nameOf = ({ arg }: Wanted): string => Object.values(arg).join('|');
  const subscribe = (raw: Readonly<Record<string, unknown>>): void => {
    if (account === null) {
      peer.send(errorFrame(30004, 'User needs to log in', raw));
      return;
    }
    const one = read(raw);
    if (one === null) {
      peer.send(errorFrame(30001, `${argText(raw)} doesn't exist`, raw));
      return;
    }
    wanted.set(nameOf(one), one);
    peer.send(ackFrame('subscribe', one.arg));
    const first = one.side.feed.first(account, one.channel);
    if (first !== null) push(one, first);
  };

  return {
    message(text) {
      if (text === 'ping') return peer.send('pong');
      const control = readControl(text);
      if (control === null) return peer.send(errorFrame(30002, 'illegal request'));
      switch (control.op) {
        case 'login':
          return login(control.args);
        case 'subscribe':
          for (const arg of control.args) subscribe(arg);
          return;
        case 'unsubscribe':
          for (const raw of control.args) {
            const one = read(raw);
            if (one !== null) wanted.delete(nameOf(one));
            peer.send(ackFrame('unsubscribe', one?.arg ?? raw));
          }
          return;
        default:
          peer.send(errorFrame(30003, 'invalid op'));
      }
    },
    close() {
      for (const undo of undos) undo();
      wanted.clear();
    },
  };
}
