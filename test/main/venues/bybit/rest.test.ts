import { describe, expect, it } from 'vitest';
import { errorCodeOf, toAnswer } from '#main/venues/bybit/answer';
import { VenueError } from '#main/venues/index';
import { BTC_PERP, createWorld, order, page, START } from './world';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  toAnswer({
    status,
    text: typeof body === 'string' ? body : JSON.stringify(body),
    header: (name) => headers[name] ?? null,
  });
const refusal = (retCode: number, retMsg = 'no', status = 200, headers: Record<string, string> = {}) => {
  const told = answer(status, { retCode, retMsg, result: {}, time: START }, headers);
  if (told.kind !== 'refused') throw new Error(`not refused but ${told.kind}`);
  return told;
};

describe('an answer of Bybit', () => {
  it('is its result, and a refusal may come with HTTP 200', () => {
    expect(answer(200, { retCode: 0, retMsg: 'OK', result: { a: 1 } })).toEqual({
      kind: 'ok',
      data: { a: 1 },
    });
    expect(answer(200, { retCode: 110_007, retMsg: 'ab not enough', result: {} })).toMatchObject({
      kind: 'refused',
      code: 110_007,
      message: 'ab not enough',
    });
  });
  it('proves nothing when it is HTML with 200, a broken server, or says that the server failed', () => {
    for (const told of [
      answer(200, '<html>maintenance</html>'),
      answer(200, { hello: 1 }),
      answer(502, 'Bad Gateway'),
      answer(200, { retCode: 10_016, retMsg: 'Server error' }),
      answer(200, { retCode: 170_146, retMsg: 'Order creation timeout' }),
    ])
      expect(told.kind).toBe('lost');
  });
  it.each([
    [10_002, 'clock'],
    [10_003, 'auth'],
    [10_004, 'auth'],
    [10_005, 'auth'],
    [10_010, 'auth'],
    [33_004, 'auth'],
    [10_006, 'rate-limited'],
    [110_007, 'refused'],
  ])('with code %i means %s', (code, meaning) => {
    expect(errorCodeOf(refusal(code))).toBe(meaning);
  });
  it('of 403 is a ban of the address, for ten minutes', () => {
    const banned = refusal(10_018, 'access too frequent', 403);
    expect([errorCodeOf(banned), banned.retryAfterMs]).toEqual(['banned', 600_000]);
    const page403 = answer(403, '<html>Forbidden</html>');
    expect(page403).toMatchObject({ kind: 'refused', retryAfterMs: 600_000 });
  });
  it('waits as long as a limit says, and its own time when the header says nothing sensible', () => {
    const reset = { 'x-bapi-limit-reset-timestamp': String(START + 400) };
    expect(refusal(10_006, 'Too many visits', 200, reset).retryAfterMs).toBe(400);
    for (const odd of ['', 'soon', '-5', String(START - 1), '99999999999999999'])
      expect(refusal(10_006, 'x', 200, { 'x-bapi-limit-reset-timestamp': odd }).retryAfterMs).toBe(1_000);
    expect(answer(429, '', { 'retry-after': '3' })).toMatchObject({ retryAfterMs: 3_000 });
    expect(answer(429, '', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' })).toMatchObject({
      retryAfterMs: 10_000,
    });
  });
});

describe('REST', () => {
  it('asks nothing while the exchange wants silence, and places nothing', async () => {
    const world = await createWorld();
    world.script(({ path }) =>
      path === 'order/realtime' ? { status: 403, text: 'access too frequent' } : undefined,
    );
    await expect(world.result(world.venue.trading!.find(order()))).rejects.toMatchObject({ code: 'banned' });
    const asked = world.asked.length;
    expect(await world.result(world.venue.trading!.place(order()))).toMatchObject({ kind: 'not-sent' });
    expect(world.asked).toHaveLength(asked);
    await world.seams.advance(601_000);
    world.script(({ path }) =>
      path === 'order/realtime' || path === 'order/history' ? page([]) : undefined,
    );
    expect(await world.result(world.venue.trading!.find(order()))).toEqual({ kind: 'absent' });
  });
  it('learns a clock that is an hour off from the refusal, and signs with the exchange’s', async () => {
    const world = await createWorld();
    const ahead = 3_600_000;
    world.script(({ path, headers }) => {
      const now = world.seams.clock.now() + ahead;
      if (path === 'market/time') return { result: { timeNano: `${now}000000` } };
      if (path !== 'account/wallet-balance') return undefined;
      const off = Math.abs(Number(headers['x-bapi-timestamp']) - now) > 1_000;
      return off ? { code: 10_002, message: 'invalid request' } : undefined;
    });
    expect(await world.result(world.venue.account!.balances())).toMatchObject([
      { asset: 'USDT', free: '100' },
    ]);
    expect(world.ofPath('account/wallet-balance')).toHaveLength(2);
  });
  it('reads all pages, hands the cursor back as it came, and takes a circle for a bad answer', async () => {
    const world = await createWorld();
    const row = (symbol: string) => ({
      positionIdx: 0,
      symbol,
      side: 'Buy',
      size: '1',
      avgPrice: '2',
      liqPrice: '',
    });
    world.script(({ path, query }) => {
      if (path !== 'position/list' || query.get('settleCoin') !== 'USDT') return undefined;
      return query.get('cursor') === null ? page([row('BTCUSDT')], 'a%3A1') : page([row('ETHUSDT')]);
    });
    const held = await world.result(world.venue.account!.positions!());
    expect(held.map(({ symbol }) => symbol)).toEqual([BTC_PERP, 'ETH/USDT:USDT']);
    expect(world.ofPath('position/list').map(({ query }) => query.get('cursor'))).toContain('a:1');
    world.script(({ path }) => (path === 'position/list' ? page([row('BTCUSDT')], 'again') : undefined));
    await expect(world.result(world.venue.account!.positions!())).rejects.toBeInstanceOf(VenueError);
  });
  it('refuses an account in hedge mode in words', async () => {
    const world = await createWorld();
    const row = { positionIdx: 1, symbol: 'BTCUSDT', side: 'Buy', size: '1', avgPrice: '2', liqPrice: '' };
    world.script(({ path }) => (path === 'position/list' ? page([row]) : undefined));
    await expect(world.result(world.venue.account!.positions!())).rejects.toThrow('one-way mode');
  });
});
