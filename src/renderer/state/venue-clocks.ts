import { create } from 'zustand';
import type { VenueClock } from '#shared/domain/connection';
import { follow } from './follow';

/** The exchanges' clocks as measured last; empty until the engine has told. */
export const useVenueClocks = create<{ readonly clocks: readonly VenueClock[] }>(() => ({ clocks: [] }));

export function startVenueClocks(): void {
  follow(
    (to, signal) => to.connections.clocks(undefined, { signal }),
    (clocks) => {
      useVenueClocks.setState({ clocks });
      return undefined;
    },
  );
}
