import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import WebSocket from 'ws';
import type { contract } from '#shared/contract/index';

export const ROOT = resolve(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the built headless desk (or the command line) until it ends. */
export function runToEnd(args: readonly string[], bundle: 'headless' | 'cli' = 'headless'): Promise<Ended> {
  const child = spawn(NODE, [`out/main/${bundle}.js`, ...args], { cwd: ROOT });
  return collect(child);
}

function collect(child: ChildProcess): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      output += data;
    });
  return new Promise((done) => child.once('close', (code) => done({ code, output })));
}

export type DeskClient = ContractRouterClient<typeof contract>;

/** A running headless desk, spoken to over its real socket. */
export async function startDesk(args: readonly string[]) {
  const child = spawn(NODE, ['out/main/headless.js', '--headless', '--port', '0', ...args], { cwd: ROOT });
  const ended = collect(child);
  const url = await new Promise<string>((done, fail) => {
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data;
      const found = /^Wavedesk ready (\S+)$/m.exec(text);
      if (found) done(found[1] as string);
    });
    void ended.then(({ output }) => fail(new Error(`the desk ended before it was ready:\n${output}`)));
  });
  const client = await connect(url);
  const signal = async (name: NodeJS.Signals): Promise<Ended> => {
    child.kill(name);
    return ended;
  };
  return { url, client, stop: () => signal('SIGINT'), kill: () => signal('SIGKILL') };
}

async function connect(url: string): Promise<DeskClient> {
  const { origin, host, hash } = new URL(url);
  const answer = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hash.slice(3)}`, origin },
  });
  const { session } = (await answer.json()) as { session: string };
  const socket = new WebSocket(`ws://${host}/rpc`, { origin });
  await new Promise((done) => socket.once('open', done));
  socket.send(JSON.stringify({ session }));
  await new Promise((done) => socket.once('message', done));
  const client: DeskClient = createORPCClient(new RPCLink({ websocket: socket as never }));
  return client;
}
