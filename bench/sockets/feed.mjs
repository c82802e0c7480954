// A process of its own that plays an exchange's stream: whoever subscribes gets `frames` frames as fast as the socket
// takes them, then the connection ends. Prints its port. Argument: trades or book.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const [kind = 'trades', count = '100000'] = process.argv.slice(2);
const FRAMES = Number(count);
const BATCH = 200;
const HIGH_WATER_BYTES = 1 << 20;
const START = 1_772_536_782_136;

const trade = (n) =>
  `{"e":"aggTrade","E":${START + n},"s":"BTCUSDT","a":${5_933_014 + n},"p":"6500${n % 10}.${n % 10}0","q":"0.00${(n % 9) + 1}","f":100,"l":105,"T":${START + n},"m":${n % 2 === 0},"st":1}`;
const level = (base, step, n) =>
  Array.from({ length: 20 }, (_, i) => [(base + step * i).toFixed(1), `${((n + i) % 90) + 1}.${i % 10}00`]);
const delta = (n) =>
  JSON.stringify({
    e: 'depthUpdate',
    E: START + n,
    T: START + n,
    s: 'BTCUSDT',
    U: 1001 + n,
    u: 1001 + n,
    pu: 1000 + n,
    b: level(65_000, -0.1, n),
    a: level(65_000.1, 0.1, n),
    st: 1,
  });
const make = kind === 'trades' ? trade : delta;

const server = createServer((request, response) => {
  // The snapshot that deltas 1001 and on continue.
  const book = {
    lastUpdateId: 1000,
    E: START,
    T: START,
    bids: level(65_000, -0.1, 0),
    asks: level(65_000.1, 0.1, 0),
  };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(request.url?.includes('depth') ? book : {}));
});
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  let begun = false;
  socket.on('message', (data) => {
    const { id, method } = JSON.parse(String(data));
    if (method !== 'SUBSCRIBE') return;
    socket.send(JSON.stringify({ result: null, id }));
    if (begun) return;
    begun = true;
    let sent = 0;
    const more = () => {
      if (socket.readyState !== socket.OPEN) return;
      for (let i = 0; i < BATCH && sent < FRAMES; i++) socket.send(make(sent++));
      if (sent >= FRAMES) socket.close(1000);
      else if (socket.bufferedAmount > HIGH_WATER_BYTES) setTimeout(more, 1);
      else setImmediate(more);
    };
    // Books are fetched before the first delta counts.
    setTimeout(more, 200);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
