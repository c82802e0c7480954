import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSequence } from '#main/signals/sequence';

describe('missing sequence numbers', () => {
  it('are counted from the first numbered frame on', () => {
    const sequence = createSequence();
    expect(sequence.missed()).toBeNull();
    expect([7, 8, 11, 12].map((seq) => sequence.see(seq))).toEqual([0, 0, 2, 0]);
    expect(sequence.missed()).toBe(2);
  });

  it('are unknown of a server that does not count', () => {
    const sequence = createSequence();
    expect(sequence.see(null)).toBe(0);
    expect(sequence.missed()).toBeNull();
  });

  it('do not count what another server, or the same after a restart, numbers anew', () => {
    const sequence = createSequence();
    sequence.see(100);
    expect(sequence.see(1)).toBe(0);
    sequence.restart();
    expect(sequence.see(50)).toBe(0);
    expect(sequence.missed()).toBe(0);
  });

  it('equal the numbers left out, whatever is left out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (seen) => {
        const inOrder = seen.toSorted((a, b) => a - b);
        const sequence = createSequence();
        for (const seq of inOrder) sequence.see(seq);
        expect(sequence.missed()).toBe(inOrder.at(-1)! - inOrder[0]! + 1 - inOrder.length);
      }),
    );
  });
});
