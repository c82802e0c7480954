import type { StreamPath } from './stream-name';

/** What a websocket url asks for. */
export type SocketTarget =
  | {
      readonly kind: 'public';
      readonly path: StreamPath;
      readonly combined: boolean;
      readonly names: readonly string[];
    }
  | {
      readonly kind: 'private';
      readonly combined: boolean;
      readonly listenKey: string | null;
      readonly events: readonly string[] | null;
    }
  | { readonly kind: 'api'; readonly market: 'spot' | 'future' };

const split = (text: string | null): readonly string[] =>
  text === null ? [] : text.split('/').filter((part) => part !== '');

/**
 * Reads a websocket url. Three spellings lead here: the exchange's own paths ("/ws", "/stream", "/public/ws" …), the
 * same under "/fut" for ccxt, and "/stream/spot/ws", since ccxt takes a url for spot when it contains "/stream".
 */
export function readSocketPath(url: string): SocketTarget | null {
  const parsed = URL.parse(url, 'ws://localhost');
  if (parsed === null) return null;
  const { pathname, searchParams } = parsed;
  if (pathname === '/ws-api/v3') return { kind: 'api', market: 'spot' };
  if (pathname === '/ws-fapi/v1') return { kind: 'api', market: 'future' };

  const future = /^(?:\/fut)?\/(public|market|private)\/(ws|stream)(?:\/(.*))?$/.exec(pathname);
  const spot = /^(?:\/stream\/spot)?\/(ws|stream)(?:\/(.*))?$/.exec(pathname);
  const [, place, futureForm, futureRest] = future ?? [];
  const [, spotForm, spotRest] = spot ?? [];
  const combined = (futureForm ?? spotForm) === 'stream';
  const names = combined ? split(searchParams.get('streams')) : split(futureRest ?? spotRest ?? null);
  if (place === 'private') {
    const events = searchParams.get('events');
    return {
      kind: 'private',
      combined,
      listenKey: searchParams.get('listenKey') ?? names[0] ?? null,
      events: events === null ? null : split(events),
    };
  }
  if (place === 'public' || place === 'market') return { kind: 'public', path: place, combined, names };
  return spot === null ? null : { kind: 'public', path: 'spot', combined, names };
}
