import { describe, expect, it } from 'vitest';
import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import { createSimulatedSeams } from '#main/seams/index';
import { createAccountStream } from '#main/venues/core/account-stream';
import type { AccountEvent } from '#main/venues/venue';
import { fill } from '../../engine/drive';

describe('a message with several fills', () => {
  it('M-288 is handed on whole, in its own order', () => {
    let deliver: (message: unknown) => void = () => {};
    const link = {
      want: (_: string, listener: (message: unknown, seenAt: number) => void) => {
        deliver = (message) => listener(message, 0);
        return () => {};
      },
      onLive: () => () => {},
      onChange: () => () => {},
      status: () => ({ state: 'live' }),
    } as unknown as LinkUse;
    const stream = createAccountStream({
      seams: createSimulatedSeams(1, 0),
      pool: { link: () => link } as unknown as Pool,
      protocol: () => ({}) as LinkProtocol,
      topics: ['account'],
      balances: async () => [],
      positions: null,
    });
    const heard: AccountEvent[] = [];
    stream.subscribe((event) => heard.push(event));
    const events: AccountEvent[] = ['1', '2', '3'].map((id) => ({
      type: 'fill',
      fill: fill(id, 'wd-1' as never, 'buy', '1'),
    }));
    deliver({ kind: 'events', events });
    expect(heard).toEqual(events);
    stream.close();
  });
});
