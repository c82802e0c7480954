import { OPEN_POSITION_STATUSES, type Position } from '#shared/domain/position';

/** Between "the person wants to leave" and "they have read who protects what". */
export interface Leaving {
  /** True when the desk may go at once: nothing is open, or the person insists by asking again within ten seconds. */
  ask(): boolean;
  /** How often was asked; a window that sees it grow shows the list. */
  asked(): number;
  /** The list was read, and the person goes. */
  agree(): void;
  /** The list was read, and the person stays: the next question is a new one, not an insisting. */
  stay(): void;
  onAgreed(run: () => void): void;
}

const INSISTS_WITHIN_MS = 10_000;

export function createLeaving(options: {
  readonly now: () => number;
  readonly open: () => boolean;
}): Leaving {
  const listeners: (() => void)[] = [];
  let asked = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let agreed = false;
  return {
    ask() {
      // A page that is gone cannot show a list, and must not keep anybody from leaving.
      const insists = options.now() - askedAt < INSISTS_WITHIN_MS;
      if (agreed || insists || !options.open()) return true;
      asked++;
      askedAt = options.now();
      return false;
    },
    asked: () => asked,
    agree() {
      agreed = true;
      for (const run of listeners) run();
    },
    stay() {
      askedAt = Number.NEGATIVE_INFINITY;
    },
    onAgreed: (run) => void listeners.push(run),
  };
}

/** What a person must know before the desk goes, one line a position. */
export function protectionLines(positions: readonly Position[]): readonly string[] {
  const open = positions.filter((position) => OPEN_POSITION_STATUSES.has(position.status));
  return open.map(({ symbol, side, amount, stop, venue }) => {
    const what = `${symbol} ${side} ${amount} on ${venue}`;
    if (venue.endsWith('_paper')) return `${what}: paper; its stop sleeps while the desk is closed.`;
    return stop
      ? `${what}: protected by its stop on the exchange at ${stop.price}.`
      : `${what}: NOBODY protects it.`;
  });
}
