import type { LinkProtocol, LinkUse, Pool } from '#main/connectivity/types';
import type { Seams, Undo } from '#main/seams/seams';
import type { AccountEvent, Balance, VenuePosition } from '../venue';

/** What a private frame means: facts to pass on, or that balances and positions must be read anew. */
export type AccountNews =
  | { readonly kind: 'events'; readonly events: readonly AccountEvent[] }
  | { readonly kind: 'stale-account' };

export interface AccountStreamParts {
  readonly seams: Pick<Seams, 'clock' | 'timers'>;
  readonly pool: Pool;
  /** The private socket; what it delivers on its topics is {@link AccountNews}. `ended` asks for a new connection. */
  protocol(ended: () => void): LinkProtocol;
  /** Topics to want; a venue whose socket needs no subscription names one of its own choosing. */
  readonly topics: readonly string[];
  balances(): Promise<readonly Balance[]>;
  /** Null on spot. */
  readonly positions: (() => Promise<readonly VenuePosition[]>) | null;
  /** Chores while somebody listens, such as keeping a listen key alive; returns their undo. */
  whileOpen?(restart: () => void): Undo;
}

/** A stream that ends again and again is not dialled more often than this: exchanges ban for that. */
const RESTART_GAP_MS = 5_000;
/** One fill brings several frames; the account is read once for all of them, at most once a second. */
const REFRESH_AFTER_MS = 250;
const REFRESH_RETRY_MS = 2_000;
const REFRESH_RETRY_MOST_MS = 60_000;

/** The one private socket of an account, and whole pictures of balances and positions beside it. */
export function createAccountStream(parts: AccountStreamParts) {
  const { timers, clock } = parts.seams;
  const listeners = new Set<{ tell: (event: AccountEvent) => void }>();
  let stop: Undo = () => {};
  let undoRefresh: Undo | null = null;
  let linkMade: LinkUse | null = null;

  const tell = (event: AccountEvent): void => {
    for (const listener of [...listeners]) listener.tell(event);
  };
  let retryMs = REFRESH_RETRY_MS;
  let refreshing = false;
  let againAfterwards = false;
  /** One question at a time: two answers could arrive in the wrong order. */
  const refreshAfter = (delayMs: number): void => {
    if (refreshing) againAfterwards = true;
    else undoRefresh ??= timers.after(delayMs, () => void runRefresh());
  };
  const runRefresh = async (): Promise<void> => {
    undoRefresh = null;
    refreshing = true;
    let nextMs: number | null = null;
    try {
      await refresh();
      retryMs = REFRESH_RETRY_MS;
      if (againAfterwards) nextMs = REFRESH_AFTER_MS;
    } catch {
      // Still stale: asked again, ever more slowly, until the venue answers or nobody listens.
      nextMs = retryMs;
      retryMs = Math.min(retryMs * 2, REFRESH_RETRY_MOST_MS);
    }
    refreshing = false;
    againAfterwards = false;
    if (nextMs !== null && listeners.size > 0) refreshAfter(nextMs);
  };
  const refresh = async (): Promise<void> => {
    const [balances, positions] = await Promise.all([parts.balances(), parts.positions?.() ?? null]);
    const seenAt = clock.now();
    tell({ type: 'balances', balances, seenAt });
    if (positions !== null) tell({ type: 'positions', positions, seenAt });
  };
  const take = (news: AccountNews): void => {
    if (news.kind === 'events') for (const event of news.events) tell(event);
    else refreshAfter(REFRESH_AFTER_MS);
  };

  let undoRestart: Undo | null = null;
  let restartedAt = Number.NEGATIVE_INFINITY;
  const restartSoon = (): void => {
    const waitMs = Math.max(0, restartedAt + RESTART_GAP_MS - clock.monotonic());
    undoRestart ??= timers.after(waitMs, () => {
      undoRestart = null;
      restartedAt = clock.monotonic();
      link().restart();
    });
  };
  const link = (): LinkUse => {
    linkMade ??= parts.pool.link(parts.protocol(restartSoon));
    return linkMade;
  };

  const start = (): void => {
    const resumed = (): void => tell({ type: 'resumed', seenAt: clock.now() });
    const undoLive = link().onLive(resumed);
    let wasStale = false;
    // A line that was doubted and did hold: whoever has stopped for it must hear that it goes on.
    const undoChange = link().onChange(({ state }) => {
      if (state === 'live' && wasStale) resumed();
      wasStale = state === 'stale';
    });
    const undoWants = parts.topics.map((topic) =>
      link().want(topic, (message) => take(message as AccountNews)),
    );
    // Whoever comes anew after a refusal may have brought another key.
    if (link().status().state === 'refused') link().restart();
    const undoChores = parts.whileOpen?.(restartSoon);
    stop = () => {
      for (const undo of undoWants) undo();
      undoLive();
      undoChange();
      undoChores?.();
      undoRestart?.();
      undoRefresh?.();
      undoRestart = null;
      undoRefresh = null;
    };
  };

  return {
    /** Starts with the first listener, ends with the last one. */
    subscribe(listener: (event: AccountEvent) => void): Undo {
      const entry = { tell: listener };
      listeners.add(entry);
      if (listeners.size === 1) start();
      return () => {
        if (listeners.delete(entry) && listeners.size === 0) stop();
      };
    },
    close(): void {
      if (listeners.size > 0) stop();
      listeners.clear();
    },
  };
}
