import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatchEvent, MatchSymbol } from '#main/matching/index';
import { AuditError, Auditor } from './auditor';
import {
  ACCOUNTS,
  apply,
  type Command,
  commandsFor,
  freshEngine,
  fund,
  ODD_PERPS,
  ODD_SPOT,
  type Step,
  startingOf,
} from './commands';
import { d, only } from './desk';

/** Runs commands under audit; `tamper` may falsify what the auditor hears. */
function audited(
  specs: readonly MatchSymbol[],
  commands: readonly Command[],
  seen?: Map<string, number>,
  tamper: (step: Step) => Step = (step) => step,
): Step[] {
  const matching = freshEngine(specs);
  fund(matching, specs);
  const auditor = new Auditor(specs, ACCOUNTS, startingOf(specs));
  const steps = commands.map((command, index) => {
    const before = command.do === 'place' ? JSON.stringify(matching.snapshot()) : '';
    const lastPrice = lastOf(matching.snapshot());
    const step = apply(matching, command, index);
    for (const { order } of only(step.events, 'order'))
      if (order.status === 'waiting' && order.triggerPrice === null)
        auditor.trailingLocks.set(order.orderId, d(lastPrice.get(order.symbol) ?? '0'));
    auditor.step(tamper(step));
    auditor.compare(matching);
    if (step.refused !== null && command.do === 'place')
      expect(JSON.stringify(matching.snapshot())).toBe(before);
    return step;
  });
  for (const [what, times] of auditor.seen) seen?.set(what, (seen.get(what) ?? 0) + times);
  return steps;
}

const lastOf = (snapshot: unknown): Map<string, string> =>
  new Map(
    (snapshot as { symbols: { symbol: string; last: string | null }[] }).symbols.map(({ symbol, last }) => [
      symbol,
      last ?? '0',
    ]),
  );

const RUNS = 150;

describe.each([
  ['spot', [ODD_SPOT]],
  ['futures', ODD_PERPS],
] as const)('the laws of the %s engine', (market, specs) => {
  it('hold after every command: money conserved, nothing negative, no crossed book, price-time order, reduce-only reduces', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(commandsFor(specs, 80), (commands) => {
        audited(specs, commands, seen);
      }),
      { numRuns: RUNS },
    );
    // A law proves little about what never happened.
    const musts = ['fill', 'trade', 'level', 'refused post-only-would-take', 'refused duplicate-client-id'];
    if (market === 'futures')
      musts.push('reduce-only fill', 'liquidation', 'funding', 'insurance', 'refused insufficient-margin');
    else musts.push('refused insufficient-balance');
    for (const must of musts) expect(seen.get(must) ?? 0, must).toBeGreaterThan(0);
  });

  it('are a pure function of the commands', () => {
    fc.assert(
      fc.property(commandsFor(specs, 40), (commands) => {
        const run = () => {
          const matching = freshEngine(specs);
          fund(matching, specs);
          return commands.map((command, index) => apply(matching, command, index));
        };
        expect(run()).toEqual(run());
      }),
      { numRuns: 50 },
    );
  });

  it('survive a restart: a restored engine goes on exactly as the first would have', () => {
    fc.assert(
      fc.property(commandsFor(specs, 60), commandsFor(specs, 40), (before, after) => {
        const first = freshEngine(specs);
        fund(first, specs);
        before.forEach((command, index) => {
          apply(first, command, index);
        });
        // Outside quotes are not part of a snapshot.
        for (const { symbol } of specs)
          apply(first, { do: 'quotes', symbol, mid: 200, amounts: [0, 0] }, 1_000);
        const text = JSON.stringify(first.snapshot());
        const second = freshEngine(specs);
        second.restore(JSON.parse(text));
        expect(JSON.stringify(second.snapshot())).toBe(text);
        const goOn = (matching: typeof first) =>
          after.map((command, index) => apply(matching, command, 2_000 + index));
        expect(goOn(second)).toEqual(goOn(first));
        expect(second.snapshot()).toEqual(first.snapshot());
      }),
      { numRuns: 100 },
    );
  });
});

describe('the auditor', () => {
  /** Falsifies the first event that `lie` changes, and expects to be caught. */
  const caught = (specs: readonly MatchSymbol[], lie: (event: MatchEvent) => MatchEvent | null): boolean => {
    const commands = fc.sample(commandsFor(specs, 80), { seed: 7, numRuns: 30 });
    let told = false;
    for (const list of commands) {
      let lied = false;
      const tamper = (step: Step): Step => ({
        ...step,
        events: step.events.flatMap((event) => {
          if (lied) return [event];
          const other = lie(event);
          lied = other !== event;
          return other ? [other] : [];
        }),
      });
      try {
        audited(specs, list, undefined, tamper);
        if (lied) return false;
      } catch (error) {
        if (!(error instanceof AuditError)) throw error;
        told = true;
      }
    }
    return told;
  };

  it.each([
    ['a fill that is kept quiet', (event: MatchEvent) => (event.type === 'fill' ? null : event)],
    ['a trade that is not printed', (event: MatchEvent) => (event.type === 'trade' ? null : event)],
    ['a level that is not told', (event: MatchEvent) => (event.type === 'level' ? null : event)],
    [
      'a fee that is off by the smallest unit',
      (event: MatchEvent) =>
        event.type === 'fill' ? { ...event, fill: { ...event.fill, fee: d('0.00000001') } } : event,
    ],
    [
      'a fill at another price',
      (event: MatchEvent) =>
        event.type === 'fill' ? { ...event, fill: { ...event.fill, price: d('100.25') } } : event,
    ],
    [
      'an order that claims to rest after it ended',
      (event: MatchEvent) =>
        event.type === 'order' && event.order.status === 'cancelled'
          ? { ...event, order: { ...event.order, status: 'new' as const } }
          : event,
    ],
  ])('notices %s', (_name, lie) => {
    expect(caught([ODD_SPOT], lie)).toBe(true);
    expect(caught(ODD_PERPS, lie)).toBe(true);
  });
});
