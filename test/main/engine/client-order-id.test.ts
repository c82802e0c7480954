import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientOrderIdOf, parseClientOrderId, positionIdOf } from '#main/engine/client-order-id';
import type { PositionId, SignalId } from '#shared/domain/basics';
import type { Mode } from '#shared/domain/exchange';

const parts = fc.record({
  prefix: fc.stringMatching(/^[a-z0-9]{4}$/),
  mode: fc.constantFrom<Mode>('practice', 'paper', 'testnet', 'live'),
  positionId: fc.maxSafeNat().map((id) => positionIdOf(id as SignalId)),
  leg: fc.constantFrom('entry' as const, 'stop' as const, 'exit' as const),
  attempt: fc.integer({ min: 1, max: 100_000 }),
});

describe('client order ids', () => {
  it('read back as what they were made of, within 36 allowed characters', () => {
    fc.assert(
      fc.property(parts, (each) => {
        const id = clientOrderIdOf(each);
        expect(id).toMatch(/^[A-Za-z0-9_-]{1,36}$/);
        expect(parseClientOrderId(id)).toEqual(each);
      }),
    );
  });

  it('differ whenever any part differs, the mode included', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(clientOrderIdOf(a) === clientOrderIdOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    const base = { prefix: 'w7k2', positionId: 's1' as PositionId, leg: 'entry', attempt: 1 } as const;
    expect(clientOrderIdOf({ ...base, mode: 'practice' })).toBe('w7k2p-s1-e1');
    expect(clientOrderIdOf({ ...base, mode: 'live' })).toBe('w7k2l-s1-e1');
  });

  it.each([
    '',
    'x-abc',
    'web_123',
    'w7k2p-s1-e0',
    'w7k2p-s1-z1',
    'w7k2q-s1-e1',
    'W7K2p-s1-e1',
    'w7k2p-s1-e1 ',
  ])('leaves %j to its owner', (text) => {
    expect(parseClientOrderId(text)).toBeNull();
  });

  it('refuses parts that do not fit', () => {
    const bad = { mode: 'live', leg: 'entry', attempt: 1, positionId: 's1' as PositionId } as const;
    expect(() => clientOrderIdOf({ ...bad, prefix: 'toolong' })).toThrow(RangeError);
    expect(() => clientOrderIdOf({ ...bad, prefix: 'w7k2', attempt: 0 })).toThrow(RangeError);
  });
});
