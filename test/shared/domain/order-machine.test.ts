import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderFact, OrderStatus } from '#shared/domain/order';
import { isEnded, nextOrderStatus, ORDER_TRANSITIONS } from '#shared/domain/order-machine';

const STATUSES = Object.keys(ORDER_TRANSITIONS) as OrderStatus[];
const FACTS = Object.keys(ORDER_TRANSITIONS.intended) as OrderFact[];
const pairs = STATUSES.flatMap((status) => FACTS.map((fact) => [status, fact] as const));

/** The table once more, one letter per pair, written by hand so that a slip in either shows. Columns as in FACTS. */
const EXPECTED: Readonly<Record<OrderStatus, string>> = {
  //                 sent not-sent accepted rejected lost part filled cancelled expired absent
  intended: 's r o r u p f c e a',
  sent: '. r o r u p f c e a',
  unknown: '. ! o r . p f c e a',
  open: '. ! . r . p f c e a',
  partially_filled: '. ! . c . . f c e !',
  filled: '. ! . ! . . . . . .',
  cancelled: '. . . . . . f . . .',
  rejected: '. . o . . p f c e .',
  expired: '. . . . . . f . . .',
  absent: '. . o r . p f c e .',
};
const LETTERS: Readonly<Record<string, string>> = {
  s: 'sent',
  u: 'unknown',
  o: 'open',
  p: 'partially_filled',
  f: 'filled',
  c: 'cancelled',
  r: 'rejected',
  e: 'expired',
  a: 'absent',
  '.': 'stay',
  '!': 'impossible',
};

describe('the order machine', () => {
  it('has the facts in the order that the expectation uses', () => {
    expect(FACTS).toEqual([
      'sent',
      'not-sent',
      'accepted',
      'rejected',
      'reply-lost',
      'part-filled',
      'filled',
      'cancelled',
      'expired',
      'absent',
    ]);
    expect(pairs).toHaveLength(100);
  });

  it.each(pairs)('%s and %s', (status, fact) => {
    const expected = LETTERS[EXPECTED[status].split(' ')[FACTS.indexOf(fact)]!]!;
    expect(ORDER_TRANSITIONS[status][fact]).toBe(expected);
    if (expected === 'impossible') expect(() => nextOrderStatus(status, fact)).toThrow(/cannot happen/);
    else expect(nextOrderStatus(status, fact)).toBe(expected === 'stay' ? status : expected);
  });

  it('ends in five states, from which only evidence of life leads back', () => {
    expect(STATUSES.filter(isEnded)).toEqual(['filled', 'cancelled', 'rejected', 'expired', 'absent']);
  });

  it('leaves unknown only by evidence from the venue', () => {
    const leaving = FACTS.filter((fact) => ORDER_TRANSITIONS.unknown[fact] !== 'stay');
    expect(leaving).not.toContain('sent');
    expect(leaving).not.toContain('reply-lost');
  });

  it('never loses a complete fill, whatever is said before and after', () => {
    const fact = fc.constantFrom(...FACTS);
    const run = (status: OrderStatus, facts: readonly OrderFact[]): OrderStatus =>
      facts.reduce<OrderStatus>(
        (now, each) => (ORDER_TRANSITIONS[now][each] === 'impossible' ? now : nextOrderStatus(now, each)),
        status,
      );
    fc.assert(
      fc.property(fc.array(fact), fc.array(fact), (before, after) => {
        expect(run('intended', [...before, 'filled', ...after])).toBe('filled');
      }),
    );
  });

  it('says the same when it is told the same twice', () => {
    for (const [status, fact] of pairs) {
      if (ORDER_TRANSITIONS[status][fact] === 'impossible') continue;
      const once = nextOrderStatus(status, fact);
      if (ORDER_TRANSITIONS[once][fact] !== 'impossible') expect(nextOrderStatus(once, fact)).toBe(once);
    }
  });
});
