import { create } from 'zustand';
import type { RiskView } from '#shared/contract/app';
import { follow } from './follow';
import { client } from './session';

interface Risk {
  readonly view: RiskView | null;
  readonly trouble: string | null;
}
export const useRisk = create<Risk>(() => ({ view: null, trouble: null }));

export function startRisk(): void {
  follow(
    (to, signal) => to.app.risk(undefined, { signal }),
    (view) => {
      useRisk.setState({ view });
      return undefined;
    },
    (trouble) => useRisk.setState({ trouble }),
  );
}

/** Closes everything at market. Returns how many positions are being closed. @throws OfflineError */
export async function flattenAll(ticket: string): Promise<number> {
  return (await client().app.flatten({ ticket })).closing;
}

/** Lets drawdown and loss streak count anew from now. @throws OfflineError */
export async function countLossesAnew(): Promise<void> {
  await client().app.countLossesAnew();
}
