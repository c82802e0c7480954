import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runDecode } from '#main/cli/decode';
import { createSimulatedSeams } from '#main/seams/index';
import { runCommand } from './run-command';

const FIXTURES = new URL('../../fixtures/venues/binance/', import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');
const decode = (market: string, input: readonly (string | Uint8Array)[], more: string[] = []) =>
  runCommand(runDecode, ['--exchange', 'binance', '--market', market, ...more], { input });
const TRADE =
  '{"e":"trade","E":1772536782136,"s":"BTCUSDT","t":5012345678,"p":"65000.01000000","q":"0.00120000","T":1772536782135,"m":true,"M":true}';

describe('wavedesk decode', () => {
  it.each(['spot', 'future'])('M-289 says what every documented %s frame of Binance says', async (market) => {
    const { code, out, err } = await decode(market, [fixture(`${market}.frames.jsonl`)]);
    expect(err).toEqual([]);
    expect(code).toBe(0);
    expect(out.map((line) => JSON.parse(line))).toEqual(
      fixture(`${market}.facts.jsonl`)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  });

  it('M-283 tells subscriptions, books, trades, orders, signs of life and errors apart by one type each', async () => {
    const { out } = await decode('spot', [fixture('spot.frames.jsonl')]);
    const types = new Set(out.map((line) => JSON.parse(line).type));
    for (const type of ['ack', 'auth', 'book_snapshot', 'book_delta', 'trade', 'order', 'fill', 'error'])
      expect(types).toContain(type);
  });

  it('M-284 M-285 M-286 tells a fill’s own amount and price, its cost and its fee, never the order’s sums', async () => {
    const frames = fixture('spot.frames.jsonl')
      .split('\n')
      .filter((line) => line.includes('"x":"TRADE"'));
    const { out } = await decode('spot', [frames.join('\n')]);
    const [first, , second] = out.map((line) => JSON.parse(line));
    expect(first).toEqual({
      type: 'fill',
      exchange: 'binance',
      market: 'spot',
      id: '900',
      order_id: '77',
      client_order_id: 'wd-0001',
      symbol: 'BTC/USDT',
      side: 'buy',
      amount: '0.4',
      price: '65000',
      cost: '26000',
      timestamp: 1772536782139,
      fee: { cost: '0.013', currency: 'BNB' },
      maker: true,
    });
    expect(second).toMatchObject({ id: '901', amount: '0.6', price: '64999', cost: '38999.4' });
  });

  it('M-286 makes the cost from amount and price where the exchange does not say it, and leaves an untold fee null', async () => {
    const frames = fixture('future.frames.jsonl')
      .split('\n')
      .filter((line) => line.includes('CALCULATED'));
    const { out } = await decode('future', [frames.join('\n')]);
    expect(JSON.parse(out[0]!)).toMatchObject({
      type: 'fill',
      amount: '0.01',
      price: '60001',
      cost: '600.01',
      fee: null,
    });
  });

  it('M-290 finds no fill in any public frame', async () => {
    for (const market of ['spot', 'future']) {
      const publicFrames = fixture(`${market}.frames.jsonl`)
        .split('\n')
        .filter(
          (line) =>
            /"e":"(trade|aggTrade|forceOrder|depthUpdate|kline)"|"u":/.test(line) &&
            !/"(event|o)":\{"e":"exec/.test(line),
        );
      expect(publicFrames.length).toBeGreaterThan(3);
      const { out } = await decode(market, [publicFrames.join('\n')]);
      expect(out.map((line) => JSON.parse(line).type)).not.toContain('fill');
    }
  });

  it('reads on after a broken frame, names its line, and ends with exit code 1', async () => {
    const frames = [
      TRADE,
      TRADE.slice(0, 60),
      '',
      `${TRADE}${TRADE}`,
      '<html><body>502 Bad Gateway</body></html>',
      TRADE.replace('"p":"65000.01000000"', '"p":"cheap"'),
      TRADE,
    ];
    const { code, out, err } = await decode('spot', [frames.join('\r\n')]);
    expect(code).toBe(1);
    expect(out).toHaveLength(2);
    expect(err.map((line) => line.split(':')[0])).toEqual(['line 2', 'line 4', 'line 5', 'line 6']);
    expect(err[3]).toMatch(/field p is not a decimal number: cheap/);
  });

  it('says unknown of a whole frame that nobody understands, which is no failure', async () => {
    const { code, out, err } = await decode('spot', ['{"e":"newsOfTomorrow","E":1}\n{"hello":1}\n"pong"\n']);
    expect([code, err]).toEqual([0, []]);
    expect(out.map((line) => JSON.parse(line).type)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('reads a binary frame written as hex like the same frame as text', async () => {
    const asText = await decode('spot', [TRADE]);
    const asHex = await decode('spot', [Buffer.from(TRADE).toString('hex')]);
    expect(asHex).toEqual(asText);
    expect(asText.out).toHaveLength(1);
  });

  it('gives the same lines however the input is cut into blocks, bytes of one letter included', async () => {
    const input = Buffer.from(`${TRADE}\n\n{"e":"é€𝄞","E":1}\n{"broken\n${TRADE}`);
    const whole = await decode('spot', [input]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(input.length), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), input.length];
        const blocks = at.slice(1).map((end, i) => input.subarray(at[i], end));
        expect(await decode('spot', blocks)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('does not keep a line that is longer than any frame may be', async () => {
    const block = 'x'.repeat(1_048_576);
    const { code, out, err } = await decode('spot', [...Array(25).fill(block), '\n', TRADE]);
    expect(code).toBe(1);
    expect(err).toEqual(['line 1: longer than 20,971,520 characters']);
    expect(out).toHaveLength(1);
  });

  it('takes names from the exchange’s own instruments where they are given', async () => {
    const seams = createSimulatedSeams(1, 0);
    const instrument = {
      exchange: 'binance',
      market: 'spot',
      symbol: 'XY/EURI',
      wireSymbol: 'XYEURI',
      base: 'XY',
      quote: 'EURI',
      active: true,
      tickSize: '0.01',
      stepSize: '0.01',
      minAmount: '0.01',
      maxAmount: null,
      minNotional: null,
    };
    seams.disk.write('/i.json', JSON.stringify([instrument]));
    const frame = TRADE.replace('BTCUSDT', 'XYEURI');
    const argv = ['--exchange', 'binance', '--market', 'spot'];
    const without = await runCommand(runDecode, argv, { input: [frame], seams });
    const withList = await runCommand(runDecode, [...argv, '--instruments', '/i.json'], {
      input: [frame],
      seams,
    });
    expect(JSON.parse(without.out[0]!).symbol).toBeNull();
    expect(JSON.parse(withList.out[0]!).symbol).toBe('XY/EURI');
    seams.disk.write('/bad.json', JSON.stringify([{ ...instrument, tickSize: 'fine' }]));
    const bad = await runCommand(runDecode, [...argv, '--instruments', '/bad.json'], { seams });
    expect(bad.code).toBe(2);
    expect(bad.err[0]).toMatch(/--instruments \/bad\.json: 0\.tickSize: must be a plain decimal number/);
  });

  it.each([
    [[], /--exchange is missing: name one of binance/],
    [['--exchange', 'mtgox', '--market', 'spot'], /--exchange mtgox: must be one of/],
    [['--exchange', 'binance'], /--market is missing/],
    [['--exchange', 'binance', '--market', 'options'], /--market options: must be spot or future/],
    [['--exchange', 'binance', '--market', 'spot', '--instruments', '/no'], /\/no: there is no such file/],
    [['--nonsense'], /nonsense/],
  ])('answers %j in words with exit code 2', async (argv, message) => {
    const { code, out, err } = await runCommand(runDecode, argv);
    expect([code, out]).toEqual([2, []]);
    expect(err.join('\n')).toMatch(message);
    expect(err.join('\n')).toMatch(/Usage:/);
  });

  it('explains itself with --help', async () => {
    const { code, out } = await runCommand(runDecode, ['--help']);
    expect(code).toBe(0);
    expect(out[0]).toMatch(/--instruments FILE/);
  });
});
