import { useCallback, useEffect, useRef, useState } from 'react';
import { type HistoryKind, type HistoryRows, historyPage } from '../../state/history';
import { whyRefused } from '../../state/keys';
import { useOrders, usePositions, useWaves } from '../../state/lists';
import { useSession } from '../../state/session';

export interface HistoryView<T> {
  /** Null until the first page. */
  readonly rows: readonly T[] | null;
  readonly total: number;
  readonly trouble: string | null;
  readonly more: () => void;
  readonly reload: () => void;
}

const TYPING_PAUSE_MS = 250;
const REFRESH_MS = 1500;

/**
 * Pages of the local history that match the text, newest first. While only the first page is loaded it is read
 * again when orders, positions or waves change; further down the trader is reading, and rows must not jump.
 */
export function useHistory<K extends HistoryKind>(kind: K, text: string): HistoryView<HistoryRows[K]> {
  type Row = HistoryRows[K];
  const [state, setState] = useState<{ rows: readonly Row[] | null; total: number; trouble: string | null }>({
    rows: null,
    total: 0,
    trouble: null,
  });
  const run = useRef(0);
  const busy = useRef(false);
  const pages = useRef(0);
  const live = useSession((session) => session.phase === 'live');

  const load = useCallback(
    async (fresh: boolean, shown: readonly Row[]) => {
      if (busy.current && !fresh) return;
      busy.current = true;
      const own = ++run.current;
      try {
        const page = await historyPage(kind, text, fresh ? 0 : shown.length);
        if (own !== run.current) return;
        pages.current = fresh ? 1 : pages.current + 1;
        setState({ rows: fresh ? page.rows : [...shown, ...page.rows], total: page.total, trouble: null });
      } catch (error) {
        if (own === run.current) setState((state) => ({ ...state, trouble: whyRefused(error) }));
      } finally {
        if (own === run.current) busy.current = false;
      }
    },
    [kind, text],
  );

  useEffect(() => {
    setState({ rows: null, total: 0, trouble: null });
    const timer = setTimeout(() => load(true, []), text === '' ? 0 : TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      run.current++;
      busy.current = false;
    };
  }, [load, text]);

  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (pages.current <= 1) void load(true, []);
      }, REFRESH_MS);
    };
    soon();
    const undos = [useOrders, usePositions, useWaves].map((store) => store.subscribe(soon));
    return () => {
      clearTimeout(timer);
      for (const undo of undos) undo();
    };
  }, [live, load]);

  const { rows, total } = state;
  return {
    ...state,
    more: () => {
      if (rows !== null && rows.length < total && state.trouble === null) void load(false, rows);
    },
    reload: () => void load(true, []),
  };
}
