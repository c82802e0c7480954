import { describe, expect, it } from 'vitest';
import type { Pool } from '#main/connectivity/index';
import { followLinks } from '#main/desk/links';
import type { EngineEvent } from '#main/engine/index';
import type { LinkState, LinkStatus } from '#shared/domain/connection';
import type { JournalRecord } from '#shared/domain/journal';

function follow() {
  let hear: (status: LinkStatus) => void = () => {};
  const onChange = (listener: typeof hear) => {
    hear = listener;
    return () => {};
  };
  const pool = { onChange } as unknown as Pool;
  const posted: EngineEvent[] = [];
  const written: JournalRecord[] = [];
  const events: string[] = [];
  followLinks(pool, {
    record: (records) => void written.push(...records),
    event: ({ type }) => void events.push(type),
    post: (event) => void posted.push(event),
    log: () => {},
  });
  const say = (key: string, state: LinkState, problem: string | null = null) =>
    hear({ key, state, problem } as LinkStatus);
  return { say, posted, written, events };
}

describe('links and the engine', () => {
  it.each(['waiting', 'stale', 'refused', 'closed'] as const)(
    'tells the engine that an account is deaf when its private line is %s',
    (state) => {
      const { say, posted } = follow();
      say('binance_future private', state);
      expect(posted).toEqual([{ type: 'link', venue: 'binance_future', up: false }]);
    },
  );

  it('leaves it to the account itself to say that it hears again', () => {
    const { say, posted } = follow();
    for (const state of ['connecting', 'authenticating', 'live'] as const)
      say('binance_future private', state);
    expect(posted).toEqual([]);
  });

  it('stops no entries for a public line or the signal server, which have rules of their own', () => {
    const { say, posted } = follow();
    say('binance_future public', 'waiting');
    say('signals', 'waiting');
    expect(posted).toEqual([]);
  });

  it('M-269 raises no alarm about an end that its exchange had planned, and one about any other', () => {
    const severities: string[] = [];
    const pool = {
      onChange: (listener: (status: LinkStatus) => void) => {
        const end = (planned: boolean) =>
          listener({ key: 'binance_spot public', state: 'waiting', problem: null, planned } as LinkStatus);
        end(true);
        listener({ key: 'binance_spot public', state: 'live', problem: null } as LinkStatus);
        end(false);
        return () => {};
      },
    } as unknown as Pool;
    followLinks(pool, {
      record: () => {},
      event: ({ severity }) => void severities.push(severity),
      post: () => {},
      log: () => {},
    });
    expect(severities).toEqual(['info', 'info', 'warning']);
  });

  it('writes each change down once, however often the figures change', () => {
    const { say, written, events } = follow();
    say('binance_spot public', 'live');
    say('binance_spot public', 'live');
    say('binance_spot public', 'waiting', 'no answer');
    expect(written.map(({ kind }) => kind)).toEqual(['link_changed', 'link_changed']);
    expect(events).toEqual(['websocket_connected', 'websocket_disconnected']);
  });
});
