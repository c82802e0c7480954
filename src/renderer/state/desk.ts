import { create } from 'zustand';
import type { AppInfo, DeskStatus } from '#shared/contract/app';
import { follow } from './follow';
import { client, whileLive } from './session';

interface Desk {
  readonly info: AppInfo | null;
  readonly status: DeskStatus | null;
  /** This window's clock when the status came; clocks run on from there. */
  readonly statusAt: number;
}
export const useDesk = create<Desk>(() => ({ info: null, status: null, statusAt: 0 }));

/** Milliseconds of wall and market time now, or null before the engine has told its clocks. */
export function clocksAt(desk: Desk, windowNow: number): { wall: number; market: number } | null {
  if (desk.status === null) return null;
  const passed = Math.max(0, windowNow - desk.statusAt);
  return { wall: desk.status.wall + passed, market: desk.status.market + passed * desk.status.speed };
}

export function startDesk(): void {
  whileLive(async (to, signal) => {
    const info = await to.app.info().catch(() => null);
    if (info !== null && !signal.aborted) useDesk.setState({ info });
  });
  follow(
    (to, signal) => to.app.status(undefined, { signal }),
    (status) => {
      useDesk.setState({ status, statusAt: performance.now() });
      return undefined;
    },
  );
}

/** Stops or resumes new entries. Exits and stops on the exchange go on either way. @throws OfflineError */
export async function setKilled(on: boolean): Promise<void> {
  await client().app.kill({ on });
}
