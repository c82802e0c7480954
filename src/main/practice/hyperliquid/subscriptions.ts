import { Timeframe } from '#shared/domain/market';
import type { Stream } from '../wire-kit/stream-hub';
import { candleSource, onChange, type StreamSource, steady, tradeSource } from '../wire-kit/stream-sources';
import { clearinghouseState, openFaces, spotState } from './account-info';
import { frontendImage } from './order-image';
import {
  bboImage,
  bookImage,
  candleImage,
  contextImage,
  FAST_LEVELS,
  mids,
  PLAIN_LEVELS,
  tradeImage,
} from './public-info';
import type { WireState } from './wire-state';

type Json = Readonly<Record<string, unknown>>;

/** What a subscription is, read and with its defaults filled in. */
export interface Subscription {
  /** As it is acknowledged; also its name. */
  readonly normal: Json;
  /** Null for what is told as it happens, by account. */
  readonly stream: Stream | null;
  readonly type: string;
  readonly user: string | null;
}

const TRADES_PER_PUSH = 200;
/** A state is sent again this often even when nothing changed. */
const REPEAT_MS = 5_000;
/** The chain makes a block about that often; nothing is told faster. */
const BLOCK_MS = 100;
const frame = (channel: string, data: unknown) => ({ channel, data });

/** Reads a subscription; null for one the exchange does not know. */
export function readSubscription(state: WireState, value: unknown): Subscription | null {
  if (typeof value !== 'object' || value === null) return null;
  const asked = value as Json;
  const type = String(asked.type);
  const user = typeof asked.user === 'string' ? asked.user.toLowerCase() : null;
  const make = (normal: Json, everyMs: number, open: () => StreamSource): Subscription => ({
    normal,
    type,
    user,
    stream: { name: JSON.stringify(normal), everyMs, open },
  });
  if (type === 'allMids')
    return make({ type, dex: asked.dex ?? null }, 2_000, () =>
      steady(() => frame('allMids', { mids: mids(state) })),
    );
  if (USER_STREAMS.has(type)) return user === null ? null : readUser(state, asked, user);
  const found = state.find(asked.coin);
  if (found === undefined) return null;
  const { side, listed } = found;
  const { coin } = listed;
  switch (type) {
    case 'trades':
      return make({ type, coin }, BLOCK_MS, () =>
        tradeSource(side.view, listed.symbol, TRADES_PER_PUSH, (trades) => [
          frame(
            'trades',
            trades.map((trade) => tradeImage(listed, trade)),
          ),
        ]),
      );
    case 'bbo':
      return make({ type, coin }, BLOCK_MS, () =>
        onChange(
          () => frame('bbo', bboImage(side, listed)),
          ({ data }) => JSON.stringify((data as { bbo: unknown }).bbo),
        ),
      );
    case 'l2Book': {
      const fast = asked.fast === true;
      const normal = { type, coin, nSigFigs: null, mantissa: null, ...(fast ? { fast } : {}) };
      const levels = fast ? FAST_LEVELS : PLAIN_LEVELS;
      return make(normal, fast ? 500 : 5_000, () =>
        steady(() => frame('l2Book', bookImage(side, listed, levels))),
      );
    }
    case 'candle': {
      const timeframe = Timeframe.safeParse(asked.interval);
      if (!timeframe.success) return null;
      return make({ type, coin, interval: timeframe.data }, 250, () =>
        candleSource(side.view, listed.symbol, timeframe.data, (candle) =>
          frame('candle', candleImage(listed, timeframe.data, candle)),
        ),
      );
    }
    case 'activeAssetCtx': {
      const channel = listed.kind === 'spot' ? 'activeSpotAssetCtx' : 'activeAssetCtx';
      return make({ type, coin }, 1_000, () =>
        steady(() => frame(channel, { coin, ctx: contextImage(side, listed) })),
      );
    }
    default:
      return null;
  }
}

const USER_STREAMS = new Set([
  'userFills',
  'orderUpdates',
  'userEvents',
  'openOrders',
  'clearinghouseState',
  'spotState',
]);

function readUser(state: WireState, asked: Json, user: string): Subscription {
  const type = String(asked.type);
  const told = (normal: Json): Subscription => ({ normal, type, user, stream: null });
  const repeated = (normal: Json, read: () => Json): Subscription => ({
    normal,
    type,
    user,
    stream: {
      name: JSON.stringify(normal),
      everyMs: 250,
      open: () => repeat(state, () => frame(type, { ...read(), user })),
    },
  });
  const account = state.accountOf(user);
  const dex = asked.dex ?? '';
  switch (type) {
    case 'userFills':
      return told({ type, user, aggregateByTime: asked.aggregateByTime ?? null });
    case 'openOrders':
      return repeated({ type, user, dex }, () => ({
        dex,
        orders: openFaces(state, account).map(({ face, listed }) => frontendImage(face, listed)),
      }));
    case 'clearinghouseState':
      return repeated({ type, user, dex }, () => ({
        dex,
        clearinghouseState: clearinghouseState(state, account),
      }));
    case 'spotState':
      return repeated({ type, user }, () => ({ spotState: spotState(state, account) }));
    default:
      return told({ type, user });
  }
}

/** Says a state when it changed, and again after a while. */
function repeat(state: WireState, read: () => { readonly data: unknown }): StreamSource {
  let told = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    take() {
      const now = state.seams.clock.monotonic();
      const message = read();
      // The time in it is no change.
      const text = JSON.stringify(message.data, (name, value: unknown) =>
        name === 'time' ? undefined : value,
      );
      if (text === told && now - toldAt < REPEAT_MS) return [];
      told = text;
      toldAt = now;
      return [message];
    },
    close: () => {},
  };
}
