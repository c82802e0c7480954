import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decimal } from '#shared/domain/basics';
import { fromNumber, lt, lte, neg, sub } from '#shared/domain/decimal';
import type { Order } from '#shared/domain/order';
import type { Position } from '#shared/domain/position';
import { protectionRows } from '../../src/renderer/panels/protection/exits';
import { takerRate, worstCase, worstOfAll } from '../../src/renderer/panels/protection/worst-case';
import { leaving, localText } from '../../src/renderer/ui/protection.en';
import { orders, positions } from './fake-rows';

const decimal = (value: string) => value as Decimal;
const eth = positions.find((row) => row.symbol.startsWith('ETH')) as Position;
const long: Position = {
  ...eth,
  side: 'long',
  amount: decimal('2'),
  intendedAmount: decimal('2'),
  entryPrice: decimal('100'),
  fees: { USDT: decimal('0.1') },
  stop: { ...(eth.stop as NonNullable<Position['stop']>), price: decimal('96'), amount: decimal('2') },
};
const short: Position = {
  ...long,
  side: 'short',
  stop: { ...(long.stop as NonNullable<Position['stop']>), price: decimal('104') },
};
const valueOf = (position: Position, mark: Decimal | null = null) => {
  const found = worstCase(position, mark);
  return found.kind === 'result' ? found.value : found.kind;
};

describe('the worst case until someone returns', () => {
  it('is the way to the stop, both fees included', () => {
    // 2 × (96 − 100) − 0.1 paid − 2 × 96 × 0.05 % (what the entry paid of its value)
    expect(valueOf(long)).toBe('-8.196');
    expect(valueOf(short)).toBe('-8.204');
  });

  it('is a gain when the stop has passed the entry', () => {
    const ahead = {
      ...long,
      stop: { ...(long.stop as NonNullable<Position['stop']>), price: decimal('110') },
    };
    expect(lt(decimal('0'), valueOf(ahead) as Decimal)).toBe(true);
  });

  it('is the whole notional of an unprotected long, and what its entry paid', () => {
    expect(valueOf({ ...long, stop: null })).toBe('-200.1');
  });

  it('has no number for an unprotected short', () => {
    expect(valueOf({ ...short, stop: null })).toBe('not-bounded');
  });

  it('counts what a stop does not cover as unprotected', () => {
    const half = (position: Position): Position => ({
      ...position,
      stop: { ...(position.stop as NonNullable<Position['stop']>), amount: decimal('1') },
    });
    expect(valueOf(half(short))).toBe('not-bounded');
    // 1 × (96 − 100) − 96 × 0.05 % − 100 − 0.1
    expect(valueOf(half(long))).toBe('-104.148');
  });

  it('counts an entry on its way as if it fills with nobody there', () => {
    const sent: Position = {
      ...long,
      status: 'entry_placed',
      amount: decimal('0'),
      entryPrice: null,
      stop: null,
      fees: {},
    };
    expect(valueOf(sent)).toBe('unknown');
    expect(valueOf(sent, decimal('100'))).toBe('-200.2');
    expect(valueOf({ ...sent, side: 'short' }, decimal('100'))).toBe('not-bounded');
  });

  it('is nothing for a flat position', () => {
    expect(valueOf({ ...long, status: 'closing', amount: decimal('0') })).toBe('flat');
  });

  it('assumes a fee and says so where the entry named none', () => {
    expect(takerRate({ ...long, fees: { BNB: decimal('0.01') } })).toEqual({ rate: '0.001', assumed: true });
    expect(takerRate(long)).toEqual({ rate: '0.0005', assumed: false });
  });

  it('never gets better when the stop of a long moves down', () => {
    const price = fc.integer({ min: 1, max: 100_000 }).map((value) => fromNumber(value / 100));
    fc.assert(
      fc.property(price, price, (a, b) => {
        const [low, high] = lte(a, b) ? [a, b] : [b, a];
        const at = (stop: Decimal) =>
          valueOf({
            ...long,
            stop: { ...(long.stop as NonNullable<Position['stop']>), price: stop },
          }) as Decimal;
        expect(lte(at(low), at(high))).toBe(true);
        expect(lte(valueOf({ ...long, stop: null }) as Decimal, at(low))).toBe(true);
      }),
    );
  });

  it('adds up, and one without a bound makes the sum unbounded', () => {
    const one = worstCase(long, null);
    const sum = worstOfAll([one, one, { kind: 'flat' }]);
    expect(sum).toEqual({
      kind: 'result',
      value: sub(decimal('0'), neg(decimal('-16.392'))),
      assumedFee: false,
    });
    expect(worstOfAll([one, { kind: 'unknown' }]).kind).toBe('unknown');
    expect(worstOfAll([one, { kind: 'unknown' }, { kind: 'not-bounded' }]).kind).toBe('not-bounded');
    expect(worstOfAll([]).kind).toBe('flat');
  });
});

describe('the protection map', () => {
  it('lists the stop that the exchange holds with both its ids', () => {
    const [row] = protectionRows([eth], orders);
    expect(row?.bare).toBe(false);
    expect(row?.live).toHaveLength(1);
    expect(row?.live[0]).toMatchObject({
      what: 'stop',
      price: eth.stop?.price,
      clientOrderId: eth.stop?.clientOrderId,
      venueOrderId: '8389765432109',
      confirmedAt: eth.stop?.confirmedAt,
    });
  });

  it('puts positions without a full stop first and says what is missing', () => {
    const naked: Position = { ...long, id: 'p-naked' as Position['id'], stop: null };
    const rows = protectionRows([eth, naked], []);
    expect(rows.map((row) => row.bare)).toEqual([true, false]);
    expect(rows[0]?.local.map((exit) => exit.what)).toContain('stop-unsent');
    expect(rows[0]?.live).toEqual([]);
  });

  it('does not count a stop that was sent but not answered as protection', () => {
    const doubt: Order = {
      ...(orders.find((row) => row.leg === 'stop') as Order),
      positionId: eth.id,
      status: 'unknown',
    };
    const [row] = protectionRows([{ ...eth, stop: null }], [doubt]);
    expect(row?.bare).toBe(true);
    expect(row?.live).toEqual([]);
    expect(row?.local.map((exit) => exit.what)).toContain('in-doubt');
  });

  it('shows what only this computer would do: trailing and ageing', () => {
    const kinds = (position: Position) => protectionRows([position], [])[0]?.local.map((exit) => exit.what);
    const btc = positions.find((row) => row.symbol.startsWith('BTC')) as Position;
    expect(kinds(btc)).toEqual(['trailing-wanted']);
    const sol = positions.find((row) => row.symbol.startsWith('SOL')) as Position;
    expect(kinds(sol)).toEqual(['trailing-later', 'aged']);
  });

  it('never says that a paper stop lives on an exchange', () => {
    const [row] = protectionRows([{ ...eth, venue: 'binance_paper' }], orders);
    expect(row?.live).toEqual([]);
    expect(row?.local.map((exit) => exit.what)).toContain('paper-stop');
    expect(row?.bare).toBe(false);
  });

  it('leaves out what has ended', () => {
    expect(protectionRows(positions, orders).every((row) => row.position.closedAt === null)).toBe(true);
  });

  it('has words for each of them', () => {
    for (const what of [
      'trailing-wanted',
      'trailing-later',
      'aged',
      'stop-unsent',
      'in-doubt',
      'paper-stop',
    ] as const)
      expect(localText({ what, price: decimal('1'), detail: null })).toMatch(/^[A-Z]/);
    expect(leaving('electron')).not.toBe(leaving('headless'));
  });
});
