import { describe, expect, it } from 'vitest';
import { guard } from '#main/engine/invariants';
import { createState } from '#main/engine/restore';
import { beginStep, type Step } from '#main/engine/step';
import type { Intent } from '#main/engine/types';
import { opened } from './drive';
import { at, d, startFrom } from './samples';

/** A turn that would send what the given intents say, on top of one open position. */
function turn(...intents: readonly Intent[]): Step {
  const step = beginStep(createState(startFrom(opened().records)), at(1_000));
  step.intents.push(...intents);
  return step;
}
const placed = (over: Partial<Extract<Intent, { kind: 'place' }>['request']> = {}): Intent => {
  const request = opened().places()[1]!;
  return { kind: 'place', request: { ...request, ...over } };
};
const broken = (step: Step) =>
  step.records.flatMap((record) =>
    record.kind === 'event' && record.type === 'invariant_broken' ? [record.text] : [],
  );

describe('the guard at the end of every turn', () => {
  it('lets a first order through', () => {
    const step = turn(placed());
    guard(step);
    expect(step.intents).toHaveLength(1);
    expect(broken(step)).toEqual([]);
  });

  it('stops a second request for the same order in one turn, and halts entries', () => {
    const step = turn(placed(), placed());
    guard(step);
    expect(step.intents).toHaveLength(1);
    expect(broken(step)[0]).toContain('would be sent twice');
    expect(step.state.halted).toContain('twice');
  });

  it('stops a second request for the same order in a later turn', () => {
    const first = turn(placed());
    guard(first);
    const second = beginStep(first.state, at(2_000));
    second.intents.push(placed(), { kind: 'cancel-wake', key: 'x' });
    guard(second);
    expect(second.intents).toEqual([{ kind: 'cancel-wake', key: 'x' }]);
    expect(broken(second)).toHaveLength(1);
  });

  it('stops an order without an intent on record, and an exit that could open something', () => {
    for (const intent of [placed({ clientOrderId: 'w7k2p-s1-s9' as never }), placed({ reduceOnly: false })]) {
      const step = turn(intent);
      guard(step);
      expect(step.intents).toEqual([]);
      expect(broken(step)).toHaveLength(1);
    }
  });

  it('halts when an amount says something else than its fills and what was taken over', () => {
    const step = turn();
    const position = [...step.state.positions.values()][0]!;
    step.touched.add(position.id);
    guard(step);
    expect(broken(step)).toEqual([]);
    step.state.positions.set(position.id, { ...position, amount: d('3') });
    guard(step);
    expect(broken(step)[0]).toContain('its fills say 2');
    expect(step.state.halted).not.toBeNull();
  });
});
