import { describe, expect, it } from 'vitest';
import { runPractice } from '#main/cli/practice';
import { createRealSeams, createSimulatedSeams, type Seams } from '#main/seams/index';

const T0 = Date.UTC(2026, 10, 21, 10, 7);

async function run(
  argv: string[],
  seams: Seams = createSimulatedSeams(1, T0),
  during = async (_: string[]) => {},
) {
  const out: string[] = [];
  const err: string[] = [];
  let stop = () => {};
  const untilStopped = new Promise<void>((done) => {
    stop = done;
  });
  const running = runPractice(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    seams,
    untilStopped,
  });
  const ended = running.then(() => true);
  while (
    out.length === 0 &&
    !(await Promise.race([ended, new Promise((done) => setImmediate(done, false))]))
  );
  await during(out);
  stop();
  return { code: await running, out, err };
}

describe('wavedesk practice', () => {
  it.each([
    [['--port', '70000'], /--port 70000: must be a whole number from 0 to 65535/],
    [['--port', 'x'], /--port x/],
    [['--speed', '0'], /--speed 0: must be a number from 1 to 1000/],
    [['--speed', '1001'], /--speed 1001/],
    [['--volume', 'lots'], /--volume lots: must be base, quote or auto/],
    [['--nonsense'], /nonsense/],
    [['stray'], /stray/],
  ])('answers %j in words with exit code 2', async (argv, message) => {
    const { code, err, out } = await run(argv);
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(message);
    expect(err.join('\n')).toMatch(/Usage:/);
    expect(out).toEqual([]);
  });

  it('explains itself with --help', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out[0]).toMatch(/--replay FILE/);
  });

  it('names file, line and column of a broken replay', async () => {
    const seams = createSimulatedSeams(1, T0);
    seams.disk.write(
      '/x/btc.csv',
      'timestamp,open,high,low,close,volume\n2022-01-01 00:00:00,1,2,oops,1,1\n',
    );
    const { code, err } = await run(['--replay', '/x/btc.csv'], seams);
    expect(code).toBe(2);
    expect(err[0]).toMatch(/btc\.csv: line 2, column 4 \(low\): expected a price above 0, found "oops"/);
  });

  it('says in words that its port is taken, with exit code 1', async () => {
    const seams = createSimulatedSeams(1, T0);
    await seams.network.serve({
      host: '127.0.0.1',
      port: 8899,
      maxFrameBytes: 10,
      request: () => {},
      socket: () => {},
    });
    const { code, err } = await run(['--port', '8899'], seams);
    expect(code).toBe(1);
    expect(err[0]).toMatch(/port 8899 is already in use/);
  });

  it('prints one JSON line for ccxt and signals, serves on real sockets, and stops cleanly', async () => {
    const { code, out, err } = await run(['--json'], createRealSeams(), async ([line]) => {
      const told = JSON.parse(line!) as {
        venues: { binance: Record<'spot' | 'future', { ccxt: { apiKey: string; secret: string } }> };
        signals: { url: string; token: string };
      };
      const { spot, future } = told.venues.binance;
      expect(spot.ccxt.apiKey).toBe(future.ccxt.apiKey);
      expect(spot.ccxt.secret.length).toBeGreaterThanOrEqual(40);
      const base = /http:\/\/127\.0\.0\.1:\d+/.exec(line!)![0];
      const time = (await (await fetch(`${base}/api/v3/time`)).json()) as { serverTime: number };
      expect(Math.abs(time.serverTime - Date.now())).toBeLessThan(5_000);
      const socket = new WebSocket(told.signals.url);
      const first = await new Promise<string>((done) => {
        socket.onmessage = (event) => done(String(event.data));
      });
      expect(JSON.parse(first)).toMatchObject({ type: 'auth_required' });
      socket.close();
    });
    expect([code, out.length, err]).toEqual([0, 1, []]);
  });

  it('keeps keys and secrets out of its readable lines', async () => {
    const { code, out } = await run([], createRealSeams());
    expect(code).toBe(0);
    expect(out.join('\n')).toMatch(/seed 1, at 5 times real time/);
    expect(out.join('\n')).not.toMatch(/[A-Za-z0-9]{40}/);
  });
});
