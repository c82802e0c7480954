import type { LinkStatus } from '#shared/domain/connection';

/** Counts reconnections by outcome. The first attempt after nobody wanted anything re-connects nothing. */
export function createTally() {
  let reconnects = 0;
  let reconnected = 0;
  let reconnectsFailed = 0;
  let isFirst = true;
  return {
    began(): void {
      if (!isFirst) reconnects++;
    },
    succeeded(): void {
      if (!isFirst) reconnected++;
      isFirst = false;
    },
    failed(): void {
      if (!isFirst) reconnectsFailed++;
      isFirst = false;
    },
    rest(): void {
      isFirst = true;
    },
    read: (): Pick<LinkStatus, 'reconnects' | 'reconnected' | 'reconnectsFailed'> => ({
      reconnects,
      reconnected,
      reconnectsFailed,
    }),
  };
}
