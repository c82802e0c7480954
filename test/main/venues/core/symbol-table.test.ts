import { describe, expect, it } from 'vitest';
import { createReady } from '#main/venues/core/symbol-table';

describe('getting ready', () => {
  it('asks once for many who come together, and never again when filled', async () => {
    let filled = false;
    let asked = 0;
    const ready = createReady(
      () => filled,
      async () => {
        asked++;
        filled = true;
      },
    );
    await Promise.all([ready(), ready(), ready()]);
    await ready();
    expect(asked).toBe(1);
  });

  it('tells each of them of a failure, and asks anew for the next', async () => {
    let fails = true;
    let asked = 0;
    const ready = createReady(
      () => false,
      async () => {
        asked++;
        if (fails) throw new Error('no answer');
      },
    );
    const both = await Promise.allSettled([ready(), ready()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    await expect(ready()).resolves.toBeUndefined();
    expect(asked).toBe(2);
  });
});
