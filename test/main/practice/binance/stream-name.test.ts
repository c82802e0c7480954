import { describe, expect, it } from 'vitest';
import { readSocketPath } from '#main/practice/binance/socket-path';
import { readStreamName } from '#main/practice/binance/stream-name';
import type { WireMarket } from '#main/practice/binance/wire-market';

const market = (kind: 'spot' | 'future'): Pick<WireMarket, 'kind' | 'byWire'> => ({
  kind,
  byWire: (name) =>
    name === 'BTCUSDT' ? ({ wireSymbol: name } as ReturnType<WireMarket['byWire']>) : undefined,
});

describe('stream names', () => {
  it.each([
    ['spot', 'btcusdt@trade', 'trade', 'spot', 100],
    ['spot', 'btcusdt@depth', 'diff', 'spot', 1_000],
    ['spot', 'btcusdt@depth@100ms', 'diff', 'spot', 100],
    ['spot', 'btcusdt@depth20@100ms', 'partial', 'spot', 100],
    ['spot', 'btcusdt@kline_15m', 'kline', 'spot', 250],
    ['spot', '!miniTicker@arr', 'miniTicker', 'spot', 1_000],
    ['future', 'btcusdt@depth', 'diff', 'public', 250],
    ['future', 'btcusdt@depth@500ms', 'diff', 'public', 500],
    ['future', 'btcusdt@trade', 'trade', 'public', 100],
    ['future', 'btcusdt@bookTicker', 'bookTicker', 'public', 100],
    ['future', 'btcusdt@aggTrade', 'aggTrade', 'market', 100],
    ['future', 'btcusdt@markPrice', 'markPrice', 'market', 3_000],
    ['future', 'btcusdt@markPrice@1s', 'markPrice', 'market', 1_000],
    ['future', '!markPrice@arr@1s', 'markPrice', 'market', 1_000],
    ['future', '!ticker@arr', 'ticker', 'market', 1_000],
    ['future', '!bookTicker', 'bookTicker', 'public', 1_000],
  ] as const)('%s %s', (kind, name, stream, path, everyMs) => {
    expect(readStreamName(market(kind) as WireMarket, name)).toMatchObject({ kind: stream, path, everyMs });
  });

  it.each([
    ...['btcusdt', 'BTCUSDT@trade', 'btcusdt@', '@trade', 'btcusdt@kline_7m', 'btcusdt@depth7', '12'],
    ...['btcusdt@depth@250ms', 'btcusdt@markPrice', 'btcusdt@trade@100ms', '!ticker@arr', '!bookTicker', ''],
  ])('spot does not know %j', (name) => {
    expect(readStreamName(market('spot') as WireMarket, name)).toBeNull();
  });
});

describe('websocket urls', () => {
  it.each([
    ['/ws', { kind: 'public', path: 'spot', combined: false, names: [] }],
    [
      '/ws/btcusdt@trade/ethusdt@trade',
      { path: 'spot', combined: false, names: ['btcusdt@trade', 'ethusdt@trade'] },
    ],
    ['/stream?streams=a@trade/b@trade', { path: 'spot', combined: true, names: ['a@trade', 'b@trade'] }],
    ['/stream/spot/ws/3', { path: 'spot', combined: false, names: ['3'] }],
    ['/public/ws', { path: 'public', combined: false }],
    ['/fut/market/ws/0', { path: 'market', combined: false, names: ['0'] }],
    ['/market/stream?streams=x', { path: 'market', combined: true, names: ['x'] }],
    ['/private/ws?listenKey=K&events=A/B', { kind: 'private', listenKey: 'K', events: ['A', 'B'] }],
    ['/fut/private/ws?listenKey=K', { kind: 'private', listenKey: 'K', events: null }],
    ['/ws-api/v3', { kind: 'api', market: 'spot' }],
    ['/ws-fapi/v1', { kind: 'api', market: 'future' }],
  ])('%s', (url, target) => {
    expect(readSocketPath(url)).toMatchObject(target);
  });

  it.each(['/', '/wss', '/other/ws', '/ws-api/v2', '/public', '/fut/ws', '//', 'http://['])(
    'leads nowhere: %s',
    (url) => {
      expect(readSocketPath(url)).toBeNull();
    },
  );
});
