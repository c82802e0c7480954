import { describe, expect, it } from 'vitest';
import { errorCodeOf, toAnswer } from '#main/venues/hyperliquid/answer';
import { createWorld, order } from './world';

const reply = (status: number, text: string, headers: Record<string, string> = {}) =>
  toAnswer({ status, text, header: (name) => headers[name] ?? null });
const codeOf = (status: number, text: string) => {
  const answer = reply(status, text);
  if (answer.kind !== 'refused') throw new Error(answer.kind);
  return errorCodeOf(answer);
};

describe('answers of Hyperliquid', () => {
  it('takes JSON for an answer, also a bare word', () => {
    expect(reply(200, '"disabled"')).toEqual({ kind: 'ok', data: 'disabled' });
    expect(reply(200, '{"status":"unknownOid"}')).toMatchObject({ kind: 'ok' });
  });

  it('takes a refused action for refused, although it comes with 200', () => {
    expect(reply(200, '{"status":"err","response":"Must deposit before performing actions."}')).toMatchObject(
      {
        kind: 'refused',
        message: 'Must deposit before performing actions.',
      },
    );
  });

  it('takes HTML with 200 and a broken exchange for lost', () => {
    expect(reply(200, '<html>')).toMatchObject({ kind: 'lost', cause: 'bad-answer' });
    for (const status of [302, 408, 500, 502])
      expect(reply(status, 'null')).toMatchObject({ kind: 'lost', cause: 'network' });
  });

  it.each([
    ['7', 7_000],
    ['-5', 10_000],
    ['soon', 10_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 10_000],
    ['999999999', 259_200_000],
  ])('keeps silent after 429 with Retry-After %s', (header, ms) => {
    expect(reply(429, 'null', { 'retry-after': header })).toMatchObject({ retryAfterMs: ms });
  });

  it('knows a refusal by its words', () => {
    const err = (response: string) => JSON.stringify({ status: 'err', response });
    expect(codeOf(200, err('User or API Wallet 0x5f1c does not exist.'))).toBe('auth');
    expect(codeOf(403, 'Forbidden')).toBe('auth');
    expect(
      codeOf(
        200,
        err('Too many cumulative requests sent (37986 > 10436) for cumulative volume traded $437.92.'),
      ),
    ).toBe('rate-limited');
    expect(codeOf(200, err('Invalid nonce: duplicate nonce 1'))).toBe('clock');
    expect(codeOf(422, 'Failed to deserialize the JSON body into the target type')).toBe('refused');
  });

  it('M-282 sends nothing while the exchange wants silence', async () => {
    const world = await createWorld();
    world.script(({ type }) => (type === 'frontendOpenOrders' ? { status: 429, text: 'null' } : undefined));
    await world.result(world.venue.reference.instruments());
    await expect(world.result(world.venue.trading!.openOrders())).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 10_000,
    });
    const before = world.asked.length;
    const limit = order({ type: 'limit', price: '67000' as never });
    expect(await world.result(world.venue.trading!.place(limit))).toMatchObject({ kind: 'not-sent' });
    expect(world.asked).toHaveLength(before);
  });

  it('M-282 keeps the last fifth of its own count of weight for orders', async () => {
    const world = await createWorld();
    let refused = 0;
    for (let at = 0; at < 60 && refused === 0; at++)
      await world.result(world.venue.reference.instruments()).catch(() => {
        refused = at;
      });
    // 960 of 1200, twenty at a time.
    expect(refused).toBe(48);
  });

  it('M-282 counts a long list by its rows', async () => {
    const world = await createWorld();
    const coin = 'OTHER';
    const rows = Array.from({ length: 1_900 }, (_, at) => ({
      coin,
      time: 1_795_188_000_000 + at,
      side: 'B',
      sz: '1',
      startPosition: String(at),
    }));
    world.script(({ type }) => (type === 'userFillsByTime' ? { body: rows } : undefined));
    let asked = 0;
    const fills = () => world.venue.account!.fillsSince('BTC/USDC:USDC' as never, 1_795_188_000_000 as never);
    while (
      asked < 30 &&
      (await world.result(
        fills().then(
          () => true,
          () => false,
        ),
      ))
    )
      asked++;
    // 20 for the instruments, then 20 and a twentieth of 1,900 each, up to 960.
    expect(asked).toBe(9);
  });

  it('asks a broken line again, and an order never', async () => {
    const world = await createWorld();
    world.script(({ type }) => (type === 'exchangeStatus' ? { status: 500, text: 'null' } : undefined));
    await expect(world.result(world.venue.reference.serverTime())).rejects.toMatchObject({ code: 'network' });
    expect(world.ofType('exchangeStatus')).toHaveLength(3);
  });
});
