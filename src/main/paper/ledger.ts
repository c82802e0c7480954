import type { UnixMs } from '#shared/domain/basics';
import type { MatchEvent } from '../matching/types';
import { type AccountEvent, VenueError } from '../venues/venue';
import { ACCOUNT, type Floor } from './floor';
import type { History } from './history';
import { toBalances, toPositions } from './to-port';

/** A disk that refused is tried again this often, and what a trailing stop saw is at most this old on disk. Wall ms. */
const SAVE_AGAIN_MS = 1_000;

export interface LedgerParts {
  readonly floor: Floor;
  readonly history: History;
  readonly now: () => UnixMs;
  readonly timers: { after(delayMs: number, run: () => void): () => void };
  /** @throws when the disk refuses */
  save(): void;
}

/** Books what the engine did: first on disk, then told. Nobody hears of a fill that a crash could undo. */
export interface Ledger {
  /** Books events; false when they could not be saved yet, so that nobody has heard of them. */
  apply(events: readonly MatchEvent[]): boolean;
  /** Saves what is not saved; true when all is. */
  commit(): boolean;
  /** Something that no event tells has changed, and may wait a moment. */
  saveSoon(): void;
  /** For questions. @throws VenueError while the truth is not on disk */
  ensureSaved(): void;
  subscribe(listener: (event: AccountEvent) => void): () => void;
  close(): void;
}

export function createLedger(parts: LedgerParts): Ledger {
  const { floor, history, now, timers } = parts;
  const listeners = new Set<{ readonly tell: (event: AccountEvent) => void }>();
  const outbox: AccountEvent[] = [];
  let dirty = false;
  let ended = false;
  let undoTimer: (() => void) | null = null;

  const balances = (): AccountEvent => ({
    type: 'balances',
    balances: toBalances(floor.matching.account(ACCOUNT)),
    seenAt: now(),
  });
  const positions = (also?: ReadonlySet<string>): AccountEvent => ({
    type: 'positions',
    positions: toPositions(floor.matching.account(ACCOUNT), also),
    seenAt: now(),
  });

  const commit = (): boolean => {
    if (!dirty) return true;
    try {
      parts.save();
    } catch {
      // Said to whoever asks meanwhile: their answer is "unknown" or a VenueError.
      saveSoon();
      return false;
    }
    dirty = false;
    for (const event of outbox.splice(0)) for (const listener of [...listeners]) listener.tell(event);
    return true;
  };
  const saveSoon = (): void => {
    dirty = true;
    if (ended) return;
    undoTimer ??= timers.after(SAVE_AGAIN_MS, () => {
      undoTimer = null;
      commit();
    });
  };

  return {
    commit,
    saveSoon,
    apply(events) {
      const ours = events.filter(({ type }) => type !== 'trade' && type !== 'level');
      if (ours.length === 0) return true;
      dirty = true;
      outbox.push(...history.record(ours, now()));
      const moved = ours.flatMap((event) => (event.type === 'position' ? [event.symbol] : []));
      if (moved.length > 0) outbox.push(positions(new Set(moved)));
      if (moved.length > 0 || ours.some(({ type }) => type === 'balance')) outbox.push(balances());
      return commit();
    },
    ensureSaved() {
      if (!commit()) throw new VenueError('refused', 'the paper account could not be written to disk');
    },
    subscribe(listener) {
      const entry = { tell: listener };
      listeners.add(entry);
      // A private stream begins after the call that asked for it.
      void Promise.resolve().then(() => {
        for (const event of [{ type: 'resumed', seenAt: now() } as const, balances(), positions()])
          if (listeners.has(entry)) listener(event);
      });
      return () => void listeners.delete(entry);
    },
    close() {
      ended = true;
      undoTimer?.();
      commit();
      listeners.clear();
    },
  };
}
