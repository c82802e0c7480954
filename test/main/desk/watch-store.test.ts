import { describe, expect, it } from 'vitest';
import { watchStore } from '#main/desk/watch-store';
import type { EngineEvent } from '#main/engine/index';

function setUp(event = (): void => {}) {
  let tell: (problem: string) => void = () => {};
  let stopped = false;
  const [notices, logged, posted]: [string[], string[], EngineEvent[]] = [[], [], []];
  const stop = watchStore({
    store: {
      examineRest(onProblem) {
        tell = onProblem;
        return () => {
          stopped = true;
        };
      },
    },
    notice: (text) => notices.push(text),
    event,
    log: (text) => logged.push(text),
    post: (what) => posted.push(what),
  });
  return {
    tell: (problem: string) => tell(problem),
    stop,
    isStopped: () => stopped,
    notices,
    logged,
    posted,
  };
}

describe('a store that turns out damaged while the desk runs', () => {
  it('is said on the screen and ends entries, once', () => {
    const watch = setUp();
    for (let n = 1; n <= 9; n += 1) watch.tell(`journal row ${n} was changed`);
    expect(watch.notices).toEqual([expect.stringMatching(/^The store is damaged \(journal row 1 .*doctor$/)]);
    expect(watch.posted).toEqual([{ type: 'kill', on: true, cause: 'the store is damaged' }]);
    expect(watch.logged).toHaveLength(3);
  });

  it('ends entries also when the damage itself cannot be written down', () => {
    const watch = setUp(() => {
      throw new Error('disk image is malformed');
    });
    watch.tell('journal cannot be read');
    expect(watch.posted).toHaveLength(1);
    expect(watch.logged.at(-1)).toMatch(/could not be written down/);
  });

  it('says nothing of a sound one, and stops looking when the desk closes', () => {
    const watch = setUp();
    watch.stop();
    expect([watch.notices, watch.posted, watch.isStopped()]).toEqual([[], [], true]);
  });
});
