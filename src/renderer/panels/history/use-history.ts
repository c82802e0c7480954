import { useCallback } from 'react';
import type { HistoryPage } from '#shared/contract/history';
import { type HistoryKind, type HistoryRows, historyPage } from '../../state/history';
import { type PagesView, usePages } from '../../state/use-pages';

export type HistoryView<T> = PagesView<T, HistoryPage<T>>;

const TYPING_PAUSE_MS = 250;

/** Pages of the local history that match the text, newest first. */
export function useHistory<K extends HistoryKind>(kind: K, text: string): HistoryView<HistoryRows[K]> {
  const load = useCallback((offset: number) => historyPage(kind, text, offset), [kind, text]);
  return usePages<HistoryRows[K], HistoryPage<HistoryRows[K]>>(load, text === '' ? 0 : TYPING_PAUSE_MS);
}
