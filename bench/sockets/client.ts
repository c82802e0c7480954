import WebSocket from 'ws';
import { createPool } from '../../src/main/connectivity/index';
import { OrderBook } from '../../src/main/market/index';
import { createRealSeams } from '../../src/main/seams/index';
import { createVenue } from '../../src/main/venues/index';
import type { Symbol } from '../../src/shared/domain/instrument';

/** One receiver in a process of its own; prints CPU microseconds a frame, from the first frame to the last. */
const [who = '', kind = '', port = '', frames = ''] = (process.env.BENCH_CLIENT ?? '').split(' ');
const FRAMES = Number(frames);
const SYMBOL = 'BTC/USDT:USDT' as Symbol;

let seen = 0;
let begun: NodeJS.CpuUsage | null = null;
/** The first tenth warms the code up and is not counted. */
const WARM = Math.floor(FRAMES / 10);
function count(): void {
  seen++;
  if (seen === WARM) begun = process.cpuUsage();
  if (seen < FRAMES) return;
  const { user, system } = process.cpuUsage(begun!);
  process.stdout.write(`${(user + system) / (FRAMES - WARM)}\n`);
  process.exit(0);
}

function bare(): void {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: false });
  socket.on('open', () => socket.send(JSON.stringify({ method: 'SUBSCRIBE', params: ['x'], id: 1 })));
  socket.on('message', (data) => {
    if (String(data).length > 40) count();
  });
}

function ours(): void {
  const seams = createRealSeams();
  const http = `http://127.0.0.1:${port}`;
  const ws = `ws://127.0.0.1:${port}`;
  const venue = createVenue({
    seams,
    pool: createPool({ seams }),
    key: 'binance_future',
    mode: 'practice',
    endpoints: { spotRest: http, futureRest: http, spotStream: ws, spotWsApi: ws, futureStream: ws },
  });
  if (kind === 'trades') {
    venue.data.subscribe({ kind: 'trades', symbol: SYMBOL }, count);
    return;
  }
  const book = new OrderBook();
  venue.data.subscribe({ kind: 'book', symbol: SYMBOL }, (event) => {
    if (event.type === 'book-snapshot') book.applySnapshot(event);
    if (event.type !== 'book-delta') return;
    book.applyDelta(event);
    if (book.top(20).bids.length !== 20) throw new Error('the book is short');
    count();
  });
}

async function theirs(): Promise<void> {
  const { default: ccxt } = await import('ccxt');
  const client = new ccxt.pro.binance({
    httpAgent: false,
    options: { defaultType: 'swap', tradesLimit: 1000, watchOrderBookLimit: 1000 },
    urls: {
      api: { ws: { future: `ws://127.0.0.1:${port}/ws` }, fapiPublic: `http://127.0.0.1:${port}/fapi/v1` },
    },
  });
  client.setMarkets([
    {
      id: 'BTCUSDT',
      lowercaseId: 'btcusdt',
      symbol: SYMBOL,
      base: 'BTC',
      quote: 'USDT',
      settle: 'USDT',
      baseId: 'BTC',
      quoteId: 'USDT',
      settleId: 'USDT',
      type: 'swap',
      spot: false,
      margin: false,
      swap: true,
      future: false,
      option: false,
      contract: true,
      linear: true,
      inverse: false,
      active: true,
      contractSize: 1,
      precision: { price: 0.1, amount: 0.001 },
      limits: {},
      info: {},
    },
  ] as never);
  // ccxt resolves one call for several frames at times, so frames are counted where they arrive.
  const handle = client.handleMessage.bind(client);
  client.handleMessage = (socket: never, message: { readonly e?: string }) => {
    handle(socket, message);
    if (message.e === undefined) return;
    if (kind === 'book')
      void (client.orderbooks as Record<string, { bids: unknown[] }>)[SYMBOL]?.bids.slice(0, 20);
    count();
  };
  for (;;)
    await (kind === 'trades' ? client.watchTrades(SYMBOL) : client.watchOrderBook(SYMBOL, 1000)).catch(
      () => {},
    );
}

if (who === 'bare') bare();
else if (who === 'ours') ours();
else await theirs();
await new Promise(() => {});
