import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { report } from './measure';

const FRAMES = 100_000;
const ROUNDS = 5;
const WITHIN_MS = 120_000;

/** The receivers are bundled as the desk is, so that what is measured is what runs. */
const CLIENT = 'out/bench/client.js';
await build({
  configFile: false,
  logLevel: 'error',
  build: { ssr: 'bench/sockets/client.ts', outDir: 'out/bench', target: 'node24', minify: false },
});

/** First line that a child prints. */
function firstLine(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((done, fail) => {
    const limit = setTimeout(() => fail(new Error('no line in two minutes')), WITHIN_MS);
    createInterface({ input: child.stdout! }).once('line', (line) => {
      clearTimeout(limit);
      done(line);
    });
    child.once('exit', (code) => fail(new Error(`a child ended with ${code} before its line`)));
  });
}

/** CPU microseconds a frame of one receiver; frames come from a process of their own over loopback. */
async function once(who: string, kind: string): Promise<number> {
  const feed = spawn(process.execPath, ['bench/sockets/feed.mjs', kind, String(FRAMES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await firstLine(feed);
  const client = spawn(process.execPath, [CLIENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_CLIENT: `${who} ${kind} ${port} ${FRAMES}` },
  });
  try {
    return Number(await firstLine(client));
  } finally {
    client.kill('SIGKILL');
    feed.kill('SIGKILL');
  }
}

async function median(who: string, kind: string): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await once(who, kind));
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}

for (const [kind, what] of [
  ['trades', 'trades: socket to normalised event'],
  ['book', 'book of 20 levels a frame: kept, top 20 read'],
] as const) {
  const bare = { name: 'bare ws', micros: await median('bare', kind) };
  report(`${kind}: a ws client that only receives`, bare.micros, bare);
  const ours = await median('ours', kind);
  report(what, ours, bare);
  const theirs = await median('ccxt', kind);
  report(`${kind}: ccxt.pro on the same frames`, theirs, bare);
  process.stdout.write(`  ours / ccxt.pro: ${(ours / theirs).toFixed(2)}\n`);
}
