import { decodePublic } from '../src/main/venues/binance/decode';
import type { UnixMs } from '../src/shared/domain/basics';
import type { Symbol } from '../src/shared/domain/instrument';
import { perCall, report } from './measure';

const CALLS = 100_000;
const context = {
  market: 'future' as const,
  now: () => 1_772_536_782_136 as UnixMs,
  symbol: (wire: string) => (wire === 'BTCUSDT' ? ('BTC/USDT:USDT' as Symbol) : undefined),
};
const levels = (from: number, step: number) =>
  Array.from({ length: 20 }, (_, index) => [(from + step * index).toFixed(1), `${(index + 1) / 10}00`]);
const FRAMES = {
  trade:
    '{"e":"aggTrade","E":1772536782136,"s":"BTCUSDT","a":5933014,"p":"65000.10","q":"0.004","f":100,"l":105,"T":1772536782130,"m":true,"st":1}',
  'book, 40 levels': JSON.stringify({
    e: 'depthUpdate',
    E: 1772536782136,
    T: 1772536782130,
    s: 'BTCUSDT',
    U: 157,
    u: 160,
    pu: 149,
    b: levels(65_000, -0.1),
    a: levels(65_000.1, 0.1),
    st: 1,
  }),
};

for (const [name, frame] of Object.entries(FRAMES)) {
  const parse = { name: 'JSON.parse', micros: perCall(CALLS, () => JSON.parse(frame)) };
  report(`${name}: JSON.parse alone`, parse.micros, parse);
  report(
    `${name}: frame to event`,
    perCall(CALLS, () => decodePublic(frame, context)),
    parse,
  );
}
