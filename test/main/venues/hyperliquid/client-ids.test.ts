import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientOrderIdOf, positionIdOf } from '#main/engine/index';
import { fromCloid, toCloid } from '#main/venues/hyperliquid/client-ids';
import type { SignalId } from '#shared/domain/basics';

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz0123456789-'];
const ours = fc
  .array(fc.constantFrom(...ALPHABET), { minLength: 1, maxLength: 24 })
  .map((letters) => letters.join(''));
const hex = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((digits) => `0x${digits.join('')}`);

describe('client ids in 128 bits', () => {
  it('come back as they went, for every id of at most 24 letters', () => {
    fc.assert(
      fc.property(ours, (id) => {
        const cloid = toCloid(id);
        expect(cloid).toMatch(/^0x[0-9a-f]{32}$/);
        expect(fromCloid(cloid)).toBe(id);
      }),
    );
  });

  it('are different for different ids', () => {
    fc.assert(
      fc.property(ours, ours, (a, b) => {
        if (a !== b) expect(toCloid(a)).not.toBe(toCloid(b));
      }),
    );
  });

  it('of other programs come back as the hex they are', () => {
    fc.assert(
      fc.property(hex, (cloid) => {
        expect(toCloid(fromCloid(cloid)!)).toBe(cloid);
      }),
    );
    expect(fromCloid('0x00000000000000000000000000000abc')).toBe('0x00000000000000000000000000000abc');
  });

  it('hold what the engine makes', () => {
    const id = clientOrderIdOf({
      prefix: 'w7k2',
      mode: 'live',
      positionId: positionIdOf(Number.MAX_SAFE_INTEGER as SignalId),
      leg: 'exit',
      attempt: 99,
    });
    expect(fromCloid(toCloid(id))).toBe(id);
  });

  it('that do not fit are told before anything is sent', () => {
    for (const id of ['a'.repeat(25), 'Capital', 'under_score', '', 'ä']) expect(toCloid(id)).toBeNull();
    for (const none of [null, undefined, 7, '0xabc', 'abc', `0x${'G'.repeat(32)}`])
      expect(fromCloid(none)).toBeNull();
  });
});
