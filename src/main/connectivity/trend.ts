import type { Clock } from '#main/seams/seams';
import type { LinkTrend } from '#shared/domain/connection';

const SLOT_MS = 5_000;
/** Five minutes. */
const SLOTS = 60;

interface Slot {
  messages: number;
  slowestMs: number | null;
}

/** The last minutes of a link for a small chart: messages a second, and the slowest round trip of each slot. */
export function createTrend(clock: Clock) {
  const slots: Slot[] = [];
  let running = Number.NaN;
  let told: LinkTrend = { slotMs: SLOT_MS, rate: [], roundTripMs: [] };

  const tell = (): void => {
    const full = slots.slice(0, -1);
    told = {
      slotMs: SLOT_MS,
      rate: full.map(({ messages }) => messages / (SLOT_MS / 1000)),
      roundTripMs: full.map(({ slowestMs }) => slowestMs),
    };
  };
  const slot = (): Slot => {
    const current = Math.floor(clock.monotonic() / SLOT_MS);
    if (current === running) return slots.at(-1)!;
    const steps = Number.isNaN(running) ? 1 : Math.min(current - running, SLOTS + 1);
    running = current;
    for (let i = 0; i < steps; i++) slots.push({ messages: 0, slowestMs: null });
    // The running slot is not full yet and is not told.
    slots.splice(0, slots.length - (SLOTS + 1));
    tell();
    return slots.at(-1)!;
  };
  return {
    message(): void {
      slot().messages++;
    },
    roundTrip(ms: number): void {
      const one = slot();
      one.slowestMs = Math.max(one.slowestMs ?? 0, ms);
    },
    /** Full slots, oldest first; nothing from before the first call. The same object until a slot is full. */
    read(): LinkTrend {
      slot();
      return told;
    },
  };
}
