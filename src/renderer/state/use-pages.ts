import { useCallback, useEffect, useRef, useState } from 'react';
import { whyRefused } from './keys';
import { useOrders, usePositions, useWaves } from './lists';
import { useSession } from './session';

export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
}
export interface PagesView<T, P extends Page<T>> {
  /** Null until the first page. */
  readonly rows: readonly T[] | null;
  /** The newest page as it came, for what it says besides rows. */
  readonly page: P | null;
  readonly total: number;
  readonly trouble: string | null;
  readonly more: () => void;
  readonly reload: () => void;
}

const REFRESH_MS = 1500;

/**
 * Pages of a local list, newest first. `load` must keep its identity while the question stays the same; a new one
 * starts over after `pauseMs`. While only the first page is loaded it is read again when orders, positions or waves
 * change; further down the trader is reading, and rows must not jump.
 */
export function usePages<T, P extends Page<T>>(
  load: (offset: number) => Promise<P>,
  pauseMs: number,
): PagesView<T, P> {
  const [state, setState] = useState<{
    rows: readonly T[] | null;
    page: P | null;
    total: number;
    trouble: string | null;
  }>({ rows: null, page: null, total: 0, trouble: null });
  const run = useRef(0);
  const busy = useRef(false);
  const pages = useRef(0);
  const pause = useRef(pauseMs);
  pause.current = pauseMs;
  const live = useSession((session) => session.phase === 'live');

  const read = useCallback(
    async (fresh: boolean, shown: readonly T[]) => {
      if (busy.current && !fresh) return;
      busy.current = true;
      const own = ++run.current;
      try {
        const page = await load(fresh ? 0 : shown.length);
        if (own !== run.current) return;
        pages.current = fresh ? 1 : pages.current + 1;
        const rows = fresh ? page.rows : [...shown, ...page.rows];
        setState({ rows, page, total: page.total, trouble: null });
      } catch (error) {
        if (own === run.current) setState((state) => ({ ...state, trouble: whyRefused(error) }));
      } finally {
        if (own === run.current) busy.current = false;
      }
    },
    [load],
  );

  useEffect(() => {
    // The last page stays as it was: what it says of the whole list holds for every question.
    setState((state) => ({ rows: null, page: state.page, total: 0, trouble: null }));
    const timer = setTimeout(() => read(true, []), pause.current);
    return () => {
      clearTimeout(timer);
      run.current++;
      busy.current = false;
    };
  }, [read]);

  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (pages.current <= 1) void read(true, []);
      }, REFRESH_MS);
    };
    soon();
    const undos = [useOrders, usePositions, useWaves].map((store) => store.subscribe(soon));
    return () => {
      clearTimeout(timer);
      for (const undo of undos) undo();
    };
  }, [live, read]);

  const { rows, total } = state;
  return {
    ...state,
    more: () => {
      if (rows !== null && rows.length < total && state.trouble === null) void read(false, rows);
    },
    reload: () => void read(true, []),
  };
}
