import { describe, expect, it } from 'vitest';
import { createLeaving, protectionLines } from '#main/desk/leaving';
import type { Position } from '#shared/domain/position';

describe('leaving the desk', () => {
  const make = (open: boolean) => {
    let now = 0;
    const leaving = createLeaving({ now: () => now, open: () => open });
    const wait = (ms: number): void => {
      now += ms;
    };
    return { leaving, wait };
  };

  it('is free while nothing is open', () => {
    expect(make(false).leaving.ask()).toBe(true);
  });

  it('shows the list first while something is open, and goes once it was read', () => {
    const { leaving } = make(true);
    let gone = 0;
    leaving.onAgreed(() => gone++);
    expect(leaving.ask()).toBe(false);
    expect(leaving.asked()).toBe(1);
    leaving.agree();
    expect(gone).toBe(1);
    expect(leaving.ask()).toBe(true);
  });

  it('lets who insists go, so that a dead page cannot hold anybody', () => {
    const { leaving, wait } = make(true);
    leaving.ask();
    wait(9_999);
    expect(leaving.ask()).toBe(true);
  });

  it('takes the next question of who stayed for a new one', () => {
    const { leaving } = make(true);
    leaving.ask();
    leaving.stay();
    expect(leaving.ask()).toBe(false);
    expect(leaving.asked()).toBe(2);
  });

  it('asks again when the first question is long past', () => {
    const { leaving, wait } = make(true);
    leaving.ask();
    wait(10_000);
    expect(leaving.ask()).toBe(false);
    expect(leaving.asked()).toBe(2);
  });

  it('names who protects each open position, and nobody by name', () => {
    const row = (over: object) =>
      ({
        symbol: 'SOL/USDT:USDT',
        side: 'long',
        amount: '1.5',
        venue: 'binance_future',
        status: 'active',
        stop: { price: '128' },
        ...over,
      }) as unknown as Position;
    expect(
      protectionLines([
        row({}),
        row({ stop: null }),
        row({ status: 'closed' }),
        row({ venue: 'binance_paper' }),
      ]),
    ).toEqual([
      'SOL/USDT:USDT long 1.5 on binance_future: protected by its stop on the exchange at 128.',
      'SOL/USDT:USDT long 1.5 on binance_future: NOBODY protects it.',
      'SOL/USDT:USDT long 1.5 on binance_paper: paper; its stop sleeps while the desk is closed.',
    ]);
  });
});
